"""Faults in the cells that they are about: those of cells, of rows, and of what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.mapping import Bound, Mapped
from esad_gateway.batch.tables.spots import Spot, absent_in, spot_in, told_from
from esad_gateway.faults import Fault, Faults
from esad_gateway.place import Place, PlaceStep
from esad_gateway.sheets.flaws import Flaw, flaw
from esad_gateway.sheets.table import Kind, SheetRow

_LONGEST_VALUE: Final = 350
_LINES: Final = frozenset({"lines", "BodyEadEsad"})
"""How a step is called that leads to a line of goods, in an entry and in an IE815."""

_BODY: Final = "Body"


class Placing:
    """Puts faults into the cells of one table."""

    def __init__(self, mapped: Mapped) -> None:
        self._mapped = mapped
        self._bound = {one.column.name: one for one in mapped.columns}
        self._of_line = {one.position for one in mapped.of_line}

    def cell_fault(self, row: SheetRow, position: int, wrong: Flaw) -> Fault:
        """What is wrong with the cell at a position (from 0) of a row."""
        cell = row.cells[position]
        value = None if cell.kind is Kind.EMPTY else cell.text
        spot = self._spot(row, position)
        return wrong.fault(spot.place, value, spot.line, spot.column)

    def told(self, row: SheetRow, position: int) -> str:
        """Where the cell at a position (from 0) of a row stands, as it is told at another row."""
        return told_from(row, self._spot(row, position))

    def _spot(self, row: SheetRow, position: int) -> Spot:
        return spot_in(row, position, self._mapped.headed(position), of_line=position in self._of_line)

    def row_fault(self, row: SheetRow, wrong: Flaw) -> Fault:
        """What is wrong with a row, told at the first cell of its document's key that the table has."""
        return self.cell_fault(row, self._named().position, wrong)

    def _named(self) -> Bound:
        """The column that names a document, or the first that the table has."""
        named = (self._bound.get(name) for name in reversed(self._mapped.layout.key))
        return next((one for one in named if one is not None), None) or self._mapped.columns[0]

    def beyond(self, row: SheetRow) -> Iterator[Fault]:
        """The first cell of a row that stands under no heading: nobody knows what it means."""
        width, unnamed = self._mapped.width, self._mapped.unnamed
        if not unnamed and len(row.cells) == width:
            return
        for position in (*unnamed, *range(width, len(row.cells))):
            if row.cells[position].text.strip():
                yield self.cell_fault(row, position, flaw("ROW-BEYOND"))
                return

    def in_cells(self, faults: Faults, rows: Sequence[SheetRow]) -> Faults:
        """Faults of what became of some rows, each in the cell that it is about.

        Where the table has no such column, the place is the name of the column, at the row of its line.
        """
        return tuple(self._in_cell(fault, rows) for fault in faults)

    def _in_cell(self, fault: Fault, rows: Sequence[SheetRow]) -> Fault:
        steps, line = _way(fault.place)
        row = rows[min(line, len(rows)) - 1]
        of_line = line > 1 or bool(_LINES & {step.name for step in fault.place.steps})
        column = self._column(steps, row, of_line=of_line)
        if column is None:
            # What stands in no column is wrong with the document as such.
            return replace(fault, **self._spot(rows[0], self._named().position)._asdict())
        bound = self._bound.get(column.name)
        if bound is None:
            return replace(fault, **absent_in(row, column.name, of_line=column.of_line)._asdict())
        value = row.cells[bound.position].text[:_LONGEST_VALUE] or fault.value
        return replace(fault, value=value, **self._spot(row, bound.position)._asdict())

    def _column(self, steps: Sequence[PlaceStep], row: SheetRow, *, of_line: bool) -> Column | None:
        """The column whose value stands at a way, or nearest to it."""
        way = tuple(step.name for step in steps)
        layout = self._mapped.layout
        columns = [one for one in (*layout.columns, *layout.beside) if one.of_line is of_line and one.way]
        best = max(columns, key=lambda one: _common(one.way, way), default=None)
        if best is None or not (_common(best.way, way) or of_line):
            return None
        group = [one for one in columns if one.group == best.group]
        if not any(one.number for one in group):
            return best
        number = self._number(group, steps[: len(best.group)], row)
        return max((one for one in group if one.number == number), key=lambda one: _common(one.way, way))

    def _number(self, group: Sequence[Column], steps: Sequence[PlaceStep], row: SheetRow) -> int:
        """Which of several groups became the one at the end of ``steps``: those that are empty became nothing."""
        given = sorted({one.number for one in group if self._filled(one, row)})
        position = (steps[-1].position if steps else None) or 1
        return given[position - 1] if position <= len(given) else 1

    def _filled(self, column: Column, row: SheetRow) -> bool:
        bound = self._bound.get(column.name)
        return column.name in self._mapped.constants if bound is None else bool(row.cells[bound.position].text.strip())


def _way(place: Place) -> tuple[Sequence[PlaceStep], int]:
    """The steps that lead to a place from the document on, and the number of the line of goods in which it is."""
    steps = list(place.steps)
    names = [step.name for step in steps]
    if _BODY in names:
        steps = steps[names.index(_BODY) + 2 :]
    line = next((step.position or 1 for step in steps if step.name in _LINES), 1)
    return [step for step in steps if step.name != "lines"], line


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
