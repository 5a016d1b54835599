"""Where a cell stands, as whoever wrote the file finds it.

In a spreadsheet or a CSV file that is a cell (``C5``). In JSON lines and XML there are no columns: it is the way to a
value (``lines[2].packages``, ``document[3].line[2].packages``) and the line of text.
"""

from collections.abc import Sequence
from typing import NamedTuple

from esad_gateway.faults import Fault
from esad_gateway.place import Place, PlaceStep
from esad_gateway.sheets.flaws import row_place
from esad_gateway.sheets.table import Kind, Nested, SheetRow, cell_place


class Spot(NamedTuple):
    """Where a cell stands, as a fault tells it; ``column`` (from 1) is ``None`` where the file knows no columns."""

    place: Place
    line: int | None
    column: int | None


def spot_in(row: SheetRow, position: int, name: str, *, of_line: bool) -> Spot:
    """Where the cell of ``row`` at a position (from 0) stands, under the heading ``name``.

    ``of_line``: its column belongs to the lines of goods, which says where a value is missing.
    """
    if row.nested is None:
        return Spot(cell_place(row.number, position + 1), row.number, position + 1)
    return _nested_spot(row, row.nested, name, within=name in row.nested.names or (of_line and _empty(row, position)))


def absent_in(row: SheetRow, name: str, *, of_line: bool) -> Spot:
    """Where a value of ``row`` would stand for which the file has no column, or no such name anywhere."""
    if row.nested is None:
        return Spot(Place((PlaceStep(name),), in_data=True), row.number, None)
    return _nested_spot(row, row.nested, name, within=of_line)


def head_spot(heading: SheetRow, position: int) -> Spot:
    """Where a heading stands; in JSON lines and XML it is a name that some of the documents have, in no one line."""
    if heading.nested is None:
        return spot_in(heading, position, "", of_line=False)
    return Spot(Place((PlaceStep(heading.cells[position].text),), in_data=True), None, None)


def told_from(row: SheetRow, spot: Spot) -> str:
    """How a place is told at another row: what does not say by itself in which line of text it is gets that as well."""
    alone = row.nested is None or row.nested.above
    return str(spot.place if alone else row_place(row.number) / spot.place)


def belongs(fault: Fault, row: SheetRow) -> bool:
    """Whether a fault of a document is to be mended in this row of it; what is the document's own is in its first."""
    nested, steps = row.nested, fault.place.steps
    if nested is None:
        return fault.line == row.number
    way = (*nested.above, *_step(nested))
    if fault.line not in {row.number, nested.begins} or _elsewhere(steps, way):
        return False
    return steps[: len(way)] == way or nested.line is None or nested.line.position == 1


def _elsewhere(steps: Sequence[PlaceStep], way: Sequence[PlaceStep]) -> bool:
    """Whether steps lead to a namesake of something on a way."""
    return any(one != other and one.name == other.name for one, other in zip(steps, way, strict=False))


def _empty(row: SheetRow, position: int) -> bool:
    return row.cells[position].kind is Kind.EMPTY


def _nested_spot(row: SheetRow, nested: Nested, name: str, *, within: bool) -> Spot:
    """Where the value of a name stands: ``within`` the line of goods, or in the document itself."""
    steps = (*nested.above, *(_step(nested) if within else ()), PlaceStep(name))
    return Spot(Place(steps, in_data=True), row.number if within else nested.begins, None)


def _step(nested: Nested) -> tuple[PlaceStep, ...]:
    return () if nested.line is None else (nested.line,)
