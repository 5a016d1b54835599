"""What simulated traders and administrations do when something reaches them: steps of a script, as values.

``model`` is what a script says, ``matching`` which step is meant by what was seen; both are pure.
"""
