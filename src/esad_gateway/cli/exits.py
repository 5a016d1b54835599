"""Exit codes: what a script may rely on."""

from enum import IntEnum
from typing import Final

from esad_gateway.errors import EsadError, NotConfigured, UnreadableInput


class ExitCode(IntEnum):
    """How a command ended; of several files the greatest counts."""

    FINE = 0
    NEGATIVE = 1
    USAGE = 2


_USAGE: Final = (UnreadableInput, NotConfigured)


def exit_code_of(error: EsadError) -> ExitCode:
    """The exit code for an error that ended a command: usage for what the caller named wrongly, else negative."""
    return ExitCode.USAGE if isinstance(error, _USAGE) else ExitCode.NEGATIVE
