"""``esad trust``: the certification authorities whose certificates may sign."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509

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
            _keep(load_revocation_list(crl), directory)
        registry.changed()
    if as_json:
        output.result_json({"trusted": [str(file) for file in files], "revocations": crl is not None})
    else:
        output.result(f"trusted: {', '.join(str(file) for file in files)}")


def _keep(crl: x509.CertificateRevocationList, directory: DataDirectory) -> None:
    """One list an issuer: a newer one takes the place of the older, and of no other CA's."""
    name = hashlib.sha256(crl.issuer.public_bytes()).hexdigest()[:16]
    write_revocation_list(directory.revocations / f"{name}.pem", crl)


COMMANDS = (add,)
