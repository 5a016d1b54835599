"""What is to be mended in a table whose rows were signed here: the gateway has the e-SADs, and the table is here."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from esad_gateway.batch.tables.checking import table_of
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.corrections import mended, table_of_rows
from esad_gateway.batch.tables.mapping import Mapped, MappingFile
from esad_gateway.batch.tables.placing import Placing
from esad_gateway.batch.tables.reading import sources
from esad_gateway.cli.common.gateway_access import ask, refuse_problem
from esad_gateway.client import GatewayClient, operations
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Fault, said
from esad_gateway.file_errors import file_error
from esad_gateway.place import Place
from esad_gateway.ports.reading import LARGEST_PAGE
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Cell, Declared, Sheet, SheetRow
from esad_gateway.sheets.writing import write_sheet

Asking: TypeAlias = tuple[str, str, str]


def refused_of(batch: str, asking: Asking, *, as_json: bool) -> Sequence[Mapping[str, Any]]:
    """Every refused document of a batch, as the gateway tells it. Ends the command where it tells a problem."""
    url, seed, token = asking
    found: list[Mapping[str, Any]] = []
    status, answer = ask(url, token, lambda client: _refused(client, seed, batch, found))
    refuse_problem(status, answer, as_json=as_json, expected=("documents",))
    return found


def _refused(
    client: GatewayClient, seed: str, batch: str, found: list[Mapping[str, Any]]
) -> tuple[int, dict[str, Any]]:
    """Have all of them ``found``, page by page; the last answer, or the first that is none."""
    after = 0
    while True:
        status, answer = client.answer(
            operations.batch_rows(seed, batch, outcome="refused", after=after, limit=LARGEST_PAGE)
        )
        found += answer.get("documents", ())
        if answer.get("complete", True):
            return status, answer
        after = answer["completeThrough"]


def mend_table(
    target: Path, table: Path, declared: Declared, mapping: MappingFile, refused: Sequence[Mapping[str, Any]]
) -> None:
    """Write the rows of a table of which refused documents were made, with why. Raises Unreadable, UnreadableInput."""
    documents = {row: document for document in refused for row in document["rows"]}
    try:
        with open_sheet(table, declared) as opened:
            mapped = table_of(opened, BatchKind.DISPATCH, mapping)
            rows = _rows(opened, mapped, documents)
            write_sheet(target, opened.format, table_of_rows(opened, mapped, rows))
    except OSError as error:
        raise UnreadableInput(file_error(Path(error.filename or target), error)) from error


def in_cells(
    table: Path, declared: Declared, mapping: MappingFile, documents: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Documents of a batch, with their faults in the cells of the table of which they were made.

    What the table does not have stays as it is. Raises Unreadable, UnreadableInput.
    """
    asked = {document["rows"][0]: document for document in documents if document["faults"]}
    found: dict[int, Mapping[str, Any]] = {}
    try:
        with open_sheet(table, declared) as opened:
            mapped = table_of(opened, BatchKind.DISPATCH, mapping)
            placing = Placing(mapped)
            for source in sources(opened, mapped):
                if document := asked.get(source[0].number):
                    found[source[0].number] = {**document, "faults": _placed(document, source, placing, mapped)}
    except OSError as error:
        raise UnreadableInput(file_error(Path(error.filename or table), error)) from error
    return [found.get(document["rows"][0], document) for document in documents]


def _placed(
    document: Mapping[str, Any], source: Sequence[SheetRow], placing: Placing, mapped: Mapped
) -> Sequence[Mapping[str, Any]]:
    told = tuple(_fault(one, source[0].number, mapped.language) for one in document["faults"])
    return [
        {**one, "path": fault.path, "value": fault.value, "line": fault.line, "column": fault.column}
        for one, fault in zip(document["faults"], placing.in_cells(told, source), strict=True)
    ]


def _rows(opened: Sheet, mapped: Mapped, documents: Mapping[int, Mapping[str, Any]]) -> Iterator[tuple[Cell, ...]]:
    placing = Placing(mapped)
    for source in sources(opened, mapped):
        if document := documents.get(source[0].number):
            told = tuple(_fault(one, source[0].number, mapped.language) for one in document["faults"])
            faults = placing.in_cells(told, source)
            yield from (mended(row, faults, mapped) for row in source)


def _fault(told: Mapping[str, Any], row: int, language: str) -> Fault:
    return Fault(
        code=told["code"],
        rule=told["rule"],
        place=Place.read(told["path"]),
        value=told["value"],
        text=said("said.as_it_is", text=told["text"][language]),
        hint=said("said.as_it_is", text=told["hints"][language]),
        line=row,
    )
