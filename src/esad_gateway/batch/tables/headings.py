"""What columns may be called: their names, their headings in every language, and those that the gateway adds."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final
from unicodedata import normalize

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, STATUS, VERSION, BatchKind
from esad_gateway.faults import Said
from esad_gateway.texts import languages, say

MEND: Final = Said("column.mend")
"""The heading of the column that says what is wrong, in a file of corrections: nothing is read from it."""

MARKS: Final = frozenset({"record", VERSION, STATUS})
"""The columns that show together that the gateway has written a table; one by itself may be anybody's own."""

_NOT_COMPARED: Final = re.compile(r"[\W_]+")


def plain(heading: str) -> str:
    """A heading as it is compared: letters and digits alone, in small letters."""
    return _NOT_COMPARED.sub("", normalize("NFKC", heading).casefold())


@cache
def headings_of(kind: BatchKind) -> Mapping[str, Column]:
    """The columns that people fill in by everything that they may be called."""
    return _by_heading(LAYOUTS[kind].columns)


@cache
def headings_beside(kind: BatchKind) -> Mapping[str, Column]:
    """The columns that the gateway adds to such tables by everything that they may be called."""
    return _by_heading(LAYOUTS[kind].beside)


def added_by_gateway(names: Collection[str], kind: BatchKind) -> bool:
    """Whether columns of a table, by their plain ``names``, show that the gateway has added some."""
    beside = headings_beside(kind)
    return {beside[name].name for name in names if name in beside} >= MARKS


def never_read(heading: str) -> bool:
    """Whether a column has the heading of that which says what to mend, in any language."""
    return plain(heading) in _mend_headings()


def _by_heading(columns: Iterable[Column]) -> Mapping[str, Column]:
    every = tuple(columns)
    told = {plain(heading): column for column in every for heading in _headings(column)}
    return MappingProxyType(told | {plain(column.name): column for column in every})


def _headings(column: Column) -> Iterator[str]:
    """What a column may be called; the first of several may have its number as well."""
    for language in languages():
        yield column.called(language)
        if column.number == 1:
            yield f"{column.called(language)} 1"


@cache
def _mend_headings() -> frozenset[str]:
    return frozenset(plain(say(MEND, language)) for language in languages())
