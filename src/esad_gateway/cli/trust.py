"""``esad trust``: the certification authorities whose certificates may sign."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.cli.common import output, renewal
from esad_gateway.cli.common.administration import AsJson, Data, registry_of
from esad_gateway.data_directory import DataDirectory
from esad_gateway.faults import said
from esad_gateway.provision import add_trust
from esad_gateway.register import beliefs
from esad_gateway.settings import read_settings
from esad_gateway.signing import crl_folder
from esad_gateway.signing.trust import Trust
from esad_gateway.texts import say


def add(
    ca: Annotated[Path, typer.Argument(metavar="CA", help="One or more CA certificates, PEM or DER.")],
    *,
    data: Data,
    crl: Annotated[
        list[Path] | None,
        typer.Option(metavar="CRL", help="Revocation lists of that CA or of trusted ones, PEM or DER."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Trust a CA, and revoke what its lists revoke; all is checked before anything changes.

    A list takes the place of the older list of the same key and scope, and of no other. Refused are a CA of which no
    certificate can ever pass, and a list that is not newer than the one that is held.
    """
    directory = DataDirectory(data)
    given = Trust.load([ca]).authorities
    with registry_of(data) as registry:
        taken = crl_folder.plan(directory.revocations, crl or (), (*given, *directory.load_trust().authorities))
        files = add_trust(directory, given)
        crl_folder.carry_out(taken)
        registry.changed()
    if as_json:
        lists = [_as_json(one) for one in taken]
        output.result_json({"trusted": [str(file) for file in files], "revocations": bool(crl), "lists": lists})
        return
    output.result(said("trust.trusted", files=", ".join(str(file) for file in files)))
    for one in taken:
        edition, file = one.file.content.edition, str(one.file.file)
        taken_in = said("trust.list", edition=edition, file=file)
        if one.replaces is not None:
            taken_in = said("trust.list_replaces", edition=edition, other=one.replaces.edition, file=file)
        output.result(taken_in)


def list_(*, data: Data, as_json: AsJson = False) -> None:
    """The CAs that are trusted, until when, with their revocation lists, and what ends soon.

    Exit code 1 when a CA has expired, or a list should have been renewed: then what the CA issued is refused.
    """
    read_settings(data)  # a folder that is no data directory trusts nobody: it is refused, not shown as empty
    trust, at = DataDirectory(data).load_trust(), datetime.now(UTC)
    lines = [beliefs.of_authority(one, trust.revocation_lists, at) for one in trust.authorities]
    raise typer.Exit(renewal.show(lines, "authorities", as_json=as_json))


def _as_json(taken: crl_folder.Taken) -> dict[str, str | None]:
    return {
        "file": str(taken.file.file),
        "edition": say(taken.file.content.edition),
        "replaces": None if taken.replaces is None else say(taken.replaces.edition),
    }


COMMANDS = (add, list_)
