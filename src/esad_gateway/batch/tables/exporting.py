"""The SAAD list as a table: the columns that are uploaded, and what the gateway says of each record."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from enum import Enum
from types import MappingProxyType
from typing import Any, BinaryIO, Final

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.faults import Said
from esad_gateway.ports.batches import KeptRecord
from esad_gateway.sheets.table import FileFormat
from esad_gateway.sheets.writing import SheetTable, Writable, write_sheet
from esad_gateway.texts import say

_FOR_PROGRAMS: Final = frozenset({FileFormat.JSONL, FileFormat.XML})

_COLUMNS: Final = tuple(column for column in LAYOUTS[BatchKind.SAAD].columns if column.way)

EXPORTED: Final[Mapping[str, Callable[[KeptRecord, tzinfo], Writable]]] = MappingProxyType(
    {
        "record": lambda kept, _: kept.id,
        "version": lambda kept, _: kept.record.version,
        "status": lambda kept, _: kept.record.status.value,
        "late": lambda kept, _: "1" if kept.record.late else "0",
        "due": lambda kept, _: kept.record.due,
        "entered_at": lambda kept, zone: kept.record.entered_at.astimezone(zone).replace(tzinfo=None, microsecond=0),
    }
)
"""What the gateway says of a record, by the names of the columns."""

_MEANINGS: Final[Mapping[str, Callable[[str], Said]]] = MappingProxyType(
    {
        "status": lambda code: Said(f"saad_status.{code}"),
        "late": lambda code: Said("cell.yes" if code == "1" else "cell.no"),
    }
)
"""What the codes of those columns mean."""


def export(to: BinaryIO, file_format: FileFormat, records: Iterable[KeptRecord], language: str, zone: tzinfo) -> None:
    """Write records, a row for every line of goods.

    Headings and codes are words in ``language``, and names and codes in JSON lines and XML, which programs read. Texts
    that a spreadsheet would calculate with are marked (:func:`esad_gateway.sheets.writing.write_sheet`).
    """
    words = None if file_format in _FOR_PROGRAMS else language
    own = [column.called(words) if words else column.name for column in _COLUMNS]
    beside = [column.called(words) if words else column.name for column in LAYOUTS[BatchKind.SAAD].beside]
    texts = [place for place, column in enumerate(_COLUMNS, start=1) if column.reader.text]
    heading = (*own, *beside)
    rows = _rows(records, words, zone)
    table = SheetTable(heading=heading, rows=rows, text_columns=frozenset((*texts, len(own) + 1)), name="SAAD")
    write_sheet(to, file_format, table)


def _rows(records: Iterable[KeptRecord], words: str | None, zone: tzinfo) -> Iterator[list[Writable]]:
    for kept in records:
        beside = [_beside(column.name, kept, words, zone) for column in LAYOUTS[BatchKind.SAAD].beside]
        entry = kept.record.entry
        for line in entry.lines:
            own = [
                _own(column, getattr(line if column.of_line else entry, column.way[0]), words) for column in _COLUMNS
            ]
            yield [*own, *beside]


def _own(column: Column, value: Any, words: str | None) -> Writable:
    if column.reader.choices:
        code = str(value.value) if isinstance(value, Enum) else str(int(value))
        return say(column.reader.choices[code], words) if words else code
    told: Writable = value
    return told


def _beside(name: str, kept: KeptRecord, words: str | None, zone: tzinfo) -> Writable:
    value = EXPORTED[name](kept, zone)
    meaning = _MEANINGS.get(name)
    return say(meaning(str(value)), words) if meaning and words else value
