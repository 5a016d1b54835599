"""Excise duty: which tariff goods fall under, which rate counts on a day, and what that makes, with every step."""
