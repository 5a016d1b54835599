"""``esad fallback``: a document on paper, for when the computerised system is not available."""

import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from lxml import etree

from esad_gateway import profiles
from esad_gateway.ais.saad.record import SaadEntry, SaadRecord
from esad_gateway.batch.rows import from_json
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.language import wanted, word
from esad_gateway.cli.common.offline import More, known, profile_of
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.emcs.codes import SubmissionType
from esad_gateway.emcs.messages import IE801, IE813, IE815, IE818, Message
from esad_gateway.emcs.messages.triggers import Origin
from esad_gateway.errors import ComposeRefused, MalformedXml, NotConfigured, TooLarge, UnreadableInput
from esad_gateway.explain.answer import EVERY_LANGUAGE
from esad_gateway.faults import Faults, said
from esad_gateway.gateway.validator import Validator
from esad_gateway.papers import Paper, Printable, home_of, paper_of
from esad_gateway.texts import fault_json
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature
from esad_gateway.xml.plain import group_from_plain, message_from_plain, with_header
from esad_gateway.xml.release import CURRENT

_ANY_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands in the header that a draft lacks, and on no paper."""

_NAMES: Final = "IE801, IE813, IE815, IE818"


def fallback(
    file: Annotated[str, typer.Argument(help="An XML message, or a draft or record in JSON; - is standard input.")],
    *,
    pdf: Annotated[Path, typer.Option("--pdf", metavar="FILE", help="Write the document here.")],
    local_times: Annotated[
        bool, typer.Option("--local-times", help="Times are local, as where trader_times is so; otherwise UTC.")
    ] = False,
    more: More = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Put a document on paper, as PDF: a fallback document at dispatch or at receipt, an e-SAD, a SAAD record.

    A draft (IE815, or JSON as esad compose takes it) becomes the fallback document that travels with the goods, a
    report (IE818) the fallback report of receipt, a change (IE813) that of a change; what an administration has
    validated, and an e-SAD (IE801), a printout. Behind times in UTC stands the local time. Nothing is sent or asked.
    Not checked: rules (esad validate does that) and signatures. The same file gives the same PDF.
    """
    try:
        value = _printable(file, paths.read(file), more)
    except ComposeRefused as refused:
        _refuse(file, refused.faults, as_json=as_json)
    paper = paper_of(value, None if local_times else _zone(home_of(value)))
    paths.write(pdf, _drawn(paper))
    title = word(paper.title)
    if as_json:
        output.result_json({"file": file, "ok": True, "title": title, **_told(paper), "pdf": str(pdf), "faults": []})
    else:
        output.result(f"{file}: {output.good(title)} {paper.mark}: {pdf}")


def _drawn(paper: Paper) -> bytes:
    """The file of ``paper``. Raises NotConfigured with the way out where the extra that draws it is not installed."""
    from esad_gateway.papers.pdf import as_pdf  # noqa: PLC0415 - what is refused needs no pages

    try:
        return as_pdf(paper, wanted())
    except ModuleNotFoundError as missing:
        # By the very Python that runs this: the pip of the path may serve another one.
        command = f"{shlex.quote(sys.executable)} -m pip install 'esad-gateway[paper]'"
        raise NotConfigured(said("fallback.not_installed", module=str(missing.name), command=command)) from missing


def _zone(state: str) -> tzinfo | None:
    return profiles.profile_of(state).time_zone if state in profiles.STATES else None


def _told(paper: Paper) -> dict[str, Any]:
    return {"kind": paper.title.key.removeprefix("paper."), "mark": paper.mark}


def _refuse(file: str, faults: Faults, *, as_json: bool) -> None:
    if as_json:
        output.result_json({"file": file, "ok": False, "pdf": None, "faults": list(map(fault_json, faults))})
    else:
        output.result(*(output.fault_line(file, fault) for fault in faults))
    raise typer.Exit(ExitCode.NEGATIVE)


def _printable(file: str, content: bytes, more: list[Path] | None) -> Printable:
    """The value that ``content`` is. Raises ComposeRefused with its faults, and UnreadableInput for anything else."""
    if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _duty_paid(file, _from_xml(file, content, more))
    drafts = from_json(file, content)
    if len(drafts) != 1:
        raise UnreadableInput(said("fallback.several", file=file, number=len(drafts)))
    data = drafts[0].data
    if isinstance(data, Mapping) and "message" not in data and {"entry", "source"} & data.keys():
        return group_from_plain(data, SaadRecord) if "entry" in data else group_from_plain(data, SaadEntry)
    return _duty_paid(file, _from_draft(file, data, more))


def _from_xml(file: str, content: bytes, more: list[Path] | None) -> Message:
    try:
        root = parse(content)
    except (MalformedXml, TooLarge) as error:
        raise UnreadableInput(said("fallback.no_message", file=file, why=error.what)) from error
    return _checked(without_signature(root), more)


def _from_draft(file: str, data: Any, more: list[Path] | None) -> Message:
    """The message that plain data are; the schema judges its lengths and patterns as if it had come as XML."""
    if isinstance(data, Mapping):
        data = with_header(data, now=_ANY_TIME, identifier="draft", sender="NDEA.LT", recipient="NDEA.LT")
    message = message_from_plain(data)
    _duty_paid(file, message)
    try:
        return _checked(known(more).numbered(CURRENT).binder.write(message), more)
    except ComposeRefused as refused:  # JSON has no such lines
        raise ComposeRefused(tuple(replace(fault, line=None) for fault in refused.faults)) from None


def _checked(root: etree._Element, more: list[Path] | None) -> Message:
    validator = Validator(known(more), profile_of("LT"))
    found = validator.validate(root, Origin.ADMINISTRATION, _ANY_TIME)  # the schema alone
    if found.message is None or found.faults:
        raise ComposeRefused(found.faults)
    return found.message


def _duty_paid(file: str, message: Message) -> Printable:
    """``message`` as something that is put on paper. Raises UnreadableInput for what is not."""
    if not isinstance(message, IE801 | IE813 | IE815 | IE818):
        raise UnreadableInput(said("fallback.other_message", file=file, message=type(message).__name__, names=_NAMES))
    if isinstance(message, IE815) and message.attributes.submission_message_type != SubmissionType.DUTY_PAID_B2B:
        given = message.attributes.submission_message_type
        raise UnreadableInput(said("fallback.suspension", file=file, given=given))
    return message


COMMANDS = (fallback,)
LANGUAGE = EVERY_LANGUAGE
