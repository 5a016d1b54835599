"""Many messages at once: rows of a table or items of a list, each a draft of its own; files, on all processors."""
