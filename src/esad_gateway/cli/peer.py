"""``esad peer``: the other administrations."""

from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data, registry_of
from esad_gateway.emcs.identifiers import MemberState
from esad_gateway.errors import UnreadableInput
from esad_gateway.signing.pem import load_certificates


def add(
    *,
    data: Data,
    state: Annotated[str, typer.Option(help="The member state: PL, EL, XI.")],
    url: Annotated[str, typer.Option(help="Where it listens: http://…/ndea.")],
    certificate: Annotated[Path, typer.Option(metavar="FILE.pem", help="What it signs with.")],
    as_json: AsJson = False,
) -> None:
    """Add or replace another administration; its CA must be trusted as well (esad trust add)."""
    try:
        address = f"NDEA.{MemberState(state).code}"
    except ValueError as error:
        raise UnreadableInput(str(error)) from error
    if not url.startswith(("http://", "https://")):
        raise UnreadableInput(f"{url!r} is no address; expected http://… or https://…, with the path /ndea")
    with registry_of(data) as registry:
        registry.add_peer(address, url, load_certificates(certificate))
    if as_json:
        output.result_json({"address": address, "url": url})
    else:
        output.result(f"{address} at {url}")


COMMANDS = (add,)
