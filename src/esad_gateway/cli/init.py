"""``esad init``: make a data directory, which is everything a gateway is."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.language import tell
from esad_gateway.cli.common.offline import profile_of
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.provision import create
from esad_gateway.signing.pki import KeyKind


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The data directory to make.")],
    *,
    state: Annotated[
        str | None,
        typer.Option(
            autocompletion=completing.member_states, help="The member state whose administration it is: LT, PL, EL, XI."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Where it is to listen: two on one machine need two ports.")
    ] = None,
    key: Annotated[KeyKind, typer.Option(help="The kind of the administration's key.")] = KeyKind.RSA,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make a data directory: settings.toml, the administration's key, a test CA, an empty store.

    Whose administration it is must be said, here or when a terminal is asked for it: nothing changes it afterwards.
    """
    code = (state or _asked(folder)).strip().upper()
    zone = str(profile_of(code).time_zone)
    data = create(folder, code, zone, datetime.now(UTC), key, port=port)
    if as_json:
        output.result_json({"data": str(folder), "state": code, "certificate": str(data.certificate)})
    else:
        ca = data.authority_certificate
        made = {"folder": str(folder), "state": code, "certificate": str(data.certificate), "authority": str(ca)}
        output.result(said("init.made", **made))


def _asked(folder: Path) -> str:
    """The member state that a person at a terminal names. Raises UnreadableInput where there is nobody to ask."""
    named = folder.resolve().name.upper()
    likely = named if named in NATIONAL_ADMINISTRATIONS else None
    if sys.stdin.isatty():
        answer: str = typer.prompt(tell(Said("init.ask")), default=likely, err=True)
        return answer
    command = f"esad init {quote(str(folder))} --state {likely or 'LT'}"
    raise UnreadableInput(said("init.which", command=command))


COMMANDS = (init,)
