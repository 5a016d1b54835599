"""What is done to a batch that was handed in: its worker, step by step, a group of documents a commit."""
