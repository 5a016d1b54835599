"""JSON text to plain data, within what anybody who sends messages can mean."""

import json
from decimal import Decimal
from typing import Any, Final

_DIGITS: Final = 40
"""How many digits a number of a message never has. What has more is kept as it stands: to reckon with it is dear."""


def read_json(content: bytes) -> Any:
    """The data of a JSON text: whole numbers as ``int``, those that are longer than any in a message as ``Decimal``.

    Raises ValueError with what is wrong, and where.
    """
    try:
        return json.loads(content, parse_int=_whole)
    except RecursionError:
        raise ValueError("it is nested more deeply than any message") from None


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _DIGITS else Decimal(text)
