"""The rows of a batch that are to be mended, as a file like the one that was handed in."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final

from esad_gateway.batch.tables.checking import table_of
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.corrections import mended, table_of_rows
from esad_gateway.batch.tables.mapping import Mapped
from esad_gateway.batch.tables.opening import check_file, declared_of, mapping_of
from esad_gateway.batch.tables.reading import together
from esad_gateway.batch.tables.signed_drafts import SIGNED
from esad_gateway.errors import StoreDamaged
from esad_gateway.ports.batches import Batch, BatchDesk, BatchRow, RowOutcome, RowQuery
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Cell, FileFormat, Sheet
from esad_gateway.sheets.writing import write_sheet
from esad_gateway.texts import fault_json

_AT_ONCE: Final = 500


class FileCorrections:
    """``ports.Corrections`` of the files that a desk keeps."""

    def __init__(self, desk: BatchDesk) -> None:
        self._desk = desk

    def write(self, batch: Batch, to: BinaryIO) -> str:
        """Write the refused rows of a batch; the ending of such a file.

        Memory does not grow with the number of rows, where the format is read and written row by row. Raises
        FileRemoved when the file is not kept any more, even if it was a moment ago, and Unreadable when it cannot be
        read at all.
        """
        path = self._desk.file(batch.trader, batch.id)
        try:
            return self._written(batch, path, to)
        except (StoreDamaged, FileNotFoundError):
            # What is removed meanwhile was noted as such before: then that is the reason, and nothing is damaged.
            self._desk.file(batch.trader, batch.id)
            raise

    def _written(self, batch: Batch, path: Path, to: BinaryIO) -> str:
        check_file(batch, path)
        if batch.declared.get("format") == SIGNED:
            return self._signed(batch, to)
        return self._table(batch, path, to)

    def _table(self, batch: Batch, path: Path, to: BinaryIO) -> str:
        with open_sheet(path, declared_of(batch)) as sheet:
            mapped = table_of(sheet, BatchKind(batch.kind), mapping_of(batch))
            mapped = replace(mapped, language=batch.declared.get("language", mapped.language))
            write_sheet(to, sheet.format, table_of_rows(sheet, mapped, self._rows(batch, sheet, mapped)))
            return sheet.format.value

    def _rows(self, batch: Batch, sheet: Sheet, mapped: Mapped) -> Iterator[tuple[Cell, ...]]:
        """The rows of refused documents, which are found by their place among all: many may stand in one line."""
        refused = self._refused(batch)
        document = next(refused, None)
        for number, (_, rows) in enumerate(together(sheet.rows(), mapped), start=1):
            while document is not None and number > document.number:
                document = next(refused, None)
            if document is None:
                return
            if number == document.number:
                yield from (mended(row, document.faults, mapped) for row in rows)

    def _signed(self, batch: Batch, to: BinaryIO) -> str:
        for document in self._refused(batch):
            told = {
                "rows": list(document.rows),
                "document": document.document,
                "faults": list(map(fault_json, document.faults)),
            }
            to.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")
        return FileFormat.JSONL.value

    def _refused(self, batch: Batch) -> Iterator[BatchRow]:
        after = 0
        while page := self._desk.rows(
            batch.trader, batch.id, RowQuery(outcome=RowOutcome.REFUSED, after=after, limit=_AT_ONCE)
        ):
            yield from page
            after = page[-1].number
