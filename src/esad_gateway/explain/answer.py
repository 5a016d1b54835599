"""What every explanation has: itself as JSON, and itself as lines of texts with a role."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeAlias

from esad_gateway import texts
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.texts import say

EVERY_LANGUAGE: Final = "both"


class Tone(StrEnum):
    """What a text stands for; the door that shows it chooses a colour for that."""

    GOOD = "good"
    BAD = "bad"
    HEAD = "head"


@frozen
class Marked:
    """A text with its role."""

    role: Tone
    text: str


Line: TypeAlias = str | tuple[str | Marked, ...]
"""A line of an explanation: a plain text, or parts of which some have a role."""


@frozen(kw_only=True)
class Explanation:
    """An explanation as scripts read it and as people read it.

    ``ok`` is false when what was asked about is unknown or wrong; ``readable`` is false when it could not be read.
    """

    as_json: Mapping[str, Any]
    lines: Sequence[Line]
    ok: bool = True
    readable: bool = True


def good(text: str) -> Marked:
    """``text`` as good news."""
    return Marked(Tone.GOOD, text)


def bad(text: str) -> Marked:
    """``text`` as bad news."""
    return Marked(Tone.BAD, text)


def head(text: str) -> Marked:
    """``text`` as the head of an explanation."""
    return Marked(Tone.HEAD, text)


def named(code: str, rule: str) -> str:
    """Code and rule of a fault, said once where they are the same, or where the rule begins with the code."""
    return rule if rule.startswith(code) else f"{code} {rule}"


def languages(choice: str) -> tuple[str, ...]:
    """The languages of ``en``, ``lt`` or ``both``. Raises UnreadableInput."""
    known = texts.languages()
    if choice not in {*known, EVERY_LANGUAGE}:
        raise UnreadableInput(said("language.unknown", choice=choice, known=", ".join((*known, EVERY_LANGUAGE))))
    return known if choice == EVERY_LANGUAGE else (choice,)


def label(what: Said, wanted: Sequence[str]) -> str:
    """What frames an answer, such as its head: said once, in the first of the wanted languages."""
    return say(what, wanted[0])


def chosen(what: Said, wanted: Sequence[str]) -> list[str]:
    """What is said in the wanted languages; each of several begins with the name of its language."""
    return [say(what, one) if len(wanted) == 1 else f"{one}: {say(what, one)}" for one in wanted]
