"""``esad batch``: tables of SAAD documents, wine documents and deferred dispatches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from io import BytesIO
from pathlib import Path
from typing import Annotated, Final, TypeAlias, TypeVar

import typer

from esad_gateway.batch.tables.checking import kind_of, making_of, table_of
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.corrections import corrections as corrections_of
from esad_gateway.batch.tables.dispatch_rows import judge_by
from esad_gateway.batch.tables.mapping import Mapped
from esad_gateway.batch.tables.proposing import proposed, written
from esad_gateway.batch.tables.reading import Making
from esad_gateway.batch.tables.shown import columns_json, guesses_json
from esad_gateway.batch.tables.templates import template as template_of
from esad_gateway.cli.batches.check import Shown, check_rows, unreadable
from esad_gateway.cli.batches.online import corrections, resume, rows, status, upload, withdraw
from esad_gateway.cli.batches.options import (
    Delimiter,
    Encoding,
    File,
    FormatName,
    Kind,
    MappingToml,
    SheetName,
    declared_of,
    format_of,
    kind_named,
    mapping_of,
    member_of,
)
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.language import wanted, wrong
from esad_gateway.cli.common.offline import known, moment, profile_of
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import file_error
from esad_gateway.gateway.validator import Validator
from esad_gateway.profiles.saad import saad_law
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared, FileFormat, Sheet
from esad_gateway.sheets.writing import write_sheet
from esad_gateway.xml.release import current

E = TypeVar("E", bound=Enum)

_FOR_PROGRAMS: Final = frozenset({FileFormat.JSONL, FileFormat.XML})
_BINARY: Final = frozenset({FileFormat.XLSX, FileFormat.ODS})

Mend: TypeAlias = Annotated[
    Path | None, typer.Option("--corrections", metavar="OUT", help="Write the rows to mend, and why, to this file.")
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print one JSON object a document to mend, and one at the end.")
]
FormatOut: TypeAlias = Annotated[str, typer.Option("--format", metavar="FORMAT", help="xlsx, ods, csv, jsonl or xml.")]
Output: TypeAlias = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it here.")]
Now: TypeAlias = Annotated[str | None, typer.Option("--now", metavar="ISO", help="Judge as at this moment.")]
State: TypeAlias = Annotated[str, typer.Option("--state", help="Judge as this member state.")]


def template(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="saad, mvv or dispatch.")],
    *,
    form: FormatOut = "xlsx",
    target: Output = None,
    every: Annotated[
        bool, typer.Option("--all-columns", help="With the columns, too, that few tables have; dispatch has many.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print all columns as one JSON object instead.")] = False,
    now: Now = None,
    state: State = "LT",
) -> None:
    """Print a table to fill in: headings, two rows that are right today, and a second sheet that explains the columns.

    A table may have any column that there is: the template has those that most tables need, or --all-columns.
    JSON lines and XML have the names of the columns and the codes, CSV and these have no second sheet.
    """
    asked, file_format = member_of(BatchKind, kind, "KIND", "batch_kind"), format_of(form)
    if as_json:
        output.result_json(columns_json(asked))
        return
    language = None if file_format in _FOR_PROGRAMS else wanted()[0]
    content = BytesIO()
    today = profile_of(state).local_date(moment(now))
    write_sheet(content, file_format, template_of(asked, language, today, rare=every))
    if target is not None:
        paths.write(target, content.getvalue())
    elif file_format in _BINARY and sys.stdout.isatty():
        raise wrong(said("check.to_look_at", format=file_format.name), "--format")
    else:
        output.document(content.getvalue())


def check(
    file: File,
    *,
    kind: Kind = None,
    form: FormatName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: SheetName = None,
    mapping: MappingToml = None,
    mend: Mend = None,
    as_json: AsJson = False,
    now: Now = None,
    state: State = "LT",
) -> None:
    """Check a table offline: every fault of every row, with its cell, value, rule, and what to do.

    Rows that stand together and name the same document are one. Ends with a summary; exit code 1 when there is a
    fault. Not checked: what the register and the gateway know, such as who the consignee is.
    """
    declared, shown = declared_of(form, encoding, delimiter, sheet), Shown(as_json)
    asked, told, at, profile = kind_named(kind), mapping_of(mapping), moment(now), profile_of(state)
    law = saad_law(state, profile.calendar_of(state))
    judges = judge_by(Validator(known(), profile), current(), at)

    def table(opened: Sheet) -> tuple[Mapped, Making]:
        found = table_of(opened, asked, told)
        return found, making_of(found.layout.kind, profile, law, at, judges)

    with unreadable(shown):
        with _opened(file, declared) as opened:
            tally = check_rows(opened, *table(opened), shown, file)
        if mend is not None and tally.heading and tally.bad:
            with _opened(file, declared) as opened:
                _write_corrections(mend, opened, *table(opened))
            output.note(said("check.mended", file=str(mend)))
    raise typer.Exit(ExitCode.FINE if tally.fine else ExitCode.NEGATIVE)


def map_(
    file: File,
    *,
    kind: Kind = None,
    form: FormatName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: SheetName = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the proposal as one JSON object.")] = False,
) -> None:
    """Propose a mapping file for the headings of a table, by their names and by what stands in the first rows.

    Look through what is printed, complete it, and hand it to esad batch check --mapping.
    """
    declared, language = declared_of(form, encoding, delimiter, sheet), wanted()[0]
    with unreadable(Shown(as_json)), _opened(file, declared) as opened:
        rows = kind_named(kind) or kind_of(opened)
        found = proposed(opened, rows)
    if as_json:
        output.result_json(guesses_json(rows, found))
    else:
        output.document(written(rows, found, language).encode())


def _write_corrections(target: Path, opened: Sheet, table: Mapped, making: Making) -> None:
    """Write the rows to mend as a table of the kind that they came in. Raises UnreadableInput."""
    if target.suffix.lower() != f".{opened.format.value}":
        ending, name = opened.format.value, opened.format.name
        raise UnreadableInput(said("check.suffix", file=str(target), format=name, ending=ending))
    try:
        write_sheet(target, opened.format, corrections_of(opened, table, making))
    except OSError as error:
        raise UnreadableInput(file_error(target, error)) from error


@contextmanager
def _opened(file: Path, declared: Declared) -> Iterator[Sheet]:
    try:
        with open_sheet(file, declared) as opened:
            yield opened
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error


COMMANDS = (template, check, map_, upload, status, rows, corrections, resume, withdraw)
