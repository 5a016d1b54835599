"""What is said of a cell that holds another kind of thing than its column."""

from esad_gateway.faults import Said
from esad_gateway.sheets.flaws import Flaw, flaw
from esad_gateway.sheets.table import Cell, Kind


def not_of_kind(cell: Cell, expected: Kind) -> Flaw:
    """What is wrong with ``cell``, where something of the kind ``expected`` is wanted."""
    match cell.kind:
        case Kind.ERROR:
            return flaw("CELL-ERROR")
        case Kind.NO_VALUE:
            return flaw("CELL-NO-VALUE")
        case kind:
            return flaw("CELL-OTHER", kind=_kind(kind), expected=_kind(expected))


def _kind(kind: Kind) -> Said:
    return Said(f"sheet.kind.{kind.name.lower()}")
