"""``esad key``: what this administration signs with, and its excise offices."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography import x509

from esad_gateway.cli.common import output, renewal
from esad_gateway.cli.common.administration import AsJson, Data, registry_of
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.provision import issue_certificate, keep_pair
from esad_gateway.register import beliefs
from esad_gateway.settings import read_settings
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.certificates import Kept, fingerprint_of
from esad_gateway.store.registry import Registry


def renew(
    *,
    data: Data,
    overlap: renewal.Overlap = renewal.WEEK,
    lead: Annotated[
        str, typer.Option(metavar="TIME", help="When we begin to sign with it: 2d gives peers two days to load it.")
    ] = renewal.AT_ONCE,
    certificate: Annotated[
        Path | None,
        typer.Option(metavar="FILE.pem", help="A certificate of a trusted CA; else the test CA issues one."),
    ] = None,
    private_key: Annotated[Path | None, typer.Option("--key", metavar="FILE.key", help="The key of it, PEM.")] = None,
    kind: Annotated[KeyKind, typer.Option(help="The kind of the key that is made.")] = KeyKind.RSA,
    as_json: AsJson = False,
) -> None:
    """Sign with another key: a gateway that runs takes it over within a second; esad key restore takes it back.

    What the peers have to load is printed; until they have, they refuse what is signed with it, and are asked again.
    What was signed before goes out as it is. The key before stays in the folder keys/, where taking the renewal back
    needs it.
    """
    directory, own = DataDirectory(data), read_settings(data).profile().address
    waiting, lasting = renewal.duration(lead), renewal.duration(overlap)
    begin = datetime.now(UTC) + waiting
    with registry_of(data) as registry:
        file = _pair(directory, own, registry, begin, (certificate, private_key), kind)
        kept = renewal.renewed(registry, own, load_certificate(file), lasting, begin)
        peers = registry.directory().peers
    theirs = f"--certificate {file.name} --overlap {renewal.written(waiting + lasting)}"
    command = f"esad peer renew --data DIR --state {own[-2:]} {theirs}"
    issuer = load_certificate(file).issuer.rfc4514_string()
    _tell(own, kept, peers, command, as_json=as_json, certificate=str(file), issuer=issuer)


def restore(*, data: Data, overlap: renewal.Overlap = renewal.WEEK, as_json: AsJson = False) -> None:
    """Sign with the key before again, until the overlap of the last renewal is over; peers are told."""
    directory, own, lasting = DataDirectory(data), read_settings(data).profile().address, renewal.duration(overlap)
    with registry_of(data) as registry:
        now = datetime.now(UTC)
        for one in registry.certificates(own):
            if one.record.replaced_by and not one.record.ended(now):
                directory.signing_pair(one.record.fingerprint, own)
        kept = renewal.restored(registry, own, lasting)
        peers = registry.directory().peers
    command = f"esad peer restore --data DIR --state {own[-2:]} --overlap {overlap}"
    _tell(own, kept, peers, command, as_json=as_json)


def list_(*, data: Data, as_json: AsJson = False) -> None:
    """What this administration and its offices sign with, until when, and what ends soon.

    Exit code 1 when something of it would be refused.
    """
    own = read_settings(data).profile().address
    with registry_of(data) as registry:
        at, trust = datetime.now(UTC), DataDirectory(data).load_trust()
        lines = [
            line
            for holder in _ours(registry, own)
            for line in beliefs.of_holder(registry.certificates(holder), trust, at)
        ]
    raise typer.Exit(renewal.show(lines, "certificates", as_json=as_json))


def _pair(
    directory: DataDirectory,
    own: str,
    registry: Registry,
    begin: datetime,
    files: tuple[Path | None, Path | None],
    kind: KeyKind,
) -> Path:
    """The certificate that is signed with from now on, in the folder of keys with its key."""
    given, key = files
    if given is None or key is None:
        if given or key:
            raise UnreadableInput(Said("certificate.pair"))
        identity = issue_certificate(directory, own, datetime.now(UTC), kind)
        return keep_pair(directory, identity.key, identity.certificate)
    certificate = renewal.one_certificate(given, directory.load_trust(), begin)
    _refuse_known(registry, own, certificate)
    private = load_key(key)
    XmlSigner(private, certificate)
    return keep_pair(directory, private, certificate)


def _refuse_known(registry: Registry, own: str, certificate: x509.Certificate) -> None:
    now, fingerprint = datetime.now(UTC), fingerprint_of(certificate)
    if any(one.record.fingerprint == fingerprint and not one.record.ended(now) for one in registry.certificates(own)):
        raise UnreadableInput(said("certificate.known", own=own, fingerprint=fingerprint))


def _tell(own: str, kept: list[Kept], peers: Mapping[str, str], command: str, *, as_json: bool, **more: str) -> None:
    """Print what changed, and what each peer has to do about it."""
    to_do = [{"peer": peer, "url": url, "command": command} for peer, url in sorted(peers.items())]
    renewal.tell(own, kept, as_json=as_json, peers=to_do, **more)
    if as_json:
        return
    if more:
        output.result(said("certificate.for_peers", file=more["certificate"], issuer=more["issuer"]))
    for one in to_do:
        output.result(said("certificate.to_do", **one))


def _ours(registry: Registry, own: str) -> Iterator[str]:
    certificates: Mapping[str, Any] = registry.directory().certificates
    holders = {record.holder for records in certificates.values() for record in records}
    yield own
    yield from sorted(holder for holder in holders if party_of(holder) is Party.OFFICE)


COMMANDS = (renew, restore, list_)
