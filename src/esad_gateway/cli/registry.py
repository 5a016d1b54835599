"""``esad registry``: the register of operators."""

from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data, registry_of
from esad_gateway.registry_file import read_registry


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.json", help="Operators, with the paths of their certificates.")],
    *,
    data: Data,
    as_json: AsJson = False,
) -> None:
    """Add or replace the operators of a file; a gateway that is running takes them over at once."""
    entries = read_registry(file)
    with registry_of(data) as registry:
        count = registry.add_operators(entries)
    certificates = sum(len(entry.certificates) for entry in entries)
    if as_json:
        output.result_json({"operators": count, "certificates": certificates})
    else:
        output.result(f"{count} operators with {certificates} certificates imported")


COMMANDS = (import_,)
