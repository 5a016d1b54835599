"""Several processes on one store: each document is sent once, and each clock fires once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from subprocess import Popen
from threading import Barrier, Thread

import pytest
from aiohttp import web

from esad_gateway.gateway.claims import Claims
from esad_gateway.gateway.delivery import Delivery
from esad_gateway.gateway.retries import RetryPolicy
from esad_gateway.ports.outbox import Attempt, DeliveryOutcome, Reception, Tried
from esad_gateway.store.database import Database
from esad_gateway.store.rows import moment
from esad_gateway.store.store import SqlStore
from helpers.delivering import IN_FLIGHT, delivering
from helpers.foreign_peer import ForeignPeer, acknowledges, listening
from helpers.gateway import CONSIGNOR, NOW, PATIENCE, Box, HandClock, Station, new_draft
from helpers.scenario import Scenario

LEASE = timedelta(minutes=2)
Plot = Callable[[ForeignPeer, dict[str, Popen[bytes]]], Awaitable[None]]


def play(station: Station, plot: Plot, lease: int) -> None:
    """Two processes deliver to a peer that listens, from the store of a gateway; claims last for so many seconds."""

    async def playing() -> None:
        async with listening() as peer:
            with delivering(station.member.data.database, peer.url, lease, "one", "other") as processes:
                await plot(peer, processes)

    asyncio.run(playing())


def e_sads(box: Box, station: Station, count: int) -> None:
    """So many e-SADs for Poland in the outbox."""
    station.commit(*(box.signed(CONSIGNOR, new_draft()) for _ in range(count)))


def undelivered(station: Station) -> int:
    """How many documents are not noted as delivered."""
    return sum(row["delivered_at"] is None for row in station.rows("outbox"))


async def nothing_left(station: Station, peer: ForeignPeer, count: int) -> None:
    """Wait until so many documents were taken, one after the other, and the last of them was noted."""
    for some in range(count):
        await peer.until(partial(_more, peer, some))
    async with asyncio.timeout(PATIENCE):
        while await asyncio.to_thread(undelivered, station):  # noqa: ASYNC110  it happens in another process
            await asyncio.sleep(0.02)


def _more(peer: ForeignPeer, count: int) -> bool:
    return len(set(peer.taken)) > count


def test_two_processes_send_everything_once(box: Box, lt: Station) -> None:
    """Two deliveries on one store: two hundred documents, each posted once."""
    e_sads(box, lt, 200)

    async def plot(peer: ForeignPeer, _: dict[str, Popen[bytes]]) -> None:
        await nothing_left(lt, peer, 200)
        assert set(Counter(peer.posted).values()) == {1}

    play(lt, plot, lease=600)
    assert {row["attempts"] for row in lt.rows("outbox")} == {1}
    assert len(lt.rows("attempt")) == 200


def test_who_is_killed_is_taken_over_from(box: Box, lt: Station) -> None:
    """One of two is killed in the middle: the other goes on after its claim; only what was under way twice."""
    e_sads(box, lt, 40)

    async def plot(peer: ForeignPeer, processes: dict[str, Popen[bytes]]) -> None:
        killed = asyncio.Event()

        async def slow_after_some(document: bytes) -> web.Response:
            if len(peer.taken) >= 10:
                await killed.wait()
            return acknowledges(document)

        peer.behave = slow_after_some
        await peer.until(lambda: len(peer.taken) >= 10 and len(peer.posted) == len(peer.taken) + IN_FLIGHT)
        [claim] = lt.rows("delivery_claim")
        processes[claim["holder"]].kill()
        processes[claim["holder"]].wait()
        killed.set()
        # Long enough for the slowest machine to answer every try in time, so its end is set and not awaited.
        lt.run_sql(f"UPDATE delivery_claim SET until = '{moment(datetime.now(UTC))}'")  # noqa: S608
        await nothing_left(lt, peer, 40)
        [after] = lt.rows("delivery_claim")
        assert {claim["holder"], after["holder"]} == {"one", "other"}
        assert sum(times - 1 for times in Counter(peer.posted).values()) <= IN_FLIGHT

    play(lt, plot, lease=600)
    assert lt.checked().problems == ()


class Taking:
    """``ports.Transport`` to a peer that takes everything, and keeps it."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def deliver(self, _destination: str, document: bytes, _identifier: str) -> Tried:
        """Take it."""
        self.taken.append(document)
        return Tried(Reception.ACKNOWLEDGED, outcome=DeliveryOutcome.ACCEPTED)


def delivery(station: Station, transport: Taking, holder: str = "") -> Delivery:
    """A delivery of a name, or one of its own."""
    policy = RetryPolicy(lease=LEASE)
    return Delivery(station.runtime.store, transport, station.clock, policy, 1, holder=holder)


def test_peer_belongs_to_who_serves_it_until_its_claim_ends(box: Box, lt: Station, clock: HandClock) -> None:
    """Another delivery sends it nothing, until the first has sent nothing for so long; then the first sends nothing."""
    first, second = Taking(), Taking()
    one, other = delivery(lt, first), delivery(lt, second)
    e_sads(box, lt, 1)
    asyncio.run(one.round())
    e_sads(box, lt, 1)
    clock.move(seconds=LEASE.total_seconds() - 1)

    asyncio.run(other.round())
    assert (len(first.taken), len(second.taken)) == (1, 0)
    clock.move(seconds=1)
    asyncio.run(other.round())
    assert (len(first.taken), len(second.taken)) == (1, 1)
    e_sads(box, lt, 1)
    asyncio.run(one.round())
    assert (len(first.taken), len(second.taken)) == (1, 1)


def test_who_was_held_up_does_not_take_a_claim_that_was_made_meanwhile(lt: Station, clock: HandClock) -> None:
    """Of two that want a peer the one whose turn comes later loses, however long it has waited for its turn."""
    store = lt.runtime.store

    async def both() -> tuple[bool, bool]:
        turn = asyncio.Event()

        async def held_up(work: Callable[..., bool], *given: object) -> bool:
            await turn.wait()
            return work(*given)

        waits = Claims(store, clock, held_up, "one", LEASE)
        late = asyncio.create_task(waits.has("NDEA.PL"))
        await asyncio.sleep(0)  # it has begun, and waits for its turn
        clock.move(seconds=1)
        first = await Claims(store, clock, asyncio.to_thread, "other", LEASE).has("NDEA.PL")
        turn.set()
        return first, await late

    assert asyncio.run(both()) == (True, False)


def test_clocks_of_two_machines_may_differ(lt: Station, clock: HandClock) -> None:
    """A claim of a clock that is ahead by less than a lease counts for one that is behind it."""
    store, behind = lt.runtime.store, HandClock(clock.now() - LEASE / 2)

    assert store.claim("NDEA.PL", "one", clock.now, LEASE)
    assert not store.claim("NDEA.PL", "other", behind.now, LEASE)


def test_claim_is_renewed_while_there_is_something_to_send(box: Box, lt: Station, clock: HandClock) -> None:
    """Who goes on sending is not taken over from, and writes a claim once in half of its time."""
    one, other = delivery(lt, Taking(), "one"), delivery(lt, second := Taking(), "other")
    ends: list[str] = []

    for _ in range(8):
        e_sads(box, lt, 1)
        asyncio.run(one.round())
        ends += [row["until"] for row in lt.rows("delivery_claim")]
        e_sads(box, lt, 1)
        asyncio.run(other.round())
        clock.move(seconds=LEASE.total_seconds() / 4)

    assert second.taken == []
    assert ends == [moment(NOW + LEASE * (1 + place / 2)) for place in (0, 0, 1, 1, 2, 2, 3, 3)]


def test_who_leaves_gives_back(box: Box, lt: Station) -> None:
    """After a graceful end another process goes on at once; one of the same name need not wait either."""
    e_sads(box, lt, 1)
    one = delivery(lt, Taking(), "one")
    asyncio.run(one.round())
    e_sads(box, lt, 1)
    asyncio.run(delivery(lt, same := Taking(), "one").round())
    assert len(same.taken) == 1
    e_sads(box, lt, 1)

    asyncio.run(one.leave())
    asyncio.run(delivery(lt, another := Taking()).round())

    assert len(another.taken) == 1


def test_claim_of_a_clock_that_was_put_back_is_not_believed(box: Box, lt: Station, clock: HandClock) -> None:
    """A claim that lies further ahead than any could was made before somebody set the clock: it keeps nobody out."""
    e_sads(box, lt, 1)
    asyncio.run(delivery(lt, Taking(), "one").round())
    e_sads(box, lt, 1)
    clock.set_hands(hours=-3)

    asyncio.run(delivery(lt, another := Taking(), "other").round())

    assert len(another.taken) == 1


def test_what_was_delivered_meanwhile_is_not_noted_again(box: Box, lt: Station) -> None:
    """An answer that comes after somebody took over and delivered the document changes nothing."""
    e_sads(box, lt, 1)
    [row] = lt.rows("outbox")
    delivered = Attempt(dispatch=row["id"], at=NOW, error=None, next_due=None, refusals=0, noted=True)
    late = replace(delivered, at=NOW + timedelta(minutes=5), error="refused: late", refusals=1)
    lt.runtime.store.record([delivered])
    before = lt.rows("outbox"), lt.rows("attempt")

    lt.runtime.store.record([late, replace(late, error=None)])

    assert (lt.rows("outbox"), lt.rows("attempt")) == before
    assert lt.checked().problems == ()


@pytest.mark.parametrize("movements", [1, 5])
def test_two_that_look_at_once_fire_each_clock_once(box: Box, lt: Station, pl: Station, movements: int) -> None:
    """Each finds the ended clocks, and under the lock one of them finds that they have fired."""
    for _ in range(movements):
        Scenario.begin(box, lt, pl)
    lt.clock.move(days=30)
    both, fired = Barrier(2), []

    class Together(SqlStore):
        """A store in which both have looked before either writes."""

        def __init__(self, path: Path) -> None:
            super().__init__(Database.in_file(path))
            self.looked = False

        def transaction(self):  # type: ignore[no-untyped-def]  # noqa: ANN202
            """Wait for the other one, the first time."""
            if not self.looked:
                self.looked = True
                both.wait(PATIENCE)
            return super().transaction()

    def look() -> None:
        store = Together(lt.member.data.database)
        fired.append(replace(lt.runtime.committer, store=store).tick(lt.clock.at))
        store.close()

    threads = [Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(fired) == movements
    assert len([entry for entry in lt.mailbox("NDEA.PL") if entry.type == "IE904"]) == movements
