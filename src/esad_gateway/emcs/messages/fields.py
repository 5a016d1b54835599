"""How a message field says what its type alone cannot: cardinality, and text with its language."""

from dataclasses import field
from typing import Any

from esad_gateway.frozen import frozen


@frozen
class Text:
    """A free text and the language it is written in (C002: the language is required whenever there is text)."""

    value: str
    language: str


def repeated(minimum: int, maximum: int | None) -> Any:
    """A field that holds ``minimum`` to ``maximum`` occurrences, as a tuple; empty by default where that is allowed.

    A ``maximum`` of ``None`` is no bound. The bounds are metadata that the schema test compares; the dataclass itself
    does not enforce them (the schema does).
    """
    metadata = {"occurs": (minimum, maximum)}
    return field(default=(), metadata=metadata) if minimum == 0 else field(metadata=metadata)
