"""How long the files of batches are kept, by a clock that is moved; what became of their rows stays."""

import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from esad_gateway.batch.desk import FileDesk
from esad_gateway.batch.proof import Proof
from esad_gateway.batch.tables.mending import FileCorrections
from esad_gateway.errors import FileRemoved
from esad_gateway.ports.batches import Batch, BatchRow, BatchState, RowOutcome, RowQuery
from esad_gateway.store.backup import back_up
from esad_gateway.store.batch_files import BatchFiles
from helpers.batches import Office, dispatches, keeping, receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, Station

CONTENT = table("saad", NOW.date(), [*receipts("A"), *receipts("B", quantity="12x")])


def kept(office: Office) -> set[str]:
    """The batches of which there is something on disk."""
    return {one.name for one in office.runtime.data.batches.iterdir()}


def test_file_is_removed_when_its_days_are_over(office: Office, lt: Station) -> None:
    """By the gateway's clock, from the end of its batch on; rows, outcomes and digest stay, and the truth is told."""
    batch = office.done(CONTENT)
    lt.clock.move(days=30)
    keeping(lt.runtime).remove()
    before = kept(office)
    lt.clock.move(seconds=1)
    keeping(lt.runtime).remove()
    after = office.desk.batch(CONSIGNEE, batch.id)

    assert (before, kept(office)) == ({batch.id}, set())
    assert (after.file_removed_at, after.sha256, after.counts) == (lt.clock.at, batch.sha256, batch.counts)
    assert office.outcomes(batch) == [RowOutcome.TAKEN, RowOutcome.REFUSED]
    with pytest.raises(FileRemoved, match=r"not kept any more since 2026-04-01T10:00:01\+00:00"):
        office.desk.file(CONSIGNEE, batch.id)


class _Removing(FileDesk):
    """A desk beside which a file is removed as soon as it was told where that lies, or what became of its rows."""

    at_rows = False

    def file(self, trader: str, number: str) -> Path:
        """As every desk says."""
        path = super().file(trader, number)
        if not self.at_rows:
            self._wake()
        return path

    def rows(self, trader: str, number: str, query: RowQuery) -> Sequence[BatchRow]:
        """As every desk says."""
        self._wake()
        return super().rows(trader, number, query)


@pytest.mark.parametrize("at_rows", [False, True])
@pytest.mark.parametrize(("file_format", "content"), [("csv", CONTENT), ("jsonl", b'{"document": "A"}\n')])
def test_file_that_is_removed_while_corrections_are_asked_for(
    office: Office, lt: Station, file_format: str, content: bytes, *, at_rows: bool
) -> None:
    """They are whole, or it is told that the file is not kept any more: nothing is said to be damaged."""
    batch = office.done(content, declared={"format": file_format})
    lt.clock.move(days=31)
    whole = io.BytesIO()
    FileCorrections(office.desk).write(batch, whole)
    proof = Proof(lt.runtime.gateway.intake.verifier, lt.runtime.registry.directory, lt.runtime.data.load_trust)
    desk = _Removing(office.batches, lt.runtime.data.batches, proof, lt.clock, keeping(lt.runtime).remove)
    desk.at_rows = at_rows

    written = io.BytesIO()
    try:
        FileCorrections(desk).write(batch, written)
    except FileRemoved:
        written = whole

    assert written.getvalue() == whole.getvalue()
    assert kept(office) == set()


def test_file_that_is_needed_stays(office: Office, lt: Station) -> None:
    """However old: of a batch that nobody has begun, and of one that was stopped and may go on."""
    waiting = office.hand_in(CONTENT)
    stopped = office.hand_in(table("dispatch", NOW.date(), dispatches("A-1")), "dispatch", CONSIGNOR)
    office.work()
    waiting = office.hand_in(CONTENT)
    lt.clock.move(days=9000)
    keeping(lt.runtime).remove()

    assert office.desk.batch(CONSIGNOR, stopped.id).state is BatchState.STOPPED
    assert kept(office) == {waiting.id, stopped.id}


def test_files_are_kept_for_ever_when_it_is_said_so(office: Office, lt: Station) -> None:
    """No days, no removal."""
    batch = office.done(CONTENT)
    lt.clock.move(days=9000)
    keeping(lt.runtime, days=None).remove()

    assert kept(office) == {batch.id}


def test_oldest_files_of_a_trader_go_first(office: Office, lt: Station) -> None:
    """Beyond so many bytes of its own; another trader's, and what has not ended, count for nothing."""
    oldest, newer, newest = [_done(office, lt) for _ in range(3)]
    other = office.done(CONTENT, trader=CONSIGNOR)
    waiting = office.hand_in(CONTENT)
    keeping(lt.runtime, most=2 * len(CONTENT)).remove()

    assert kept(office) == {newer.id, newest.id, other.id, waiting.id}
    assert oldest.id not in kept(office)


def _done(office: Office, lt: Station) -> Batch:
    lt.clock.move(hours=1)
    return office.done(CONTENT)


def test_what_a_crash_has_left_is_removed_later(office: Office, lt: Station) -> None:
    """It was written down that the file goes, and then the process ended; meanwhile nobody is told that it is there."""
    batch = office.done(CONTENT)
    BatchFiles(lt.runtime.store).release(lt.clock.at, lt.clock.at + timedelta(days=1), 0)
    between = lt.checked().problems
    with pytest.raises(FileRemoved):
        office.desk.file(CONSIGNEE, batch.id)
    left = kept(office)
    keeping(lt.runtime).remove()

    assert between == ()
    assert (left, kept(office)) == ({batch.id}, set())


def test_batch_without_its_file_is_withdrawn_and_backed_up(office: Office, lt: Station, tmp_path: Path) -> None:
    """Neither needs it any more."""
    batch = office.done(CONTENT)
    lt.clock.move(days=31)
    keeping(lt.runtime).remove()
    office.desk.withdraw(CONSIGNEE, batch.id)
    done = back_up(lt.runtime.data.database, tmp_path / "backup.db", "NDEA.LT")
    office.work()

    assert done.batches == ()
    assert office.outcomes(batch) == [RowOutcome.WITHDRAWN, RowOutcome.REFUSED]
