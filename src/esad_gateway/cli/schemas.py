"""The releases of the messages, for commands that need no settings."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from esad_gateway.errors import UnreadableInput
from esad_gateway.xml.release import Releases, shipped

More: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option("--schemas", metavar="DIR", help="A folder with more releases of the messages, such as DIR/3.13."),
]


def known(more: Sequence[Path] | None = None) -> Releases:
    """The releases that ship with the package, and those in ``more`` folders. Raises UnreadableInput, NotConfigured."""
    missing = [folder for folder in more or () if not folder.is_dir()]
    if missing:
        raise UnreadableInput(f"{missing[0]}: expected a folder that holds folders of releases, such as 3.13")
    return shipped(*more or ())
