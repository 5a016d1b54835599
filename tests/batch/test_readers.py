"""What columns make of cells, and what they say of those that they have no use for."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.saad.record import Source
from esad_gateway.batch.tables import readers
from esad_gateway.batch.tables.codes import CODES
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.readers import Reader, Unfit
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Said
from esad_gateway.sheets.flaws import CODES as OF_CELLS
from esad_gateway.sheets.flaws import Flaw
from esad_gateway.sheets.table import Cell, Kind
from esad_gateway.texts import in_every_language, say


def _of(kind: BatchKind, name: str) -> Reader:
    column = LAYOUTS[kind].named(name)
    assert column is not None
    return column.reader


READERS = {
    **{column.name: column.reader for column in LAYOUTS[BatchKind.SAAD].columns},
    **{column.name: column.reader for column in LAYOUTS[BatchKind.DISPATCH].columns},
    "document": _of(BatchKind.SAAD, "document"),
}

TAKEN: tuple[tuple[str, Kind, str, Any], ...] = (
    ("cn_code", Kind.TEXT, "22042138", "22042138"),
    ("cn_code", Kind.TEXT, " 2204 21 38 ", "22042138"),
    ("cn_code", Kind.NUMBER, "22042138", "22042138"),
    ("product", Kind.TEXT, "W200", "W200"),
    ("document", Kind.TEXT, "0012", "0012"),
    ("document", Kind.TEXT, "2611E5", "2611E5"),
    ("consignor_postcode", Kind.TEXT, "01103", "01103"),
    ("consignor_postcode", Kind.TEXT, "LT-01103", "LT-01103"),
    ("consignor_postcode", Kind.NUMBER, "11103", "11103"),
    ("consignor_street_number", Kind.NUMBER, "5", "5"),
    ("consignor_name", Kind.TEXT, "UAB\u00a0„Vynas“", "UAB „Vynas“"),
    ("quantity", Kind.TEXT, "1234,5", Decimal("1234.5")),
    ("quantity", Kind.TEXT, "1 234,500", Decimal("1234.5")),
    ("quantity", Kind.NUMBER, "900", Decimal(900)),
    ("quantity", Kind.TEXT, "0", Decimal(0)),
    ("strength", Kind.TEXT, "12,5 %", Decimal("12.5")),
    ("strength", Kind.PERCENT, "12.5", Decimal("12.5")),
    ("packages", Kind.TEXT, "200", 200),
    ("packages", Kind.NUMBER, "200", 200),
    ("received", Kind.DATE, "2026-11-28", date(2026, 11, 28)),
    ("received", Kind.TEXT, "2026.11.28", date(2026, 11, 28)),
    ("received", Kind.TEXT, "2026 m. lapkričio 28 d.", date(2026, 11, 28)),
    ("dispatched_at", Kind.TEXT, "8:05", time(8, 5)),
    ("dispatched_at", Kind.TIME, "08:05:30", time(8, 5, 30)),
    ("capacity", Kind.TEXT, "certified_consignee", OperatorType.CERTIFIED_CONSIGNEE),
    ("capacity", Kind.TEXT, "Patvirtintas  gavėjas", OperatorType.CERTIFIED_CONSIGNEE),
    ("capacity", Kind.TEXT, "certified consignee", OperatorType.CERTIFIED_CONSIGNEE),
    ("transport_mode", Kind.NUMBER, "3", "3"),
    ("transport_mode", Kind.TEXT, "kelių", "3"),
    ("in_warehouse", Kind.TEXT, "Taip", True),
    ("in_warehouse", Kind.TEXT, "no", False),
    ("in_warehouse", Kind.BOOLEAN, "true", True),
    ("in_warehouse", Kind.BOOLEAN, "false", False),
)

REFUSED: tuple[tuple[str, Kind, str, str], ...] = (
    ("cn_code", Kind.NUMBER, "2204213", "VALUE-ZEROS"),
    ("cn_code", Kind.NUMBER, "220421380", "VALUE-FORM"),
    ("cn_code", Kind.TEXT, "2204213", "VALUE-FORM"),
    ("cn_code", Kind.NUMBER, "22042138.5", "VALUE-LOST"),
    ("cn_code", Kind.DATE, "2204-01-01", "VALUE-DATE"),
    ("cn_code", Kind.ERROR, "#REF!", "CELL-ERROR"),
    ("cn_code", Kind.NO_VALUE, "", "CELL-NO-VALUE"),
    ("product", Kind.TEXT, "w200", "VALUE-CASE"),
    ("state", Kind.TEXT, "el", "VALUE-CASE"),
    ("state", Kind.TEXT, "e1", "VALUE-FORM"),
    ("language", Kind.TEXT, "LT", "VALUE-CASE"),
    ("product", Kind.NUMBER, "200", "VALUE-FORM"),
    ("document", Kind.NUMBER, "12", "VALUE-NUMBER"),
    ("document", Kind.NUMBER, "261100000000000000", "VALUE-LOST"),
    ("document", Kind.TEXT, "A" * 351, "VALUE-LENGTH"),
    ("document", Kind.TEXT, "A\nB", "VALUE-CHARACTER"),
    ("document", Kind.TEXT, "A\u200bB", "VALUE-CHARACTER"),
    ("consignor_postcode", Kind.NUMBER, "1103", "VALUE-ZEROS"),
    ("consignor_street_number", Kind.DATE, "2026-02-01", "VALUE-DATE"),
    ("consignor_name", Kind.MONEY, "5", "VALUE-UNIT"),
    ("quantity", Kind.TEXT, "1.234", "CELL-AMBIGUOUS"),
    ("quantity", Kind.TEXT, "1,234", "CELL-AMBIGUOUS"),
    ("quantity", Kind.TEXT, "many", "CELL-NUMBER"),
    ("quantity", Kind.TEXT, "-5", "VALUE-NEGATIVE"),
    ("quantity", Kind.NUMBER, "0.1234", "VALUE-DIGITS"),
    ("quantity", Kind.NUMBER, "1234567890123", "VALUE-DIGITS"),
    ("quantity", Kind.DATE, "1902-06-25", "CELL-OTHER"),
    ("quantity", Kind.PERCENT, "12.5", "CELL-SIGN"),
    ("packages", Kind.TEXT, "1,5", "VALUE-DIGITS"),
    ("received", Kind.NUMBER, "46354", "CELL-SERIAL"),
    ("received", Kind.TEXT, "2026-28-11", "CELL-NO-DAY"),
    ("received", Kind.TEXT, "soon", "CELL-DAY"),
    ("dispatched_at", Kind.TEXT, "24:00", "VALUE-TIME"),
    ("dispatched_at", Kind.NUMBER, "0.3", "CELL-OTHER"),
    ("capacity", Kind.TEXT, "consignee", "VALUE-CODE"),
    ("capacity", Kind.DATE, "2026-01-01", "VALUE-DATE"),
    ("in_warehouse", Kind.TEXT, "perhaps", "VALUE-CODE"),
)


@pytest.mark.parametrize(("name", "kind", "text", "value"), TAKEN)
def test_cell_is_taken(name: str, kind: Kind, text: str, value: Any) -> None:
    """Texts, numbers, dates and ticks are taken as what they clearly are."""
    taken = READERS[name].read(Cell(kind, text))

    assert (taken, type(taken)) == (value, type(value))


@pytest.mark.parametrize(("name", "kind", "text", "rule"), REFUSED)
def test_cell_is_refused(name: str, kind: Kind, text: str, rule: str) -> None:
    """What is not clear is refused with its own rule, and nothing is padded, rounded or guessed."""
    with pytest.raises(Unfit) as unfit:
        READERS[name].read(Cell(kind, text))

    assert unfit.value.wrong.code == rule


def _answer(name: str, cell: Cell) -> Any:
    """The value of a cell, or the code of what is wrong with it."""
    try:
        return READERS[name].read(cell)
    except Unfit as unfit:
        return unfit.wrong


@pytest.mark.parametrize("name", sorted(READERS))
def test_every_kind_of_cell_has_an_answer(name: str) -> None:
    """Whatever a cell is, a column takes it or says what is wrong with it."""
    for kind in set(Kind) - {Kind.EMPTY}:
        answer = _answer(name, Cell(kind, "1"))
        assert answer.code in READ_ERRORS if isinstance(answer, Flaw) else answer is not None


READ_ERRORS = {rule for _, _, _, rule in REFUSED} | {"CELL-DAY"}


def test_codes_are_told_with_what_they_mean() -> None:
    """Whoever chose a wrong one reads what each of them is, in the own language."""
    answer = _answer("source", Cell(Kind.TEXT, "papyrus"))
    assert isinstance(answer, Flaw)
    hint = in_every_language(answer.fault().hint)

    for language, told in hint.items():
        for code in Source:
            assert f"{code} = {say(Said(f'source.{code}'), language)}" in told


@given(st.decimals(min_value=0, max_value=10**12 - 1, places=3))
def test_amount_has_one_value_however_it_is_written(number: Decimal) -> None:
    """Zeros at the end and the form of the decimal sign change nothing."""
    reader = readers.amount("amount", 15, 3)

    read = [
        reader.read(Cell(Kind.NUMBER, f"{number:f}")),
        reader.read(Cell(Kind.TEXT, f"{number:.4f}".replace(".", ","))),
    ]

    assert read == [number, number]
    assert len({str(one) for one in read}) == 1


@given(st.text())
def test_any_text_is_taken_or_refused(text: str) -> None:
    """No text breaks a reader."""
    for name in READERS:
        answer = _answer(name, Cell(Kind.TEXT, text))
        assert not isinstance(answer, Flaw) or answer.code in {*CODES, *OF_CELLS}
