"""Workers are killed at random moments; then the books are compared: no document is lost, and none happened twice.

Receipts row by row, receipts all or nothing and deferred dispatches are worked on at once, by one worker after the
other: each is killed as soon as it has got a little further. For longer: ``pytest tests/system --kills 500``.
Others are killed between the check of a batch as a whole and its commit, and in the middle of a withdrawal.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from esad_gateway.ais.saad.record import Status
from esad_gateway.batch.work.drafts_together import MOST_TOGETHER
from esad_gateway.batch.work.worker import MOST_TRIES
from esad_gateway.ports.batches import Batch, BatchState, Mode, RowOutcome
from esad_gateway.store import batch_tables
from esad_gateway.store.database import reading
from helpers.batches import Office, dispatches, keep_key, numbered, receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, HandClock, Station, copy_of_box
from helpers.workers import WorkerProcess, wait_until

_row = batch_tables.batch_row.c
_OUTCOMES = select(func.count() + func.count().filter(_row.outcome != "waiting")).select_from(batch_tables.batch_row)

RECEIPTS, SENT = 200, 40
"""Documents of a batch; there are as many batches as there have to be for all kills."""

FEW = 16
"""Documents of a batch that is handed in for one kill or two."""


@dataclass(frozen=True, repr=False)
class Aftermath:
    """What was handed in, by batch the numbers of its documents, and the gateway that has it."""

    station: Station
    office: Office
    handed_in: dict[str, tuple[Batch, list[str]]]
    killed_at_work: int

    def of(self, kind: str) -> list[str]:
        """The numbers of all documents of a kind."""
        return [one for batch, documents in self.handed_in.values() if batch.kind == kind for one in documents]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory, kills: int) -> Iterator[Aftermath]:
    """A gateway whose workers were killed again and again, and then left to finish."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    keep_key(box)
    with box.open("LT", HandClock(datetime.now(UTC))) as station:
        office, dice = Office(station.runtime), Random(20261129)  # noqa: S311  a seed makes runs alike
        run = _Run(office, box.members["LT"].data.root, dice)
        for _ in range(kills):
            run.kill_one()
        assert WorkerProcess(run.root).wait() == 0
        yield Aftermath(station, office, run.handed_in, run.killed_at_work)


class _Run:
    """Hands in batches, so that there is always something to do, and kills who does it."""

    def __init__(self, office: Office, root: Path, dice: Random) -> None:
        self.root = root
        self.handed_in: dict[str, tuple[Batch, list[str]]] = {}
        self.killed_at_work = 0
        self._office = office
        self._dice = dice

    def kill_one(self) -> None:
        """Let a worker get a little further, then kill it."""
        if len(self._office.batches.at_work()) < 3:
            self._hand_in()
        before, steps = self._done(), self._dice.choice((0, 1, 20, 60))
        worker = WorkerProcess(self.root)
        wait_until(lambda: not worker.running or self._further(before + steps), "the worker gets further")
        time.sleep(self._dice.uniform(0, 0.03))
        self.killed_at_work += worker.running
        worker.kill()

    def _further(self, than: int) -> bool:
        """Whether there are more outcomes, and no batch was so unlucky that it counts as one that ends its workers.

        On a slow machine nearly every kill would hit the second batch, which began and came no further.
        """
        return self._done() > than and all(one.tries < MOST_TRIES // 2 for one in self._office.batches.at_work())

    def _done(self) -> int:
        """How many outcomes there are; a second pass counts as well."""
        with reading(self._office.runtime.store.reader) as connection:
            return int(connection.execute(_OUTCOMES).scalar_one())

    def _hand_in(self) -> None:
        serial, today = len(self.handed_in), datetime.now(ZoneInfo("Europe/Vilnius")).date()
        for kind, count, trader, mode in (
            ("saad", RECEIPTS, CONSIGNEE, Mode.ROWS),
            ("saad", RECEIPTS, CONSIGNEE, Mode.WHOLE),
            ("dispatch", SENT, CONSIGNOR, Mode.ROWS),
            ("dispatch", SENT, CONSIGNOR, Mode.WHOLE),
        ):
            documents = list(numbered(f"{serial}{kind[0].upper()}{mode.value[0].upper()}", count))
            rows = receipts(*documents) if kind == "saad" else dispatches(*documents)
            batch = self._office.hand_in(table(kind, today, rows), kind, trader, mode=mode)
            self.handed_in[batch.id] = batch, documents


def test_workers_were_killed_at_work(aftermath: Aftermath, kills: int) -> None:
    """The run means something: hardly any of them had ended by itself."""
    assert aftermath.killed_at_work > kills // 2


def test_every_batch_has_ended_with_every_document_taken(aftermath: Aftermath) -> None:
    """Each document of each file has one outcome, and it is the one that it would have had without a crash."""
    for batch, documents in aftermath.handed_in.values():
        ended = aftermath.office.desk.batch(batch.trader, batch.id)
        rows = aftermath.office.rows(batch)
        assert (ended.state, ended.counts) == (BatchState.ENDED, {RowOutcome.TAKEN: len(documents)})
        assert [row.number for row in rows] == list(range(1, len(documents) + 1))
        assert [row.document.split(" / ")[-1].upper() for row in rows] == documents


def test_every_receipt_was_entered_once(aftermath: Aftermath) -> None:
    """One version of one record for each document, from the batch that it came with."""
    kept = aftermath.office.records(limit=500)
    found = Counter(one.record.entry.document for one in kept)

    assert found == Counter(aftermath.of("saad"))
    assert {one.record.version for one in kept} == {1}
    assert {one.batch for one in kept} <= aftermath.handed_in.keys()


def test_every_dispatch_has_one_arc(aftermath: Aftermath) -> None:
    """One movement for each, and its ARC is the one that stands in the answer."""
    movements = {row["lrn"]: row["arc"] for row in aftermath.station.rows("movement")}
    told = {
        row.document.split(" / ")[-1].upper(): row.arc
        for batch, _ in aftermath.handed_in.values()
        if batch.kind == "dispatch"
        for row in aftermath.office.rows(batch)
    }

    assert len(aftermath.station.rows("movement")) == len(movements) == len(aftermath.of("dispatch"))
    assert told == {lrn.upper(): arc for lrn, arc in movements.items()}


def test_store_is_whole(aftermath: Aftermath) -> None:
    """Numbers without gaps, chains as they were written, counts as the outcomes are, nothing signed left over."""
    assert aftermath.station.checked().problems == ()
    assert {row["signed"] for row in aftermath.station.rows("batch_row")} == {None}


def test_same_files_again_change_nothing(aftermath: Aftermath) -> None:
    """Whoever never heard what came of a file sends it once more."""
    batch, documents = next(iter(aftermath.handed_in.values()))
    content = aftermath.office.desk.file(batch.trader, batch.id).read_bytes()
    again = aftermath.office.hand_in(content, batch.kind, batch.trader)
    assert WorkerProcess(aftermath.station.member.data.root).wait() == 0

    ended = aftermath.office.desk.batch(batch.trader, again.id)
    assert ended.counts == {RowOutcome.UNCHANGED: len(documents)}


@dataclass(frozen=True)
class _Struck:
    """A gateway whose workers are killed at a moment that a test waits for."""

    office: Office
    station: Station
    dice: Random

    def kill_when(self, true: Callable[[], bool]) -> bool:
        """Let a worker work until something is true, then kill it; whether it was still at work."""
        worker = WorkerProcess(self.station.member.data.root)
        wait_until(lambda: true() or not worker.running, "the worker gets so far, or ends")
        time.sleep(self.dice.uniform(0, 0.01))
        at_work = worker.running
        worker.kill()
        return at_work

    def finish(self) -> None:
        """Let a worker work until nothing is left."""
        assert WorkerProcess(self.station.member.data.root).wait() == 0

    def now(self, batch: Batch) -> Batch:
        """A batch as it stands."""
        return self.office.desk.batch(batch.trader, batch.id)

    def told(self, batch: Batch) -> dict[str, str | None]:
        """The ARCs that the answers of a batch tell, by local reference number."""
        return {row.document.split(" / ")[-1]: row.arc for row in self.office.rows(batch) if row.arc}

    def movements(self, batch_prefix: str) -> dict[str, str]:
        """The ARCs of dispatches whose numbers begin so."""
        rows = self.station.rows("movement")
        return {row["lrn"]: row["arc"] for row in rows if row["lrn"].startswith(batch_prefix)}


@pytest.fixture
def struck(tmp_path: Path) -> Iterator[_Struck]:
    """A gateway without a worker, and the key of its consignor."""
    box = copy_of_box(tmp_path)
    keep_key(box)
    with box.open("LT", HandClock(datetime.now(UTC))) as station:
        yield _Struck(Office(station.runtime), station, Random(20261130))  # noqa: S311  a seed makes runs alike
        assert station.checked().problems == ()


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Vilnius")).date()


def _has_come(struck: _Struck, batch: Batch, true: Callable[[Batch], bool]) -> bool:
    return true(struck.now(batch))


def _counts(struck: _Struck, batch: Batch, outcome: RowOutcome, least: int) -> bool:
    return struck.now(batch).counts.get(outcome, 0) >= least


def _are_there(struck: _Struck, prefix: str, least: int) -> bool:
    return len(struck.movements(prefix)) >= least


def test_batch_as_a_whole_is_there_as_a_whole_or_not_at_all_after_every_kill(struck: _Struck) -> None:
    """Killed between the check and the commit: no dispatch of it has an ARC, or each has one; in the end each has."""
    points: tuple[Callable[[Batch], bool], ...] = (
        lambda now: now.documents == FEW,
        lambda now: now.state is BatchState.WORKING,
    )
    struck_before_the_end = 0
    for turn in range(4):
        prefix = f"T{turn}X"
        rows = dispatches(*numbered(prefix, FEW))
        batch = struck.office.hand_in(table("dispatch", _today(), rows), "dispatch", CONSIGNOR, mode=Mode.WHOLE)
        struck.kill_when(partial(_has_come, struck, batch, points[turn % 2]))
        now, there = struck.now(batch), struck.movements(prefix)
        struck_before_the_end += now.state is not BatchState.ENDED

        assert len(there) in (0, FEW)
        assert now.state is not BatchState.CHECKING or not there
        assert struck.told(batch).items() <= there.items()

        struck.finish()
        assert struck.now(batch).counts == {RowOutcome.TAKEN: FEW}
        assert struck.told(batch) == struck.movements(prefix)
        assert len(struck.told(batch)) == FEW
        assert there.items() <= struck.told(batch).items()

    assert struck_before_the_end


def test_large_batch_as_a_whole_goes_on_where_it_was_killed(struck: _Struck) -> None:
    """Of more than one transaction: each of them is there as a whole, and what was taken has its ARC for good."""
    count = MOST_TOGETHER * 2 + 5
    rows = dispatches(*numbered("L", count))
    batch = struck.office.hand_in(table("dispatch", _today(), rows), "dispatch", CONSIGNOR, mode=Mode.WHOLE)
    seen: dict[str, str] = {}
    for so_far in (
        lambda now: now.documents == count,
        lambda now: bool(now.counts.get(RowOutcome.TAKEN)),
        lambda now: now.counts.get(RowOutcome.TAKEN, 0) > MOST_TOGETHER,
    ):
        struck.kill_when(partial(_has_come, struck, batch, so_far))
        there = struck.movements("L")
        assert len(there) % MOST_TOGETHER == 0 or len(there) == count
        assert seen.items() <= there.items()
        assert struck.told(batch).items() <= there.items()
        seen = there
    struck.finish()

    assert struck.now(batch).counts == {RowOutcome.TAKEN: count}
    assert struck.told(batch) == struck.movements("L")


def test_withdrawal_goes_on_where_it_was_killed(struck: _Struck) -> None:
    """Every receipt is withdrawn by one version, however often the worker is killed meanwhile."""
    batch = struck.office.hand_in(table("saad", _today(), receipts(*numbered("W", RECEIPTS * 3))))
    struck.finish()
    struck.office.desk.withdraw(CONSIGNEE, batch.id)
    withdrawn = 0
    for _ in range(4):
        struck.kill_when(partial(_counts, struck, batch, RowOutcome.WITHDRAWN, withdrawn + 1))
        now = struck.now(batch)
        assert now.counts.get(RowOutcome.WITHDRAWN, 0) >= withdrawn
        assert sum(now.counts.values()) == RECEIPTS * 3
        withdrawn = now.counts.get(RowOutcome.WITHDRAWN, 0)
    struck.finish()

    kept = struck.office.records(limit=500)
    assert struck.now(batch).state is BatchState.WITHDRAWN
    assert struck.now(batch).counts == {RowOutcome.WITHDRAWN: RECEIPTS * 3}
    assert {(one.record.status, one.record.version) for one in kept} == {(Status.WITHDRAWN, 2)}
    assert len(kept) == RECEIPTS * 3


@pytest.mark.parametrize("mode", Mode)
def test_withdrawal_after_a_kill_tells_every_arc_that_was_given(struck: _Struck, mode: Mode) -> None:
    """The worker dies while it submits; the batch is withdrawn before another one looks: no ARC is called left."""
    for turn in range(2):
        prefix = f"V{turn}X"
        rows = dispatches(*numbered(prefix, FEW))
        batch = struck.office.hand_in(table("dispatch", _today(), rows), "dispatch", CONSIGNOR, mode=mode)
        struck.kill_when(partial(_are_there, struck, prefix, 1))
        struck.office.desk.withdraw(CONSIGNOR, batch.id)
        struck.kill_when(partial(_counts, struck, batch, RowOutcome.LEFT, 1))
        struck.finish()
        now = struck.now(batch)

        assert now.state is BatchState.WITHDRAWN
        assert struck.told(batch) == struck.movements(prefix)
        assert now.counts.get(RowOutcome.TAKEN, 0) == len(struck.told(batch)) > 0
        assert set(now.counts) <= {RowOutcome.TAKEN, RowOutcome.LEFT}
