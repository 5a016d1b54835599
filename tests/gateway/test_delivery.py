"""Room 10: what the outbox holds reaches the other administrations, however they behave."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.movement import Origin
from esad_gateway.faults import said
from esad_gateway.gateway.delivery import BATCH, BYTES_AT_ONCE, Delivery
from esad_gateway.gateway.retries import MOST_DOUBLINGS, PeerState, RetryPolicy
from esad_gateway.identities import header
from esad_gateway.ports.outbox import DeliveryOutcome, Reception, Transport, Tried
from esad_gateway.simulator.drafts import read
from esad_gateway.store.outbox import Outbox, Standing
from esad_gateway.transport.answers import HttpAnswer, tried
from esad_gateway.transport.envelope import fault
from esad_gateway.xml.binding import Binder
from helpers.gateway import (
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    NOW,
    PATIENCE,
    THE_ONE,
    Box,
    HandClock,
    Loopback,
    Station,
    new_draft,
)
from helpers.protocol import change
from helpers.scenario import Scenario

POLICY = RetryPolicy(first=timedelta(seconds=1), longest=timedelta(seconds=8), attempts=6)
PAUSE = 0.02


def not_taken(reception: Reception, words: str, pause: timedelta | None = None) -> Tried:
    """A try that came to nothing, in the words of the peer."""
    return Tried(reception, said("said.as_it_is", text=words), pause=pause)


TAKEN = Tried(Reception.ACKNOWLEDGED, outcome=DeliveryOutcome.ACCEPTED)
DOWN = not_taken(Reception.UNREACHABLE, "cannot be reached")
FAILED = not_taken(Reception.FAILED, "cannot take it now: out of order")
REFUSED = not_taken(Reception.REFUSED, "refused: too large")


def answers(found: Tried) -> Callable[[str, bytes], Tried]:
    """The same answer to everything."""
    return lambda *_: found


class Peer:
    """``ports.Transport`` to administrations that do as the test says."""

    def __init__(self, behave: Callable[[str, bytes], Tried] | None = None) -> None:
        self.behave = behave or answers(TAKEN)
        self.tried: list[tuple[str, bytes]] = []
        self.taken: list[bytes] = []

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Note the try, then answer."""
        assert identifier.encode() in document
        self.tried.append((destination, document))
        found = self.behave(destination, document)
        if found is TAKEN:
            self.taken.append(document)
        return found

    def picky(self, **answers: bytes) -> None:
        """Answer so about these documents, by the name of the verdict, and take all others."""
        found = {document: _BY_NAME[name] for name, document in answers.items()}
        self.behave = lambda _, document: found.get(document, TAKEN)


_BY_NAME = {"refuses": REFUSED, "fails_on": FAILED}


def delivery(station: Station, transport: Transport, policy: RetryPolicy = POLICY) -> Delivery:
    """The delivery of a gateway over ``transport``."""
    return Delivery(station.runtime.store, transport, station.clock, policy, PAUSE, holder=THE_ONE)


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
    receipt = station.take(box.administration("DE").sign(Binder("V3.23").write(sent)), Origin.ADMINISTRATION)
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

    # Of different movements, whose documents may overtake each other.
    assert sorted(peer.taken) == sorted(documents)


def test_peer_that_is_down_is_asked_for_ever_and_gets_the_same_bytes(box: Box, lt: Station, clock: HandClock) -> None:
    """One document is tried, less and less often but never rarely, and is never given up; the others wait behind it."""
    first, _ = e_sads(box, lt, 2)
    peer = Peer(answers(DOWN))
    one = delivery(lt, peer)
    tries: list[float] = []

    for second in range(24):
        before = len(peer.tried)
        rounds(one)
        tries += [second] * (len(peer.tried) - before)
        clock.move(seconds=1)

    assert tries == [0, 1, 3, 7, 11, 15, 19, 23]
    assert len(tries) > POLICY.attempts
    assert set(peer.tried) == {("NDEA.PL", first)}
    assert [row["dead"] for row in lt.rows("outbox")] == [False, False]


def test_order_is_kept_when_a_peer_comes_back(box: Box, lt: Station, clock: HandClock) -> None:
    """What came later does not overtake what failed before, and everything arrives once."""
    documents = e_sads(box, lt, 2)
    peer = Peer(answers(DOWN))
    one = delivery(lt, peer)
    rounds(one)
    documents += e_sads(box, lt, 1)
    peer.behave = answers(TAKEN)

    rounds(one)
    assert peer.taken == []
    clock.move(seconds=1)
    rounds(one)

    assert peer.taken == documents


def test_order_is_kept_when_the_gateway_restarts(box: Box, lt: Station) -> None:
    """A gateway that starts tries at once what waits, the oldest first."""
    documents = e_sads(box, lt, 1)
    rounds(delivery(lt, Peer(answers(DOWN))))
    documents += e_sads(box, lt, 1)
    peer = Peer()

    run_until(delivery(lt, peer), lambda: len(peer.taken) == 2)

    assert peer.taken == documents


def test_start_does_not_try_again_what_is_not_due(box: Box, lt: Station, clock: HandClock) -> None:
    """When a refused document is due survives a restart; a peer that refuses is not asked more often for that."""
    e_sads(box, lt, 1)
    for _ in range(3):
        rounds(delivery(lt, Peer(answers(REFUSED))))
        clock.move(seconds=4)
    peer = Peer()
    clock.move(seconds=-1)

    rounds(delivery(lt, peer), 3)
    assert peer.tried == []
    clock.move(seconds=1)
    rounds(delivery(lt, peer))

    assert len(peer.taken) == 1


def test_document_that_is_refused_is_given_up_in_the_end(box: Box, lt: Station, clock: HandClock) -> None:
    """After the last refusal it is a dead letter with its reason; others were taken all the time."""
    first, second = e_sads(box, lt, 2)
    peer = Peer()
    peer.picky(refuses=first)
    one = delivery(lt, peer)
    for _ in range(POLICY.attempts + 3):
        rounds(one)
        clock.move(seconds=8)

    dead, delivered = lt.rows("outbox")
    assert [document for _, document in peer.tried if document == first] == [first] * POLICY.attempts
    assert peer.taken == [second]
    assert (dead["dead"], dead["refusals"], dead["last_error"]) == (True, POLICY.attempts, "refused: too large")
    assert dead["delivered_at"] is None
    assert (delivered["dead"], delivered["attempts"], delivered["refusals"]) == (False, 1, 0)
    assert len([row for row in lt.rows("attempt") if row["outbox_id"] == dead["id"]]) == POLICY.attempts


def test_document_that_is_refused_waits_alone(box: Box, lt: Station, clock: HandClock) -> None:
    """A peer that answers is a peer that works: others are delivered, the refused one is tried at its own pauses."""
    refused, *welcome = e_sads(box, lt, 4)
    peer = Peer()
    peer.picky(refuses=refused)
    one = delivery(lt, peer)
    tries: list[float] = []

    for second in range(20):
        before = len(peer.tried)
        rounds(one)
        tries += [second] * (len(peer.tried) - before)
        clock.move(seconds=1)

    assert peer.taken == welcome
    assert [document for _, document in peer.tried if document == refused] == [refused] * 5
    assert tries == [0, 0, 0, 0, 1, 3, 7, 15]


def changes(box: Box, lt: Station) -> list[bytes]:
    """An e-SAD for Poland, and the change of its destination, in the outbox."""
    (e_sad,) = e_sads(box, lt, 1)
    assert Scenario(box, lt, lt, lt.last(CONSIGNOR)).consignor(change()).faults == ()
    return [e_sad, lt.due()[-1][1]]


@pytest.mark.parametrize("verdict", ["refuses", "fails_on"])
def test_what_follows_a_refused_document_waits(box: Box, lt: Station, clock: HandClock, verdict: str) -> None:
    """Of its movement nothing overtakes it, also after a restart; other movements go on; then all goes in order."""
    e_sad, changed = changes(box, lt)
    others = e_sads(box, lt, 3)
    peer = Peer()
    peer.picky(**{verdict: e_sad})
    one = delivery(lt, peer)
    for _ in range(POLICY.attempts + 8):
        rounds(one)
        clock.move(seconds=4)
    rounds(delivery(lt, peer))

    assert sorted(peer.taken) == sorted(others)
    assert changed not in [document for _, document in peer.tried]
    peer.behave = answers(TAKEN)
    clock.move(seconds=8)
    Outbox(lt.runtime.store).retry([row["id"] for row in lt.rows("outbox")], clock.at)
    rounds(one)
    assert peer.taken[len(others) :] == [e_sad, changed]


def test_question_about_the_status_overtakes_what_is_refused(box: Box, lt: Station, clock: HandClock) -> None:
    """It is how the two sides find out what is missing, so it waits for nothing."""
    (e_sad,) = e_sads(box, lt, 1)
    peer = Peer()
    peer.picky(refuses=e_sad)
    one = delivery(lt, peer)
    rounds(one)
    clock.move(days=40)
    lt.runtime.committer.tick(clock.at)
    rounds(one)

    assert [type(read(document)).__name__ for document in peer.taken] == ["IE904"]


def test_server_fault_of_one_document_does_not_stop_the_others(box: Box, lt: Station, clock: HandClock) -> None:
    """After its second failure others are sent; when they are taken and it goes on failing, it steps aside."""
    poison, *welcome = e_sads(box, lt, 3)
    peer = Peer()
    peer.picky(fails_on=poison)
    one = delivery(lt, peer)
    for _ in range(5):
        rounds(one)
        clock.move(seconds=1)

    assert [document for _, document in peer.tried] == [poison, poison, *reversed(welcome), poison, poison]
    row = lt.rows("outbox")[0]
    assert (row["refusals"], row["dead"]) == (1, False)
    assert row["last_error"] == "while others are taken: cannot take it now: out of order"


ANSWERED = [
    HttpAnswer(404, {}, b""),
    HttpAnswer(429, {}, b""),
    HttpAnswer(429, {"retry-after": "2"}, b""),
    HttpAnswer(503, {}, b""),
]


@pytest.mark.parametrize("answer", ANSWERED, ids=["404", "429", "429 with a pause", "503"])
def test_http_answer_to_one_document_does_not_stop_the_others(
    box: Box, lt: Station, clock: HandClock, answer: HttpAnswer
) -> None:
    """A front that says so of one document only: others are taken, and that one waits alone, where all can see it."""
    poison, *welcome = e_sads(box, lt, 3)
    found = tried(answer, "")
    peer = Peer(lambda _, document: found if document == poison else TAKEN)
    one = delivery(lt, peer)
    for _ in range(8):
        rounds(one)
        clock.move(seconds=1)
    assert sorted(peer.taken) == sorted(welcome)
    [refused] = Outbox(lt.runtime.store).pending(Standing.REFUSED)
    assert refused.identifier.encode() in poison
    assert f"while others are taken: {found.why}" in [row["error"] for row in lt.rows("attempt")]


BAD_ANSWERS = (HttpAnswer(404, {}, b""), HttpAnswer(429, {}, b""), HttpAnswer(500, {}, fault("Server", "out of order")))


@pytest.mark.parametrize("bad", [6, BATCH + 4, 100])
def test_many_bad_documents_at_the_head_keep_nobody_long(box: Box, lt: Station, clock: HandClock, bad: int) -> None:
    """Each look goes twice as far, so they are not tried in turn before anything good is; what comes later goes on too.

    Whatever the peer answers to them. Then they step aside, one after the other, and are taken once it takes them.
    """
    documents = e_sads(box, lt, bad + 3)
    poison, welcome = documents[:bad], documents[bad:]
    peer = Peer(lambda _, document: tried(BAD_ANSWERS[poison.index(document) % 3], "") if document in poison else TAKEN)
    one = delivery(lt, peer)
    for _ in range(20):
        rounds(one)
        clock.move(seconds=1)
    assert sorted(peer.taken) == sorted(welcome)
    assert len(peer.tried) < 20
    for _ in range(3):
        welcome += e_sads(box, lt, 1)
        for _ in range(5):
            rounds(one)
            clock.move(seconds=1)
        assert sorted(peer.taken) == sorted(welcome)
    peer.behave = answers(TAKEN)
    for _ in range(4):
        clock.move(seconds=8)
        rounds(one)

    assert sorted(peer.taken) == sorted(welcome + poison)


def test_look_at_a_line_goes_far_only_behind_what_a_peer_fails_on() -> None:
    """Twice as far with each such document, up to a bound; no farther for a peer that is down, and near again after."""
    down, failing = PeerState(), PeerState()
    looks: list[int] = []
    for number in range(20):
        down.failed(number, "cannot be reached", None, POLICY)
        failing.blames(number, POLICY.aside)
        looks.append(failing.doublings)

    assert down.doublings == 0
    assert looks == [*range(1, MOST_DOUBLINGS), *[MOST_DOUBLINGS] * (21 - MOST_DOUBLINGS)]
    failing.in_turn([19, 20])
    assert failing.doublings == MOST_DOUBLINGS
    failing.in_turn([20, 21])
    assert failing.doublings == 0


@settings(max_examples=200, deadline=None)
@given(bad=st.lists(st.booleans(), max_size=200))
@example(bad=[True] * 3_000 + [False])
def test_good_documents_are_sent_whatever_stands_between_them(bad: list[bool]) -> None:
    """A peer may fail on any of them: each costs two pauses until the others are taken, many at the head cost few."""
    peer, line, pauses = PeerState(), list(range(len(bad))), 0
    at_the_head = bad.index(False) if False in bad else 0
    most = min(2 * sum(bad), 2 + MOST_DOUBLINGS + 2 * sum(bad[at_the_head:]))
    while not all(bad[one] for one in line):
        for one in peer.in_turn(line[: BATCH << peer.doublings])[:BATCH]:
            if not bad[one]:
                peer.took(one)
            elif not peer.blames(one, POLICY.aside):
                peer.failed(0.0, "out of order", None, POLICY)
                pauses += not all(bad[one] for one in line)
                break
            line.remove(one)
        assert pauses <= most


def test_pause_that_a_peer_asks_for_one_document_is_its_own(box: Box, lt: Station, clock: HandClock) -> None:
    """A quota of the peer: other documents go on at once, this one is tried when it has said, and not given up."""
    (first,) = e_sads(box, lt, 1)
    quota = not_taken(Reception.REFUSED, "refused: one too many", pause=timedelta(minutes=1))
    peer = Peer(lambda _, document: quota if document == first else TAKEN)
    one = delivery(lt, peer)
    rounds(one)
    (second,) = e_sads(box, lt, 1)
    rounds(one)
    assert peer.taken == [second]
    clock.move(seconds=59)
    rounds(one)
    assert len(peer.tried) == 2
    clock.move(seconds=1)
    rounds(one)

    assert [document for _, document in peer.tried] == [first, second, first]


def test_peer_that_fails_on_everything_rests_and_nothing_is_given_up(box: Box, lt: Station, clock: HandClock) -> None:
    """Its disk is full for hours, say: no document is blamed, and all is delivered once it works."""
    documents = e_sads(box, lt, 5)
    peer = Peer(answers(FAILED))
    one = delivery(lt, peer)
    for _ in range(10 * POLICY.attempts):
        rounds(one)
        clock.move(seconds=4)
    assert [row["refusals"] for row in lt.rows("outbox")] == [0] * 5
    assert len(lt.rows("attempt")) == 5
    peer.behave = answers(TAKEN)
    rounds(one)

    assert sorted(peer.taken) == sorted(documents)
    assert [row["refusals"] for row in lt.rows("outbox")] == [0] * 5


def test_peer_that_listens_elsewhere_is_tried_at_once(box: Box, lt: Station) -> None:
    """Its pause was for the address before; a peer that has not moved goes on resting."""
    (document,) = e_sads(box, lt, 1)
    peer, listening = Peer(answers(DOWN)), {"NDEA.PL": "http://old/ndea"}
    one = Delivery(lt.runtime.store, peer, lt.clock, POLICY, PAUSE, where=listening.copy)
    rounds(one)
    peer.behave = answers(TAKEN)
    rounds(one)
    assert (len(peer.tried), peer.taken) == (1, [])

    listening["NDEA.PL"] = "http://new/ndea"
    rounds(one)

    assert peer.taken == [document]


def test_document_that_steps_aside_is_not_blamed_for_an_outage(box: Box, lt: Station, clock: HandClock) -> None:
    """What it draws counts only while others are taken: it is no dead letter because its peer was down for a week."""
    poison, _ = e_sads(box, lt, 2)
    peer = Peer()
    peer.picky(fails_on=poison)
    one = delivery(lt, peer)
    for _ in range(8):
        rounds(one)
        clock.move(seconds=1)
    peer.behave = answers(FAILED)
    for _ in range(10 * POLICY.attempts):
        rounds(one)
        clock.move(seconds=8)

    assert [row["refusals"] for row in lt.rows("outbox")] == [1, 0]
    assert [row["dead"] for row in lt.rows("outbox")] == [False, False]


def test_peer_is_left_alone_as_long_as_it_asks(box: Box, lt: Station, clock: HandClock) -> None:
    """A pause that it names is kept, within reason."""
    e_sads(box, lt, 2)
    peer = Peer(answers(not_taken(Reception.UNREACHABLE, "HTTP 429", pause=timedelta(minutes=2))))
    one = delivery(lt, peer)
    rounds(one)
    clock.move(seconds=119)
    rounds(one)
    assert len(peer.tried) == 1
    clock.move(seconds=1)
    peer.behave = answers(not_taken(Reception.UNREACHABLE, "HTTP 429", pause=timedelta(days=2)))
    rounds(one)
    clock.move(hours=1)
    rounds(one)

    assert len(peer.tried) == 3


@pytest.mark.parametrize("days", [-400, 400], ids=["back", "ahead"])
def test_pauses_do_not_follow_the_hands_of_the_clock(box: Box, lt: Station, clock: HandClock, days: int) -> None:
    """Somebody sets the machine's clock: nothing waits longer for that, and nothing is tried sooner."""
    refused, welcome = e_sads(box, lt, 2)
    peer = Peer()
    peer.picky(refuses=refused)
    one = delivery(lt, peer)
    for _ in range(3):
        rounds(one)
        clock.move(seconds=2)
    clock.set_hands(days=days)
    tries: list[int] = []
    for second in range(10):
        tried = len(peer.tried)
        rounds(one)
        tries += [second] * (len(peer.tried) - tried)
        clock.move(seconds=1)
    later = lt.runtime.store.line("NDEA.PL", 1)

    assert peer.taken == [welcome]
    assert tries == [2]
    assert later == []


def test_document_of_a_clock_that_was_ahead_is_due_after_a_restart(box: Box, lt: Station, clock: HandClock) -> None:
    """Its time was written down by a wrong clock; a gateway that starts waits no longer than the longest pause."""
    (refused,) = e_sads(box, lt, 1)
    clock.set_hands(days=400)
    rounds(delivery(lt, Peer(answers(REFUSED))))
    clock.set_hands(days=-400)
    peer = Peer()
    one = delivery(lt, peer)
    rounds(one)
    assert peer.tried == []
    clock.move(seconds=8)
    rounds(one)

    assert peer.taken == [refused]


def test_what_was_committed_by_a_clock_that_is_ahead_is_sent_at_once(box: Box, lt: Station, clock: HandClock) -> None:
    """A document in line waits for no moment."""
    clock.set_hands(hours=5)
    (document,) = e_sads(box, lt, 1)
    clock.set_hands(hours=-5)
    peer = Peer()

    rounds(delivery(lt, peer))

    assert peer.taken == [document]


def test_acknowledgement_that_is_lost_does_no_harm(box: Box, lt: Station, pl: Station, clock: HandClock) -> None:
    """The peer has committed, we never heard: the same bytes again are acknowledged as a duplicate, and taken once."""
    e_sads(box, lt, 1)
    loop = Loopback(pl)

    class Deaf(Peer):
        async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
            await loop.deliver(destination, document, identifier)
            return DOWN

    rounds(delivery(lt, Deaf()))
    clock.move(seconds=1)
    rounds(delivery(lt, loop))

    assert loop.outcomes == [DeliveryOutcome.ACCEPTED, DeliveryOutcome.DUPLICATE]
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801")]
    assert lt.due() == []


def test_delivery_that_could_not_be_recorded_is_not_repeated(box: Box, lt: Station) -> None:
    """As long as the store cannot be written nothing is sent to anybody; then the delivery is noted, and others go."""
    documents = [*e_sads(box, lt, 3), for_germany(box, lt)]
    peer = Peer()
    one = delivery(lt, peer)
    lt.run_sql("ALTER TABLE attempt RENAME TO attempt_gone")

    rounds(one, 5)
    # One a peer was on its way.
    assert len(peer.tried) == 2
    lt.run_sql("ALTER TABLE attempt_gone RENAME TO attempt")
    rounds(one, 2)

    assert sorted(peer.taken) == sorted(documents)
    assert len(peer.tried) == 4
    assert [row["attempts"] for row in lt.rows("outbox")] == [1] * 4


def test_restart_sends_nothing_before_the_store_can_be_written(box: Box, lt: Station) -> None:
    """What cannot be noted would be sent again by every restart."""
    e_sads(box, lt, 1)
    peer = Peer()
    lt.run_sql("ALTER TABLE delivery_start RENAME TO gone")
    rounds(delivery(lt, peer))
    assert peer.tried == []
    lt.run_sql("ALTER TABLE gone RENAME TO delivery_start")
    rounds(delivery(lt, peer))

    assert len(peer.taken) == 1


@pytest.mark.parametrize("at_once", [1, 3])
def test_each_delivery_is_recorded_before_another_takes_its_place(box: Box, lt: Station, at_once: int) -> None:
    """Whenever the gateway is killed, at most those that were on their way are sent again."""
    e_sads(box, lt, 12)
    unrecorded: list[int] = []

    def look(*_: object) -> Tried:
        unrecorded.append(len(peer.tried) - sum(row["delivered_at"] is not None for row in lt.rows("outbox")))
        return TAKEN

    peer = Peer(look)
    rounds(delivery(lt, peer, replace(POLICY, in_flight=at_once)))

    assert len(unrecorded) == 12
    assert max(unrecorded) == at_once


class Waiting(Peer):
    """A peer whose answers wait until it is told to give them."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[tuple[bytes, asyncio.Future[Tried]]] = []
        self.news = asyncio.Event()

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Note the try, and wait."""
        assert identifier.encode() in document
        self.tried.append((destination, document))
        answer: asyncio.Future[Tried] = asyncio.get_running_loop().create_future()
        self.answers.append((document, answer))
        self.news.set()
        return await answer

    def answer(self, found: Tried, count: int | None = None) -> None:
        """Answer the first so many that wait."""
        now, self.answers = self.answers[:count], self.answers[len(self.answers[:count]) :]
        for document, answer in now:
            answer.set_result(found)
            if found is TAKEN:
                self.taken.append(document)

    async def has(self, count: int) -> None:
        """Wait until so many are on their way."""
        async with asyncio.timeout(PATIENCE):
            while len(self.answers) < count:
                self.news.clear()
                await self.news.wait()


def play(one: Delivery, script: Callable[[], Awaitable[None]]) -> None:
    """Run a delivery beside a script, until the script ends."""

    async def playing() -> None:
        task = asyncio.create_task(one.run())
        try:
            await script()
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(playing())


def test_peer_gets_more_at_once_with_every_answer(box: Box, lt: Station) -> None:
    """One until it has answered, then two, then four, up to what the setting allows: nobody is flooded."""
    e_sads(box, lt, 12)
    peer = Waiting()
    at_once: list[int] = []

    async def script() -> None:
        for wave in (1, 2, 4, 5):
            await peer.has(wave)
            await asyncio.sleep(PAUSE)
            at_once.append(len(peer.answers))
            peer.answer(TAKEN)

    play(delivery(lt, peer, replace(POLICY, in_flight=5)), script)

    assert at_once == [1, 2, 4, 5]


def test_several_documents_may_be_on_their_way_each_of_another_movement(box: Box, lt: Station) -> None:
    """As many as is allowed at once; of one movement always one after the other."""
    e_sad, changed = changes(box, lt)
    others = e_sads(box, lt, 5)
    peer = Waiting()
    waves: list[set[bytes]] = []

    async def script() -> None:
        for wave in (1, 2, 3, 1):
            await peer.has(wave)
            waves.append({document for document, _ in peer.answers})
            peer.answer(TAKEN)

    play(delivery(lt, peer, replace(POLICY, in_flight=3)), script)

    assert [len(wave) for wave in waves] == [1, 2, 3, 1]
    assert not any({e_sad, changed} <= wave for wave in waves)
    assert sorted(peer.taken) == sorted([e_sad, changed, *others])
    assert peer.taken.index(e_sad) < peer.taken.index(changed)


def test_one_that_is_slow_does_not_hold_up_its_peer(box: Box, lt: Station) -> None:
    """A place that is free is taken at once, while another document is still on its way."""
    e_sads(box, lt, 8)
    peer = Waiting()

    async def script() -> None:
        await peer.has(1)
        peer.answer(TAKEN)
        await peer.has(2)
        slow = peer.answers.pop(0)
        for _ in range(6):
            await peer.has(1)
            peer.answer(TAKEN, 1)
        assert len(peer.taken) == 7
        peer.answers.append(slow)

    play(delivery(lt, peer, replace(POLICY, in_flight=2)), script)


@pytest.mark.parametrize("found", [DOWN, FAILED], ids=["down", "failing"])
def test_what_was_on_its_way_at_a_setback_counts_once(box: Box, lt: Station, clock: HandClock, found: Tried) -> None:
    """Ten documents meet the same outage: it is one, so the peer is asked again after the first pause, by one of them.

    That others were still taken does not show that it is back, and no document is blamed.
    """
    e_sads(box, lt, 14)
    peer = Waiting()
    one = delivery(lt, peer, replace(POLICY, in_flight=10))

    async def script() -> None:
        for wave in (1, 2, 1):
            await peer.has(wave)
            peer.answer(TAKEN)
        await peer.has(5)
        peer.answer(found, 4)
        await asyncio.sleep(PAUSE * 3)
        peer.answer(TAKEN)
        await asyncio.sleep(PAUSE * 3)
        assert peer.answers == []
        clock.move(seconds=1)
        await peer.has(1)
        await asyncio.sleep(PAUSE * 3)
        assert len(peer.answers) == 1

    play(one, script)

    assert [row["refusals"] for row in lt.rows("outbox")] == [0] * 14


def test_documents_on_their_way_are_bounded_by_their_bytes(box: Box, lt: Station) -> None:
    """However small their number: no more are read when those that were read fill the room."""
    documents = e_sads(box, lt, 5)
    numbers = [row["id"] for row in lt.rows("outbox")]
    sizes = [len(document) for document in documents]

    def read(room: int) -> list[bytes]:
        return [dispatch.body for dispatch in lt.runtime.store.dispatches(numbers, room)]

    assert read(0) == []
    assert read(1) == documents[:1]
    assert read(sizes[0]) == documents[:1]
    assert read(sum(sizes[:2]) + 1) == documents[:3]
    assert read(BYTES_AT_ONCE) == documents


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
        if looks >= 10:
            lt.clock.move(seconds=PAUSE)
        return peer.taken == documents

    run_until(delivery(lt, peer), condition)


def test_defect_of_a_transport_is_a_failed_attempt(box: Box, lt: Station, clock: HandClock) -> None:
    """An exception that no transport should raise is noted, and the document is tried again."""
    documents = e_sads(box, lt, 1)

    def broken(*_: object) -> Tried:
        raise ZeroDivisionError

    peer = Peer(broken)
    one = delivery(lt, peer)
    rounds(one)
    assert [row["last_error"] for row in lt.rows("outbox")] == ["internal error: ZeroDivisionError"]
    peer.behave = answers(TAKEN)
    clock.move(seconds=1)
    rounds(one)

    assert peer.taken == documents


def test_slow_peer_holds_up_nobody(box: Box, lt: Station) -> None:
    """While one administration thinks, the others are served, again and again."""
    (slow,) = e_sads(box, lt, 1)
    first = for_germany(box, lt)
    answered: list[bytes] = []

    class Thinking(Peer):
        async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
            if destination == "NDEA.PL":
                await asyncio.Event().wait()
                answered.append(document)
            return await super().deliver(destination, document, identifier)

    peer = Thinking()
    one = delivery(lt, peer)
    later: list[bytes] = []

    def both_delivered() -> bool:
        if peer.taken and not later:
            later.append(for_germany(box, lt))
            # As the gateway does after a commit: the clock stands still, so nobody looks again by himself.
            one.wake()
        return peer.taken == [first, *later]

    run_until(one, both_delivered)

    assert answered == []
    assert slow in [document for _, document in lt.due()]


def test_commit_wakes_the_delivery(box: Box, lt: Station) -> None:
    """What is committed is sent at once, not at the next look."""
    peer = Peer()
    one = Delivery(lt.runtime.store, peer, lt.clock, POLICY, pause=PATIENCE * 10)
    signed = box.signed(CONSIGNOR, new_draft())

    async def committing() -> None:
        task = asyncio.create_task(one.run())
        await lt.clock.rested(1)
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
