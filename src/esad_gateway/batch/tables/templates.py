"""Templates: headings and two rows that pass the check today, and a second table that says what they mean."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.faults import Said
from esad_gateway.sheets.table import BLANK, Cell, Kind
from esad_gateway.sheets.writing import SheetTable
from esad_gateway.texts import ENGLISH, say

_KINDS: Final = {"amount": Kind.NUMBER, "whole": Kind.NUMBER, "day": Kind.DATE}
"""What the cells of a reader are in a spreadsheet; all others are text, which it leaves alone."""


def template(kind: BatchKind, language: str | None, today: date, *, rare: bool = True) -> SheetTable:
    """The headings of a kind in a ``language``, and two rows that are right on the day ``today``.

    Without a language these are the names of the columns and the codes themselves, which programs write. Columns that
    few tables have are left out where they are not asked for (``rare``).
    """
    columns = _columns(kind, rare=rare)
    return SheetTable(
        heading=tuple(column.called(language) if language else column.name for column in columns),
        rows=tuple(tuple(_example(column, row, language, today) for column in columns) for row in (0, 1)),
        text_columns=frozenset(place for place, column in enumerate(columns, start=1) if column.reader.text),
        name=say(Said("batch.rows"), language or ENGLISH),
        others=() if language is None else (meanings(kind, language, rare=rare),),
    )


def _columns(kind: BatchKind, *, rare: bool) -> Sequence[Column]:
    return [column for column in LAYOUTS[kind].columns if rare or not column.rare]


def meanings(kind: BatchKind, language: str, *, rare: bool = True) -> SheetTable:
    """What each column of a template means, takes and may say, in a ``language``, all of it text."""
    told = ("column", "name", "required", "about", "takes", "codes")
    rows = tuple(tuple(map(_text, _meaning(column, language))) for column in _columns(kind, rare=rare))
    heading = tuple(say(Said(f"batch.{one}"), language) for one in told)
    name = say(Said("batch.meanings"), language)
    return SheetTable(heading=heading, rows=rows, text_columns=frozenset(range(1, len(told) + 1)), name=name)


def _meaning(column: Column, language: str) -> Iterator[str]:
    yield column.called(language)
    yield column.name
    yield say(Said("cell.yes" if column.required else "cell.no"), language)
    yield say(column.about, language)
    yield say(column.reader.expected, language)
    yield "; ".join(f"{code} = {say(meaning, language)}" for code, meaning in column.reader.choices.items())


def _text(text: str) -> Cell:
    return Cell(Kind.TEXT, text) if text else BLANK


def _example(column: Column, row: int, language: str | None, today: date) -> Cell:
    text = _filled(column.example[row], today)
    if not text:
        return BLANK
    meaning = column.reader.choices.get(text)
    if meaning is not None and language:
        return Cell(Kind.TEXT, say(meaning, language))
    return Cell(_KINDS.get(column.reader.kind, Kind.TEXT), text)


def _filled(example: str, today: date) -> str:
    """An example with its days and numbers: the goods left two days ago, and came yesterday."""
    day = f"{today:%Y%m%d}"
    return example.format(
        dispatched=(today - timedelta(days=2)).isoformat(),
        received=(today - timedelta(days=1)).isoformat(),
        saad=f"SAAD-{day}-1",
        mvv=f"MVV-{day}-1",
        lrn=f"LT-{day}-1",
    )
