"""The desks of national procedures: they look up, ask the law (``ais/``), and write what follows, in one step each."""
