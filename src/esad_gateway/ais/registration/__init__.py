"""Registration cases, from a request to a number and its end, driven by tables (CCE, CCR, RC)."""
