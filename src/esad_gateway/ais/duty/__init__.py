"""Excise duty: tariffs with their days, tariff groups, and duty with every step shown (chapter 2.5)."""
