"""Faults of drafts that were refused, in the cells of the table that they were made of.

What is judged is a message, long after its rows were read. So the table is read once more, from document to document,
and only as far as something was refused.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TypeAlias

from esad_gateway.batch.tables.opening import InCells, OpenedBatch
from esad_gateway.errors import StoreDamaged, Unreadable
from esad_gateway.ports.batches import Batch, BatchRow, RowOutcome
from esad_gateway.sheets.table import SheetRow

OpenAgain: TypeAlias = Callable[[Batch], AbstractContextManager[OpenedBatch]]
"""Opens the file of a batch once more."""

_Found: TypeAlias = tuple[int, Sequence[SheetRow], InCells]


class DraftCells:
    """Finds the cells of the drafts of one batch."""

    def __init__(self, reopen: OpenAgain) -> None:
        self._reopen = reopen
        self._reading: Iterator[_Found] = iter(())
        self._come = 0

    def placed(self, batch: Batch, rows: Sequence[BatchRow]) -> Sequence[BatchRow]:
        """Rows of documents; the faults of the refused ones are in their cells.

        They stay at the row where the document begins where the file is damaged, which is told when it is read on, and
        where their trader has signed the drafts, whose table is not here.
        """
        return [self._placed(batch, one) if one.outcome is RowOutcome.REFUSED else one for one in rows]

    def _placed(self, batch: Batch, row: BatchRow) -> BatchRow:
        try:
            found = self._source(batch, row.number)
        except (StoreDamaged, Unreadable):
            return row
        if found is None:
            return row
        _, source, in_cells = found
        return replace(row, faults=in_cells(row.faults, source))

    def _source(self, batch: Batch, number: int) -> _Found | None:
        """The rows of a document: what was read last is left behind, or read from its beginning again."""
        if number <= self._come or not self._come:
            self._reading = self._documents(batch)
        self._come = number
        return next((one for one in self._reading if one[0] == number), None)

    def _documents(self, batch: Batch) -> Iterator[_Found]:
        with self._reopen(batch) as opened:
            for number, rows in enumerate(opened.sources(), start=1):
                yield number, rows, opened.in_cells
