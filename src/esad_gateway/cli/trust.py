"""``esad trust``: the certification authorities whose certificates may sign."""

from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.bootstrap import DataDirectory
from esad_gateway.cli import output
from esad_gateway.cli.administration import AsJson, Data, registry_of
from esad_gateway.provision import add_trust
from esad_gateway.signing.pem import load_certificates, load_revocation_list, write_revocation_list
from esad_gateway.signing.trust import Trust


def add(
    ca: Annotated[Path, typer.Argument(metavar="CA.pem", help="One or more CA certificates.")],
    *,
    data: Data,
    crl: Annotated[Path | None, typer.Option(metavar="CRL.pem", help="A revocation list of that CA.")] = None,
    as_json: AsJson = False,
) -> None:
    """Trust a CA, and revoke what its list revokes; both are checked before anything changes."""
    Trust.load([ca], [crl] if crl else [])
    directory = DataDirectory(data)
    with registry_of(data) as registry:
        files = add_trust(directory, load_certificates(ca))
        if crl:
            # One list a CA: the newer one replaces the older.
            write_revocation_list(directory.revocations / files[0].name, load_revocation_list(crl))
        registry.changed()
    if as_json:
        output.result_json({"trusted": [str(file) for file in files], "revocations": crl is not None})
    else:
        output.result(f"trusted: {', '.join(str(file) for file in files)}")


COMMANDS = (add,)
