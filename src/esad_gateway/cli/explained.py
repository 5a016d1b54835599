"""What every explanation has: itself as JSON, itself as lines, and how the command ends."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from esad_gateway.cli import output
from esad_gateway.cli.exits import ExitCode
from esad_gateway.errors import UnreadableInput

LANGUAGES: Final = {"en": ("en",), "lt": ("lt",), "both": ("en", "lt")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """An answer of ``esad explain``."""

    as_json: Mapping[str, Any]
    lines: Sequence[str]
    exit_code: ExitCode = ExitCode.FINE


def languages(choice: str) -> tuple[str, ...]:
    """The languages of ``en``, ``lt`` or ``both``. Raises UnreadableInput."""
    if choice not in LANGUAGES:
        raise UnreadableInput(f"{choice!r} is no language; expected one of {', '.join(LANGUAGES)}")
    return LANGUAGES[choice]


def chosen(texts: Mapping[str, str], wanted: Sequence[str]) -> list[str]:
    """The texts in the wanted languages; several begin with the name of theirs."""
    return [texts[one] if len(wanted) == 1 else f"{one}: {texts[one]}" for one in wanted]


def heading(text: str) -> str:
    """``text`` as the head of an explanation."""
    return output.bold(text)
