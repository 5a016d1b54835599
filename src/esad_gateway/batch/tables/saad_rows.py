"""Rows of the SAAD list and of wine documents to entries of the SAAD list."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, Final

from esad_gateway.ais.saad.record import SaadEntry, SaadLine, Source
from esad_gateway.batch.tables.reading import Making, Values, nothing_amiss
from esad_gateway.faults import Faults

_OF_LINE: Final = tuple(one.name for one in fields(SaadLine))
_OF_ENTRY: Final = tuple(one.name for one in fields(SaadEntry) if one.name != "lines")


def saad_making(
    judge: Callable[[SaadEntry], Faults],
    judge_part: Callable[[Values, Sequence[Values]], Faults] = nothing_amiss,
) -> Making:
    """What makes entries of rows; ``judge`` finds what is wrong with one that shows by itself.

    ``judge_part`` finds it in the values of one that cannot be made, since some of them are ``UNREAD``.
    """
    return Making(
        make=_entry,
        judge=lambda entries: [judge(entry) for entry in entries],
        judge_part=lambda own, lines: judge_part(_told(own), lines),
    )


def _entry(own: Values, lines: Sequence[Values]) -> SaadEntry:
    return SaadEntry(**_told(own), lines=tuple(map(_line, lines)))


def _told(own: Values) -> dict[str, Any]:
    """What belongs to the document; a table without the kind of its documents is one of wine."""
    return {"source": Source.WINE, **{name: own[name] for name in _OF_ENTRY if name in own}}


def _line(line: Values) -> SaadLine:
    return SaadLine(**{name: line[name] for name in _OF_LINE if name in line})
