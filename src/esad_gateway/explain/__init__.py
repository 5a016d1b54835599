"""Explanations for people: rules, codes, states, ARCs, movements and refused files, for every door that shows them."""
