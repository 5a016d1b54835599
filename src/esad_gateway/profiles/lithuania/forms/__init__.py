"""Definitions of forms as data: which pages and fields the file of a form has."""
