"""Batches from the file to the last outcome: what is entered, what is refused, what a file changes that comes again."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest

from esad_gateway.ais.saad.record import Status
from esad_gateway.batch.tables.signed_drafts import OwnDraft, write_signed_drafts
from esad_gateway.batch.work.committing import Progress
from esad_gateway.batch.work.pace import Pace
from esad_gateway.errors import StoreUnavailable
from esad_gateway.faults import Said
from esad_gateway.ports.batches import Batch, BatchRow, BatchState, Mode, RowOutcome
from esad_gateway.sheets.table import cell_place
from esad_gateway.texts import languages, say
from helpers.batches import Office, dispatches, example, keep_key, numbered, receipts, table
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, Box, Station, new_draft

TODAY = NOW.date()
WAITING, TAKEN, CORRECTED, UNCHANGED = (
    RowOutcome.WAITING,
    RowOutcome.TAKEN,
    RowOutcome.CORRECTED,
    RowOutcome.UNCHANGED,
)
REFUSED, LEFT, WITHDRAWN = RowOutcome.REFUSED, RowOutcome.LEFT, RowOutcome.WITHDRAWN


def entries(*documents: str, **values: str) -> bytes:
    """A file of SAAD documents."""
    return table("saad", TODAY, receipts(*documents, **values))


def sent(*numbers: str, **values: str) -> bytes:
    """A file of deferred dispatches."""
    return table("dispatch", TODAY, dispatches(*numbers, **values))


def said(row: BatchRow) -> str:
    """The key of what else is said of a document."""
    return row.said.key if row.said is not None else ""


def test_rows_are_entered_and_told_one_by_one(office: Office) -> None:
    """What is good is entered, what is wrong is told with its cell, and the batch ends."""
    rows = [*receipts("A", "B"), *receipts("C", quantity="-1"), *receipts("D")]

    batch = office.done(table("saad", TODAY, rows))
    refused = office.rows(batch)[2]

    assert (batch.state, batch.documents, batch.rows_done, batch.estimate) == (BatchState.ENDED, 4, 4, 4)
    assert batch.counts == {TAKEN: 3, REFUSED: 1}
    assert batch.told == {"format": "csv", "encoding": "utf-8", "delimiter": ";"}
    assert office.outcomes(batch) == [TAKEN, TAKEN, REFUSED, TAKEN]
    assert refused.rows == (4,)
    assert [(fault.path, fault.value, fault.line) for fault in refused.faults] == [("L4", "-1", 4)]
    assert [one.record.entry.document for one in office.records()] == ["A", "B", "D"]


def test_rows_of_json_lines_are_counted_when_they_are_read_first(office: Office) -> None:
    """A line of text may have many; before a worker has looked nobody knows how many rows there are."""
    row = dict(example("saad", TODAY))
    goods = {name: row.pop(name) for name in ("product", "cn_code", "quantity", "strength", "plato")}
    lines = "\n".join(json.dumps({**row, "document": number, "lines": [goods] * 3}) for number in ("A", "B"))
    batch = office.hand_in(lines.encode(), declared={"format": "jsonl"})
    steps = office.steps()
    while not office.desk.batch(CONSIGNEE, batch.id).documents:
        next(steps)
    steps.close()

    assert (batch.estimate, office.desk.batch(CONSIGNEE, batch.id).estimate) == (None, 6)


def test_document_is_told_as_it_was_written(office: Office, lt: Station) -> None:
    """Also where it is known by less than that: the same in other letters is the same document."""
    first = office.done(entries("Saad Nr 7"))
    again = office.done(entries("SAAD NR 7"))

    assert [row.document.split(" / ")[-1] for batch in (first, again) for row in office.rows(batch)] == [
        "Saad Nr 7",
        "SAAD NR 7",
    ]
    assert len({row["key"] for row in lt.rows("batch_row")}) == 1
    assert len({row.record for batch in (first, again) for row in office.rows(batch)}) == 1


def test_what_the_register_refuses_is_told_in_its_cell(office: Office) -> None:
    """A consignee that is somebody else is found when the register is asked, and told where it stands in the file."""
    batch = office.done(entries("A", consignee=CONSIGNOR))
    (fault,) = (one for one in office.rows(batch)[0].faults if one.rule == "SAAD-29")

    assert (fault.path, fault.value, fault.line) == ("G2", CONSIGNOR, 2)
    assert office.records() == []


def test_dispatch_that_the_schema_refuses_is_told_what_the_rules_say_as_well(office: Office) -> None:
    """All at once, each in its cell, by whoever works on the batch."""
    batch = office.done(sent("X-1", quantity="0", gross_mass="1"), "dispatch", CONSIGNOR)

    found = [(fault.rule, fault.value) for fault in office.rows(batch)[0].faults]
    assert found == [("XSD", "0"), ("R219", "1")]


def test_moment_that_counts_is_that_of_the_upload(office: Office, lt: Station) -> None:
    """Who hands in a file in time is in time, however long it waits for a worker."""
    batch = office.hand_in(entries("A"))
    lt.clock.at = NOW + timedelta(days=30)
    office.work()
    (kept,) = office.records()

    assert kept.record.entered_at == batch.received_at == NOW
    assert (kept.record.late, kept.record.status) == (False, Status.ENTERED)


def test_same_file_again_changes_nothing(office: Office) -> None:
    """Each of its documents stands there already."""
    office.done(entries("A", "B"))

    again = office.done(entries("A", "B"))

    assert office.outcomes(again) == [UNCHANGED, UNCHANGED]
    assert [one.record.version for one in office.records()] == [1, 1]


def test_part_of_a_file_and_a_corrected_file_change_what_differs(office: Office) -> None:
    """What is the same stays, what differs is a new version, what is new is entered."""
    office.done(entries("A", "B", "C"))

    rows = [*receipts("B"), *receipts("C", quantity="990"), *receipts("D")]
    batch = office.done(table("saad", TODAY, rows))

    assert office.outcomes(batch) == [UNCHANGED, CORRECTED, TAKEN]
    versions = {one.record.entry.document: one.record.version for one in office.records()}
    assert versions == {"A": 1, "B": 1, "C": 2, "D": 1}


def test_two_files_at_once_enter_each_document_once(office: Office) -> None:
    """They are worked on in turns, and what one has entered stands for the other."""
    first, second = office.hand_in(entries("A", "B", "C")), office.hand_in(entries("C", "B", "D"))
    office.work()

    told = sorted((*office.outcomes(first), *office.outcomes(second)))
    assert told == sorted([TAKEN] * 4 + [UNCHANGED] * 2)
    assert sorted(one.record.entry.document for one in office.records()) == ["A", "B", "C", "D"]


@pytest.mark.parametrize("withdrawn", [False, True])
def test_file_that_waits_does_not_replace_what_was_entered_after_it_came(
    office: Office, lt: Station, *, withdrawn: bool
) -> None:
    """A correction by hand, or a withdrawal, is not undone by a batch that was handed in before."""
    office.done(table("saad", NOW.date(), receipts("A", "B")))
    record = next(one for one in office.records() if one.record.entry.document == "A")
    waits = office.hand_in(table("saad", NOW.date(), receipts("A", "B", quantity="555")))
    lt.clock.move(minutes=1)
    if withdrawn:
        office.saad.withdraw(CONSIGNEE, record.id)
    else:
        office.saad.enter(CONSIGNEE, replace(record.record.entry, lines=record.record.entry.lines * 2))
    office.work()

    assert office.outcomes(waits) == [RowOutcome.REFUSED, RowOutcome.CORRECTED]
    assert [(one.rule, str(one.place)) for one in office.rows(waits)[0].faults] == [("BATCH-NEWER", "B2")]
    again = office.done(table("saad", NOW.date(), receipts("A", quantity="555")))
    assert office.outcomes(again) == [RowOutcome.TAKEN if withdrawn else RowOutcome.CORRECTED]


def test_clock_that_was_set_back_makes_no_new_file_an_old_one(office: Office, lt: Station) -> None:
    """What stands has a moment that is still to come, so it does not say that it was entered after the file came."""
    lt.clock.move(hours=2)
    office.done(table("saad", NOW.date(), receipts("A")))
    lt.clock.set_hands(hours=-1)

    corrected = office.done(table("saad", NOW.date(), receipts("A", quantity="555")))

    assert office.outcomes(corrected) == [RowOutcome.CORRECTED]


def test_all_or_nothing_enters_nothing_when_one_is_refused(office: Office) -> None:
    """What is good is named as such, and left."""
    rows = [*receipts(*numbered("A", 200)), *receipts("B", quantity="-1"), *receipts("C")]

    batch = office.done(table("saad", TODAY, rows), mode=Mode.WHOLE)

    assert batch.state is BatchState.ENDED
    assert batch.counts == {LEFT: 201, REFUSED: 1}
    assert said(office.rows(batch)[0]) == "batch.left"
    assert office.records() == []


def test_all_or_nothing_enters_everything_when_all_is_good(office: Office) -> None:
    """After everything was judged, and with the same outcomes as row by row."""
    batch = office.done(entries(*numbered("A", 200)), mode=Mode.WHOLE)

    assert batch.counts == {TAKEN: 200}
    assert len(office.records(limit=500)) == 200
    assert {row.version for row in office.rows(batch)} == {1}


def test_nothing_is_visible_while_others_are_judged(office: Office) -> None:
    """All or nothing: the worker may stop anywhere before the last document was judged, and nothing is entered."""
    batch = office.hand_in(entries(*numbered("A", 200)), mode=Mode.WHOLE)
    steps = office.steps()
    while office.desk.batch(CONSIGNEE, batch.id).documents < 200:
        assert office.records() == []
        next(steps)
    steps.close()
    office.work()

    assert len(office.records(limit=500)) == 200


def test_worker_that_is_left_at_any_step_is_followed_by_another(office: Office) -> None:
    """Each step of a batch by a worker of its own: no document is lost, and none has a second outcome."""
    batch = office.hand_in(entries(*numbered("A", 300)))
    while office.desk.batch(CONSIGNEE, batch.id).state is not BatchState.ENDED:
        steps = office.steps()
        for _ in range(3):
            next(steps, None)
        steps.close()

    assert office.desk.batch(CONSIGNEE, batch.id).counts == {TAKEN: 300}
    assert [row.number for row in office.rows(batch)] == list(range(1, 301))
    assert len(office.records(limit=500)) == 300


@pytest.mark.parametrize("mode", Mode)
def test_file_that_breaks_off_keeps_what_came_before(box: Box, office: Office, mode: Mode) -> None:
    """What was cut off ends the file as a whole; all or nothing nothing of it is submitted."""
    signed = [box.signed(CONSIGNOR, new_draft()) for _ in range(3)]
    written = BytesIO()
    write_signed_drafts(
        written, (OwnDraft(rows=(n,), document=f"X{n}", content=b"", signed=signed[n - 1]) for n in (1, 2, 3))
    )

    content, declared = written.getvalue()[:-20], {"format": "signed"}
    batch = office.done(content, "dispatch", CONSIGNOR, mode=mode, declared=declared)

    assert batch.state is BatchState.UNREADABLE
    assert [(fault.rule, fault.line) for fault in batch.faults] == [("BATCH-SIGNED", 3)]
    assert batch.counts == {TAKEN if mode is Mode.ROWS else LEFT: 2}


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"", "SHEET-EMPTY"), (b"one;two\n1;2\n", "COLUMN-"), (b"PK\x03\x04 no workbook", "")],
)
def test_file_that_is_no_table_is_told_as_a_whole(office: Office, content: bytes, rule: str) -> None:
    """Nothing of it becomes anything, and the batch ends with the reason."""
    batch = office.done(content)

    assert batch.state is BatchState.UNREADABLE
    assert batch.faults[0].rule.startswith(rule)
    assert office.rows(batch) == []


def test_mapping_that_is_none_is_told(office: Office) -> None:
    """With where it cannot be read."""
    batch = office.done(entries("A"), declared={"mapping": "= 1"})

    assert batch.state is BatchState.UNREADABLE
    assert [(fault.rule, "TOML" in say(fault.hint)) for fault in batch.faults] == [("BATCH-MAPPING", True)]


def test_dispatches_are_signed_submitted_and_told_their_arc(box: Box, office: Office, lt: Station) -> None:
    """Rows become deferred e-SADs, several rows of one document one e-SAD, each with its ARC in the answer."""
    keep_key(box)
    rows = [*dispatches("X1"), *dispatches("X2", "X2")]

    batch = office.done(table("dispatch", TODAY, rows), "dispatch", CONSIGNOR)

    assert office.outcomes(batch) == [TAKEN, TAKEN]
    assert [row.rows for row in office.rows(batch)] == [(2,), (3, 4)]
    told = {row.document: row.arc for row in office.rows(batch)}
    assert told == {f"{CONSIGNOR} / {row['lrn']}": row["arc"] for row in lt.rows("movement")}
    assert [row["signed"] for row in lt.rows("batch_row")] == [None, None]


def test_dispatch_that_has_an_arc_is_not_submitted_again(box: Box, office: Office, lt: Station) -> None:
    """The same row gets the same ARC; with other content it is told that it has one."""
    keep_key(box)
    (first,) = office.rows(office.done(sent("X1"), "dispatch", CONSIGNOR))

    again = office.done(sent("X1"), "dispatch", CONSIGNOR)
    other = office.done(sent("X1", invoice_number="PAV-2"), "dispatch", CONSIGNOR)

    assert [(row.outcome, row.arc) for row in office.rows(again)] == [(UNCHANGED, first.arc)]
    assert [fault.rule for fault in office.rows(other)[0].faults] == ["BATCH-ARC"]
    assert first.arc is not None
    assert first.arc in say(office.rows(other)[0].faults[0].hint)
    assert len(lt.rows("movement")) == 1


def test_dispatch_is_known_whether_its_consignor_is_a_column_or_a_constant(
    box: Box, office: Office, lt: Station
) -> None:
    """The same document in somebody else's table, where a mapping says who sends: it changes nothing."""
    keep_key(box)
    whole = table("dispatch", NOW.date(), dispatches("D-1"))
    heading, row = (line.split(";") for line in whole.decode().splitlines())
    place = heading.index("consignor")
    short = "\n".join(";".join(line[:place] + line[place + 1 :]) for line in (heading, row)).encode()
    declared = {"mapping": f'[constants]\nconsignor = "{CONSIGNOR}"\n'}

    first = office.done(short, "dispatch", CONSIGNOR, declared=declared)
    again = office.done(whole, "dispatch", CONSIGNOR)

    assert [office.outcomes(first), office.outcomes(again)] == [[RowOutcome.TAKEN], [RowOutcome.UNCHANGED]]
    assert [one.arc for one in office.rows(first)] == [one.arc for one in office.rows(again)]
    assert len(lt.rows("movement")) == 1


def test_dispatch_that_the_gateway_refuses_is_told_why_and_may_come_corrected(box: Box, office: Office) -> None:
    """A consignee that is not registered: the rule and the cell, and no ARC; corrected it is taken."""
    keep_key(box)

    refused = office.done(sent("X1", consignee="PL00000000999"), "dispatch", CONSIGNOR)
    corrected = office.done(sent("X1"), "dispatch", CONSIGNOR)
    (row,) = office.rows(refused)

    assert (row.outcome, row.arc) == (REFUSED, None)
    consignee = cell_place(2, 1 + list(example("dispatch", TODAY)).index("consignee"))
    assert {(fault.rule, fault.place, fault.value) for fault in row.faults} == {("R045", consignee, "PL00000000999")}
    assert office.outcomes(corrected) == [TAKEN]


def test_draft_that_was_submitted_before_a_crash_gets_the_same_arc(box: Box, office: Office, lt: Station) -> None:
    """It was signed and on disk before: whoever goes on submits the same bytes, and is told the first receipt."""
    keep_key(box)
    batch = office.hand_in(sent("X1"), "dispatch", CONSIGNOR)
    steps = office.steps()
    while not lt.rows("batch_row"):
        next(steps)
    steps.close()
    with office.batches.work() as work:
        (draft,) = work.drafts(batch.id, 9)
    receipt = lt.take(draft.signed)
    office.work()

    assert [(row.outcome, row.arc) for row in office.rows(batch)] == [(TAKEN, receipt.arc)]
    assert len(lt.rows("movement")) == 1


def test_all_or_nothing_submits_nothing_when_one_is_refused(box: Box, office: Office, lt: Station) -> None:
    """What shows without a register is found before anything has an ARC."""
    keep_key(box)
    rows = [*dispatches("X1"), *dispatches("X2", quantity="0")]

    batch = office.done(table("dispatch", TODAY, rows), "dispatch", CONSIGNOR, mode=Mode.WHOLE)

    assert office.outcomes(batch) == [LEFT, REFUSED]
    assert lt.rows("movement") == []


def test_drafts_that_the_trader_has_signed_need_no_key(box: Box, office: Office, lt: Station) -> None:
    """They are submitted as they are; one that somebody else has signed is refused."""
    drafts = [
        OwnDraft(rows=(2, 3), document="X1", content=b"1", signed=box.signed(CONSIGNOR, new_draft())),
        OwnDraft(rows=(4,), document="X2", content=b"2", signed=box.signed(CONSIGNEE, new_draft())),
    ]
    written = BytesIO()
    write_signed_drafts(written, drafts)

    batch = office.done(written.getvalue(), "dispatch", CONSIGNOR, declared={"format": "signed"})
    taken, refused = office.rows(batch)

    assert (taken.outcome, taken.rows, refused.outcome) == (TAKEN, (2, 3), REFUSED)
    assert taken.arc == lt.rows("movement")[0]["arc"]
    assert [(fault.rule, fault.line) for fault in refused.faults] == [("BATCH-DRAFT", 4)]
    assert "not registered for" in say(refused.faults[0].hint)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"{}",
        b'{"rows":[0],"document":"X","content":"","signed":""}',
        b'{"rows":[],"document":"X"',
        b"\xff",
    ],
)
def test_signed_drafts_in_another_form_are_told_by_their_line(office: Office, line: bytes) -> None:
    """A file that was cut off, or is another one."""
    batch = office.done(b"\n" + line + b"\n", "dispatch", CONSIGNOR, declared={"format": "signed"})

    assert batch.state is BatchState.UNREADABLE
    assert [(fault.rule, fault.line) for fault in batch.faults] == [("BATCH-SIGNED", 2)]


def test_batch_without_a_key_waits_until_one_is_kept(box: Box, office: Office) -> None:
    """It is stopped with what to do, and goes on when somebody says so."""
    batch = office.done(sent("X1"), "dispatch", CONSIGNOR)
    hints = {language: say(batch.faults[0].hint, language) for language in languages()}
    keep_key(box)
    resumed = office.desk.resume(CONSIGNOR, batch.id)
    office.work()

    assert (batch.state, batch.faults[0].rule) == (BatchState.STOPPED, "BATCH-KEY")
    assert all(CONSIGNOR in hint for hint in hints.values())
    assert (resumed.state, resumed.faults, resumed.reason) == (BatchState.WAITING, (), None)
    assert office.outcomes(batch) == [TAKEN]


def test_withdrawn_batch_takes_back_what_it_entered(office: Office) -> None:
    """By new versions: what it entered is withdrawn, what it corrected is as it was before, what is newer stays."""
    office.done(entries("A"))
    rows = [*receipts("A", quantity="5"), *receipts("B", "C"), *receipts("D", quantity="-1")]
    batch = office.done(table("saad", TODAY, rows))
    office.done(entries("C", quantity="7"))

    office.desk.withdraw(CONSIGNEE, batch.id)
    office.work()
    ended = office.desk.batch(CONSIGNEE, batch.id)
    kept = {one.record.entry.document: one.record for one in office.records()}

    assert ended.state is BatchState.WITHDRAWN
    assert ended.counts == {WITHDRAWN: 2, TAKEN: 1, REFUSED: 1}
    assert [said(row) for row in office.rows(batch)] == ["batch.earlier_stands", "", "batch.newer_stands", ""]
    assert (str(kept["A"].entry.lines[0].quantity), kept["A"].version) == ("1000", 3)
    assert (kept["B"].status, kept["B"].version) == (Status.WITHDRAWN, 2)
    assert (kept["C"].status, kept["C"].version) == (Status.CORRECTED, 2)


def test_withdrawal_twice_changes_nothing_more(office: Office) -> None:
    """Whoever got no answer asks again."""
    batch = office.done(entries("A"))
    office.desk.withdraw(CONSIGNEE, batch.id)
    office.work()
    before = office.desk.batch(CONSIGNEE, batch.id)

    assert office.desk.withdraw(CONSIGNEE, batch.id) == before
    office.work()
    assert office.desk.batch(CONSIGNEE, batch.id) == before


def test_what_was_withdrawn_may_be_uploaded_again(office: Office) -> None:
    """It is entered anew, as the next version."""
    batch = office.done(entries("A"))
    office.desk.withdraw(CONSIGNEE, batch.id)
    office.work()

    again = office.done(entries("A"))

    assert office.outcomes(again) == [TAKEN]
    assert [one.record.version for one in office.records()] == [3]


def test_withdrawal_stops_what_is_under_way(office: Office) -> None:
    """What was entered by then is withdrawn, and nothing more is entered."""
    batch = office.hand_in(entries(*numbered("A", 300)))
    steps = office.steps()
    while office.desk.batch(CONSIGNEE, batch.id).documents < 64:
        next(steps)
    office.desk.withdraw(CONSIGNEE, batch.id)
    for _ in steps:
        pass
    ended = office.desk.batch(CONSIGNEE, batch.id)

    assert ended.state is BatchState.WITHDRAWN
    assert ended.documents < 300
    assert ended.counts == {WITHDRAWN: ended.documents}
    assert {one.record.status for one in office.records(limit=500)} == {Status.WITHDRAWN}


def test_withdrawn_dispatches_keep_their_arc(box: Box, office: Office) -> None:
    """Nobody can take back an e-SAD, and it is said so."""
    keep_key(box)
    batch = office.done(sent("X1"), "dispatch", CONSIGNOR)
    office.desk.withdraw(CONSIGNOR, batch.id)
    office.work()

    assert [(row.outcome, said(row)) for row in office.rows(batch)] == [(TAKEN, "batch.arc_stays")]
    assert office.desk.batch(CONSIGNOR, batch.id).state is BatchState.WITHDRAWN


def _lost(office: Office, batch: Batch) -> None:
    office.desk.file(batch.trader, batch.id).unlink()


def _changed(office: Office, batch: Batch) -> None:
    office.desk.file(batch.trader, batch.id).write_bytes(entries("B"))


@pytest.mark.parametrize(("harm", "reason"), [(_lost, "store.batch_unread"), (_changed, "store.batch_other")])
def test_file_that_is_not_the_one_stops_the_batch(
    office: Office, harm: Callable[[Office, Batch], None], reason: str
) -> None:
    """Nothing is entered of it; other batches go on, and so does this one when its file is back."""
    batch = office.hand_in(entries("A"))
    content = office.desk.file(CONSIGNEE, batch.id).read_bytes()
    harm(office, batch)
    other = office.done(entries("C"))
    stopped = office.desk.batch(CONSIGNEE, batch.id)
    (office.runtime.data.batches / batch.id / "file").write_bytes(content)
    office.desk.resume(CONSIGNEE, batch.id)
    office.work()

    assert stopped.state is BatchState.STOPPED
    assert stopped.reason is not None
    assert stopped.reason.key == reason
    assert office.outcomes(other) == office.outcomes(batch) == [TAKEN]


def test_batch_that_ends_every_worker_is_stopped(office: Office, lt: Station) -> None:
    """What cannot be survived is not tried for ever; it goes on when somebody says so."""
    batch = office.hand_in(entries("A"))
    lt.run_sql("UPDATE batch SET tries = 10")
    office.work()
    stopped = office.desk.batch(CONSIGNEE, batch.id)
    office.desk.resume(CONSIGNEE, batch.id)
    office.work()

    assert (stopped.state, stopped.reason) == (BatchState.STOPPED, Said("batch.tries", (("number", 10),)))
    assert office.outcomes(batch) == [TAKEN]


def test_batch_is_no_further_before_a_document_has_its_outcome(office: Office, lt: Station) -> None:
    """What ends every worker at its first document is stopped, though each worker notes that it has begun."""
    batch = office.hand_in(entries("A"))
    lt.run_sql("UPDATE batch SET tries = 9")
    progress = Progress(office.batches, Pace(), office.desk.batch(CONSIGNEE, batch.id))
    progress.change(state=BatchState.WORKING, told={"format": "csv"})
    noted = office.desk.batch(CONSIGNEE, batch.id).tries
    office.work()

    assert noted == 9
    assert office.outcomes(batch) == [TAKEN]
    assert office.desk.batch(CONSIGNEE, batch.id).tries == 0


def test_batch_whose_folder_cannot_be_used_stops_no_other(office: Office) -> None:
    """It is stopped with the reason; what came behind it is entered, and so is it when its folder is back."""
    batch = office.hand_in(entries("A"))
    folder = office.runtime.data.batches / batch.id
    away = folder.rename(folder.with_suffix(".away"))
    folder.write_bytes(b"")
    other = office.done(entries("B"))
    stopped = office.desk.batch(CONSIGNEE, batch.id)
    folder.unlink()
    away.rename(folder)
    office.desk.resume(CONSIGNEE, batch.id)
    office.work()

    assert stopped.state is BatchState.STOPPED
    assert stopped.reason == Said("batch.no_folder", (("why", Said("file.EEXIST")),))
    assert office.outcomes(other) == office.outcomes(batch) == [TAKEN]


def test_full_disk_leaves_a_batch_as_it_was(office: Office, lt: Station) -> None:
    """Workers end, however many, nothing of the group is written, and one goes on when there is room."""
    batch = office.hand_in(entries(*numbered("A", 300)))
    with lt.runtime.store.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={int(pages or 0) + 4}")
    for _ in range(12):
        with pytest.raises(StoreUnavailable, match="full"):
            office.work()
    done = office.desk.batch(CONSIGNEE, batch.id).documents
    with lt.runtime.store.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    office.work()

    assert done < 300
    assert office.desk.batch(CONSIGNEE, batch.id).counts == {TAKEN: 300}
    assert len(office.records(limit=500)) == 300
