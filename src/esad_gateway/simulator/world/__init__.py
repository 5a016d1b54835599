"""Member states in one process: gateways that are made when they are needed, their traders, and one clock for all.

``foundry`` makes keys and data directories once a process, ``states`` opens a state of a world, ``world`` has all that
happens in it, and ``agenda`` what its traders mean to do; ``emcs`` is the face of it for tests, with ``traders``,
``movements`` and ``clock``.
"""
