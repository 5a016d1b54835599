"""Member states in a box: the same gateway in every role, each its own process with its own keys and store."""
