"""Signatures beside files that are handed out: made by our administration, or with a key that is given."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from esad_gateway.cli.common import paths
from esad_gateway.errors import NotConfigured, SenderError, SignatureRefused, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.trust import check_by_itself
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import SIGNATURE


def sign_file(file: Path, data: Path) -> Path:
    """Sign a file as the administration of a data directory, with what it signs with now; returns the signature's file.

    The signature is detached (XAdES-B) and stands beside the file. Raises NotConfigured when the administration has no
    certificate or key, StoreUnavailable when the registry cannot be read, and UnreadableInput when another file stands
    where the signature goes or one of the two cannot be read or written. Not checked: whether anybody trusts it.
    """
    # Loaded for those who ask: it takes longer than signing a hundred documents.
    from esad_gateway.signing import detached  # noqa: PLC0415

    target = Path(f"{file}{detached.ENDING}")
    check_replaceable(target)
    key, certificate = _pair(data)
    signer = load_certificate(certificate)
    check_certificate(signer)
    paths.write(target, detached.sign_file(paths.read(str(file)), file.name, load_key(key), signer))
    return target


def check_certificate(certificate: x509.Certificate) -> None:
    """Raise UnreadableInput when a certificate may not sign now by its own content: its dates, its key, its use."""
    try:
        check_by_itself(certificate, datetime.now(UTC))
    except SignatureRefused as refusal:
        raise UnreadableInput(said("certificate.unsigned", why=refusal.what)) from refusal


def check_replaceable(target: Path) -> None:
    """Raise UnreadableInput when a file that is no signature stands where a signature is to be written."""
    if not target.exists():
        return
    try:
        other = parse(paths.read(str(target))).tag != SIGNATURE
    except SenderError:
        other = True
    if other:
        raise UnreadableInput(said("certificate.other_file", file=str(target)))


def _pair(data: Path) -> tuple[Path, Path]:
    """The files of the key and the certificate that the administration signs with at this moment."""
    # Of a registry, which files that are signed with a given key do not need.
    from esad_gateway.cli.common.administration import registry_of  # noqa: PLC0415
    from esad_gateway.data_directory import DataDirectory  # noqa: PLC0415
    from esad_gateway.emcs.certificates import current  # noqa: PLC0415
    from esad_gateway.settings import read_settings  # noqa: PLC0415

    own = read_settings(data).profile().address
    with registry_of(data) as registry:
        record = current((one.record for one in registry.certificates(own)), datetime.now(UTC))
    if record is None:
        raise NotConfigured(said("certificate.none", own=own))
    return DataDirectory(data).signing_pair(record.fingerprint, own)
