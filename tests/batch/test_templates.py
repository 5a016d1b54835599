"""Templates: what they show is right on the day on which they are made."""

import pytest

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.templates import meanings, template
from esad_gateway.sheets.table import Kind
from esad_gateway.texts import languages
from helpers.tables import TODAY, read, sheet_of, told

every_kind = pytest.mark.parametrize("kind", BatchKind, ids=lambda kind: kind.value)


@pytest.mark.parametrize("rare", [False, True])
@pytest.mark.parametrize("language", [*languages(), None])
@every_kind
def test_example_rows_are_one_right_document(kind: BatchKind, language: str | None, *, rare: bool) -> None:
    """In every language, and with the codes themselves; two lines of goods of one document."""
    table = template(kind, language, TODAY, rare=rare)

    (document,) = read(sheet_of(table.heading, list(table.cells())), kind)

    assert (document.rows, told(document)) == ((2, 3), [])


@every_kind
def test_what_most_tables_need_stands_first(kind: BatchKind) -> None:
    """All that is required is there; what few tables have, such as a further kind of packages, stands behind it."""
    usual, every = (template(kind, None, TODAY, rare=rare).heading for rare in (False, True))
    last = ("notes",) if "notes" in usual else ()

    assert {one.name for one in LAYOUTS[kind].columns if one.required} <= set(usual)
    assert every[: len(usual) - len(last)] + last == usual
    assert not any(name[-1].isdigit() for name in usual)
    assert len(usual) <= 42


@every_kind
def test_codes_are_text_and_amounts_are_numbers(kind: BatchKind) -> None:
    """So a spreadsheet leaves codes alone, and reckons with amounts."""
    table = template(kind, "en", TODAY)

    for place, column in enumerate(LAYOUTS[kind].columns):
        shown = {row[place].kind for row in table.cells()} - {Kind.EMPTY}
        assert (place + 1 in table.text_columns) == column.reader.text
        assert shown <= ({Kind.TEXT} if column.reader.text else {Kind.NUMBER, Kind.DATE})


@pytest.mark.parametrize("language", languages())
@every_kind
def test_meanings_explain_every_column(kind: BatchKind, language: str) -> None:
    """By its heading, with all its codes; those of a template that does not have all are those that it has."""
    table = meanings(kind, language)
    usual = template(kind, language, TODAY, rare=False)

    rows = list(table.cells())
    assert [row[0].text for row in rows] == list(template(kind, language, TODAY).heading)
    assert [tuple(row[0].text for row in one.cells()) for one in usual.others] == [usual.heading]
    for row, column in zip(rows, LAYOUTS[kind].columns, strict=True):
        assert row[3].text.endswith(".")
        assert [part.partition(" = ")[0] for part in row[5].text.split("; ") if part] == list(column.reader.choices)
