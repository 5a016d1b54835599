"""What is shown of values, the same at every door."""
