"""Workers as processes: two on one store, one that a served gateway starts, and messages that go on beside them."""

from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from esad_gateway.ports.batches import BatchState, RowOutcome
from helpers.batches import Office, dispatches, keep_key, numbered, receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, HandClock, copy_of_box
from helpers.served import serving
from helpers.workers import WorkerProcess, wait_until


def today() -> date:
    """The day in Lithuania."""
    return datetime.now(ZoneInfo("Europe/Vilnius")).date()


def test_two_workers_on_one_store_share_the_batches(tmp_path: Path) -> None:
    """Each batch is worked on by one of them at a time; all documents are entered once, and the store is whole."""
    box = copy_of_box(tmp_path)
    keep_key(box)
    day = today()
    with box.open("LT", HandClock(datetime.now(UTC))) as station:
        office = Office(station.runtime)
        files = [list(numbered(f"A{number}", 150)) for number in range(6)]
        batches = [office.hand_in(table("saad", day, receipts(*documents))) for documents in files]
        sent = office.hand_in(table("dispatch", day, dispatches(*numbered("X", 40))), "dispatch", CONSIGNOR)
        workers = [WorkerProcess(box.members["LT"].data.root) for _ in range(2)]

        assert [worker.wait() for worker in workers] == [0, 0]
        ended = [office.desk.batch(one.trader, one.id) for one in (*batches, sent)]
        assert [one.state for one in ended] == [BatchState.ENDED] * 7
        assert [one.counts for one in ended] == [{RowOutcome.TAKEN: 150}] * 6 + [{RowOutcome.TAKEN: 40}]
        entered = Counter(one.record.entry.document for one in office.records(limit=500))
        assert entered == Counter(document for documents in files for document in documents)
        assert station.checked().problems == ()


def test_served_gateway_starts_a_worker_when_something_comes(tmp_path: Path) -> None:
    """At its start for what waits from before, and for what is handed in meanwhile."""
    box = copy_of_box(tmp_path)
    day = today()
    with box.open("LT", HandClock(datetime.now(UTC)), http=True) as station:
        office = Office(station.runtime)
        before = office.hand_in(table("saad", day, receipts("A")))
        with serving(box, station):
            wait_until(lambda: _ended(office, before.id), "the worker takes what waited")
        assert office.outcomes(before) == [RowOutcome.TAKEN]


def _ended(office: Office, number: str) -> bool:
    return office.desk.batch(CONSIGNEE, number).state is BatchState.ENDED
