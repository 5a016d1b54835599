"""Rows become documents: which belong together, and every fault in its cell."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.saad.record import SaadEntry, Source
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.mapping import matched
from esad_gateway.batch.tables.reading import MOST_LINES, documents
from esad_gateway.batch.tables.seen import Seen
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.sheets.table import Cell, FileFormat, SheetRow, cell_name
from esad_gateway.texts import say
from helpers.tables import cell, columns, example, making, number, read, sheet, sheet_of, told

SAAD = BatchKind.SAAD
PLACES = columns(SAAD)
OF_DOCUMENT = [column.name for column in LAYOUTS[SAAD].columns if not column.of_line]


def at(name: str, row: int) -> str:
    """The name of a cell."""
    return cell_name(row, PLACES[name])


def test_row_is_an_entry() -> None:
    """A row says all that an entry of the SAAD list has."""
    (document,) = read(sheet(SAAD, {"shortage": "1,5", "document": "EL 77"}), SAAD)

    assert isinstance(document.entry, SaadEntry)
    assert (document.rows, document.faults) == ((2,), ())
    assert document.entry.document == "EL 77"
    assert document.entry.capacity is OperatorType.CERTIFIED_CONSIGNEE
    (line,) = document.entry.lines
    assert (line.cn_code, line.quantity, line.shortage, line.excess) == (
        "22030001",
        Decimal(1000),
        Decimal("1.5"),
        None,
    )


def test_point_of_a_program_is_a_decimal_one() -> None:
    """In JSON lines and XML; people write it between thousands as well, and are asked."""
    rows = sheet(SAAD, {"quantity": "1.234", "document": "1.234"})

    (people,) = read(rows, SAAD)
    (program,) = read(replace(rows, format=FileFormat.JSONL), SAAD)

    assert told(people) == [(at("quantity", 2), "CELL-AMBIGUOUS", "1.234")]
    assert (program.faults, program.entry.document) == ((), "1.234")
    assert program.entry.lines[0].quantity == Decimal("1.234")


def test_wine_document_needs_no_kind() -> None:
    """A table of wine documents has no column for it."""
    (document,) = read(sheet(BatchKind.MVV, {}), BatchKind.MVV)

    assert document.entry.source is Source.WINE


def test_rows_of_one_document_are_one_entry() -> None:
    """Rows that stand together and name the same document are its lines, also where the document is left out below."""
    blank = dict.fromkeys(OF_DOCUMENT, "")
    rows: list[dict[str, str | Cell]] = [{}, {"product": "S200"}, {**blank, "product": "I000"}, {"document": "another"}]

    first, second = read(sheet(SAAD, *rows), SAAD)

    assert (first.rows, second.rows) == ((2, 3, 4), (5,))
    assert [line.product for line in first.entry.lines] == ["B000", "S200", "I000"]


def test_document_is_the_same_however_it_is_written() -> None:
    """Case and blanks do not make another document of a number."""
    one, *others = read(sheet(SAAD, {"document": "El 77"}, {"document": "EL  77"}), SAAD)

    assert (one.rows, others) == ((2, 3), [])


def test_every_fault_of_every_row_is_told() -> None:
    """Each in its cell, in the order of rows and columns, with what stands there."""
    faulty: dict[str, str | Cell] = {"state": "", "received": "soon", "cn_code": number("2204213"), "quantity": "1.234"}

    one, other = read(sheet(SAAD, faulty, {"document": "next", "product": "wine"}), SAAD)

    assert told(one) == [
        (at("state", 2), "VALUE-MISSING", None),
        (at("received", 2), "CELL-DAY", "soon"),
        (at("cn_code", 2), "VALUE-ZEROS", "2204213"),
        (at("quantity", 2), "CELL-AMBIGUOUS", "1.234"),
    ]
    assert told(other) == [(at("product", 3), "VALUE-FORM", "wine")]
    assert (one.entry, one.content, other.faults[0].line, other.faults[0].column) == (None, b"", 3, PLACES["product"])


def test_document_that_says_two_things_is_refused() -> None:
    """A cell of the document that differs in a further row is told with the cell that it differs from."""
    (document,) = read(sheet(SAAD, {}, {"received": "2026-03-02"}), SAAD)

    assert told(document) == [(at("received", 3), "ROW-DIFFERS", "2026-03-02")]
    assert dict(document.faults[0].hint.values)["cell"] == at("received", 2)


def test_document_that_comes_again_is_refused() -> None:
    """Its rows have to stand together: the second time it is told where it stood before."""
    found = read(sheet(SAAD, {}, {"document": "other"}, {}), SAAD)

    assert [told(document) for document in found] == [[], [], [(at("document", 4), "ROW-AGAIN", "SAAD-20260304-1")]]
    assert "row 2" in say(found[2].faults[0].hint)


def test_document_is_called_as_it_was_written() -> None:
    """However it is written it is the same document; people find it as it stands in their file."""
    spelt = {"document": " SAAD Nr 7 ", "consignor": "Birra Ελλάς"}

    first, other = read(sheet(SAAD, spelt, {}, {**spelt, "document": "saad nr 7"}), SAAD)[::2]

    assert first.key == other.key
    assert first.called == "EL / Birra Ελλάς / SAAD Nr 7"
    assert other.called == "EL / Birra Ελλάς / saad nr 7"


def test_document_without_a_number_stands_alone() -> None:
    """Rows whose document is not named are no lines of each other."""
    nameless = {"document": "", "state": "", "consignor": ""}

    found = read(sheet(SAAD, nameless, nameless), SAAD)

    assert [document.rows for document in found] == [(2,), (3,)]
    assert [fault.rule for fault in found[1].faults] == ["VALUE-MISSING"] * 3


def test_document_of_too_many_lines_is_cut() -> None:
    """No more rows are kept than an e-SAD has lines, whatever a file says; all of them are refused."""
    found = read(sheet(SAAD, *[{}] * (2 * MOST_LINES)), SAAD)

    assert [len(document.rows) for document in found] == [MOST_LINES + 1, MOST_LINES - 1]
    assert [[fault.rule for fault in document.faults] for document in found] == [["ROW-LINES"], ["ROW-AGAIN"]]


def test_cell_without_a_heading_is_told() -> None:
    """What stands beside the table, or under an empty heading, would be lost."""
    first = example(SAAD)
    row = tuple(first.values())
    beside = sheet_of((*first, ""), [(*row, "", "x"), (*row, "y")])

    (document,) = read(beside, SAAD)

    width = len(first)
    assert told(document) == [
        (cell_name(2, width + 2), "ROW-BEYOND", "x"),
        (cell_name(3, width + 1), "ROW-BEYOND", "y"),
    ]


def test_missing_column_leaves_no_entry() -> None:
    """Where the heading is wrong no row becomes anything, and faults of cells are told all the same."""
    first = example(SAAD)
    heading = [name for name in first if name != "state"]
    table = sheet_of(heading, [[first[name] for name in heading], ["wine", *[first[name] for name in heading[1:]]]])
    mapped = matched(table.heading, SAAD)

    (document,) = documents(table, mapped, making(SAAD))

    assert [fault.rule for fault in mapped.faults] == ["COLUMN-MISSING"]
    assert (document.entry, [fault.rule for fault in document.faults]) == (None, ["ROW-DIFFERS"])


def test_content_is_what_is_said_not_how() -> None:
    """The same values have the same digest in other cells, order and language; another value has another one."""
    first = example(SAAD)
    written: dict[str, str | Cell] = {
        "quantity": number("1000"), "capacity": "Patvirtintas gavėjas", "received": "2026.03.03", "notes": "seen",
        "strength": "5,20 %",
    }  # fmt: skip
    turned = dict(reversed([*{**first, **written}.items()]))

    (plain,) = read(sheet(SAAD, {}), SAAD)
    (other,) = read(sheet_of(tuple(turned), [tuple(turned.values())]), SAAD)
    (changed,) = read(sheet(SAAD, {"quantity": "1001"}), SAAD)

    assert plain.content == other.content
    assert len(plain.content) == 32
    assert plain.content != changed.content


def test_lines_in_another_order_are_another_content() -> None:
    """Lines are numbered by their order."""
    one, other = {"product": "S200"}, {"product": "B000"}

    (first,), (second,) = (read(sheet(SAAD, *rows), SAAD) for rows in ((one, other), (other, one)))

    assert first.content != second.content


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=12))
def test_rows_are_kept_and_grouped(rows: list[tuple[int, int]]) -> None:
    """Every row belongs to exactly one document, in the order of the file; documents that come again are told."""
    found = read(sheet(SAAD, *({"document": f"D{document}", "packages": str(line)} for document, line in rows)), SAAD)

    assert [row for document in found for row in document.rows] == list(range(2, len(rows) + 2))
    keys = [document.key for document in found]
    assert all(key != after for key, after in pairwise(keys))
    again = [any(fault.rule == "ROW-AGAIN" for fault in document.faults) for document in found]
    assert again == [key in keys[:place] for place, key in enumerate(keys)]


def test_rows_are_read_as_they_come() -> None:
    """The first document is there before the file has ended, and one of its rows more has been read."""
    count = []
    whole = sheet(SAAD, *({"document": str(place)} for place in range(50)))

    def rows() -> Iterator[SheetRow]:
        for row in whole.read():
            count.append(row.number)
            yield row

    told = documents(replace(whole, read=rows), matched(whole.heading, SAAD), making(SAAD))

    assert (next(told).rows, count) == ((2,), [2, 3])


def test_seen_documents_are_told_with_their_rows() -> None:
    """Each the first time it came."""
    with Seen() as seen:
        assert [seen.before(key, row) for key, row in (("a", 2), ("b", 3), ("a", 4), ("a", 5))] == [None, None, 2, 2]


@pytest.mark.parametrize("text", ["", " ", "\u00a0"])
def test_blank_cell_is_an_empty_one(text: str) -> None:
    """A cell in which only blanks stand says nothing."""
    (document,) = read(sheet(SAAD, {"plato": Cell(cell("x").kind, text)}), SAAD)

    assert document.entry.lines[0].plato is None
