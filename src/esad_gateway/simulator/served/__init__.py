"""Simulated member states over HTTP: ``doors`` is what they answer, ``server`` a port of this machine."""
