"""``esad init``: make a data directory, which is everything a gateway is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.cli import output
from esad_gateway.cli.offline import profile_of
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The data directory to make.")],
    *,
    state: Annotated[str, typer.Option(help="The member state whose administration it is.")] = "LT",
    key: Annotated[KeyKind, typer.Option(help="The kind of the administration's key.")] = KeyKind.RSA,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a data directory: settings.toml, the administration's key, a test CA, an empty store."""
    zone = str(profile_of(state).time_zone)
    data = create(folder, state, zone, datetime.now(UTC), key)
    if as_json:
        output.result_json({"data": str(folder), "state": state, "certificate": str(data.certificate)})
    else:
        output.result(f"{folder}: gateway of {state}, certificate {data.certificate}, test CA {data.trust}")


COMMANDS = (init,)
