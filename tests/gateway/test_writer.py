"""The thread that writes: what waits is committed together, and everybody is answered."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from threading import Event, Thread, current_thread

import pytest

from esad_gateway.errors import IdentifierReused, MalformedXml, OwnError, StoreUnavailable
from esad_gateway.faults import Said
from esad_gateway.gateway.abreast import Walk
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.turns import BYTES_OF_A_THREAD
from esad_gateway.gateway.writer import LARGEST_GROUP, LONGEST_INTAKE, READ_ABREAST, Writer
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.store.database import Database
from esad_gateway.store.store import SqlStore
from esad_gateway.store.transaction import SqlTransaction
from helpers.gateway import CONSIGNOR, PATIENCE, Box, HandClock, Station, new_draft


class Watched(SqlStore):
    """A store that counts its transactions, waits when told to, and fails at the end of those that it is told."""

    def __init__(self, station: Station, *failures: Exception | None) -> None:
        super().__init__(Database.in_file(station.member.data.database))
        self.failures = list(failures)
        self.transactions = 0
        self.entered, self.may_end = Event(), Event()
        self.may_end.set()

    @contextmanager
    def transaction(self) -> Iterator[SqlTransaction]:
        """A transaction of ``SqlStore``."""
        self.transactions += 1
        with super().transaction() as transaction:
            self.entered.set()
            yield transaction
            assert self.may_end.wait(PATIENCE)
            failure = self.failures.pop(0) if self.failures else None
            if failure is not None:
                raise failure


@pytest.fixture
def watched(lt: Station) -> Iterator[Callable[..., Watched]]:
    """Opens watched stores of Lithuania's gateway, with the failures to come."""
    with ExitStack() as opened:

        def watch(*failures: Exception | None) -> Watched:
            store = Watched(lt, *failures)
            opened.callback(store.close)
            return store

        yield watch


def writer(station: Station, store: SqlStore) -> Writer:
    """A writer over that store, not started."""
    return Writer(replace(station.runtime.committer, store=store), station.clock)


def drafts(box: Box, station: Station, count: int) -> list[Accepted]:
    """Messages that are ready for the commit."""
    return [station.intake(box.signed(CONSIGNOR, new_draft())) for _ in range(count)]


def answers(futures: Sequence["Future[Receipt]"]) -> list[Receipt | BaseException]:
    """What became of everything that was submitted."""
    return [future.exception(PATIENCE) or future.result(PATIENCE) for future in futures]


def outcomes(futures: Sequence["Future[Receipt]"]) -> list[object]:
    """The outcome of every receipt, or the type of the exception."""
    found = answers(futures)
    return [answer.outcome if isinstance(answer, Receipt) else type(answer) for answer in found]


def test_what_waits_is_committed_together(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """Twenty messages that are there when the writer begins need one transaction, and keep their order."""
    store = watched()
    one = writer(lt, store)
    futures = [one.submit(item) for item in drafts(box, lt, 20)]
    told: list[bool] = []

    def tell(answer: Callable[[], None]) -> None:
        told.append(any(future.done() for future in futures))
        answer()

    one.start(tell)
    one.stop()

    assert outcomes(futures) == [Outcome.ACCEPTED] * 20
    assert [future.result().seq for future in futures] == list(range(1, 40, 2))
    assert store.transactions == 1
    assert told == [False]


def test_what_queues_during_a_commit_makes_the_next_group(
    box: Box, lt: Station, watched: Callable[..., Watched]
) -> None:
    """The first message is not kept waiting for company; the company that came meanwhile goes together."""
    store = watched()
    store.may_end.clear()
    one = writer(lt, store)
    first, *others = drafts(box, lt, 6)
    one.start()
    futures = [one.submit(first)]
    assert store.entered.wait(PATIENCE)
    futures += [one.submit(item) for item in others]
    store.may_end.set()
    one.stop()

    assert outcomes(futures) == [Outcome.ACCEPTED] * 6
    assert store.transactions == 2


def test_group_has_a_largest_size(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """However many wait, the first of them is not kept waiting for all."""
    store = watched()
    one = writer(lt, store)
    (item,) = drafts(box, lt, 1)
    futures = [one.submit(item) for _ in range(LARGEST_GROUP + 1)]

    one.start()
    one.stop()

    assert store.transactions == 2
    assert [future.result().repeated for future in futures] == [False] + [True] * LARGEST_GROUP


def test_failure_answers_everybody_and_the_writer_goes_on(
    box: Box, lt: Station, watched: Callable[..., Watched]
) -> None:
    """Nothing of the group was written, everybody is told to try again, and then the same messages are taken."""
    store = watched(StoreUnavailable("disk full"))
    one = writer(lt, store)
    items = drafts(box, lt, 3)
    first = [one.submit(item) for item in items]
    one.start()
    failed = answers(first)
    written = lt.mailbox(CONSIGNOR)
    second = [one.submit(item) for item in items]
    one.stop()

    assert all(isinstance(answer, OwnError) for answer in failed)
    assert written == ()
    assert outcomes(second) == [Outcome.ACCEPTED] * 3
    assert [listed.seq for listed in lt.mailbox(CONSIGNOR)] == [1, 2, 3, 4, 5, 6]


def test_defect_of_a_group_is_none_of_its_messages(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """Nothing of the group was written; each message goes by itself, and is taken once."""
    one = writer(lt, watched(ZeroDivisionError()))
    items = drafts(box, lt, 3)
    first = [one.submit(item) for item in items]
    one.start()
    taken = outcomes(first)
    again = [one.submit(item) for item in items]
    one.stop()

    assert taken == outcomes(again) == [Outcome.ACCEPTED] * 3
    assert [future.result().repeated for future in (*first, *again)] == [False] * 3 + [True] * 3
    assert [listed.seq for listed in lt.mailbox(CONSIGNOR)] == [1, 2, 3, 4, 5, 6]


def test_one_answer_may_be_an_error(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """An identifier that was used before is told to its sender only."""
    draft = new_draft()
    first, second, other = (
        lt.intake(box.signed(CONSIGNOR, message))
        for message in (draft, replace(new_draft(), header=draft.header), new_draft())
    )
    one = writer(lt, watched())
    futures = [one.submit(item) for item in (first, second, other)]

    one.start()
    one.stop()

    assert outcomes(futures) == [Outcome.ACCEPTED, IdentifierReused, Outcome.ACCEPTED]


def test_stop_commits_what_waits(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """What was submitted before the end is committed and answered, also when a commit is under way."""
    store = watched()
    store.may_end.clear()
    one = writer(lt, store)
    one.start()
    futures = [one.submit(item) for item in drafts(box, lt, 3)]
    store.may_end.set()

    one.stop()

    assert all(future.done() for future in futures)
    assert outcomes(futures) == [Outcome.ACCEPTED] * 3


def test_writer_that_runs_is_not_started_again(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """There is one thread that writes, so a stop ends; and after it the writer may begin anew."""
    store = watched()
    one = writer(lt, store)
    first, second = drafts(box, lt, 2)

    one.start()
    with pytest.raises(RuntimeError, match="running already"):
        one.start()
    taken = [one.submit(first)]
    one.stop()
    one.start()
    taken.append(one.submit(second))
    one.stop()

    assert outcomes(taken) == [Outcome.ACCEPTED] * 2


def test_sender_who_has_gone_hurts_nobody(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """A request that was given up is committed all the same; the others are answered, and a retry gets the receipt."""
    one = writer(lt, watched())
    items = drafts(box, lt, 2)
    gone, other = (one.submit(item) for item in items)
    assert gone.cancel()
    one.start()
    again = (other.result(PATIENCE), one.submit(items[0]).result(PATIENCE))
    one.stop()

    assert [receipt.repeated for receipt in again] == [False, True]
    assert [listed.seq for listed in lt.mailbox(CONSIGNOR)] == [1, 2, 3, 4]


def test_other_work_waits_for_one_group_only(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """However many messages wait, what else is to be written is done between two groups."""
    store = watched()
    store.may_end.clear()
    one = writer(lt, store)
    first, *others = drafts(box, lt, 2)
    one.start()
    futures = [one.submit(first)]
    assert store.entered.wait(PATIENCE)

    async def between() -> object:
        work = asyncio.create_task(one.write(lambda: store.transactions))
        await asyncio.sleep(0)
        futures.extend(one.submit(item) for item in others)
        store.may_end.set()
        return await work

    assert asyncio.run(between()) == 1
    one.stop()
    assert outcomes(futures) == [Outcome.ACCEPTED] * 2


def test_other_work_that_fails_hurts_nobody(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """Whoever asked for it gets its exception, and the writer goes on."""
    one = writer(lt, watched())
    one.start()

    def fails() -> None:
        raise StoreUnavailable("disk full")

    async def asked() -> object:
        with pytest.raises(StoreUnavailable):
            await one.write(fails)
        return await one.write(lambda: "done")

    assert asyncio.run(asked()) == "done"
    future = one.submit(*drafts(box, lt, 1))
    one.stop()
    assert outcomes([future]) == [Outcome.ACCEPTED]


def test_messages_are_taken_in_by_the_writer_in_fair_turns(
    box: Box, lt: Station, watched: Callable[..., Watched]
) -> None:
    """Who sends three at a time is followed by the next client; one that is none is told why, and others go on."""
    one = writer(lt, watched())
    first, second, third, other = drafts(box, lt, 4)
    order: list[str] = []

    def taken(client: str, item: Accepted | None) -> "Future[Receipt]":
        def walk() -> Walk[Accepted]:
            order.append(client)
            yield
            if item is None:
                raise MalformedXml(Said("xml.empty"), 1, 1)
            return item

        return one.take(walk(), size=1, client=client)

    futures = [taken("greedy", item) for item in (first, second, third)]
    futures += [taken("honest", None), taken("honest", other)]
    one.start()
    one.stop()

    assert order == ["greedy", "honest", "greedy", "honest", "greedy"]
    assert outcomes(futures) == [Outcome.ACCEPTED] * 3 + [MalformedXml, Outcome.ACCEPTED]


def test_group_takes_in_no_more_when_its_intake_has_lasted(
    box: Box, lt: Station, watched: Callable[..., Watched], clock: HandClock
) -> None:
    """Documents that are dear keep those before them waiting for a moment only: the others are the next group."""
    store = watched()
    one = writer(lt, store)

    def dear(item: Accepted) -> Walk[Accepted]:
        clock.move(seconds=LONGEST_INTAKE * 0.6)
        yield
        return item

    futures = [one.take(dear(item), size=1, client="a") for item in drafts(box, lt, 5)]
    one.start()
    one.stop()

    assert outcomes(futures) == [Outcome.ACCEPTED] * 5
    assert store.transactions == 3


@pytest.mark.parametrize(("size", "order"), [(1, "aabb"), (READ_ABREAST, "abab")])
def test_documents_go_abreast_while_they_are_not_much_to_read(
    box: Box, lt: Station, watched: Callable[..., Watched], size: int, order: str
) -> None:
    """Two small ones pass the first room before either enters the second, of large ones each goes by itself."""
    store = watched()
    one = writer(lt, store)
    rooms: list[str] = []

    def walk(item: Accepted) -> Walk[Accepted]:
        rooms.append("a")
        yield
        rooms.append("b")
        return item

    futures = [one.take(walk(item), size=size, client="a") for item in drafts(box, lt, 2)]
    one.start()
    one.stop()

    assert outcomes(futures) == [Outcome.ACCEPTED] * 2
    assert "".join(rooms) == order
    assert store.transactions == 1


def test_writer_hands_over_to_a_new_thread(box: Box, lt: Station, watched: Callable[..., Watched]) -> None:
    """What libxml2 keeps for a thread ends with it; nothing that waits is lost meanwhile, and the end waits for all."""
    one = writer(lt, watched())
    threads: list[Thread] = []

    def noting(item: Accepted) -> Walk[Accepted]:
        threads.append(current_thread())
        yield
        return item

    futures = []
    one.start()
    for item in drafts(box, lt, 4):
        futures.append(one.take(noting(item), size=BYTES_OF_A_THREAD // 2 + 1, client="a"))
        assert futures[-1].result(PATIENCE).outcome is Outcome.ACCEPTED
    one.stop()

    assert [threads.count(thread) for thread in dict.fromkeys(threads)] == [2, 2]
    assert not any(thread.is_alive() for thread in threads)
