"""The cells of a row to values, by columns: what most cells say was said before, and is read once."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from esad_gateway.batch.tables.mapping import Bound
from esad_gateway.batch.tables.placing import Placing
from esad_gateway.batch.tables.readers import Unfit
from esad_gateway.faults import Fault
from esad_gateway.sheets.flaws import flaw
from esad_gateway.sheets.table import Cell, Kind, SheetRow
from esad_gateway.unread import UNREAD

_MOST_KEPT: Final = 1024
"""Values that are kept of a column; then all of them are forgotten, since they are surely all different."""

_TEXT: Final = Kind.TEXT
_EMPTY: Final = Kind.EMPTY


class Cells:
    """Reads the cells of some columns. ``filled`` are names whose cells may be empty, though they are required."""

    def __init__(self, columns: Sequence[Bound], placing: Placing, filled: Iterable[str] = ()) -> None:
        self._columns = [(one, one.position, one.column.name, one.read, dict[str, Any]()) for one in columns]
        self._placing = placing
        self._needed = {one.column.name for one in columns if one.column.required} - set(filled)

    def values(self, row: SheetRow, found: list[Fault]) -> dict[str, Any]:
        """The values of the cells that are not empty, by the names of their columns; ``found`` gets every fault.

        What has a fault is ``UNREAD`` among them.
        """
        values: dict[str, Any] = {}
        cells = row.cells
        for bound, position, name, read, known in self._columns:
            cell = cells[position]
            kind, text = cell
            if kind is _TEXT:
                value = known.get(text)
                if value is not None:
                    values[name] = value
                    continue
            if kind is _EMPTY or (kind is _TEXT and not text.strip()):
                if name in self._needed:
                    values[name] = UNREAD
                    self._miss(row, bound, found)
                continue
            try:
                values[name] = _remembered(known, cell, read)
            except Unfit as unfit:
                values[name] = UNREAD
                found.append(self._placing.cell_fault(row, position, unfit.wrong))
        return values

    def _miss(self, row: SheetRow, bound: Bound, found: list[Fault]) -> None:
        wrong = flaw("VALUE-MISSING", expected=bound.column.reader.expected)
        found.append(self._placing.cell_fault(row, bound.position, wrong))


def _remembered(known: dict[str, Any], cell: Cell, read: Callable[[Cell], Any]) -> Any:
    value = read(cell)
    if cell.kind is _TEXT:
        if len(known) >= _MOST_KEPT:
            known.clear()
        known[cell.text] = value
    return value
