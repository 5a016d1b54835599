"""Excise offices of member states: each signs with a certificate of its own, as ``esad pki office`` makes it."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from esad_gateway.provision import issue_certificate, write_identity
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import XmlSigner, load_signer
from esad_gateway.simulator.box import Member
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry


def equip(members: Iterable[Member], now: datetime) -> None:
    """Give an office of every member state a key, and register it there."""
    for member in members:
        reference = f"{member.state}001000"
        identity = issue_certificate(member.data, reference, now, KeyKind.P256)
        write_identity(identity, *_files(member))
        store = open_store(member.data.database, member.address)
        try:
            Registry(store, lambda: now).add_certificates(reference, (identity.certificate,))
        finally:
            store.close()


def office_of(member: Member) -> XmlSigner:
    """Signs as an office of a member state that was equipped."""
    return load_signer(*_files(member))


def _files(member: Member) -> tuple[Path, Path]:
    stem = member.data.root / "pki" / f"{member.state}001000"
    return stem.with_suffix(".key"), stem.with_suffix(".pem")
