"""Faults: what is wrong with a document, as data. A fault is an answer, never an exception of the program.

A fault has no language. It says its sentences by their keys (:class:`Said`), and :mod:`esad_gateway.texts` has the
sentences, for everybody who shows them.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias, Union

from esad_gateway.frozen import frozen
from esad_gateway.place import Place

__all__ = ["Fault", "Faults", "Said", "said"]

MOST_FAULTS: Final = 999
"""How many faults one refusal tells, as many as an IE704 or IE917 can carry: looking for more stops there."""

Value: TypeAlias = Union[str, int, "Said", "Listed", tuple["Value", ...]]
"""What stands in a sentence: a text, a number, something said, things in a row, or alternatives (*this or that*)."""


@frozen
class Said:
    """Something said without a language: the ``key`` of a sentence, and by name the ``values`` that it leaves open.

    Made by :func:`said`. Not checked: that there is such a sentence and that it has these names; a test does so.
    """

    key: str
    values: tuple[tuple[str, Value], ...] = ()


def said(key: str, /, **values: Value) -> Said:
    """The sentence ``key`` with its values."""
    return Said(key, tuple(values.items()))


@frozen
class Listed:
    """Things that are said one after the other, with ``between`` them; made by :func:`listed`."""

    things: tuple[Value, ...]
    between: str


def listed(things: Iterable[Value], between: str = ", ") -> Listed:
    """Things said one after the other, as many as there are."""
    return Listed(tuple(things), between)


@frozen(kw_only=True)
class Fault:
    """One fault of a document.

    ``place`` leads from the root of the document (``/IE815/Body/…/BodyEadEsad[2]/GrossMass``); positions count from 1
    and stand only on elements that may repeat. ``value`` is the offending text as it stands in the document,
    ``None`` when something is missing. ``text`` says the rule, ``hint`` what to do about it. ``line`` and ``column``
    count from 1, ``None`` when there is no source line. ``arc`` is that of another movement which the fault is about:
    the one that has the local reference number already.
    """

    code: str
    rule: str
    place: Place
    value: str | None
    text: Said
    hint: Said
    line: int | None = None
    column: int | None = None
    arc: str | None = None

    @property
    def path(self) -> str:
        """The place as people and other programs read it."""
        return str(self.place)


Faults: TypeAlias = tuple[Fault, ...]
