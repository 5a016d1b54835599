"""Gateways of one process exchange through their doors: what a peer says is what it says over HTTP."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.bootstrap import Parts, build
from esad_gateway.emcs.messages import Message
from esad_gateway.errors import NotConfigured
from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.intake import Submission
from esad_gateway.ndea.endpoint import NdeaDoor
from esad_gateway.ports.outbox import DeliveryOutcome, Reception, Transport, Tried
from esad_gateway.ports.reading import MailboxQuery
from esad_gateway.signing.pem import load_certificates
from esad_gateway.simulator.clock import HandClock, advance_to
from esad_gateway.simulator.drafts import read
from esad_gateway.store.opening import store_in_memory
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.transport.http import HttpTransport
from esad_gateway.transport.memory import Door, MemoryTransport
from esad_gateway.xml.release import shipped
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    NOW,
    PATIENCE,
    Box,
    copy_of_box,
    new_draft,
    new_report,
)
from helpers.served import Served, served


@dataclass(frozen=True)
class Ways:
    """Two ways to one gateway that runs, and a document for it that it does not have."""

    gateway: Served
    document: bytes
    identifier: str

    @property
    def memory(self) -> Transport:
        """Through its door in this process."""
        return MemoryTransport({"NDEA.LT": NdeaDoor(self.gateway.station.runtime.gateway).answer})

    def over_http(self, document: bytes) -> Tried:
        """What a delivery over HTTP comes to."""
        transport = HttpTransport(lambda: {"NDEA.LT": f"{self.gateway.url}/ndea"}, PATIENCE)

        async def delivered() -> Tried:
            try:
                return await transport.deliver("NDEA.LT", document, self.identifier)
            finally:
                await transport.close()

        return asyncio.run(delivered())

    def in_memory(self, document: bytes) -> Tried:
        """What one through memory comes to."""
        return asyncio.run(self.memory.deliver("NDEA.LT", document, self.identifier))


@pytest.fixture
def ways(tmp_path: Path) -> Iterator[Ways]:
    """Lithuania's gateway, and an e-SAD of Poland."""
    box = copy_of_box(tmp_path)
    with box.open("PL") as pl:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        ((_, document),) = pl.due()
    with served(box) as gateway:
        yield Ways(gateway, document, read(document).header.message_identifier)


def test_document_is_taken_once_whichever_way_it_comes(ways: Ways) -> None:
    """What came through memory is committed, and a duplicate over HTTP; and once more through memory."""
    said = [ways.in_memory(ways.document), ways.over_http(ways.document), ways.in_memory(ways.document)]

    assert [one.reception for one in said] == [Reception.ACKNOWLEDGED] * 3
    assert [one.outcome for one in said] == [DeliveryOutcome.ACCEPTED] + [DeliveryOutcome.DUPLICATE] * 2
    assert ways.gateway.station.types("NDEA.PL") == [("in", "IE801")]


WRONG: dict[str, Callable[[Ways], bytes]] = {
    "no XML": lambda _: b"no document",
    "too large": lambda _: b"<a>" + b"x" * (7 * 1024 * 1024),
    "nobody's signature": lambda ways: ways.document.replace(b"DigestValue>", b"DigestValue>AAAA", 1),
    "a trader's": lambda ways: ways.gateway.box.signed(CONSIGNOR, new_draft()),
}


@pytest.mark.parametrize("name", WRONG)
def test_refusal_is_told_as_over_http(ways: Ways, name: str) -> None:
    """The same fault with the same reason, and the same note in the security log."""
    document = WRONG[name](ways)

    assert ways.in_memory(document) == ways.over_http(document)
    assert ways.in_memory(document).reception is Reception.REFUSED
    reasons = {(row["reason"], row["channel"], row["sha256"]) for row in ways.gateway.station.rows("security_log")}
    assert len(reasons) == 1


def test_administration_without_a_door_is_out_of_reach(ways: Ways) -> None:
    """It rests like one that is down, and is reached as soon as its door is open."""
    doors: dict[str, Door] = {}
    transport = MemoryTransport(doors)
    before = asyncio.run(transport.deliver("NDEA.LT", ways.document, ways.identifier))
    doors["NDEA.LT"] = NdeaDoor(ways.gateway.station.runtime.gateway).answer
    after = asyncio.run(transport.deliver("NDEA.LT", ways.document, ways.identifier))

    assert (before.reception, before.why) == (Reception.UNREACHABLE, "NDEA.LT has no door in this process")
    assert after.reception is Reception.ACKNOWLEDGED


def test_two_gateways_are_built_of_parts_and_exchange_by_hand(tmp_path: Path) -> None:
    """One clock, shared releases, no network, nothing on disk: an e-SAD goes there and its report comes back."""
    box, clock, doors, releases = copy_of_box(tmp_path), HandClock(NOW), dict[str, Door](), shipped()
    lt, pl = (
        build(
            Parts(
                box.members[state].data.root,
                clock=clock,
                store=in_memory(box, state),
                transport=MemoryTransport(doors),
                releases=releases,
            )
        )
        for state in ("LT", "PL")
    )
    doors |= {"NDEA.LT": NdeaDoor(lt.gateway).answer, "NDEA.PL": NdeaDoor(pl.gateway).answer}

    async def exchanged() -> list[tuple[str, str]]:
        async with AsyncExitStack() as opened:
            for gateway in (lt, pl):
                await opened.enter_async_context(gateway.open())
            await lt.gateway.take(signed(box, CONSIGNOR, new_draft()))
            await advance_to(clock.at + timedelta(hours=1), clock, (lt.duties, pl.duties))
            e_sad: Any = read(pl.mailboxes.body(FOREIGN_CONSIGNEE, 1) or b"")
            await pl.gateway.take(signed(box, FOREIGN_CONSIGNEE, new_report(e_sad, clock.at)))
            await advance_to(clock.at + timedelta(hours=1), clock, (lt.duties, pl.duties))
            return [(one.direction, one.type) for one in lt.mailboxes.page(CONSIGNOR, MailboxQuery()).messages]

    assert asyncio.run(exchanged()) == [("in", "IE815"), ("out", "IE801"), ("out", "IE818")]
    with box.open("LT") as on_disk:
        assert on_disk.rows("message") == []
    assert lt.readers.releases is pl.readers.releases is releases
    assert clock.at == NOW + timedelta(hours=2)


@pytest.mark.parametrize("state", ["LT", "PL"])
def test_store_that_is_handed_in_belongs_to_the_gateway(tmp_path: Path, state: str) -> None:
    """A gateway never writes into the store of another administration."""
    box = copy_of_box(tmp_path)
    with closing(in_memory(box, state)) as store:
        parts = Parts(box.members["LT"].data.root, clock=HandClock(NOW), store=store)
        if state == "LT":
            assert build(parts).store is store
        else:
            with pytest.raises(NotConfigured, match=r"that of NDEA\.PL, and this is NDEA\.LT"):
                build(parts)


def test_folder_that_is_open_to_others_is_refused_with_any_store(tmp_path: Path) -> None:
    """The keys lie in the folder, wherever the store is."""
    box = copy_of_box(tmp_path)
    root = box.members["LT"].data.root
    root.chmod(0o755)
    with closing(in_memory(box, "LT")) as store, pytest.raises(NotConfigured, match="chmod 700"):
        build(Parts(root, clock=HandClock(NOW), store=store))


def in_memory(box: Box, state: str) -> SqlStore:
    """A store in memory that knows whom the one of a member state knows: itself, the others, and the traders."""
    member = box.members[state]
    store = store_in_memory(member.address)
    registry = Registry(store, lambda: NOW)
    registry.add_certificates(member.address, load_certificates(member.data.certificate))
    registry.add_peers(other.peer for other in box.members.values() if other is not member)
    registry.add_operators((one.operator, {}, (one.identity.certificate,)) for one in box.traders.values())
    return store


def signed(box: Box, seed: str, message: Message) -> Submission:
    """What a trader presents."""
    return Submission(raw=box.signed(seed, message), principal=A_TRADER, channel="test")
