"""What somebody should know who sees a sheet in another program, and which of several sheets is read."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from esad_gateway.faults import Said, Value, said
from esad_gateway.sheets.flaws import flaw, refuse
from esad_gateway.sheets.table import cell_name

_MOST_NAMES: Final = 20


class SheetName(NamedTuple):
    """A sheet of a file, and whether people see it."""

    name: str
    hidden: bool


class SheetRemarks:
    """What was seen in a sheet, as it was come across."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        """Hidden ones, as columns are."""
        self.columns: list[tuple[int, int]] = []
        self.merged: list[str] = []
        self.formulas: list[tuple[int, int]] = []
        self.macros = self.links = False

    def told(self) -> Iterator[Said]:
        """The remarks, in the order in which people look at a sheet."""
        if self.rows:
            yield said("sheet.hidden_rows", rows=_some(map(str, self.rows), len(self.rows)))
        if self.columns:
            count = sum(1 + last - first for first, last in self.columns)
            letters = (_letters(one) for first, last in self.columns for one in range(first, last + 1))
            yield said("sheet.hidden_columns", columns=_some(letters, count))
        if self.merged:
            yield said("sheet.merged", cells=_some(self.merged, len(self.merged)))
        if self.formulas:
            yield said("sheet.formulas", cells=_some((cell_name(*one) for one in self.formulas), len(self.formulas)))
        if self.macros:
            yield Said("sheet.macros")
        if self.links:
            yield Said("sheet.links")


def chosen_sheet(sheets: Sequence[SheetName], wanted: str | None) -> tuple[SheetName, tuple[Said, ...]]:
    """The sheet of the name that is wanted, or the first that people see; and what is to be said of the others.

    Raises Unreadable where there is none of that name, or none at all.
    """
    if not sheets:
        refuse(flaw("SHEET-EMPTY"))
    seen = [sheet for sheet in sheets if not sheet.hidden]
    chosen = (seen or sheets)[0]
    if wanted is not None:
        named = [sheet for sheet in sheets if sheet.name == wanted]
        if not named:
            refuse(flaw("SHEET-NO-SHEET", known=_names(sheets)), value=wanted)
        chosen = named[0]
    return chosen, tuple(_of_others(chosen, sheets))


def _of_others(chosen: SheetName, sheets: Sequence[SheetName]) -> Iterator[Said]:
    others = [sheet for sheet in sheets if sheet is not chosen]
    if seen := [sheet for sheet in others if not sheet.hidden]:
        yield said("sheet.other_sheets", sheet=chosen.name, others=_names(seen))
    if chosen.hidden:
        yield said("sheet.hidden_sheet", sheet=chosen.name)
    if hidden := [sheet for sheet in others if sheet.hidden]:
        yield said("sheet.hidden_sheets", sheets=_names(hidden))


def _names(sheets: Sequence[SheetName]) -> Value:
    return _some((sheet.name for sheet in sheets), len(sheets))


def _some(names: Iterable[str], count: int) -> Value:
    some = ", ".join(islice(names, _MOST_NAMES))
    return some if count <= _MOST_NAMES else said("sheet.more", some=some, count=count)


def _letters(column: int) -> str:
    return cell_name(1, column)[:-1]
