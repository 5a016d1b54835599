"""How far two headings say the same: by their words, which people shorten, bend, and write without diacritics."""

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from types import MappingProxyType
from typing import Final
from unicodedata import combining, normalize

from esad_gateway.batch.tables.column import Column
from esad_gateway.texts import languages

_SHORT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "nr": ("numeris", "number"),
        "no": ("number", "numeris"),
        "qty": ("quantity",),
        "vnt": ("vienetas", "vieneto"),
    }
)
"""Abbreviations that are no beginning of their word."""

_SHORTEST: Final = 2
"""Letters that the beginning of a word has at least, to stand for it."""

_ALIKE: Final = 0.8
"""How much alike two forms of one word are at least, by the letters that they have in the same order."""


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[str, ...]:
    """The words of a heading or name, in small letters without diacritics."""
    bare = "".join(one for one in normalize("NFKD", text.casefold()) if not combining(one))
    return tuple(re.findall(r"[^\W_]+", bare))


def of_column(column: Column) -> Iterator[tuple[str, ...]]:
    """The words of everything that a column is called."""
    yield words(column.name)
    for language in languages():
        yield words(column.called(language))


def likeness(heading: str, column: Column) -> float:
    """How much of a column's name a heading says, from 0 to 1; 0 where it has a word that the name has not."""
    return max(_likeness(words(heading), name) for name in of_column(column))


def meant(heading: str, columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns that a heading may mean, all of them as much as each other; none where it says something else."""
    found = [(likeness(heading, one), one) for one in columns]
    most = max((like for like, _ in found), default=0)
    return tuple(one for like, one in found if like == most) if most else ()


def _likeness(heading: Sequence[str], name: Sequence[str]) -> float:
    left = list(name)
    for word in heading:
        same = next((one for one in left if _same(word, one)), None)
        if same is None:
            return 0
        left.remove(same)
    return 2 * len(heading) / (len(heading) + len(name)) if heading else 0


@lru_cache(maxsize=4096)
def _same(word: str, other: str) -> bool:
    """Whether a word is another one, its beginning, its abbreviation, or a form of it."""
    if other in _SHORT.get(word, (word,)) or (len(word) >= _SHORTEST and other.startswith(word)):
        return True
    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= _ALIKE
