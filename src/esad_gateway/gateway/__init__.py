"""The straight line: intake, commit, delivery. It knows ports, never adapters."""
