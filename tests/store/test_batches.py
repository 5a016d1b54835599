"""Batches in the store: how far they have come, what became of their documents, and whose they are."""

import fcntl
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from esad_gateway.errors import KeyReused
from esad_gateway.faults import Fault, said
from esad_gateway.place import Place, PlaceStep
from esad_gateway.ports.batches import Batch, BatchQuery, BatchRow, BatchState, Mode, RowOutcome, RowQuery
from esad_gateway.store.batches import Batches
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, Station
from helpers.saad import batch, row

FAULT = Fault(
    code="12",
    rule="SAAD-1",
    place=Place((PlaceStep("C5"),), in_data=True),
    value="=1",
    text=said("SAAD-1.text"),
    hint=said("hint.cell_expected", expected=("a", "b")),
    line=5,
    column=3,
)


@pytest.fixture
def batches(lt: Station) -> Batches:
    """The batches of a gateway, of which there are none yet."""
    return Batches(lt.runtime.store)


def test_batch_is_read_as_it_was_written(batches: Batches) -> None:
    """Everything of it, also after it has gone on."""
    begun = batch(declared={"format": "csv", "encoding": "windows-1257"}, mode=Mode.WHOLE, signer="ab" * 32)
    ended = replace(
        begun,
        state=BatchState.ENDED,
        documents=1,
        rows_done=9,
        counts={RowOutcome.REFUSED: 1},
        told={"delimiter": ";"},
        remarks=(said("sheet.hidden_rows", count=3),),
        faults=(FAULT,),
        reason=said("batch.defect", words="a defect"),
        tries=2,
        ended_at=NOW + timedelta(seconds=1),
        withdrawn_at=NOW + timedelta(seconds=2),
    )
    batches.add(begun, None, b"signature")
    with batches.work() as work:
        assert work.lock()
        work.write(ended, [row(outcome=RowOutcome.REFUSED, faults=(FAULT,), said=said("batch.left"))])

    assert batches.find(CONSIGNEE, "b1") == replace(ended, signed_beside=True)
    assert batches.rows("b1", RowQuery()) == [row(outcome=RowOutcome.REFUSED, faults=(FAULT,), said=said("batch.left"))]


def test_batch_of_another_trader_does_not_exist(batches: Batches) -> None:
    """Neither by its id nor in a list."""
    batches.add(batch(), None, None)

    assert batches.find(CONSIGNOR, "b1") is None
    assert batches.find(CONSIGNEE, "b2") is None
    assert batches.page(CONSIGNOR, None, BatchQuery(limit=10)) == []


def test_newest_batches_are_listed_first(batches: Batches) -> None:
    """Page by page, also those of one moment."""
    ids = [("b1", 0), ("b2", 1), ("b3", 1), ("b4", 2)]
    for number, seconds in ids:
        batches.add(batch(number, received_at=NOW + timedelta(seconds=seconds)), None, None)
    first = batches.page(CONSIGNEE, None, BatchQuery(limit=2))

    assert [one.id for one in first] == ["b4", "b3"]
    assert [one.id for one in batches.page(CONSIGNEE, first[-1], BatchQuery(limit=2))] == ["b2", "b1"]


def test_batches_of_a_kind_and_state_are_listed(batches: Batches) -> None:
    """Alone, together, and from one on that is of neither."""
    for number, kind, state in (
        ("b1", "saad", BatchState.ENDED),
        ("b2", "mvv", BatchState.ENDED),
        ("b3", "saad", BatchState.WAITING),
        ("b4", "saad", BatchState.ENDED),
    ):
        batches.add(batch(number, kind=kind, state=state), None, None)
    other = batches.find(CONSIGNEE, "b3")

    def listed(before: Batch | None = None, **query: Any) -> list[str]:
        return [one.id for one in batches.page(CONSIGNEE, before, BatchQuery(**query))]

    assert listed(kind="saad") == ["b4", "b3", "b1"]
    assert listed(state=BatchState.ENDED) == ["b4", "b2", "b1"]
    assert listed(kind="saad", state=BatchState.ENDED) == ["b4", "b1"]
    assert listed(other, kind="saad", state=BatchState.ENDED) == ["b1"]
    assert listed(kind="dispatch") == []


def test_same_key_is_the_same_batch(batches: Batches) -> None:
    """Somebody who got no answer asks again, and gets the batch that is there; each trader has keys of its own."""
    first, known = batches.add(batch(), "key", None)
    again, known_again = batches.add(batch("b2"), "key", None)
    _, others = batches.add(batch("b3", trader=CONSIGNOR), "key", None)

    assert (known, known_again, others) == (False, True, False)
    assert again == first
    assert [one.id for one in batches.page(CONSIGNEE, None, BatchQuery(limit=10))] == ["b1"]


@pytest.mark.parametrize("other", [{"sha256": "11" * 32}, {"kind": "mvv"}, {"mode": Mode.WHOLE}])
def test_key_of_another_file_is_refused(batches: Batches, other: dict[str, object]) -> None:
    """Nothing is taken under a key that says that it was taken already."""
    batches.add(batch(), "key", None)

    with pytest.raises(KeyReused, match="'key' was used for another file, that of batch b1"):
        batches.add(batch("b2", **other), "key", None)


def test_rows_are_shown_by_outcome_and_page(batches: Batches) -> None:
    """In the order of the file."""
    outcomes = [RowOutcome.TAKEN, RowOutcome.REFUSED, RowOutcome.TAKEN, RowOutcome.REFUSED]
    rows = [row(number, outcome) for number, outcome in enumerate(outcomes, 1)]
    batches.add(batch(), None, None)
    with batches.work() as work:
        assert work.lock()
        work.write(batch(), rows)

    assert _numbers(batches, RowQuery(limit=3)) == [1, 2, 3]
    assert _numbers(batches, RowQuery(after=3)) == [4]
    assert _numbers(batches, RowQuery(outcome=RowOutcome.REFUSED, after=2)) == [4]


def test_signed_drafts_wait_until_their_outcome_is_known(batches: Batches) -> None:
    """They are on disk before they are submitted, and their bytes go when the ARC is there."""
    batches.add(batch(kind="dispatch"), None, None)
    waiting = row(1, RowOutcome.WAITING)
    with batches.work() as work:
        assert work.lock()
        work.write(batch(kind="dispatch"), [waiting, row(2)], {1: b"<IE815/>"})
    with batches.work() as work:
        (draft,) = work.drafts("b1", 10)
        assert work.lock()
        work.write(batch(kind="dispatch"), [replace(draft.row, outcome=RowOutcome.TAKEN, arc="26LT0000000000000011P")])
    with batches.work() as work:
        left, found = work.drafts("b1", 10), work.dispatched(CONSIGNEE, {"gr-1", "gr-2"})

    assert (draft.row, draft.signed, left) == (waiting, b"<IE815/>", [])
    assert [one.arc for one in found["gr-1"]] == ["26LT0000000000000011P"]
    assert "gr-2" not in found


def test_batches_with_something_to_do_are_found(batches: Batches) -> None:
    """The oldest first; what has ended or was stopped is not among them."""
    for number, state in enumerate(BatchState):
        batches.add(batch(f"b{number}", state=state, received_at=NOW - timedelta(seconds=number)), None, None)

    states = [one.state for one in batches.at_work()]

    assert states == [BatchState.WITHDRAWING, BatchState.WORKING, BatchState.CHECKING, BatchState.WAITING]


def test_withdrawal_meanwhile_is_noticed_under_the_lock(lt: Station, batches: Batches) -> None:
    """What was decided about a batch that has changed since is decided again."""
    batches.add(batch(), None, None)
    with batches.work() as work:
        before = work.batch("b1")
        lt.run_sql("UPDATE batch SET state = 'withdrawing'")
        same = work.lock()
        after = work.batch("b1")

    assert not same
    assert before is not None
    assert after == replace(before, state=BatchState.WITHDRAWING)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE batch_row SET outcome = 'taken'", "its counts are not those of its documents"),
        ("UPDATE batch SET documents = 3", "1 documents are numbered up to 1, and it has read 3"),
        ("UPDATE batch SET ended_at = NULL", "its state and the moment of its end contradict each other"),
        ("UPDATE batch SET file_removed_at = 'today'", "its file_removed_at is no moment"),
        ("UPDATE batch_row SET record = 'none', version = 1", "is version 1 of none, which is not there"),
        ("UPDATE batch_row SET trader = 'LT00000000101'", "its document 1 is nobody's"),
        ("UPDATE batch SET received_at = 'yesterday'", "its received_at is no moment"),
    ],
)
def test_changed_batch_is_told_by_the_check(lt: Station, batches: Batches, statement: str, told: str) -> None:
    """What contradicts itself was written by somebody else."""
    _ended(batches)
    lt.run_sql("UPDATE batch SET file_removed_at = ended_at")
    assert lt.checked().problems == ()
    lt.run_sql(statement)

    assert any(told in problem for problem in lt.checked().problems)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE batch SET state = 'ended'",
            "batch b1: its file is gone, and no corrections can be made",
        ),
        (
            "UPDATE batch SET state = 'stopped', ended_at = NULL",
            "then esad batch resume b1",
        ),
    ],
)
def test_batch_without_its_file_is_told(lt: Station, batches: Batches, statement: str, told: str) -> None:
    """With the way out; unless the file was kept long enough, which is written down."""
    _ended(batches)
    lt.run_sql(statement)
    (problem,) = lt.checked().problems

    assert told in problem
    assert f"put {lt.runtime.data.batches / 'b1' / 'file'} back from a backup" in problem


def test_file_without_its_batch_is_told_with_the_way_out(lt: Station) -> None:
    """The store is older: whoever has handed it in does so again. What is arriving, or broke off, is no finding."""
    folder = lt.runtime.data.batches
    lost, broken, arriving = (folder / name / file for name, file in (("a", "file"), ("b", "arriving"), ("c", "file")))
    for path in (lost, broken, arriving):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x")
    with arriving.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        (problem,) = lt.checked().problems

    assert problem.startswith(f"{lost}: a file that was handed in, and no batch is about it: it came at 20")
    assert "have traders hand in again what they handed in since the store was backed up" in problem
    assert len(lt.checked().problems) == 2


def _ended(batches: Batches) -> None:
    ended = batch(state=BatchState.ENDED, documents=1, counts={RowOutcome.REFUSED: 1}, ended_at=NOW)
    batches.add(ended, None, None)
    with batches.work() as work:
        assert work.lock()
        work.write(ended, [row(outcome=RowOutcome.REFUSED)])


def _numbers(batches: Batches, query: RowQuery) -> list[int]:
    found: list[BatchRow] = list(batches.rows("b1", query))
    return [one.number for one in found]
