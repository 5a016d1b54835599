"""``esad compose``: messages out of plain data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias
from uuid import uuid4

import typer

from esad_gateway.batch.rows import Draft, from_csv, from_json
from esad_gateway.cli.common import completing, output, paths
from esad_gateway.cli.common.language import tell, wrong
from esad_gateway.cli.common.offline import More, known
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.errors import ComposeRefused, NotConfigured, UnreadableInput
from esad_gateway.faults import Faults, Said, said
from esad_gateway.texts import fault_json
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.plain import MEANINGS, message_from_plain, template, with_header
from esad_gateway.xml.release import CURRENT
from esad_gateway.xml.write import document_bytes

_READERS: Final[Mapping[str, Callable[[str, bytes], Sequence[Draft]]]] = MappingProxyType(
    {".json": from_json, ".csv": from_csv}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What became of one draft: the document and where it goes (``None``: standard output), or its faults."""

    source: str
    message: str | None = None
    document: bytes = b""
    target: Path | None = None
    faults: Faults = ()

    def as_json(self) -> dict[str, Any]:
        """The outcome as scripts read it."""
        return {
            "file": self.source,
            "ok": not self.faults,
            "message": self.message,
            "output": None if self.target is None else str(self.target),
            "faults": [fault_json(fault) for fault in self.faults],
        }


Files: TypeAlias = Annotated[
    list[str] | None, typer.Argument(metavar="FILE...", help="JSON or CSV; - is standard input.")
]
Message: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="TYPE", autocompletion=completing.messages, help="Message type where the data name none, such as IE815."
    ),
]
Sender: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS", autocompletion=completing.addresses, help="Sender where the data name none, such as NDEA.LT."
    ),
]
Recipient: TypeAlias = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        autocompletion=completing.addresses,
        help="Recipient where the data name none; a trader's own administration is both.",
    ),
]
AsCsv: TypeAlias = Annotated[bool, typer.Option("--csv", help="Read CSV whatever the file's name says.")]
Target: TypeAlias = Annotated[
    Path | None, typer.Option("--output", metavar="DIR|FILE", help="Write the documents here.")
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object a message.")]
Template: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--template", metavar="TYPE", autocompletion=completing.messages, help="Print the fields of a message as JSON."
    ),
]
Written: TypeAlias = Annotated[
    str, typer.Option("--release", metavar="NUMBER", help="The release of the messages in which they are written.")
]
DutyPaid: TypeAlias = Annotated[
    bool, typer.Option("--duty-paid", help="With --template IE815: a draft of an e-SAD of today, valid as it stands.")
]
OfGoods: TypeAlias = Annotated[
    str,
    typer.Option(
        "--goods",
        metavar="KIND",
        autocompletion=completing.goods,
        help="With --duty-paid: wine, beer, spirits, energy or tobacco.",
    ),
]
Full: TypeAlias = Annotated[bool, typer.Option("--full", help="With --template: optional fields too.")]


def compose(
    files: Files = None,
    *,
    message: Message = None,
    sender: Sender = None,
    recipient: Recipient = None,
    as_csv: AsCsv = False,
    target: Target = None,
    as_json: AsJson = False,
    release: Written = CURRENT,
    more: More = None,
    skeleton: Template = None,
    full: Full = False,
    duty_paid: DutyPaid = False,
    goods: OfGoods = "wine",
) -> None:
    """Make messages out of JSON or CSV.

    JSON: an object with "message" and the fields in snake case, or a list of such objects. CSV: one message a row,
    under columns such as header.message_recipient. Identifier, date and time are filled in. Every unknown, missing or
    wrongly typed field is reported at once. Not checked: schema and rules; esad validate does that.

    --template IE815 --duty-paid prints a draft to begin with; what its codes mean stands under "_meanings", which is
    passed over when the draft is composed.
    """
    if duty_paid:
        return _print_draft(skeleton, goods)
    if skeleton is not None:
        return _print_template(skeleton, full=full)
    _check_address("--sender", sender)
    _check_address("--recipient", recipient)
    drafts = _all_drafts(files or [], as_csv=as_csv)
    if target is None and (as_json or len(drafts) > 1):
        raise wrong(Said("usage.compose_output"))
    binder = _binder(release, more)
    complete = partial(_complete, message=message, sender=sender, recipient=recipient)
    pairs = zip(drafts, _places(drafts, target), strict=True)
    refused = [_deliver(_compose_one(draft, complete, binder, place), as_json=as_json).faults for draft, place in pairs]
    raise typer.Exit(ExitCode.NEGATIVE if any(refused) else ExitCode.FINE)


def _all_drafts(files: Sequence[str], *, as_csv: bool) -> list[Draft]:
    """The drafts of all files. Raises a complaint about the usage when there are none."""
    drafts = [draft for file in files for draft in _drafts(file, as_csv=as_csv)]
    if not drafts:
        raise wrong(Said("usage.drafts"))
    return drafts


def _print_template(message: str, *, full: bool) -> None:
    try:
        output.result_json(template(message, full=full), indent=2)
    except ComposeRefused as refused:
        raise UnreadableInput(said("usage.no_message", name=message, hint=refused.faults[0].hint)) from refused


def _print_draft(message: str | None, kind: str) -> None:
    """A draft to begin with, and what its codes mean."""
    from esad_gateway.explain.coded import meanings  # noqa: PLC0415 - few drafts begin here
    from esad_gateway.simulator.goods import Goods, draft_of  # noqa: PLC0415

    if message != "IE815":
        raise wrong(Said("usage.template"))
    if kind not in set(Goods):
        raise wrong(said("usage.goods", kind=kind, known=", ".join(Goods)))
    draft = draft_of(Goods(kind), datetime.now(UTC))
    told = {path: tell(what) for path, what in meanings(draft).items()}
    output.result_json({**draft, MEANINGS: told}, indent=2)


def _drafts(file: str, *, as_csv: bool) -> Sequence[Draft]:
    suffix = ".csv" if as_csv else Path(file).suffix.lower()
    return _READERS.get(suffix, from_json)(file, paths.read(file))


def _binder(release: str, more: Sequence[Path] | None) -> Binder:
    """What writes in a release. Raises UnreadableInput when there is none of that number."""
    try:
        return known(more).numbered(release).binder
    except NotConfigured as error:
        raise UnreadableInput(said("usage.more_releases", why=error.what)) from error


def _places(drafts: Sequence[Draft], target: Path | None) -> Iterator[Path | None]:
    """Where each draft goes: a single one into ``target`` unless that is a folder, several into files in it."""
    for number, draft in enumerate(drafts, start=1):
        if target is None or (len(drafts) == 1 and not target.is_dir()):
            yield target
        else:
            stem = "message" if draft.file == paths.STDIN else Path(draft.file).stem
            yield target / f"{stem}-{number}.xml"


def _check_address(option: str, address: str | None) -> None:
    """That an address is not a mistyped administration's; others than administrations are taken as they are."""
    state = (address or "").upper().removeprefix("NDEA.")
    if address and address != f"NDEA.{state}" and state in NATIONAL_ADMINISTRATIONS:
        raise wrong(said("usage.address_case", option=option, address=address, state=state))
    if address and address.startswith("NDEA.") and state not in NATIONAL_ADMINISTRATIONS:
        raise wrong(said("usage.address_state", option=option, address=address, state=state))


def _complete(data: Any, message: str | None, sender: str | None, recipient: str | None) -> Any:
    """``data`` with what the options and the clock can add."""
    if not isinstance(data, Mapping):
        return data
    named = data if message is None else {"message": message, **data}
    return with_header(named, now=datetime.now(UTC), identifier=str(uuid4()), sender=sender, recipient=recipient)


def _compose_one(draft: Draft, complete: Callable[[Any], Any], binder: Binder, target: Path | None) -> Composed:
    try:
        message = message_from_plain(complete(draft.data))
    except ComposeRefused as refused:
        return Composed(source=draft.source, faults=refused.faults)
    document = document_bytes(binder.write(message))
    return Composed(source=draft.source, message=type(message).__name__, document=document, target=target)


def _deliver(outcome: Composed, *, as_json: bool) -> Composed:
    """Write or print ``outcome``, and hand it on."""
    if outcome.target is not None:
        paths.write(outcome.target, outcome.document)
    if as_json:
        output.result_json(outcome.as_json())
    elif outcome.faults:
        for fault in outcome.faults:
            output.complaint(output.fault_line(outcome.source, fault))
    elif outcome.target is None:
        output.document(outcome.document)
    else:
        output.result(f"{outcome.source}: {output.good(outcome.message or '')} {outcome.target}")
    return outcome


COMMANDS = (compose,)
