"""The simulator's page below ``/sim``, as HTML that is whole without a script.

``doors`` are its addresses, ``guard`` keeps pages of others away from the simulator, ``elements`` and ``frame`` are
what every page is made of. ``reading`` asks the stores, ``sequence`` is the picture of a movement, ``words`` says what
stands in a message, ``difference`` in what two of them differ; ``overview``, ``movement``, ``letter`` and ``injected``
are the pages.
"""
