"""Test data: valid messages of every type, small and large, and messages that break one rule, made from a seed.

``case`` is what they are judged against: the time, the register and the movements there are. ``typical`` has messages
of each type, ``sizes`` makes them as small or as large as the rules let them be, ``goods_lines`` and ``places`` put
other goods and other member states into them, and ``variants`` breaks one rule. ``maker`` is the face of all this.
"""
