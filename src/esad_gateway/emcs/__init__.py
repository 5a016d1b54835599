"""The EU protocol as pure decisions: no clock, no randomness, no I/O; what they need comes in as arguments."""
