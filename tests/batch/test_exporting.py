"""The exported SAAD list is a table that can be uploaded: it changes nothing, and what is mended in it is corrected."""

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esad_gateway.ais.saad.record import SaadEntry, SaadLine, Source, Status, tidy
from esad_gateway.batch.tables.checking import kind_of
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.exporting import EXPORTED, export
from esad_gateway.batch.tables.mapping import matched
from esad_gateway.batch.tables.proposing import proposed
from esad_gateway.batch.tables.reading import Document, documents
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.ports.batches import KeptRecord, RowOutcome
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared, FileFormat
from esad_gateway.texts import languages
from helpers.batches import Office, receipts, table
from helpers.gateway import CONSIGNEE, NOW
from helpers.saad import version
from helpers.tables import making

SAAD = BatchKind.SAAD
(CAPACITY,) = (column for column in LAYOUTS[SAAD].columns if column.name == "capacity")
every_format = pytest.mark.parametrize("file_format", FileFormat, ids=lambda one: one.value)

texts = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=30).filter(
    lambda text: text.replace("\u00a0", " ").isprintable() and not text.isspace()
)
amounts = st.decimals(min_value=0, max_value=10**12 - 1, places=3)
degrees = st.decimals(min_value=0, max_value=100, places=2)
counts = st.integers(1, 10**15 - 1)
days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
lines = st.builds(
    SaadLine,
    product=st.sampled_from(["W200", "B000", "S200"]),
    cn_code=st.from_regex("[0-9]{8}", fullmatch=True),
    quantity=amounts,
    strength=st.none() | degrees,
    plato=st.none() | degrees,
    packages=st.none() | counts,
    package_kind=st.none() | st.sampled_from(["BX", "1A", "43"]),
    shortage=st.none() | amounts,
    excess=st.none() | amounts,
)
entries = st.builds(
    SaadEntry,
    source=st.sampled_from(Source),
    document=texts | st.from_regex("[=+@-]?[0-9]{1,20}", fullmatch=True),
    state=st.sampled_from(["EL", "FR", "XI"]),
    consignor=texts,
    dispatched=days,
    received=days,
    consignee=st.just(CONSIGNEE),
    capacity=st.sampled_from([OperatorType(code) for code in CAPACITY.reader.choices]),
    lines=st.lists(lines, min_size=1, max_size=3).map(tuple),
    in_warehouse=st.booleans(),
)


def kept(number: int, entry: SaadEntry, status: Status) -> KeptRecord:
    """A record of an entry, as the store has it."""
    return KeptRecord(
        number=number, id=f"{number:064x}", trader=CONSIGNEE, record=version(entry, status=status), batch=None
    )


def exported(found: Sequence[KeptRecord], file_format: FileFormat, language: str) -> bytes:
    """The list as it is exported."""
    to = io.BytesIO()
    export(to, file_format, found, language, UTC)
    return to.getvalue()


def read(path: Path) -> Iterator[Document]:
    """The documents of an exported list, whose headings have to be known."""
    with open_sheet(path, Declared()) as sheet:
        assert kind_of(sheet) is SAAD
        mapped = matched(sheet.heading, SAAD)
        assert mapped.faults == ()
        yield from documents(sheet, mapped, making(SAAD))


@every_format
@given(
    st.lists(st.tuples(entries, st.sampled_from(Status)), max_size=8, min_size=1, unique_by=lambda one: one[0].key),
    st.sampled_from(sorted(languages())),
)
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_exported_list_says_what_was_entered(
    tmp_path: Path, file_format: FileFormat, found: list[tuple[SaadEntry, Status]], language: str
) -> None:
    """In every format and language, whatever was entered; rows of what was withdrawn say so."""
    found = [(tidy(entry), status) for entry, status in found]
    path = tmp_path / f"list.{file_format.value}"
    path.write_bytes(exported([kept(n, *one) for n, one in enumerate(found, 1)], file_format, language))

    told = list(read(path))

    assert [fault for one in told for fault in one.faults] == []
    assert [(one.entry, one.withdrawn) for one in told] == [
        (entry, status is Status.WITHDRAWN) for entry, status in found
    ]


@every_format
def test_exported_list_that_is_uploaded_changes_nothing(office: Office, file_format: FileFormat) -> None:
    """In every language: not what was entered, not what was corrected, and what was withdrawn stays so."""
    rows = [*receipts("A", "=1+1", "007"), *receipts("B"), *receipts("B", product="W200", cn_code="22042138", plato="")]
    office.done(table("saad", NOW.date(), rows))
    office.done(table("saad", NOW.date(), receipts("A", quantity="1234.567")))
    office.saad.withdraw(CONSIGNEE, next(one.id for one in office.records() if one.record.entry.document == "007"))
    before = office.records()

    for language in languages():
        again = office.done(exported(before, file_format, language), declared={"format": file_format.value})
        assert office.outcomes(again) == [RowOutcome.UNCHANGED] * 4
        assert [row.said.key for row in office.rows(again) if row.said] == ["batch.row_withdrawn"]

    assert office.records() == before


@pytest.mark.parametrize(("language", "word"), [("en", "withdrawn"), ("lt", "atšauktas")])
def test_cell_that_is_mended_in_an_exported_list_is_a_correction(office: Office, language: str, word: str) -> None:
    """The others stay; a row of a withdrawn record is entered again when its status is emptied."""
    office.done(table("saad", NOW.date(), receipts("A", "B", "C")))
    number = {one.record.entry.document: one.id for one in office.records()}
    office.saad.withdraw(CONSIGNEE, number["C"])
    text = exported(office.records(), FileFormat.CSV, language).decode("utf-8-sig")
    first, a, b, c = text.splitlines()
    mended = "\r\n".join([first, a, b.replace(";1000;", ";900;"), c.replace(f";{word};", ";;"), ""])

    batch = office.done(mended.encode())

    assert office.outcomes(batch) == [RowOutcome.UNCHANGED, RowOutcome.CORRECTED, RowOutcome.TAKEN]
    quantities = {one.record.entry.document: one.record.entry.lines[0].quantity for one in office.records()}
    assert quantities == {"A": 1000, "B": Decimal(900), "C": 1000}


@every_format
def test_exported_list_does_not_undo_what_others_did_since(office: Office, file_format: FileFormat) -> None:
    """Rows as they were exported change nothing: a correction stays, and so does a withdrawal; both are told."""
    office.done(table("saad", NOW.date(), receipts("A", "B", "C")))
    before = office.records()
    office.done(table("saad", NOW.date(), receipts("A", quantity="555")))
    office.saad.withdraw(CONSIGNEE, next(one.id for one in before if one.record.entry.document == "B"))
    stands = office.records()

    for language in languages():
        again = office.done(exported(before, file_format, language), declared={"format": file_format.value})
        assert office.outcomes(again) == [RowOutcome.UNCHANGED] * 3
        said = [(row.said and row.said.key, row.version) for row in office.rows(again)]
        assert said == [("batch.row_older", 2), ("batch.row_older", 2), (None, 1)]

    assert office.records() == stands


def test_row_that_was_mended_in_an_older_list_is_refused_until_its_version_is_emptied(office: Office) -> None:
    """Two people mend the same record: the second one is told, and decides."""
    office.done(table("saad", NOW.date(), receipts("A")))
    first, row = exported(office.records(), FileFormat.CSV, "en").decode("utf-8-sig").splitlines()
    office.done(table("saad", NOW.date(), receipts("A", quantity="555")))
    mended = row.replace(";1000;", ";900;")

    refused = office.done(f"{first}\r\n{mended}\r\n".encode())
    cells = mended.split(";")
    cells[first.split(";").index("Version")] = ""
    taken = office.done(f"{first}\r\n{';'.join(cells)}\r\n".encode())

    cell = f"{chr(ord('A') + first.split(';').index('Version'))}2"
    assert [(one.rule, str(one.place)) for one in office.rows(refused)[0].faults] == [("SAAD-36", cell)]
    assert office.outcomes(taken) == [RowOutcome.CORRECTED]
    assert [one.record.version for one in office.records()] == [3]


def test_mended_list_that_is_uploaded_twice_changes_nothing_more(office: Office) -> None:
    """It says of itself that it was made of the version before its own, and stands already."""
    office.done(table("saad", NOW.date(), receipts("A")))
    mended = exported(office.records(), FileFormat.CSV, "en").replace(b";1000;", b";900;")

    assert [office.outcomes(office.done(mended)) for _ in range(2)] == [[RowOutcome.CORRECTED], [RowOutcome.UNCHANGED]]


def mended(rows: bytes, documents: Iterable[str], quantity: str) -> bytes:
    """An exported list of JSON lines in which some documents have another quantity."""
    told = [json.loads(row) for row in rows.decode().splitlines()]
    for one in told:
        if one["document"] in set(documents):
            one["quantity"] = quantity
    return "".join(f"{json.dumps(one)}\n" for one in told).encode()


@pytest.mark.parametrize("seed", range(3))
def test_second_of_two_who_mend_the_list_does_not_set_back_the_first(office: Office, seed: int) -> None:
    """Both export it, mend some of it, and upload it; who changes what the first has changed is refused."""
    random, names = Random(seed), "ABCDEFGH"  # noqa: S311 - no secret
    office.done(table("saad", NOW.date(), receipts(*names, quantity="1")))
    list_, json_lines = exported(office.records(), FileFormat.JSONL, "en"), {"format": "jsonl"}
    first, second = set(random.sample(names, 3)), set(random.sample(names, 3))

    office.done(mended(list_, first, "900"), declared=json_lines)
    rows = office.rows(office.done(mended(list_, second, "800"), declared=json_lines))

    expected = {
        **dict.fromkeys(names, RowOutcome.UNCHANGED),
        **dict.fromkeys(second, RowOutcome.CORRECTED),
        **dict.fromkeys(first, RowOutcome.UNCHANGED),
        **dict.fromkeys(first & second, RowOutcome.REFUSED),
    }
    assert {row.document.split(" / ")[-1]: row.outcome for row in rows} == expected
    assert {fault.rule for row in rows for fault in row.faults} == ({"SAAD-36"} if first & second else set())
    stands = {one.record.entry.document: one.record.entry.lines[0].quantity for one in office.records()}
    assert stands == {**dict.fromkeys(names, 1), **dict.fromkeys(second, 800), **dict.fromkeys(first, 900)}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("file_format", [FileFormat.CSV, FileFormat.XLSX], ids=lambda one: one.value)
def test_row_of_an_older_version_is_told_in_its_cell(
    office: Office, tmp_path: Path, file_format: FileFormat, language: str
) -> None:
    """That of the version, beside all else that is wrong with it; the list exported anew changes nothing."""
    office.done(table("saad", NOW.date(), receipts("A")))
    declared = {"format": file_format.value}
    (one,) = office.records()
    changed = replace(one, record=replace(one.record, entry=replace(one.record.entry, consignee="LT00000000999")))
    list_ = exported([changed], file_format, language)
    office.done(table("saad", NOW.date(), receipts("A", quantity="900")))

    (refused,) = office.rows(office.done(list_, declared=declared))
    again = office.done(exported(office.records(), file_format, language), declared=declared)

    path = tmp_path / f"list.{file_format.value}"
    path.write_bytes(list_)
    with open_sheet(path, Declared()) as sheet:
        column = matched(sheet.heading, SAAD).position("version")
    assert column is not None
    told = {fault.rule: (fault.value, fault.line, fault.column) for fault in refused.faults}
    assert told.keys() == {"SAAD-29", "SAAD-36"}
    assert told["SAAD-36"] == ("1", 2, column + 1)
    assert office.outcomes(again) == [RowOutcome.UNCHANGED]


def test_version_that_is_none_is_told_in_its_cell(office: Office) -> None:
    """Nothing is guessed; an empty cell says no version."""
    office.done(table("saad", NOW.date(), receipts("A", "B")))
    first, a, b = exported(office.records(), FileFormat.CSV, "en").decode("utf-8-sig").splitlines()
    a, b = (row.replace(";1;entered;", f";{cell};entered;") for row, cell in ((a, "last"), (b, "")))

    rows = office.rows(office.done("\r\n".join([first, a, b.replace(";1000;", ";5;"), ""]).encode()))

    assert [[fault.rule for fault in row.faults] for row in rows] == [["CELL-NUMBER"], []]
    assert [row.outcome for row in rows] == [RowOutcome.REFUSED, RowOutcome.CORRECTED]


@pytest.mark.parametrize("language", languages())
def test_proposal_for_an_exported_list_has_nothing_to_ask(tmp_path: Path, language: str) -> None:
    """``esad batch map`` says nothing of the columns that the gateway has added."""
    path = tmp_path / "list.csv"
    path.write_bytes(exported([], FileFormat.CSV, language))

    with open_sheet(path, Declared()) as sheet:
        found = proposed(sheet, SAAD)

    assert all(guess.column and guess.column.called(language) == guess.heading for guess in found)


def test_columns_beside_are_those_that_are_written() -> None:
    """In their order."""
    assert [column.name for column in LAYOUTS[SAAD].beside] == list(EXPORTED)
