"""XML of the messages: bytes to tree (``parse``), the schemas' verdict (``schema``), tree to values (``binding``)."""
