"""Declarations of a month as projections of receipts, and the forms that they are filed on (DEC, MVV-3)."""
