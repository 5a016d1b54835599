"""The REST door: parse, call, answer. It decides nothing."""
