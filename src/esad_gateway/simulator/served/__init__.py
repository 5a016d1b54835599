"""Simulated member states over HTTP: ``doors`` is what they answer, ``server`` a port of this machine.

``sim_doors`` are those of the simulator itself, ``simulation`` is what they move, ``neighbour`` the gateway of a system
under test, and ``introducing`` makes both sides known to each other.
"""
