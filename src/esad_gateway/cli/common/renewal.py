"""What commands share that list, replace or restore certificates: the administration's, a trader's, a peer's."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from cryptography import x509

from esad_gateway.cli.common import language, output
from esad_gateway.cli.common.administration import registry_of
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.certificates import Registered
from esad_gateway.emcs.identifiers import reason_of
from esad_gateway.errors import SignatureRefused, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.register.beliefs import Belief, record_json, stamp
from esad_gateway.signing.pem import load_certificates
from esad_gateway.signing.trust import Trust, check_key
from esad_gateway.store.certificates import Kept
from esad_gateway.store.registry import Registry

Overlap = Annotated[
    str, typer.Option(metavar="TIME", help="How long the one before is believed yet: 7d, 12h; 0 for a stolen key.")
]
Successor = Annotated[Path, typer.Option(metavar="FILE.pem", help="What it signs with from now on.")]
WEEK: Final = "7d"
AT_ONCE: Final = "0"

Known = Callable[[Registry], str]
"""Who is meant on a command line, when the registry knows it. Raises UnreadableInput."""

_UNITS: Final = {"d": "days", "h": "hours"}
_COLUMNS: Final = output.headings("of", "certificate", "believed_until", "valid_to", "warnings")


def duration(text: str) -> timedelta:
    """A time of days or hours (``7d``, ``12h``, ``0``). Raises UnreadableInput."""
    found = re.fullmatch(r"([0-9]{1,4})([dh])|0", text)
    if not found:
        raise UnreadableInput(said("certificate.time", given=text))
    return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found[2] else timedelta()


def written(time: timedelta) -> str:
    """A time as :func:`duration` reads it."""
    hours = time // timedelta(hours=1)
    return f"{hours}h" if hours % 24 else f"{hours // 24}d"


def renew(data: Path, known: Known, certificate: Path, overlap: str, *, as_json: bool) -> None:
    """The command that renews what another party signs with, at once; ``known`` says who that is.

    Raises UnreadableInput.
    """
    now, trust, lasting = datetime.now(UTC), DataDirectory(data).load_trust(), duration(overlap)
    with registry_of(data) as registry:
        holder = known(registry)
        kept = renewed(registry, holder, one_certificate(certificate, trust, now), lasting, now)
    tell(holder, kept, as_json=as_json)


def restore(data: Path, known: Known, overlap: str, *, as_json: bool) -> None:
    """The command that takes the last renewal of another party back; arguments and exceptions as of :func:`renew`."""
    lasting = duration(overlap)
    with registry_of(data) as registry:
        holder = known(registry)
        kept = restored(registry, holder, lasting)
    tell(holder, kept, as_json=as_json)


def one_certificate(path: Path, trust: Trust, begin: datetime) -> x509.Certificate:
    """The certificate of a file, when it is the only one there and may sign from ``begin`` on.

    Raises UnreadableInput for several, and for one of which every signature would be refused, with the step.
    """
    certificate, *others = load_certificates(path)
    if others:
        raise UnreadableInput(said("certificate.several", file=str(path), number=len(others) + 1))
    would_pass(str(path), certificate, trust, begin)
    return certificate


def would_pass(name: str, certificate: x509.Certificate, trust: Trust, begin: datetime) -> None:
    """Raise UnreadableInput when the key of a certificate, or the configured trust, would be refused at a moment."""
    try:
        check_key(certificate)
        trust.check(certificate, begin)
    except SignatureRefused as refusal:
        raise UnreadableInput(said("certificate.refused", name=name, why=refusal.what)) from refusal


def renewed(
    registry: Registry, holder: str, certificate: x509.Certificate, overlap: timedelta, begin: datetime
) -> list[Kept]:
    """Renew what a holder signs with; returns its certificates that are believed still. Raises UnreadableInput."""
    try:
        return _alive(registry.renew(holder, certificate, overlap, begin))
    except ValueError as error:
        raise UnreadableInput(reason_of(error)) from error


def restored(registry: Registry, holder: str, overlap: timedelta) -> list[Kept]:
    """Take a holder's last renewal back; returns its certificates that are believed still. Raises UnreadableInput."""
    try:
        return _alive(registry.restore(holder, overlap))
    except ValueError as error:
        raise UnreadableInput(said("file.named", file=holder, why=reason_of(error))) from error


def tell(holder: str, kept: Iterable[Kept], *, as_json: bool, **more: Any) -> None:
    """Print what a holder signs with from now on, and until when the others are believed."""
    records = [one.record for one in kept]
    if as_json:
        output.result_json({"holder": holder, "certificates": [record_json(one) for one in records], **more})
        return
    for record in records:
        output.result(f"{holder} {language.tell(_certificate_line(record))}")


def show(beliefs: Iterable[Belief], name: str, *, as_json: bool) -> ExitCode:
    """Print a list of certificates; ends with exit code 1 when one of them would be refused."""
    lines = list(beliefs)
    if as_json:
        output.result_json({name: [line.as_json() for line in lines]})
    else:
        output.table(_COLUMNS, [line.row(language.wanted()[0]) for line in lines])
    return ExitCode.NEGATIVE if any(line.wrong for line in lines) else ExitCode.FINE


def _certificate_line(record: Registered) -> Said:
    if record.until is None:
        return said("certificate.signs", fingerprint=record.fingerprint, since=stamp(record.since))
    return said("certificate.believed", fingerprint=record.fingerprint, until=stamp(record.until))


def _alive(kept: Iterable[Kept]) -> list[Kept]:
    now = datetime.now(UTC)
    return [one for one in kept if not one.record.ended(now)]
