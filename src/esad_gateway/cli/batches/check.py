"""What ``esad batch check`` tells of a table: every fault in a row of its own, then what was read and how."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import typer

from esad_gateway.batch.tables.codes import is_of_a_value
from esad_gateway.batch.tables.mapping import Mapped
from esad_gateway.batch.tables.reading import Document, Making, documents
from esad_gateway.batch.tables.spots import head_spot
from esad_gateway.cli.common import output
from esad_gateway.cli.common.language import tell, word
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import Unreadable
from esad_gateway.faults import Fault, Faults, Said, listed, said
from esad_gateway.sheets.flaws import flaw
from esad_gateway.sheets.table import FileFormat, Sheet, SheetRow
from esad_gateway.texts import fault_json, in_every_language

_HEADS: Final = tuple(Said(f"check.{one}") for one in ("row", "cell", "heading", "value", "rule", "fault", "hint"))

_CHUNK: Final = 1 << 20


@dataclass(slots=True)
class Tally:
    """What was read so far: rows, documents, those of them to mend; under a wrong ``heading`` all of them are."""

    heading: bool
    rows: int = 0
    documents: int = 0
    bad: int = 0

    @property
    def fine(self) -> bool:
        """Whether there is nothing to mend, and something at all."""
        return not self.bad and self.rows > 0

    def counted(self, found: Iterable[Document]) -> Iterator[Document]:
        """``found``, counted as they come."""
        for document in found:
            self.rows += len(document.source)
            self.documents += 1
            self.bad += bool(document.faults) or not self.heading
            yield document


class Faulty(NamedTuple):
    """Faults of a document and its ``rows``, or of the file and its heading, which have none."""

    faults: Faults
    rows: tuple[int, ...] = ()
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How it is told: for people, or for programs."""

    as_json: bool

    def faults(self, found: Iterable[Faulty], table: Mapped | None = None) -> None:
        """Every fault of what is found, as it comes."""
        if self.as_json:
            for one in found:
                output.result_json(_as_json(one))
        else:
            _table(_row(fault, table) for one in found for fault in one.faults)

    def summary(self, opened: Sheet, table: Mapped, tally: Tally) -> None:
        """What was read, how it was taken, and what somebody should know who sees the file in another program."""
        if self.as_json:
            output.result_json(_summary_json(opened, table, tally))
            return
        for one in (_counted(table, tally), taken(opened.format.name, opened.told), *opened.remarks):
            output.note(one)


@contextmanager
def unreadable(shown: Shown) -> Iterator[None]:
    """Tell why a file cannot be read, fault by fault, and end the command."""
    try:
        yield
    except Unreadable as refused:
        shown.faults([Faulty(refused.faults)])
        raise typer.Exit(ExitCode.NEGATIVE) from refused


def _row(fault: Fault, table: Mapped | None) -> tuple[str, ...]:
    heading = table.headed(fault.column - 1) if table and fault.column else ""
    missing = word(Said("told.missing")) if is_of_a_value(fault.code, fault.value) else ""
    value = missing if fault.value is None else fault.value
    row = str(fault.line or "")
    return (row, fault.path, heading, value, fault.rule, tell(fault.text), tell(fault.hint))


def _table(rows: Iterator[tuple[str, ...]]) -> None:
    """A table of rows, where there is one."""
    first = next(rows, None)
    if first is not None:
        output.table(_HEADS, chain((first,), rows))


def check_rows(opened: Sheet, table: Mapped, making: Making, shown: Shown, path: Path) -> Tally:
    """Tell every fault of a table and of each of its rows; ``path`` is its file. Raises Unreadable."""
    tally = Tally(heading=not table.faults)
    found = documents(_watched(opened, path, quiet=not shown.as_json), table, making)
    shown.faults(_faulty(tally.counted(found), table, tally), table)
    shown.summary(opened, table, tally)
    return tally


def _faulty(found: Iterable[Document], table: Mapped, tally: Tally) -> Iterator[Faulty]:
    """What is to be mended, from the heading to the last row; a table without rows is."""
    if table.faults:
        yield Faulty(table.faults)
    for document in found:
        if document.faults:
            yield Faulty(document.faults, document.rows, document.called)
    if not tally.rows:
        place, line, column = head_spot(table.heading, 0)
        yield Faulty((flaw("TABLE-EMPTY").fault(place, None, line, column),))


def _watched(opened: Sheet, path: Path, *, quiet: bool) -> Sheet:
    """``opened`` with a progress bar over its rows, where it is long and somebody watches."""

    def read() -> Iterator[SheetRow]:
        yield from output.watched(opened.read(), "check", _total(opened, path), quiet=quiet)

    return replace(opened, read=read)


def _total(opened: Sheet, path: Path) -> int | None:
    """How many rows there are: of CSV about as many as lines; ``None`` where nobody knows before they are read."""
    if opened.format is not FileFormat.CSV:
        return opened.count
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b""))


def _as_json(found: Faulty) -> dict[str, Any]:
    faults = [{**fault_json(fault), "column": fault.column} for fault in found.faults]
    return {"rows": list(found.rows), "document": found.document, "faults": faults}


def _summary_json(opened: Sheet, table: Mapped, tally: Tally) -> dict[str, Any]:
    return {
        "kind": table.layout.kind.value,
        "format": opened.format.value,
        "taken": dict(opened.told),
        "remarks": [in_every_language(one) for one in opened.remarks],
        "ok": tally.fine,
        "count": {
            "rows": tally.rows,
            "documents": tally.documents,
            "fine": tally.documents - tally.bad,
            "to mend": tally.bad,
        },
    }


def _counted(table: Mapped, tally: Tally) -> Said:
    return said(
        "check.summary",
        kind=table.layout.kind.value,
        rows=said("count.rows", count=tally.rows),
        documents=said("count.documents", count=tally.documents),
        fine=str(tally.documents - tally.bad),
        bad=str(tally.bad),
    )


def taken(form: str, how_told: Mapping[str, str]) -> Said:
    """How a table was read: its format, and what was told or found of that."""
    told = (said("check.told", what=Said(f"check.{what}"), how=_readable(how)) for what, how in how_told.items())
    return said("check.taken", told=listed((form.upper(), *told)))


def _readable(how: str) -> str:
    return "tab" if how == "\t" else how
