"""What ``esad batch`` does at a gateway: hand tables in, watch how far they come, and fetch what is to be mended."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, BinaryIO, Final, TypeAlias

import typer

from esad_gateway.batch.tables.codes import is_of_a_value
from esad_gateway.batch.tables.signed_drafts import SIGNED
from esad_gateway.cli.batches.check import Shown, taken, unreadable
from esad_gateway.cli.batches.mending import in_cells, mend_table, refused_of
from esad_gateway.cli.batches.options import (
    Delimiter,
    Encoding,
    File,
    FormatName,
    Kind,
    MappingToml,
    SheetName,
    declared_of,
    mapping_of,
    member_of,
)
from esad_gateway.cli.batches.upload import Told, handed_in, watched_to_its_end
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Limit, Seed, Token, Url, answered, refuse_problem
from esad_gateway.cli.common.language import tell, wanted, word, wrong
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.client import operations
from esad_gateway.errors import UnreadableInput
from esad_gateway.explain.answer import named
from esad_gateway.faults import Said, listed, said
from esad_gateway.file_errors import file_error
from esad_gateway.ports.batches import RowOutcome
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.sheets.table import Declared

SignedTable: TypeAlias = Annotated[
    Path | None, typer.Option("--of", metavar="TABLE", help="The table, where its rows were signed here.")
]

Id: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="The batch, as esad batch upload names it.")]

_HEADS: Final = (
    Said("batches.rows"),
    Said("batches.document"),
    Said("batches.outcome"),
    Said("batches.became"),
    Said("batches.told"),
)

_MENDING: Final = ("refused", "left", "undecided")
"""Outcomes after which there is something left to do for the sender."""

_WHOLE: Final = "all-or-nothing"

_UNENDED: Final = frozenset({"waiting", "checking", "working", "withdrawing"})
_GOOD: Final = frozenset({"ended", "withdrawn"})


Whole: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--all-or-nothing",
        help="Take nothing while a document is refused, by the register neither.",
    ),
]


def upload(
    file: File,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    kind: Kind = None,
    form: FormatName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: SheetName = None,
    mapping: MappingToml = None,
    key: Annotated[
        Path | None, typer.Option(metavar="FILE.key", help="Sign with this key: dispatches, or the file.")
    ] = None,
    cert: Annotated[Path | None, typer.Option(metavar="FILE.pem", help="The certificate of that key.")] = None,
    whole: Whole = False,
    again: Annotated[
        bool, typer.Option("--again", help="Hand it in anew, though the same file was handed in before.")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until the last row is done.")] = True,
    as_json: AsJson = False,
) -> None:
    """Hand in a table, and watch it until its end: what was taken, what is to be mended, and how to go on.

    It is on the gateway's disk before it is answered. The same file is the same batch: whoever repeats the command,
    after a lost connection say, enters nothing twice. With --key and --cert, rows of dispatches become e-SADs that are
    signed here, and another file gets a signature beside it. Exit code 1 when something is to be mended.
    """
    told = Told(kind=kind, form=form, encoding=encoding, delimiter=delimiter, sheet=sheet, mapping=mapping, whole=whole)
    signing = _pair(key, cert)
    with unreadable(Shown(as_json)):
        answer = handed_in(file, told, signing, again=again, asking=(url, seed, token), as_json=as_json)
    if answer.get("repeated"):
        output.note(said("batches.before", batch=answer["id"]))
    if wait:
        answer = watched_to_its_end(answer, (url, seed, token), as_json=as_json)
    raise typer.Exit(_shown(answer, as_json=as_json))


def status(batch: Id, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Show how far a batch has come, and what became of its documents; exit code 1 when something is to be mended."""
    code, answer = answered(url, token, operations.batch(seed, batch))
    refuse_problem(code, answer, as_json=as_json, expected=("state",))
    raise typer.Exit(_shown(answer, as_json=as_json))


def rows(
    batch: Id,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    outcome: Annotated[
        str | None, typer.Option(metavar="OUTCOME", help="Only these: taken, refused, unchanged, corrected, …")
    ] = None,
    after: Annotated[int, typer.Option(min=0, max=LARGEST_NUMBER, help="Only documents after this number.")] = 0,
    limit: Limit = 200,
    table: SignedTable = None,
    form: FormatName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: SheetName = None,
    mapping: MappingToml = None,
    as_json: AsJson = False,
) -> None:
    """List the documents of a batch, in the order of the file: their rows, what became of them, or every fault.

    Faults of dispatches that were signed here are told in the cells of their table where --of names it; --format,
    --encoding, --delimiter, --sheet and --mapping say how it is read.
    """
    declared = _declared(table, declared_of(form, encoding, delimiter, sheet), mapping)
    query: dict[str, str | int] = {"after": after, "limit": limit}
    if outcome is not None:
        query["outcome"] = member_of(RowOutcome, outcome, "--outcome", "batch_outcome").value
    code, answer = answered(url, token, operations.batch_rows(seed, batch, **query))
    refuse_problem(code, answer, as_json=as_json, expected=("documents",))
    if table is not None:
        with unreadable(Shown(as_json)):
            placed = in_cells(table, declared, mapping_of(mapping), answer["documents"])
        answer = {**answer, "documents": placed}
    elif any(_is_of_a_message(fault) for one in answer["documents"] for fault in one["faults"]):
        output.note(said("batches.of_message", option="--of"))
    if as_json:
        output.result_json(answer)
    else:
        _show_documents(answer)


def _show_documents(answer: Mapping[str, Any]) -> None:
    output.table(_HEADS, [line for one in answer["documents"] for line in _lines(one)])
    if not answer["complete"]:
        output.note(said("batches.more", after=answer["completeThrough"]))


def corrections(
    batch: Id,
    *,
    seed: Seed,
    token: Token,
    url: Url = LOCAL,
    target: Annotated[Path, typer.Option("--out", metavar="FILE", help="Write them here.")],
    table: SignedTable = None,
    form: FormatName = None,
    encoding: Encoding = None,
    delimiter: Delimiter = None,
    sheet: SheetName = None,
    mapping: MappingToml = None,
    as_json: AsJson = False,
) -> None:
    """Fetch the refused rows as a table like the one that was handed in, with a column that says what is wrong.

    Mend them, leave that column where it is, and hand the table in: nothing is entered twice. Of dispatches that were
    signed here the gateway has the e-SADs alone: --of names the table that they were made of, and --format, --encoding,
    --delimiter, --sheet and --mapping say how it is read, as they did for esad batch upload.
    """
    declared = _declared(table, declared_of(form, encoding, delimiter, sheet), mapping)
    if table is not None:
        refused = refused_of(batch, (url, seed, token), as_json=as_json)
        with unreadable(Shown(as_json)):
            mend_table(target, table, declared, mapping_of(mapping), refused)
        _told_where(target, as_json=as_json)
        return
    written(target, lambda file: answered(url, token, operations.corrections(seed, batch, file)), as_json=as_json)
    _, stands = answered(url, token, operations.batch(seed, batch))
    if stands.get("taken", {}).get("format") == SIGNED:
        output.note(said("batches.of_signed", option="--of"))
    _told_where(target, as_json=as_json)


def _declared(table: Path | None, declared: Declared, mapping: Path | None) -> Declared:
    """How a table is read that was signed here. Raises BadParameter where that is said, and no table is named."""
    if table is None and (declared != Declared() or mapping is not None):
        options = "--format, --encoding, --delimiter, --sheet, --mapping"
        raise wrong(said("batches.only_of", options=options, option="--of"), "--of")
    return declared


def _is_of_a_message(fault: Mapping[str, Any]) -> bool:
    """Whether a fault is told in an e-SAD, since its table is not at the gateway."""
    return str(fault["path"]).startswith("/")


def _told_where(target: Path, *, as_json: bool) -> None:
    if as_json:
        output.result_json({"file": str(target)})
    else:
        output.result(said("check.mended", file=str(target)))


def resume(batch: Id, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Let a batch go on that was stopped; any other one goes on as it did."""
    _change(batch, "resumption", (url, seed, token), as_json=as_json)


def withdraw(batch: Id, *, seed: Seed, token: Token, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """Have everything withdrawn that a batch has entered; what has an ARC stays."""
    _change(batch, "withdrawal", (url, seed, token), as_json=as_json)


def _change(batch: str, change: str, asking: tuple[str, str, str], *, as_json: bool) -> None:
    url, seed, token = asking
    code, answer = answered(url, token, operations.change_batch(seed, batch, change))
    refuse_problem(code, answer, as_json=as_json, expected=("state",))
    _shown(answer, as_json=as_json)


def written(target: Path, fetch: Callable[[BinaryIO], tuple[int, dict[str, Any]]], *, as_json: bool) -> None:
    """Have a file written by ``fetch``, in place of the one that is there; ends the command where it is refused.

    Raises UnreadableInput when it cannot be written, and what ``fetch`` raises; then the old file stays.
    """
    beside = target.with_name(f"{target.name}.part")
    try:
        with beside.open("wb") as file:
            code, answer = fetch(file)
        refuse_problem(code, {"file": str(target), **answer}, as_json=as_json, expected=("file",))
        beside.rename(target)
    except OSError as error:
        raise UnreadableInput(file_error(target, error)) from error
    finally:
        beside.unlink(missing_ok=True)


def _pair(key: Path | None, cert: Path | None) -> tuple[Path, Path] | None:
    if (key is None) is not (cert is None):
        raise typer.BadParameter(tell(Said("batches.pair")), param_hint="--key")
    return None if key is None or cert is None else (key, cert)


def _shown(answer: Mapping[str, Any], *, as_json: bool) -> ExitCode:
    """Tell how a batch stands, and how to go on; the exit code that this means."""
    open_ended = any(answer["counts"][one] for one in _MENDING)
    fine = answer["state"] in _UNENDED or (answer["state"] in _GOOD and not open_ended)
    if as_json:
        output.result_json(answer)
    else:
        for line in (_summary(answer), *_remarks(answer), *_onward(answer)):
            output.result(line)
    return ExitCode.FINE if fine else ExitCode.NEGATIVE


def _summary(answer: Mapping[str, Any]) -> Said:
    counts = [
        said("batches.count", outcome=Said(f"batch_outcome.{name}"), number=number)
        for name, number in answer["counts"].items()
        if number
    ]
    state = Said(f"batch_state.{answer['state']}")
    if not counts:
        return said("batches.begun", batch=answer["id"], state=state)
    documents = said("count.documents", count=answer["documents"])
    return said("batches.summary", batch=answer["id"], state=state, documents=documents, counts=listed(counts))


def _remarks(answer: Mapping[str, Any]) -> Sequence[Said]:
    how = dict(answer["taken"])
    told = [taken(how.pop("format").replace("signed", "jsonl"), how)] if "format" in how else []
    words = [_in_words(one) for one in answer["remarks"]]
    faults = [_fault(one) for one in answer["faults"]]
    reason = [_in_words(answer["reasons"])] if answer["reasons"] else []
    return [*told, *(said("said.as_it_is", text=one) for one in (*words, *faults, *reason))]


def _onward(answer: Mapping[str, Any]) -> Sequence[Said]:
    """The command to go on with, if there is one."""
    batch, esad = answer["id"], paths.program()
    if answer["state"] in _UNENDED:
        return [said("batches.go_on", command=f"{esad} batch status {batch}")]
    if answer["state"] == "stopped":
        return [said("batches.go_on", command=f"{esad} batch resume {batch}")]
    if answer["counts"]["refused"]:
        if answer["fileRemovedAt"] or answer["mode"] == _WHOLE:  # as a whole the table itself is mended
            table = _table_of(answer)
            return [said("batches.go_on", command=f"{esad} batch rows {batch} --outcome refused{table}")]
        return [said("batches.go_on", command=f"{esad} batch corrections {batch} {_mended_in(answer)}")]
    return []


def _mended_in(answer: Mapping[str, Any]) -> str:
    """Where corrections are written, and for e-SADs that were signed out of a table, which table it was."""
    ending = answer["taken"].get("format", "csv")
    if ending != SIGNED:
        return f"--out mend.{ending}"
    of = _table_of(answer)
    return f"{of.strip()} --out mend{Path(answer['name']).suffix}" if of else "--out mend.jsonl"


def _table_of(answer: Mapping[str, Any]) -> str:
    """The option that names the table of which e-SADs were signed, as far as that is known; empty where it is none."""
    table = Path(answer["name"])
    signed = answer["taken"].get("format") == SIGNED and table.suffix and not table.name.endswith(".signed.jsonl")
    return f" --of {quote(table.name)}" if signed else ""


def _lines(document: Mapping[str, Any]) -> Sequence[Sequence[str]]:
    """A document as lines of a table: one, or one a fault."""
    became = document["arc"] or document["record"] or ""
    outcome = word(Said(f"batch_outcome.{document['outcome']}"))
    numbers = document["rows"]
    where = str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
    told = [_fault(one) for one in document["faults"]] or [_in_words(document["said"]) if document["said"] else ""]
    return [(where, document["document"], outcome, became, one) for one in told]


def _fault(fault: Mapping[str, Any]) -> str:
    value = output.value_of(fault["value"]) if is_of_a_value(fault["code"], fault["value"]) else ""
    where = " ".join(filter(None, (fault["path"], value, named(fault["code"], fault["rule"]))))
    return f"{where}: {_in_words(fault['text'])} {_in_words(fault['hints'])}"


def _in_words(told: Mapping[str, str]) -> str:
    return " / ".join(told[one] for one in wanted())
