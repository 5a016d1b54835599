"""Room 10: what the outbox holds reaches the other administrations, however they behave."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import PeerError, PeerRefused
from esad_gateway.gateway.delivery import BATCH, Delivery, RetryPolicy
from esad_gateway.ports import DeliveryOutcome
from esad_gateway.simulator.drafts import header
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, Box, HandClock, Loopback, Station, new_draft

POLICY = RetryPolicy(first=timedelta(seconds=1), longest=timedelta(seconds=8), attempts=6)
PAUSE = 0.02
PATIENCE = 5


class Peer:
    """``ports.Transport`` to administrations that do as the test says: ``behave`` may raise, else all is accepted."""

    def __init__(self, behave: Callable[[str, bytes], None] = lambda *_: None) -> None:
        self.behave = behave
        self.tried: list[tuple[str, bytes]] = []
        self.taken: list[bytes] = []

    async def deliver(self, destination: str, document: bytes) -> DeliveryOutcome:
        """Note the try, then accept unless ``behave`` raises."""
        self.tried.append((destination, document))
        self.behave(destination, document)
        self.taken.append(document)
        return DeliveryOutcome.ACCEPTED


def down(*_: object) -> None:
    """A peer that cannot be reached."""
    raise PeerError("cannot be reached")


def delivery(station: Station, transport: Peer | Loopback, policy: RetryPolicy = POLICY) -> Delivery:
    """The delivery of a gateway over ``transport``."""
    return Delivery(station.runtime.store, transport, station.clock, policy, PAUSE)


def rounds(one: Delivery, count: int = 1) -> None:
    """Look at the outbox so many times."""
    for _ in range(count):
        asyncio.run(one.round())


def run_until(one: Delivery, condition: Callable[[], bool]) -> None:
    """Run a delivery as the gateway does, until something has happened."""

    async def running() -> None:
        task = asyncio.create_task(one.run())
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110  what is awaited happens in the task's threads
                await asyncio.sleep(PAUSE / 4)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(running())


def e_sads(box: Box, station: Station, count: int) -> list[bytes]:
    """Documents for Poland in the outbox, oldest first."""
    station.commit(*(box.signed(CONSIGNOR, new_draft()) for _ in range(count)))
    return [document for _, document in station.due()][-count:]


def for_germany(box: Box, station: Station) -> bytes:
    """A document for Germany in the outbox: the refusal of something that it sent."""
    e_sad = station.last(CONSIGNOR)
    assert isinstance(e_sad, IE801)
    sent = replace(e_sad, header=replace(header("DE", NOW), message_recipient="NDEA.LT"))
    receipt = station.take(box.administration("DE").sign(Binder().write(sent)), Origin.ADMINISTRATION)
    return station.document("NDEA.DE", receipt.replies[0].seq)


def test_documents_are_delivered_in_order_and_once(box: Box, lt: Station) -> None:
    """Each document of the outbox goes out as it was signed, oldest first; then there is nothing left."""
    documents = e_sads(box, lt, 3)
    peer = Peer()

    rounds(delivery(lt, peer), 2)

    assert peer.tried == [("NDEA.PL", document) for document in documents]
    assert lt.due() == []
    assert [row["attempts"] for row in lt.rows("outbox")] == [1, 1, 1]


def test_more_than_a_batch_is_delivered(box: Box, lt: Station) -> None:
    """A batch that was delivered is followed by the next one without a pause."""
    documents = e_sads(box, lt, BATCH + 5)
    peer = Peer()

    run_until(delivery(lt, peer), lambda: len(peer.taken) == BATCH + 5)

    assert peer.taken == documents


def test_peer_that_is_down_is_asked_rarely_and_gets_the_same_bytes(box: Box, lt: Station, clock: HandClock) -> None:
    """One document is tried, at the times of the policy, always the same bytes; the others wait behind it."""
    first, _ = e_sads(box, lt, 2)
    peer = Peer(down)
    one = delivery(lt, peer)
    tries: list[float] = []

    for second in range(24):
        before = len(peer.tried)
        rounds(one)
        tries += [second] * (len(peer.tried) - before)
        clock.move(seconds=1)

    assert tries == [0, 1, 3, 7, 15, 23]
    assert set(peer.tried) == {("NDEA.PL", first)}


def test_order_is_kept_when_a_peer_comes_back(box: Box, lt: Station, clock: HandClock) -> None:
    """What came later does not overtake what failed before, and everything arrives once."""
    documents = e_sads(box, lt, 2)
    peer = Peer(down)
    one = delivery(lt, peer)
    rounds(one)
    documents += e_sads(box, lt, 1)
    peer.behave = lambda *_: None

    rounds(one)
    assert peer.taken == []
    clock.move(seconds=1)
    rounds(one)

    assert peer.taken == documents


def test_order_is_kept_when_the_gateway_restarts(box: Box, lt: Station) -> None:
    """A gateway that starts tries at once what waits, the oldest first."""
    documents = e_sads(box, lt, 1)
    rounds(delivery(lt, Peer(down)))
    documents += e_sads(box, lt, 1)
    peer = Peer()

    run_until(delivery(lt, peer), lambda: len(peer.taken) == 2)

    assert peer.taken == documents


def test_start_does_not_hammer_a_peer_that_refuses(box: Box, lt: Station) -> None:
    """A document that is refused at the start waits like any other."""
    e_sads(box, lt, 1)

    def refuse(*_: object) -> None:
        raise PeerRefused("no")

    peer = Peer(refuse)
    for_germany(box, lt)
    looks = iter(range(40))
    run_until(delivery(lt, peer), lambda: len(peer.tried) >= 2 and next(looks, None) is None)

    assert len(peer.tried) == 2


def test_document_is_given_up_in_the_end(box: Box, lt: Station, clock: HandClock) -> None:
    """After the last attempt it is a dead letter with its reason, and what waited behind it is tried."""
    first, second = e_sads(box, lt, 2)
    peer = Peer(down)
    one = delivery(lt, peer)
    for _ in range(POLICY.attempts):
        rounds(one)
        clock.move(seconds=8)
    peer.behave = lambda *_: None

    rounds(one)

    dead, delivered = lt.rows("outbox")
    assert [document for _, document in peer.tried[:-1]] == [first] * POLICY.attempts
    assert peer.taken == [second]
    assert (dead["dead"], dead["attempts"], dead["last_error"]) == (True, POLICY.attempts, "cannot be reached")
    assert dead["delivered_at"] is None
    assert (delivered["dead"], delivered["attempts"]) == (False, 1)
    assert len([row for row in lt.rows("attempt") if row["outbox_id"] == dead["id"]]) == POLICY.attempts


def test_document_that_is_refused_waits_alone(box: Box, lt: Station, clock: HandClock) -> None:
    """A peer that answers is a peer that works: others are delivered, the refused one is tried again later."""
    refused, welcome = e_sads(box, lt, 2)

    def pick(_: str, document: bytes) -> None:
        if document == refused:
            raise PeerRefused("no")

    peer = Peer(pick)
    one = delivery(lt, peer)
    rounds(one, 2)
    assert (len(peer.tried), peer.taken) == (2, [welcome])
    clock.move(seconds=1)
    rounds(one)

    assert [document for _, document in peer.tried] == [refused, welcome, refused]


def test_acknowledgement_that_is_lost_does_no_harm(box: Box, lt: Station, pl: Station, clock: HandClock) -> None:
    """The peer has committed, we never heard: the same bytes again are acknowledged as a duplicate, and taken once."""
    e_sads(box, lt, 1)
    loop = Loopback(pl)

    class Deaf(Peer):
        async def deliver(self, destination: str, document: bytes) -> DeliveryOutcome:
            await loop.deliver(destination, document)
            raise PeerError("connection lost")

    rounds(delivery(lt, Deaf()))
    clock.move(seconds=1)
    rounds(delivery(lt, loop))

    assert loop.outcomes == [DeliveryOutcome.ACCEPTED, DeliveryOutcome.DUPLICATE]
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801")]
    assert lt.due() == []


def test_delivery_that_could_not_be_recorded_is_repeated(box: Box, lt: Station, pl: Station) -> None:
    """A store that fails after the peer's commit costs a duplicate, nothing else; the delivery goes on."""
    e_sads(box, lt, 1)
    loop = Loopback(pl)
    one = delivery(lt, loop)
    lt.run_sql("ALTER TABLE attempt RENAME TO attempt_gone")

    rounds(one)
    lt.run_sql("ALTER TABLE attempt_gone RENAME TO attempt")
    rounds(one)

    assert loop.outcomes == [DeliveryOutcome.ACCEPTED, DeliveryOutcome.DUPLICATE]
    assert [row["attempts"] for row in lt.rows("outbox")] == [1]


def test_outbox_that_cannot_be_read_is_read_later(box: Box, lt: Station) -> None:
    """A database error does not end the delivery."""
    documents = e_sads(box, lt, 1)
    lt.run_sql("ALTER TABLE outbox RENAME TO outbox_gone")
    peer = Peer()
    looks = 0

    def condition() -> bool:
        nonlocal looks
        looks += 1
        if looks == 10:
            assert peer.tried == []
            lt.run_sql("ALTER TABLE outbox_gone RENAME TO outbox")
        return peer.taken == documents

    run_until(delivery(lt, peer), condition)


def test_defect_of_a_transport_is_a_failed_attempt(box: Box, lt: Station, clock: HandClock) -> None:
    """An exception that no transport should raise is noted, and the document is tried again."""
    documents = e_sads(box, lt, 1)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    peer = Peer(broken)
    one = delivery(lt, peer)
    rounds(one)
    assert [row["last_error"] for row in lt.rows("outbox")] == ["internal error: ZeroDivisionError"]
    peer.behave = lambda *_: None
    clock.move(seconds=1)
    rounds(one)

    assert peer.taken == documents


def test_slow_peer_holds_up_nobody(box: Box, lt: Station) -> None:
    """While one administration thinks, the others are served, again and again."""
    (slow,) = e_sads(box, lt, 1)
    first = for_germany(box, lt)
    answered: list[bytes] = []

    class Thinking(Peer):
        async def deliver(self, destination: str, document: bytes) -> DeliveryOutcome:
            if destination == "NDEA.PL":
                await asyncio.sleep(PATIENCE)
                answered.append(document)
            return await super().deliver(destination, document)

    peer = Thinking()
    later: list[bytes] = []

    def both_delivered() -> bool:
        if peer.taken and not later:
            later.append(for_germany(box, lt))
        return peer.taken == [first, *later]

    run_until(delivery(lt, peer), both_delivered)

    assert answered == []
    assert slow in [document for _, document in lt.due()]


def test_commit_wakes_the_delivery(box: Box, lt: Station) -> None:
    """What is committed is sent at once, not at the next look."""
    peer = Peer()
    one = Delivery(lt.runtime.store, peer, lt.clock, POLICY, pause=PATIENCE * 10)
    signed = box.signed(CONSIGNOR, new_draft())

    async def committing() -> None:
        task = asyncio.create_task(one.run())
        await asyncio.sleep(PAUSE * 5)
        await asyncio.to_thread(lt.take, signed)
        one.wake()
        async with asyncio.timeout(PATIENCE):
            while not peer.taken:  # noqa: ASYNC110  as above
                await asyncio.sleep(PAUSE)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(committing())


DURATIONS = st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(days=3650))


@settings(max_examples=200, deadline=None)
@given(first=DURATIONS, longest=DURATIONS, attempts=st.integers(1, 500), failures=st.integers(1, 10**6))
def test_retries_are_bounded_and_slow_down(first: timedelta, longest: timedelta, attempts: int, failures: int) -> None:
    """Whatever the policy, the pause doubles up to the longest one, and an end comes after the last attempt."""
    policy = RetryPolicy(first=first, longest=longest, attempts=attempts)

    def pause(number: int) -> timedelta | None:
        due: datetime | None = policy.next_due(NOW, number)
        return None if due is None else due - NOW

    this, after = pause(failures), pause(failures + 1)

    assert (this is None) == (failures >= attempts)
    assert this is None or timedelta(0) < this <= longest
    assert this is None or after is None or after == min(2 * this, longest)
    assert pause(1) in {None, min(first, longest)}


@pytest.mark.parametrize("failures", [1, 2, 11, 299])
def test_default_policy_lasts_for_two_days(failures: int) -> None:
    """The defaults try for longer than a weekend's outage of a day may last, and never pause more than ten minutes."""
    due = RetryPolicy().next_due(NOW, failures)

    assert due is not None
    assert due - NOW == timedelta(seconds=min(2 ** (failures - 1), 600))
    assert RetryPolicy().next_due(NOW, 300) is None
