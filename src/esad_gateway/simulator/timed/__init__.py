"""A gateway, or a whole world, by a clock for tests: it stands, runs so many times faster, or is moved over HTTP.

``clock`` is the clock, ``pace`` lets happen what falls due by it, ``orders`` reads what it is told over HTTP, ``doors``
takes that, and ``gateway`` is a gateway that is served with such a clock.
"""
