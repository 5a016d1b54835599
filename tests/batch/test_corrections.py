"""Files of corrections: rows to mend come back as they came, with what is wrong, and are read again when mended."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import load_workbook

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.corrections import rows_to_mend, table_of_rows
from esad_gateway.batch.tables.mapping import Mapped, matched
from esad_gateway.batch.tables.mending import FileCorrections
from esad_gateway.batch.tables.reading import Document, documents
from esad_gateway.ports.batches import Mode, RowOutcome
from esad_gateway.sheets.table import Cell, FileFormat, Kind, Sheet, cell_place
from helpers.batches import example as example_on
from helpers.batches import keep_key, office_of
from helpers.gateway import CONSIGNOR, NOW, copy_of_box
from helpers.tables import columns, example, making, number, read, sheet_of, table_in, told

SAAD = BatchKind.SAAD
LITHUANIAN = tuple(column.called("lt") for column in LAYOUTS[SAAD].columns)


def _table(*changed: Mapping[str, str | Cell]) -> Sheet:
    rows = [tuple({**example(SAAD), **row}.values()) for row in changed]
    return sheet_of(LITHUANIAN, rows)


def _checked(table: Sheet) -> tuple[Mapped, list[Document]]:
    mapped = matched(table.heading, SAAD)
    return mapped, list(documents(table, mapped, making(SAAD)))


def _heading(mapped: Mapped) -> tuple[str, ...]:
    return table_of_rows(_table({}), mapped, ()).heading


def test_only_rows_to_mend_come_back() -> None:
    """All rows of a document that has to be mended, each with its own faults, in the language of the headings."""
    mapped, found = _checked(
        _table({}, {"document": "2", "quantity": "1.234", "cn_code": number("2203001")}, {"document": "2"})
    )

    assert _heading(mapped) == (*LITHUANIAN, "Kas taisytina")
    first, second = rows_to_mend(found, mapped)
    assert first[:-1] == found[1].source[0].cells
    assert first[columns(SAAD)["cn_code"] - 1] == number("2203001")
    assert first[-1].text.startswith("KN kodas (VALUE-ZEROS): Iš skaitmenų sudarytame kode turi būti visi jie")
    assert "; Kiekis (CELL-AMBIGUOUS): " in first[-1].text
    assert second[-1].text == "Taisytina kita šio dokumento eilutė."


def test_mended_file_is_read_with_its_column() -> None:
    """Nobody has to take the column out before the file is sent again, and it is filled anew where that is needed."""
    mapped, found = _checked(_table({"quantity": "1.234", "state": ""}))
    rows = list(rows_to_mend(found, mapped))
    amount = columns(SAAD)["quantity"] - 1
    mended = [(*row[:amount], number("1234"), *row[amount + 1 :]) for row in rows]

    again = sheet_of(_heading(mapped), mended)
    second, (document,) = _checked(again)

    assert [rule for _, rule, _ in told(document)] == ["VALUE-MISSING"]
    assert _heading(second) == _heading(mapped)
    (row,) = rows_to_mend([document], second)
    assert len(row) == len(mended[0])
    assert "CELL-AMBIGUOUS" not in row[-1].text
    assert "VALUE-MISSING" in row[-1].text


def test_right_document_does_not_come_back() -> None:
    """There is nothing to mend in it."""
    table = _table({})
    mapped = matched(table.heading, SAAD)

    assert list(rows_to_mend(read(table, SAAD), mapped)) == []


def test_cell_beside_the_table_is_kept() -> None:
    """What stands under no heading comes back as well."""
    row = tuple(example(SAAD).values())
    mapped, found = _checked(sheet_of(LITHUANIAN, [(*row, "beside")]))

    (back,) = rows_to_mend(found, mapped)

    assert back[-1].text == "beside"
    assert "ROW-BEYOND" in back[-2].text


def test_row_that_stood_apart_is_not_taken_for_its_whole_document() -> None:
    """Alone it would replace the rows that were taken; it counts again behind them, or when its cell is emptied."""
    mapped, found = _checked(_table({}, {"document": "2"}, {"quantity": "7"}))
    (apart,) = rows_to_mend(found, mapped)
    before = (*found[0].source[0].cells, Cell(Kind.EMPTY, ""))
    emptied = (*apart[:-1], Cell(Kind.EMPTY, ""))

    second, (alone,) = _checked(sheet_of(_heading(mapped), [apart]))
    (told_again,) = rows_to_mend([alone], second)
    _, (still,) = _checked(sheet_of(_heading(mapped), [told_again]))
    _, (together,) = _checked(sheet_of(_heading(mapped), [before, apart]))
    _, (meant,) = _checked(sheet_of(_heading(mapped), [emptied]))

    assert [[rule for _, rule, _ in told(one)] for one in (alone, still)] == [["ROW-APART"]] * 2
    assert (together.faults, together.rows) == ((), (2, 3))
    assert (meant.faults, meant.rows) == ((), (2,))


def _cells(file: Path) -> list[list[str]]:
    """What a file of corrections shows, read by others than us."""
    if file.suffix == ".csv":
        return list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig")), delimiter=";"))
    return [[str(cell.value or "") for cell in row] for row in load_workbook(file).worksheets[0].iter_rows()]


def _mend(file: Path, heading: str, text: str) -> None:
    """Write something else below a heading of a file, in its second row."""
    if file.suffix == ".csv":
        first, second, *more = _cells(file)
        second[first.index(heading)] = text
        written = io.StringIO(newline="")
        csv.writer(written, delimiter=";").writerows([first, second, *more])
        file.write_text(written.getvalue(), encoding="utf-8", newline="")
        return
    book = load_workbook(file)
    rows = book.worksheets[0]
    rows.cell(2, _cells(file)[0].index(heading) + 1).value = text
    book.save(file)


@pytest.mark.parametrize("file_format", [FileFormat.CSV, FileFormat.XLSX], ids=lambda one: one.value)
def test_further_package_of_a_dispatch_is_mended_in_its_cell(tmp_path: Path, file_format: FileFormat) -> None:
    """Its row comes back with the numbered column named, is mended there, and is taken with all its packages."""
    box, kind, heading = copy_of_box(tmp_path), BatchKind.DISPATCH, "Pakuočių rūšis 2"
    keep_key(box)
    file = tmp_path / f"rows.{file_format.value}"
    good = {**dict.fromkeys(columns(kind), ""), **example_on("dispatch", NOW.date())}
    good |= {"packages_2": "3", "package_kind_2": "PX"}
    bad = {**good, "local_reference_number": "LT-2", "package_kind_2": "11"}
    table_in(file, file_format, "lt", kind, [good, bad])

    with box.open("LT") as station:
        office, declared = office_of(station), {"format": file_format.value, "language": "lt"}
        batch = office.done(file.read_bytes(), "dispatch", CONSIGNOR, declared=declared)
        with file.open("wb") as back:
            FileCorrections(office.desk).write(batch, back)
        told = dict(zip(*_cells(file), strict=True))
        _mend(file, heading, "BX")
        again = office.done(file.read_bytes(), "dispatch", CONSIGNOR, declared=declared)
        (line,) = station.last(CONSIGNOR, "IE801").body_ead_esad

    assert office.outcomes(batch) == [RowOutcome.TAKEN, RowOutcome.REFUSED]
    assert told[heading] == "11"
    assert told["Kas taisytina"].startswith(f"{heading} (BC17): ")
    assert office.outcomes(again) == [RowOutcome.TAKEN]
    assert [(one.number_of_packages, one.kind_of_packages) for one in line.package] == [(200, "BX"), (3, "BX")]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("file_format", [FileFormat.CSV, FileFormat.XLSX], ids=lambda one: one.value)
def test_dispatch_that_the_register_refuses_is_mended_in_its_cell(
    tmp_path: Path, file_format: FileFormat, mode: Mode
) -> None:
    """Found when it is submitted, or judged with all others: told by its heading and its cell, with its value."""
    box, kind, nobody = copy_of_box(tmp_path), BatchKind.DISPATCH, "PL00000000999"
    keep_key(box)
    file = tmp_path / f"rows.{file_format.value}"
    heading = next(one.called("lt") for one in LAYOUTS[kind].columns if one.name == "consignee")
    good = {**dict.fromkeys(columns(kind), ""), **example_on("dispatch", NOW.date())}
    bad = {**good, "local_reference_number": "LT-2", "consignee": nobody}
    table_in(file, file_format, "lt", kind, [good, bad])

    with box.open("LT") as station:
        office, declared = office_of(station), {"format": file_format.value, "language": "lt"}
        batch = office.done(file.read_bytes(), "dispatch", CONSIGNOR, declared=declared, mode=mode)
        (refused,) = office.rows(batch, RowOutcome.REFUSED)
        with file.open("wb") as back:
            FileCorrections(office.desk).write(batch, back)

    told = dict(zip(*_cells(file), strict=True))
    cell = cell_place(3, columns(kind)["consignee"])
    assert {(one.rule, one.place, one.value) for one in refused.faults} == {("R045", cell, nobody)}
    assert told[heading] == nobody
    assert told["Kas taisytina"].startswith(f"{heading} (R045): ")
