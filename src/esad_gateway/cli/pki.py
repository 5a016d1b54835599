"""``esad pki``: a certification authority in a folder, for tests and demonstrations only."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from cryptography import x509

from esad_gateway.cli.common import output
from esad_gateway.cli.common.offline import profile_of
from esad_gateway.emcs.identifiers import AgentReference, ExciseNumber, OfficeReference, reason_of
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import file_error
from esad_gateway.signing import pem, pki

_CA: Final = "ca"
_CRL: Final = "crl.pem"
_CLOCK_SKEW: Final = timedelta(hours=1)  # certificates are valid at once on machines whose clocks are behind

Folder: TypeAlias = Annotated[Path, typer.Option("--dir", help="The folder of the authority.")]
Days: TypeAlias = Annotated[int, typer.Option(min=1, max=36_500, help="Days of validity.")]
Elliptic: TypeAlias = Annotated[bool, typer.Option("--p256", help="An EC key on P-256 instead of RSA.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def ca(
    *,
    name: Annotated[str, typer.Option(help="Common name of the authority.")] = "Test CA",
    folder: Folder = Path("pki"),
    days: Days = 3650,
    p256: Elliptic = False,
    as_json: AsJson = False,
) -> None:
    """Make an authority: ca.pem and ca.key in the folder."""
    identity = pki.create_ca(name, _period(days), pki.new_key(_kind(p256=p256)))
    _save(identity, folder, _CA, as_json=as_json)


def _holder(name: str, argument: Any, common_name: Callable[[str], str], summary: str) -> Callable[..., None]:
    """The command ``name``, which makes a key and a certificate for those whose number or state ``argument`` is.

    ``common_name`` says from that how the certificate calls them, and raises ValueError for what is none.
    """

    def command(
        holder: Annotated[str, argument],
        *,
        file: Annotated[
            str | None, typer.Option(help="Name of the files without suffix; the common name if left out.")
        ] = None,
        folder: Folder = Path("pki"),
        days: Days = 730,
        p256: Elliptic = False,
        as_json: AsJson = False,
    ) -> None:
        try:
            subject = common_name(holder)
        except ValueError as error:
            raise UnreadableInput(reason_of(error)) from error
        identity = pki.issue(_authority(folder), subject, _period(days), pki.new_key(_kind(p256=p256)))
        _save(identity, folder, file or subject, as_json=as_json)

    command.__name__, command.__doc__ = name, summary
    return command


trader = _holder(
    "trader",
    typer.Argument(metavar="seed", help="SEED number, the common name of the certificate."),
    lambda seed: ExciseNumber(seed).value,
    "Make a trader's key and certificate, issued by the folder's authority.",
)
administration = _holder(
    "administration",
    typer.Argument(metavar="state", help="Member state, such as LT."),
    lambda state: profile_of(state).address,
    "Make the key and certificate of an administration (NDEA.LT), issued by the folder's authority.",
)
office = _holder(
    "office",
    typer.Argument(metavar="reference", help="Reference of an excise office, such as LT001000."),
    lambda reference: OfficeReference(reference).value,
    "Make an excise office's key and certificate, issued by the folder's authority.",
)

agent = _holder(
    "agent",
    typer.Argument(metavar="reference", help="AG. and an EORI number, such as AG.LT302123456."),
    lambda reference: AgentReference(reference).value,
    "Make the key and certificate of a traders' agent, issued by the folder's authority.",
)


def revoke(
    certificates: Annotated[list[Path], typer.Argument(metavar="CERTIFICATE...", help="Certificates, PEM.")],
    *,
    folder: Folder = Path("pki"),
    days: Days = 365,
    as_json: AsJson = False,
) -> None:
    """Revoke certificates from now on: crl.pem in the folder, with what it held before."""
    authority = _authority(folder)
    now = datetime.now(UTC)
    earlier, number = _earlier(folder)
    revoked = {pem.load_certificate(path): now for path in certificates} | earlier
    period = pki.Period(not_before=now, not_after=now + timedelta(days=days))
    pem.write_revocation_list(folder / _CRL, pki.revoke(authority, revoked, period, number + 1))
    serials = [str(certificate.serial_number) for certificate in revoked]
    if as_json:
        output.result_json({"crl": str(folder / _CRL), "number": number + 1, "revoked": serials})
    else:
        output.result(said("pki.revoked", file=str(folder / _CRL), number=len(serials)))


def _kind(*, p256: bool) -> pki.KeyKind:
    return pki.KeyKind.P256 if p256 else pki.KeyKind.RSA


def _period(days: int) -> pki.Period:
    now = datetime.now(UTC)
    return pki.Period(not_before=now - _CLOCK_SKEW, not_after=now + timedelta(days=days))


def _authority(folder: Path) -> pki.Identity:
    key = pem.load_key(folder / f"{_CA}.key")
    if not isinstance(key, pki.PrivateKey):
        raise UnreadableInput(said("usage.ca_key", file=str(folder / f"{_CA}.key")))
    return pki.Identity(certificate=pem.load_certificate(folder / f"{_CA}.pem"), key=key)


def _save(identity: pki.Identity, folder: Path, stem: str, *, as_json: bool) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableInput(file_error(folder, error)) from error
    certificate, key = folder / f"{stem}.pem", folder / f"{stem}.key"
    pem.write_key(key, identity.key)
    pem.write_certificate(certificate, identity.certificate)
    if as_json:
        output.result_json({"certificate": str(certificate), "key": str(key)})
    else:
        output.result(str(certificate), str(key))


def _earlier(folder: Path) -> tuple[dict[x509.Certificate, datetime], int]:
    """What the present list of the folder revokes since when, and its number; nothing and 0 without a list.

    The list has serial numbers only, so the certificates must still lie in the folder. Raises UnreadableInput.
    """
    path = folder / _CRL
    if not path.exists():
        return {}, 0
    present = pem.load_crls(path)[0]
    known = {certificate.serial_number: certificate for certificate in _certificates(folder)}
    since = {entry.serial_number: entry.revocation_date_utc for entry in present}
    lost = [str(serial) for serial in since if serial not in known]
    if lost:
        raise UnreadableInput(said("usage.lost", folder=str(folder), serials=", ".join(lost)))
    number = present.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    return {known[serial]: moment for serial, moment in since.items()}, number


def _certificates(folder: Path) -> Iterable[x509.Certificate]:
    files = (path for path in sorted(folder.glob("*.pem")) if path.name != _CRL)
    return (certificate for path in files for certificate in pem.load_certificates(path))


COMMANDS = (ca, trader, administration, office, agent, revoke)
