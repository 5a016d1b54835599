"""Faults that simulated administrations commit when they are told to: by name, by a seed, and written down.

``model`` is what a fault is, ``catalogue`` the table of all, made of one module a kind; ``injections`` decides which
message is struck, ``carrier`` and ``doors`` strike it, ``identities`` has certificates with something wrong, and
``journal`` keeps what was injected where.
"""
