"""Measured figures of our message path, next to the work nobody can avoid and to a usual pipeline, in one run."""
