"""``esad peer connect``: two administrations that know each other from then on."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson, opened
from esad_gateway.cli.common.language import tell, word
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.introduction import (
    NDEA,
    Believed,
    Introduction,
    asked,
    believe,
    check,
    copy_operators,
    introduce,
    tried,
)
from esad_gateway.settings import read_settings
from esad_gateway.store.certificates import fingerprint_of
from esad_gateway.store.registry import Registry


def connect(
    here: Annotated[Path, typer.Argument(metavar="DIR", help="The data directory of one administration.")],
    there: Annotated[str, typer.Argument(metavar="DIR|URL", help="That of the other one, or where it listens.")],
    *,
    fingerprint: Annotated[
        str | None, typer.Option(metavar="SHA256", help="What the other one signs with, as it told you in another way.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let two administrations know each other: CAs, certificates, addresses, and each other's operators.

    With two data directories both directions are set up. Where a gateway listens is what its settings.toml says
    (public_url, or host and port). Of a gateway that is somewhere else only this side is set up: what it signs with has
    to be confirmed, its operators come as a file (esad registry export and import), and it has to do the same there.
    Gateways that run take everything over at once. Doing it again changes only what is new.
    """
    if "://" in there:
        told = {str(here): _with_url(here, there, fingerprint)}
    elif fingerprint is not None:
        raise UnreadableInput(Said("usage.fingerprint"))
    else:
        told = _both(here, Path(there))
    if as_json:
        output.result_json({name: _as_json(*one) for name, one in told.items()})
        return
    for name, (believed, operators) in told.items():
        output.result(*_lines(name, believed, operators))


def _both(here: Path, there: Path) -> dict[str, tuple[Believed, int | None]]:
    """Both directions between two data directories."""
    now = datetime.now(UTC)
    with ExitStack() as open_:
        sides = [(one, DataDirectory(one), open_.enter_context(opened(one))) for one in (here, there)]
        introduced = [introduce(data, Registry(store), now) for _, data, store in sides]
        for (_, data, _), other in zip(sides, introduced[::-1], strict=True):
            # Whatever can be wrong is found before anything is changed on either side.
            check(data, other, now)
        told: dict[str, tuple[Believed, int | None]] = {}
        for (name, data, store), other, (_, _, source) in zip(sides, introduced[::-1], sides[::-1], strict=True):
            believed = believe(data, store, other, now)
            told[str(name)] = believed, copy_operators(source, other.state, store, now)
    return told


def _with_url(here: Path, url: str, fingerprint: str | None) -> tuple[Believed, int | None]:
    """This side of a connection to a gateway that is somewhere else."""
    other = asyncio.run(_asked(url))
    _confirm(other, fingerprint)
    with opened(here) as store:
        return believe(DataDirectory(here), store, other, datetime.now(UTC)), None


async def _asked(url: str) -> Introduction:
    """What the gateway at an address says of itself, when it takes documents there as well."""
    other = await asked(url)
    await tried(other.url + NDEA, other.address)
    return other


def _confirm(other: Introduction, fingerprint: str | None) -> None:
    """That a person, or ``fingerprint``, says that the certificate is really that of the other administration."""
    known = ", ".join(other.fingerprints)
    who = said("usage.signs_with", url=other.url, address=other.address, known=known)
    if fingerprint is not None:
        if {fingerprint.replace(":", "").lower()} != set(other.fingerprints):
            raise UnreadableInput(said("usage.other_fingerprint", who=who, given=fingerprint))
        return
    if sys.stdin.isatty() and typer.confirm(tell(said("usage.confirm", address=other.address, known=known)), err=True):
        return
    raise UnreadableInput(said("usage.unconfirmed", who=who))


def _lines(name: str, believed: Believed, operators: int | None) -> Iterator[str | Said]:
    other = believed.other
    knows = said("peer.knows", address=other.address, url=other.url, release=str(other.release))
    yield f"{name}: {tell(knows)}"
    for authority in believed.authorities:
        yield f"  + CA {authority.subject.rfc4514_string()} {fingerprint_of(authority)}"
    for sign, pairs in (("+", believed.certificates.added), ("-", believed.certificates.removed)):
        for _, fingerprint in pairs:
            yield f"  {sign} {word(Said('heading.certificate'))} {fingerprint}"
    following: tuple[Said, ...] = (said("peer.operators", state=other.state, number=operators or 0),)
    if operators is None:
        command = f"esad peer connect DIR {read_settings(Path(name)).url}"
        following = (said("peer.no_operators", state=other.state), said("peer.other_side", command=command))
    yield from (f"  {tell(one)}" for one in following)


def _as_json(believed: Believed, operators: int | None) -> dict[str, Any]:
    other, certificates = believed.other, believed.certificates
    return {
        "address": other.address,
        "url": other.url,
        "release": str(other.release),
        "authorities": [fingerprint_of(one) for one in believed.authorities],
        "added": [fingerprint for _, fingerprint in certificates.added],
        "removed": [fingerprint for _, fingerprint in certificates.removed],
        "operators": operators,
    }
