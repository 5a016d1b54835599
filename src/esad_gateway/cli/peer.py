"""``esad peer``: the other administrations."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.cli.common import completing, output, renewal
from esad_gateway.cli.common.administration import AsJson, Data, opened, registry_of
from esad_gateway.cli.common.connect import connect
from esad_gateway.cli.common.offline import moment
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.identifiers import MemberState, reason_of
from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import NotConfigured, PeerError, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.introduction import check_party, tried
from esad_gateway.register import beliefs
from esad_gateway.settings import read_settings
from esad_gateway.signing.pem import load_certificates
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.registry import Registry
from esad_gateway.xml.release import FOLDER

State = Annotated[str, typer.Option(autocompletion=completing.peers, help="The member state: PL, EL, XI.")]


def add(
    *,
    data: Data,
    state: State,
    url: Annotated[str, typer.Option(help="Where it listens: http://…/ndea.")],
    certificate: Annotated[Path, typer.Option(metavar="FILE.pem", help="What it signs with.")],
    number: Annotated[
        str | None, typer.Option("--release", metavar="NUMBER", help="Which release of the messages it reads.")
    ] = None,
    untried: Annotated[bool, typer.Option("--untried", help="Do not ask whether anybody answers there yet.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add or replace another administration; its CA must be trusted as well (esad trust add).

    Where it listens is tried first: somebody must answer there, and nobody else. The certificates of the file take the
    place of all that it had, at once; esad peer renew lets them overlap. What it reads stays as it was said before, or
    is what the settings say (release), unless --release says another one. esad peer connect does all of it at once.
    """
    address, certificates = _address(state), load_certificates(certificate)
    check_party(read_settings(data).profile().address, address, certificates)
    if not url.lower().startswith(("http://", "https://")):
        raise UnreadableInput(said("usage.url", url=url))
    schedule = None if number is None else _schedule(data, number)
    if not untried:
        _try(url, address)
    with registry_of(data) as registry:
        difference = registry.add_peer(address, url, certificates, schedule)
    if as_json:
        added, removed = ([fingerprint for _, fingerprint in one] for one in (difference.added, difference.removed))
        output.result_json({"address": address, "url": url, "added": added, "removed": removed})
        return
    output.result(said("peer.at", address=address, url=url))
    for sign, pairs in (("+", difference.added), ("-", difference.removed)):
        for _, fingerprint in pairs:
            output.result(f"  {sign} {fingerprint}")


def remove(*, data: Data, state: State, as_json: AsJson = False) -> None:
    """Know another administration no more: nothing is sent to it, and what it signs from now on is refused.

    What it signed before stays proved. What waits for it in the outbox stays there, and goes on when it is added again.
    """
    with opened(data) as store:
        registry = Registry(store)
        address = _known(registry, state)
        removed = [fingerprint for _, fingerprint in registry.remove_peer(address).removed]
        waiting = sum(line.waiting + line.refused for line in Outbox(store).lines() if line.destination == address)
    if as_json:
        output.result_json({"address": address, "removed": removed, "waiting": waiting})
        return
    output.result(said("peer.gone", address=address), *(f"  - {fingerprint}" for fingerprint in removed))
    if waiting:
        output.note(said("peer.waiting", number=waiting))


def release(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="A release of the messages, such as 3.23.")],
    *,
    data: Data,
    state: State,
    since: Annotated[
        str | None, typer.Option("--from", metavar="ISO", help="From this moment on, UTC unless it says otherwise.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say which release of the messages an administration reads, at once or from a moment on.

    A gateway that runs takes it over at once. What was written before is delivered as it was written, and what the
    administration sends is read in every release. Switches that were planned for that moment or later are given up.
    """
    wanted = _schedule(data, number)
    with registry_of(data) as registry:
        address = _known(registry, state)
        before = registry.directory().releases.get(address, Schedule.read(read_settings(data).release))
        schedule = wanted if since is None else before.then(number, moment(since))
        registry.set_release(address, schedule)
    if as_json:
        output.result_json({"address": address, "release": str(schedule)})
    else:
        output.result(said("peer.reads", address=address, schedule=str(schedule)))


def renew(
    *,
    data: Data,
    state: State,
    certificate: renewal.Successor,
    overlap: renewal.Overlap = renewal.WEEK,
    as_json: AsJson = False,
) -> None:
    """Believe another certificate of an administration, and the one before for the overlap yet.

    A gateway that runs takes it over at once. Until the overlap ends, esad peer restore takes it back.
    """
    renewal.renew(data, partial(_known, state=state), certificate, overlap, as_json=as_json)


def restore(*, data: Data, state: State, overlap: renewal.Overlap = renewal.AT_ONCE, as_json: AsJson = False) -> None:
    """Take the last renewal of an administration back, until its overlap is over."""
    renewal.restore(data, partial(_known, state=state), overlap, as_json=as_json)


def list_(*, data: Data, as_json: AsJson = False) -> None:
    """The administrations that are known, what they read and sign with until when, and what ends soon.

    Exit code 1 when something of it would be refused.
    """
    with registry_of(data) as registry:
        at, trust = datetime.now(UTC), DataDirectory(data).load_trust()
        directory, usual = registry.directory(), read_settings(data).release
        lines = [
            replace(line, more={**line.more, "release": str(directory.releases.get(address, usual))})
            for address in sorted(directory.peers)
            for line in beliefs.of_holder(registry.certificates(address), trust, at, directory.peers[address])
        ]
    raise typer.Exit(renewal.show(lines, "peers", as_json=as_json))


def _known(registry: Registry, state: str) -> str:
    address = _address(state)
    if address not in registry.directory().peers:
        raise UnreadableInput(said("usage.no_peer", address=address))
    return address


def _schedule(data: Path, number: str) -> Schedule:
    """A release that is known here. Raises UnreadableInput."""
    try:
        return Schedule(DataDirectory(data).releases().numbered(number).number)
    except NotConfigured as error:
        raise UnreadableInput(said("usage.more_schemas", why=error.what, folder=str(data / FOLDER))) from error


def _address(state: str) -> str:
    try:
        return f"NDEA.{MemberState(state).code}"
    except ValueError as error:
        raise UnreadableInput(reason_of(error)) from error


def _try(url: str, address: str) -> None:
    try:
        asyncio.run(tried(url, address))
    except PeerError as error:
        raise PeerError(said("usage.untried", why=error.what)) from error


COMMANDS = (connect, add, remove, release, renew, restore, list_)
