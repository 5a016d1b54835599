"""All or nothing: judged by the register before anything is submitted, and true also where others act in between."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest

from esad_gateway.batch.tables.signed_drafts import OwnDraft, write_signed_drafts
from esad_gateway.batch.work.drafts_together import MOST_TOGETHER
from esad_gateway.emcs.registry import OperatorType, TemporaryAuthorisation
from esad_gateway.ports.batches import Batch, BatchState, Mode, RowOutcome
from esad_gateway.texts import languages, say
from helpers.batches import Office, dispatches, numbered, receipts, table
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    NOW,
    Box,
    Station,
    new_draft,
)

pytestmark = pytest.mark.usefixtures("kept_key")

TODAY = NOW.date()
NOBODY, SECOND = "PL00000000999", "PL00000000202"
TAKEN, REFUSED, LEFT, WAITING = RowOutcome.TAKEN, RowOutcome.REFUSED, RowOutcome.LEFT, RowOutcome.WAITING
WITHDRAWN = RowOutcome.WITHDRAWN


def rows_of(*numbers: str, **values: str) -> list[Any]:
    """Rows of dispatches, an e-SAD each."""
    return dispatches(*numbers, **values)


def handed_in(office: Office, *rows: Any, mode: Mode = Mode.WHOLE) -> Batch:
    """A batch of dispatches, nobody has begun on it."""
    return office.hand_in(table("dispatch", TODAY, rows), "dispatch", CONSIGNOR, mode=mode)


def done(office: Office, *rows: Any) -> Batch:
    """The same at its end."""
    batch = handed_in(office, *rows)
    office.work()
    return office.desk.batch(CONSIGNOR, batch.id)


def judged(office: Office, batch: Batch) -> None:
    """Work until everything was judged, and nothing submitted; then the worker is gone."""
    until(office, batch, lambda now: now.state is BatchState.WORKING)


def until(office: Office, batch: Batch, true: Any) -> None:
    """Work until a batch is so far; then the worker is gone."""
    steps = office.steps()
    while not true(office.desk.batch(batch.trader, batch.id)):
        next(steps)
    steps.close()


def rules(office: Office, batch: Batch) -> list[list[str]]:
    """The rules by which each document was refused."""
    return [[fault.rule for fault in row.faults] for row in office.rows(batch)]


def retire(lt: Station, seed: str = FOREIGN_CONSIGNEE) -> None:
    """End the registration of an operator long before today."""
    found = lt.runtime.registry.operator(seed)
    assert found is not None
    ended = replace(found[0], valid_to=TODAY - timedelta(days=90))
    lt.runtime.registry.add_operators([(ended, found[1], ())])


def signed_file(*signed: bytes) -> bytes:
    """A file of signed drafts, a row each from 2 on."""
    written = BytesIO()
    write_signed_drafts(
        written,
        (
            OwnDraft(rows=(n,), document=f"X{n}", content=bytes([n % 256]) * 32, signed=one)
            for n, one in enumerate(signed, 2)
        ),
    )
    return written.getvalue()


def of_signed(office: Office, *signed: bytes, mode: Mode = Mode.WHOLE) -> Batch:
    """A batch of drafts that their trader has signed, at its end."""
    return office.done(signed_file(*signed), "dispatch", CONSIGNOR, mode=mode, declared={"format": "signed"})


def test_what_the_register_refuses_is_found_before_anything_is_submitted(office: Office, lt: Station) -> None:
    """One consignee is not registered: it is told, the others are left, and no mailbox has heard of any."""
    batch = done(office, *rows_of("X1"), *rows_of("X2", consignee=NOBODY), *rows_of("X3"))

    assert batch.state is BatchState.ENDED
    assert office.outcomes(batch) == [LEFT, REFUSED, LEFT]
    assert "R045" in rules(office, batch)[1]
    assert {fault.line for fault in office.rows(batch)[1].faults} == {3}
    assert (lt.rows("movement"), lt.mailbox(CONSIGNOR), batch.remarks) == ([], (), ())
    assert {row["signed"] for row in lt.rows("batch_row")} == {None}


def test_everything_that_is_wrong_is_told_at_once(office: Office) -> None:
    """What shows in the table does not hide what the register says of another row."""
    batch = done(office, *rows_of("X1", quantity="0"), *rows_of("X2", consignee=NOBODY))

    assert office.outcomes(batch) == [REFUSED, REFUSED]


def test_mended_table_is_taken_as_a_whole(office: Office, lt: Station) -> None:
    """The same table without the mistake, in one transaction."""
    done(office, *rows_of("X1"), *rows_of("X2", consignee=NOBODY))

    batch = done(office, *rows_of("X1", "X2"))

    assert office.outcomes(batch) == [TAKEN, TAKEN]
    assert {row.arc for row in office.rows(batch)} == {row["arc"] for row in lt.rows("movement")}


def test_rows_use_up_an_authorisation_together(office: Office, lt: Station) -> None:
    """Each alone is within what is left, both are not: nothing is submitted."""
    _limit(lt, drafts=1)

    batch = done(office, *rows_of("X1", "X2", destination_type="10"))

    assert office.outcomes(batch) == [LEFT, REFUSED]
    assert set(rules(office, batch)[1]) == {"BR052"}
    assert lt.rows("movement") == []


def _limit(lt: Station, drafts: int) -> None:
    """Have the consignee of the example act under a temporary authorisation for so many rows of the example."""
    found = lt.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    rows = new_draft().body_ead_esad
    enough = {"B000": 1000 * drafts, **{line.excise_product_code: line.quantity * drafts for line in rows}}
    limits = TemporaryAuthorisation(counterparty=CONSIGNOR, reusable=True, quantities=enough)  # type: ignore[arg-type]
    limited = replace(found[0], operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE, temporary=limits)
    lt.runtime.registry.add_operators([(limited, found[1], ())])


@pytest.mark.parametrize("between", [0, MOST_TOGETHER], ids=["next to each other", "far apart"])
def test_signed_drafts_with_one_number_are_told_by_their_rows(
    box: Box, office: Office, lt: Station, between: int
) -> None:
    """Two of a file have the same local reference number: the second is told the row of the first, and no ARC."""
    first = new_draft()
    second = replace(new_draft(), ead_esad_draft=first.ead_esad_draft)
    drafts = [first, *(new_draft() for _ in range(between)), second]

    batch = of_signed(office, *(box.signed(CONSIGNOR, one) for one in drafts))
    refused = office.rows(batch, REFUSED)

    assert batch.counts == {LEFT: between + 1, REFUSED: 1}
    assert [(row.rows, [fault.rule for fault in row.faults]) for row in refused] == [((between + 3,), ["BR001"])]
    for language in languages():
        assert " 2" in say(refused[0].faults[0].hint, language)
    assert lt.rows("movement") == []


def test_draft_that_somebody_else_has_signed_stops_the_whole(box: Box, office: Office, lt: Station) -> None:
    """What cannot be attributed is told, noted for the operator, and nothing is submitted."""
    batch = of_signed(office, box.signed(CONSIGNOR, new_draft()), box.signed(CONSIGNEE, new_draft()))

    assert office.outcomes(batch) == [LEFT, REFUSED]
    assert rules(office, batch)[1] == ["BATCH-DRAFT"]
    assert (len(lt.rows("movement")), len(lt.rows("security_log"))) == (0, 1)


def test_register_that_changes_after_the_check_leaves_nothing_of_a_small_batch(office: Office, lt: Station) -> None:
    """It fits one transaction: all are refused or left, and the faults say what changed."""
    found = lt.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    lt.runtime.registry.add_operators([(replace(found[0], seed=SECOND), found[1], ())])
    batch = handed_in(office, *rows_of("X1", "X2"), *rows_of("X3", consignee=SECOND))
    judged(office, batch)
    retire(lt, SECOND)
    office.work()
    ended = office.desk.batch(CONSIGNOR, batch.id)

    assert ended.state is BatchState.ENDED
    assert office.outcomes(batch) == [LEFT, LEFT, REFUSED]
    assert lt.rows("movement") == []


def test_register_that_changes_amid_a_large_batch_is_told(office: Office, lt: Station) -> None:
    """What was taken by then keeps its ARC, the rest is left, and the batch says what to do: all of it once more."""
    rows = rows_of(*numbered("X", MOST_TOGETHER + 6))
    batch = handed_in(office, *rows)
    until(office, batch, lambda now: now.counts.get(TAKEN))
    retire(lt)
    office.work()
    ended = office.desk.batch(CONSIGNOR, batch.id)
    lt.runtime.registry.add_operators([_again(lt)])
    again = done(office, *rows)

    assert ended.state is BatchState.ENDED
    assert ended.counts[TAKEN] == MOST_TOGETHER
    assert ended.counts[REFUSED] + ended.counts.get(LEFT, 0) == 6
    assert [one.key for one in ended.remarks] == ["batch.partly"]
    assert again.counts == {RowOutcome.UNCHANGED: MOST_TOGETHER, TAKEN: 6}
    assert len(lt.rows("movement")) == MOST_TOGETHER + 6
    assert again.remarks == ()


def _again(lt: Station) -> Any:
    """The consignee as it was registered."""
    found = lt.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    return replace(found[0], valid_to=None), found[1], ()


def test_number_that_another_file_takes_after_the_check_is_told_with_its_arc(office: Office, lt: Station) -> None:
    """Another batch has submitted the same document with other content: nothing of this one is."""
    batch = handed_in(office, *rows_of("X1", "X2"))
    judged(office, batch)
    other = handed_in(office, *rows_of("X2", invoice_number="PAV-2"), mode=Mode.ROWS)
    office.work()

    assert sorted([office.outcomes(batch), office.outcomes(other)]) in (
        [[LEFT, REFUSED], [TAKEN]],
        [[REFUSED], [TAKEN, TAKEN]],
    )
    assert len(lt.rows("movement")) == len({row["lrn"] for row in lt.rows("movement")})


def test_entry_that_is_refused_after_the_check_takes_the_others_back(office: Office, lt: Station) -> None:
    """A registration ends before all is entered: whatever was entered by then is withdrawn, and it is said."""
    rows = receipts(*numbered("A", 300))
    batch = office.hand_in(table("saad", TODAY, rows), "saad", CONSIGNEE, mode=Mode.WHOLE)
    judged(office, batch)
    retire(lt, CONSIGNEE)
    office.work()
    ended = office.desk.batch(CONSIGNEE, batch.id)

    assert ended.state is BatchState.WITHDRAWN
    assert [one.key for one in ended.remarks] == ["batch.taken_back"]
    assert ended.counts[REFUSED] > 0
    assert set(ended.counts) <= {REFUSED, LEFT}
    assert office.records() == []


@pytest.mark.parametrize("mode", Mode)
def test_withdrawal_finds_what_was_submitted_before_a_crash(office: Office, lt: Station, mode: Mode) -> None:
    """A draft was submitted, and the worker ended before its row said so: it has an ARC, so it was not left."""
    batch = handed_in(office, *rows_of("X1", "X2"), mode=mode)
    until(office, batch, lambda now: now.documents == 2)
    with office.batches.work() as work:
        first, _ = work.drafts(batch.id, 9)
    receipt = lt.take(first.signed)

    office.desk.withdraw(CONSIGNOR, batch.id)
    office.work()

    assert office.desk.batch(CONSIGNOR, batch.id).counts == {TAKEN: 1, LEFT: 1}
    assert [row.arc for row in office.rows(batch)] == [receipt.arc, None]
    assert [row.said and row.said.key for row in office.rows(batch)] == ["batch.arc_stays", "batch.withdrawn_before"]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(("invoice", "told"), [({}, RowOutcome.UNCHANGED), ({"invoice_number": "PAV-2"}, REFUSED)])
def test_document_that_another_worker_has_just_submitted_is_known(
    office: Office, lt: Station, mode: Mode, invoice: dict[str, str], told: RowOutcome
) -> None:
    """Its row in the other batch does not say so yet: the same document is unchanged, another one is told the ARC."""
    other = handed_in(office, *rows_of("X1"), mode=Mode.ROWS)
    until(office, other, lambda now: now.documents == 1)
    with office.batches.work() as work:
        [draft] = work.drafts(other.id, 9)
    receipt = lt.take(draft.signed)
    office.batches.change(other.id, lambda now: replace(now, state=BatchState.STOPPED))

    batch = handed_in(office, *rows_of("X1", **invoice), mode=mode)
    office.work()

    [row] = office.rows(batch)
    assert row.outcome is told
    assert (row.arc == receipt.arc) is (told is RowOutcome.UNCHANGED)
    assert [fault.rule for fault in row.faults] == ["BATCH-ARC"] * (told is REFUSED)
    assert all(str(receipt.arc) in say(fault.hint) + say(fault.text) for fault in row.faults)
    assert len(lt.rows("movement")) == 1


@pytest.mark.parametrize("withdrawn", [True, False])
def test_refusal_that_was_given_before_a_crash_is_told_in_its_cell(
    office: Office, lt: Station, *, withdrawn: bool
) -> None:
    """The draft was refused, and the worker ended before its row said so: whether it goes on or takes all back."""
    batch = handed_in(office, *rows_of("X1"), *rows_of("X2", consignee="PL99999999999"), mode=Mode.ROWS)
    until(office, batch, lambda now: now.documents == 2)
    with office.batches.work() as work:
        drafts = work.drafts(batch.id, 9)
    lt.take(drafts[1].signed)

    if withdrawn:
        office.desk.withdraw(CONSIGNOR, batch.id)
    office.work()

    refused = office.rows(batch, REFUSED)
    assert [(fault.rule, fault.value, fault.line) for fault in refused[0].faults] == [("R045", "PL99999999999", 3)]
    assert all(fault.column is not None and not fault.path.startswith("/") for fault in refused[0].faults)
    assert len(refused) == 1
    assert len(lt.rows("movement")) == (not withdrawn)
