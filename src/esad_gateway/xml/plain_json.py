"""JSON text to plain data, within what anybody who sends messages can mean."""

import json
from decimal import Decimal
from typing import Any, Final

from esad_gateway.json_errors import TooDeep

_DIGITS: Final = 40
"""How many digits a number of a message never has. What has more is kept as it stands: to reckon with it is dear."""


def read_json(content: bytes) -> Any:
    """The data of a JSON text: whole numbers as ``int``, those that are longer than any in a message as ``Decimal``.

    Raises ValueError, of which :func:`~esad_gateway.json_errors.why_no_json` tells what is wrong, and where.
    """
    try:
        return json.loads(content, parse_int=_whole)
    except RecursionError:
        raise TooDeep from None


def _whole(text: str) -> int | Decimal:
    return int(text) if len(text) <= _DIGITS else Decimal(text)
