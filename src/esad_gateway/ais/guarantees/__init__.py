"""Guarantees: what has to be secured, what is taken up of it, and when that is computed anew (RC-5 to RC-10)."""
