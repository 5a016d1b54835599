"""English sentences that were kept or sent as text, read back as what they say: so they are told in every language.

The store keeps in English what became of a try, and another gateway says in English why it refuses a document. Who
reads that reads it in the own language, as far as it is one of the sentences of this package; the rest is quoted.
"""

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import Final

from esad_gateway.faults import Said, Value, said
from esad_gateway.texts import ENGLISH, say, usual
from esad_gateway.texts.plurals import BETWEEN

_GROUPS: Final = ("tried.", "detail.", "refused.", "wanted.", "xml.", "belief.", "crl.", "count.", "webhook.")
"""Whose sentences are looked for: of deliveries, and what a gateway answers to a document that it refuses."""

_COUNT: Final = "count"
_FEWEST_LETTERS: Final = 4


def recognised(text: str) -> Said:
    """What ``text`` says in English, also within a sentence; words that are nobody's here stand as they are."""
    found = ((key, pattern.fullmatch(text)) for key, pattern in _patterns())
    read = (Said(key, tuple(_values(match))) for key, match in found if match)
    return next((one for one in read if say(one) == text), said("said.as_it_is", text=text))


def _values(match: re.Match[str]) -> Iterator[tuple[str, Value]]:
    for name, text in match.groupdict().items():
        yield name, int(text) if name == _COUNT else recognised(text)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Every sentence as a pattern, those with the most words of their own first."""
    told = ((key, one) for key, text in usual(ENGLISH).items() if key.startswith(_GROUPS) for one in _forms(text))
    ordered = sorted(told, key=lambda one: -len(_own(one[1])))
    return tuple((key, _pattern(text)) for key, text in ordered if len(_own(text)) >= _FEWEST_LETTERS)


def _forms(sentence: str) -> list[str]:
    return sentence.split(BETWEEN)


def _own(sentence: str) -> str:
    return "".join(literal for literal, _, _, _ in Formatter().parse(sentence))


def _pattern(sentence: str) -> re.Pattern[str]:
    known: set[str] = set()
    parts: list[str] = []
    for literal, name, _, _ in Formatter().parse(sentence):
        parts.append(re.escape(literal))
        if name:
            shape = r"\d{1,18}" if name == _COUNT else ".*?"
            parts.append(f"(?P={name})" if name in known else f"(?P<{name}>{shape})")
            known.add(name)
    return re.compile("".join(parts), re.DOTALL)
