"""Where a figure of national law comes from, and from when until when it counts.

What a source does not say has to be chosen, and whoever relies on it should see that. So every rate, term and form of a
member state is a row with its days, its source and a mark; nothing in this package is a constant of one state.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, TypeVar

from esad_gateway.frozen import frozen


class Mark(StrEnum):
    """How sure a source is."""

    SOURCE = "S"
    """Stands in a document of the administration itself."""
    VERIFIED = "V"
    """Stands in another source, which is named."""
    INFERRED = "I"
    """Follows from what is known, and may be otherwise."""
    REMEMBERED = "M"
    """From memory of the law, unverified."""
    NOT_FOUND = "NF"
    """Looked for and not found: chosen, until somebody knows."""
    DECIDED = "D"
    """Decided by the administration for its own gateway, in its settings."""


@frozen
class Provenance:
    """Which ``source`` says so, and how sure that is."""

    source: str
    mark: Mark


class Dated(Protocol):
    """A row that counts from its first to its last day, both included; ``None`` is no end."""

    @property
    def first(self) -> date: ...  # noqa: D102 - said above
    @property
    def last(self) -> date | None: ...  # noqa: D102


_Row = TypeVar("_Row", bound=Dated)


def in_force(rows: Iterable[_Row], day: date) -> _Row | None:
    """Which of some rows about one thing counts on a day; ``None`` where none does.

    Not checked: that no two of them do (:func:`overlapping`).
    """
    return next((row for row in rows if row.first <= day and (row.last is None or day <= row.last)), None)


def overlapping(rows: Sequence[_Row]) -> tuple[tuple[_Row, _Row], ...]:
    """Neighbours among rows about one thing that both count on some day, the earlier of each two first."""
    in_order = sorted(rows, key=lambda row: row.first)
    pairs = pairwise(in_order)
    return tuple((one, other) for one, other in pairs if one.last is None or other.first <= one.last)
