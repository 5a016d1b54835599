"""Measurements: our paths next to the floor and to a usual stack, in one run, as ratios."""
