"""Texts and paths of a command line, taken as they stand.

typer has pydantic check every value that is no flag, and importing pydantic takes as long as judging a hundred
documents. For a text or a path there is nothing to check, so these parameters get a reader of their own. Where typer
should stop asking for it, commands work as before and only start later; a test tells.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import typer

_READERS: Final[Mapping[Any, Callable[[str], Any]]] = MappingProxyType(
    {bool: bool, str: str, Path: Path, list[str]: str, list[Path]: Path}
)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """What typer asks for a parameter's value."""

    read: Callable[[str], Any]

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ARG002 - typer's names
        """``value`` as the command's function takes it; a list for a parameter that may be given several times."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        return [self.read(one) for one in value] if several else self.read(value)


def take_verbatim(command: Any) -> None:
    """Let the text and path parameters of a command of typer's, and of its subcommands, be taken as they stand."""
    for parameter in command.get_params(typer.Context(command)):
        read = _READERS.get(parameter.type_descriptor.annotation)
        if read is not None:
            parameter._runtime_param = Verbatim(read)  # noqa: SLF001 - see the module's docstring
    for subcommand in getattr(command, "commands", {}).values():
        take_verbatim(subcommand)
