"""Signatures of profile ESAD-SIG-1: made, verified step by step, and the trust behind them."""
