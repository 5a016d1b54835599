"""Member states that are a process each, and the one simulator in front of them (``esad simulate --processes``)."""
