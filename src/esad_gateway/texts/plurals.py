"""The form of a noun beside a number, by the grammar of each language."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

BETWEEN: Final = "|"
"""What stands between the forms of something counted, from one to many."""


def plural(forms: str, count: object, language: str) -> str:
    """The one of ``forms`` (``{count} line|{count} lines``) that stands beside ``count``, a whole number from 0.

    English has two forms (1; all others), Lithuanian three (1, 21; 2 to 9, 22; 0, 10 to 20). A language that is not
    known here is taken to have two. Raises ``TypeError`` for what is no number, ``IndexError`` for too few forms.
    """
    if not isinstance(count, int):
        raise TypeError(f"{count!r} is no number to count by")
    return forms.split(BETWEEN)[_PLACES.get(language, _two_forms)(count)]


def _two_forms(count: int) -> int:
    return 0 if count == 1 else 1


def _lithuanian(count: int) -> int:
    tens, ones = count // 10 % 10, count % 10
    if ones == 0 or tens == 1:
        return 2
    return 0 if ones == 1 else 1


_PLACES: Final[Mapping[str, Callable[[int], int]]] = MappingProxyType({"en": _two_forms, "lt": _lithuanian})
"""Which form stands beside a number, counted from 0."""
