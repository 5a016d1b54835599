"""Files of corrections: rows to mend come back as they came, with what is wrong, and are read again when mended."""

from collections.abc import Mapping

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.corrections import rows_to_mend, table_of_rows
from esad_gateway.batch.tables.mapping import Mapped, matched
from esad_gateway.batch.tables.reading import Document, documents
from esad_gateway.sheets.table import Cell, Kind, Sheet
from helpers.tables import columns, example, making, number, read, sheet_of, told

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
