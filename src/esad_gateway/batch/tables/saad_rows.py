"""Rows of the SAAD list and of wine documents to entries of the SAAD list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, Final

from esad_gateway.ais.saad.record import SaadEntry, SaadLine, Source
from esad_gateway.batch.tables.reading import Making
from esad_gateway.faults import Faults

_OF_LINE: Final = tuple(one.name for one in fields(SaadLine))
_OF_ENTRY: Final = tuple(one.name for one in fields(SaadEntry) if one.name != "lines")


def saad_making(judge: Callable[[SaadEntry], Faults]) -> Making:
    """What makes entries of rows; ``judge`` finds what is wrong with one that shows by itself."""
    return Making(make=_entry, judge=lambda entries: [judge(entry) for entry in entries])


def _entry(own: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> SaadEntry:
    told = {name: own[name] for name in _OF_ENTRY if name in own}
    return SaadEntry(**{"source": Source.WINE, **told}, lines=tuple(map(_line, lines)))


def _line(line: Mapping[str, Any]) -> SaadLine:
    return SaadLine(**{name: line[name] for name in _OF_LINE if name in line})
