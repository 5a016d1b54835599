"""Persons, the entities that they act for, their roles, and signing in: decisions only (ACC, ERR-1, ROL)."""
