"""Rows that programs have written (XML, JSON lines): the point in a text of an amount is a decimal one there."""

from collections.abc import Iterable, Iterator

from esad_gateway.batch.tables.mapping import Mapped
from esad_gateway.sheets.numbers import from_program
from esad_gateway.sheets.table import SheetRow

_AMOUNT = "amount"


def as_programs_mean(rows: Iterable[SheetRow], mapped: Mapped) -> Iterator[SheetRow]:
    """``rows`` with number cells for the plain numbers in columns of amounts; what people write stays a text."""
    amounts = [one.position for one in mapped.columns if one.column.reader.kind == _AMOUNT]
    for row in rows:
        meant = list(row.cells)
        for position in amounts:
            meant[position] = from_program(meant[position])
        yield row._replace(cells=tuple(meant))
