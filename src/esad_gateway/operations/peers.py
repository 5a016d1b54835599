"""Whether other administrations answer where they are known to listen, sign with what is known, and have our time."""

import asyncio
import shlex
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.errors import EsadError, PeerError
from esad_gateway.faults import Said, said
from esad_gateway.introduction import NDEA, Introduction, asked, tried
from esad_gateway.operations.doctor import Patient
from esad_gateway.operations.findings import Level, Symptom, fine, wrong

MOST_APART: Final = 60
"""Seconds by which the clocks of two administrations may differ; a signature of the future is refused."""


def of_peers(patient: Patient) -> Iterator[Symptom]:
    """What other administrations answer, all of them asked at once."""
    peers = sorted(patient.registry.directory().peers.items())
    if not peers:
        yield Symptom("peers", Level.SOON, Said("doctor.no_peers"), patient.connecting)
        return
    for findings in asyncio.run(_of_all(patient, peers)):
        yield from findings


async def _of_all(patient: Patient, peers: Sequence[tuple[str, str]]) -> Sequence[Sequence[Symptom]]:
    return await asyncio.gather(*(_of_one(patient, address, url) for address, url in peers))


async def _of_one(patient: Patient, address: str, url: str) -> Sequence[Symptom]:
    try:
        await tried(url, address)
    except EsadError as error:
        return [wrong("peers", said("file.named", file=address, why=error.what))]
    try:
        other = await asked(url.removesuffix(NDEA))
    except PeerError:
        return [fine("peers", said("doctor.peer_quiet", address=address, url=url))]
    return [*_apart(address, await _moment(other.url)), _signing(patient, other, url)]


def _signing(patient: Patient, other: Introduction, url: str) -> Symptom:
    """Whether it signs with what is known of it; its word alone is not believed."""
    kept = patient.registry.certificates(other.address)
    known = [one.record.fingerprint for one in kept if one.record.counts(patient.now)]
    if set(other.fingerprints) & set(known):
        return fine("peers", said("doctor.peer", address=other.address, url=url))
    told = ", ".join(other.fingerprints)
    what = said("doctor.peer_other", address=other.address, told=told, known=", ".join(known) or "-")
    words = ["esad", "peer", "connect", str(patient.data.root), other.url, "--fingerprint", other.fingerprints[0]]
    return wrong("peers", what, shlex.join(words))


async def _moment(url: str) -> datetime | None:
    """What time it is there; ``None`` where that is not said."""
    try:
        async with AsyncGatewayClient(url) as client:
            _, answer = await client.answer(operations.health())
        return datetime.fromisoformat(str(answer["now"])).astimezone(UTC) if answer["clock"] == "machine" else None
    except (EsadError, KeyError, ValueError):
        return None


def _apart(address: str, moment: datetime | None) -> Iterator[Symptom]:
    seconds = 0.0 if moment is None else abs((datetime.now(UTC) - moment).total_seconds())
    if seconds > MOST_APART:
        what = said("doctor.peer_late", address=address, seconds=int(seconds))
        yield wrong("time", what, "timedatectl set-ntp true")
