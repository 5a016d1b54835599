"""``esad saad``: the SAAD list of a trader."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway.cli.batches.online import written
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.gateway_access import (
    LOCAL,
    AsJson,
    Limit,
    Seed,
    Token,
    Url,
    answered,
    problem_of,
    refuse_problem,
)
from esad_gateway.cli.common.language import wanted, word
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.client import operations
from esad_gateway.explain.answer import named
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import LARGEST_NUMBER

Id: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The record, as esad saad list names it.")]
Entry: TypeAlias = Annotated[str, typer.Argument(metavar="FILE", help="The entry in JSON; - is standard input.")]
StatusName: TypeAlias = Annotated[
    str | None, typer.Option("--status", metavar="STATUS", help="Only entered, late, corrected or withdrawn ones.")
]
SourceName: TypeAlias = Annotated[
    str | None, typer.Option("--source", metavar="SOURCE", help="Only of paper, fallback or mvv.")
]
Document: TypeAlias = Annotated[str | None, typer.Option("--document", metavar="NUMBER", help="Only this document.")]
Since: TypeAlias = Annotated[
    str | None, typer.Option("--received-from", metavar="DAY", help="Only received on this day or later.")
]
Until: TypeAlias = Annotated[
    str | None, typer.Option("--received-to", metavar="DAY", help="Only received on this day or before.")
]
Late: TypeAlias = Annotated[bool | None, typer.Option("--late/--in-time", help="Only late ones, or the others.")]

_NAMES: Final = (
    "record",
    "version",
    "status",
    "late",
    "document",
    "state",
    "consignor",
    "received",
    "product",
    "quantity",
    "due",
    "entered_at",
)
_OF_ENTRY: Final = ("document", "state", "consignor", "received")
_HEADS: Final = tuple(
    Said(f"column.{name}" if name in {*_OF_ENTRY, "product", "quantity"} else f"exported.{name}") for name in _NAMES
)


def list_(
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    status: StatusName = None,
    source: SourceName = None,
    document: Document = None,
    received_from: Since = None,
    received_to: Until = None,
    late: Late = None,
    after: Annotated[int, typer.Option(min=0, max=LARGEST_NUMBER, help="Only versions after this number.")] = 0,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """List the records as they stand now, in the order in which their last versions came."""
    query = _query(status, source, document, received_from, received_to, late)
    code, answer = answered(url, token, operations.saad(seed, after=after, limit=limit, **query))
    refuse_problem(code, answer, as_json=as_json, expected=("records",))
    if as_json:
        output.result_json(answer)
        return
    output.table(_HEADS, [_row(one) for one in answer["records"]])
    if not answer["complete"]:
        output.note(said("batches.more", after=answer["completeThrough"]))


def show(record: Id, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Show a record with all its versions; --json has its entry, to be edited and handed to esad saad correct."""
    code, answer = answered(url, token, operations.saad_record(seed, record))
    refuse_problem(code, answer, as_json=as_json, expected=("versions",))
    if as_json:
        output.result_json(answer)
        return
    output.table(_HEADS, [_row(one) for one in answer["versions"]])
    output.result_json(answer["entry"], indent=2)


def enter(entry: Entry, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Enter one receipt; a document that stands there already is corrected, or left as it is."""
    content = paths.read(entry)
    _answered(*answered(url, token, operations.enter(seed, content)), as_json=as_json)


def correct(
    record: Id,
    entry: Entry,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    version: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER", min=1, max=LARGEST_NUMBER, help="The version it was made from: refused if not the last."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Enter a record anew, as a further version; those before it stay as they were.

    It has to be about the same document. A record that was withdrawn is entered again, and the answer says so. With
    --version nothing that somebody else has corrected since is set back.
    """
    content = paths.read(entry)
    _answered(*answered(url, token, operations.enter(seed, content, record, version)), as_json=as_json)


def withdraw(record: Id, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Withdraw a record, by a further version that says so."""
    _answered(*answered(url, token, operations.withdraw_record(seed, record)), as_json=as_json)


def export(
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    target: Annotated[Path, typer.Option("--out", metavar="FILE", help="Write the list here.")],
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="FORMAT", help="csv, xlsx, ods, xml, jsonl; otherwise as FILE ends."),
    ] = None,
    status: StatusName = None,
    source: SourceName = None,
    document: Document = None,
    received_from: Since = None,
    received_to: Until = None,
    late: Late = None,
    as_json: AsJson = False,
) -> None:
    """Write the list as a table, in the first language of --lang; formulas in it stay text."""
    query = _query(status, source, document, received_from, received_to, late)
    query |= {"format": form or target.suffix.lstrip(".").lower() or "csv", "language": wanted()[0]}
    written(target, lambda file: answered(url, token, operations.export(seed, file, **query)), as_json=as_json)
    if as_json:
        output.result_json({"file": str(target)})
    else:
        output.result(said("saads.exported", file=str(target)))


def _query(
    status: str | None,
    source: str | None,
    document: str | None,
    received_from: str | None,
    received_to: str | None,
    late: bool | None,  # noqa: FBT001 - as the command line has it
) -> dict[str, str]:
    given = {
        "status": status,
        "source": source,
        "document": document,
        "received_from": received_from,
        "received_to": received_to,
        "late": None if late is None else str(late).lower(),
    }
    return {name: value for name, value in given.items() if value}


def _answered(code: int, answer: Mapping[str, Any], *, as_json: bool) -> None:
    if "faults" in answer and not as_json:
        output.note(": ".join(problem_of(code, dict(answer))))
        output.result(*(f"  {_fault(one)}" for one in answer["faults"]))
        raise typer.Exit(ExitCode.NEGATIVE)
    refuse_problem(code, dict(answer), as_json=as_json, expected=("outcome",))
    if as_json:
        output.result_json(answer)
    else:
        output.result(Said(f"batch_outcome.{answer['outcome']}"))
        if answer.get("said"):
            output.result(" / ".join(answer["said"][one] for one in wanted()))
        output.table(_HEADS, [_row(answer["record"])])


def _fault(fault: Mapping[str, Any]) -> str:
    told = " / ".join(f"{_ended(fault['text'][one])} {fault['hints'][one]}".rstrip() for one in wanted())
    return f"{named(fault['code'], fault['rule'])} {fault['path']} {output.value_of(fault['value'])}: {told}"


def _ended(sentence: str) -> str:
    """With a full stop: texts about data (PLAIN) have none, and the hint comes behind it."""
    return sentence if sentence.endswith(".") else f"{sentence}."


def _row(record: Mapping[str, Any]) -> Sequence[str]:
    told = {
        "record": record["id"],
        "version": str(record["version"]),
        "status": word(Said(f"saad_status.{record['status']}")),
        "late": word(Said("cell.yes" if record["late"] else "cell.no")),
        "due": record["due"],
        "entered_at": record["enteredAt"],
        **{name: record["entry"][name] for name in _OF_ENTRY},
        **{name: ", ".join(goods[name] for goods in record["goods"]) for name in ("product", "quantity")},
    }
    return [told[name] for name in _NAMES]


COMMANDS = (list_, show, enter, correct, withdraw, export)
