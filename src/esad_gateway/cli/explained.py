"""What every explanation has: itself as JSON, itself as lines, and how the command ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from esad_gateway import texts
from esad_gateway.cli import output
from esad_gateway.cli.exits import ExitCode
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said
from esad_gateway.texts import say

EVERY_LANGUAGE: Final = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An answer of ``esad explain``."""

    as_json: Mapping[str, Any]
    lines: Sequence[str]
    exit_code: ExitCode = ExitCode.FINE


def languages(choice: str) -> tuple[str, ...]:
    """The languages of ``en``, ``lt`` or ``both``. Raises UnreadableInput."""
    known = texts.languages()
    if choice not in {*known, EVERY_LANGUAGE}:
        raise UnreadableInput(f"{choice!r} is no language; expected one of {', '.join((*known, EVERY_LANGUAGE))}")
    return known if choice == EVERY_LANGUAGE else (choice,)


def chosen(what: Said, wanted: Sequence[str]) -> list[str]:
    """What is said in the wanted languages; several begin with the name of theirs."""
    return [say(what, one) if len(wanted) == 1 else f"{one}: {say(what, one)}" for one in wanted]


def heading(text: str) -> str:
    """``text`` as the head of an explanation."""
    return output.bold(text)
