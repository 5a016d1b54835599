"""The language of what commands say of faults, and in what they explain."""

from typing import Annotated, Final, TypeAlias

import typer

USUAL: Final = "en"
"""The language of a command that is told none."""

Lang: TypeAlias = Annotated[
    str,
    typer.Option("--lang", envvar="ESAD_LANG", metavar="LANG", help="Language of faults and texts: en, lt or both."),
]
