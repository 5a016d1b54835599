"""``esad validate``: what is wrong with documents, as far as that shows without a registry and without a movement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

import typer

from esad_gateway.cli import disk, output
from esad_gateway.cli.exits import ExitCode
from esad_gateway.cli.moments import moment
from esad_gateway.cli.schemas import More, known
from esad_gateway.cli.states import profile_of
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import MalformedXml, TooLarge, UnreadableInput
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.gateway.judge import Judge
from esad_gateway.texts import fault_json
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import SIGNATURE, without_signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What ``esad validate`` says about one file.

    ``message`` is its type, ``None`` when it is no EMCS message; ``release`` is the number of the release that it names
    and by which it was read, ``None`` when that one is not known.
    """

    file: str
    message: str | None = None
    release: str | None = None
    faults: Faults = ()
    signed: bool = False
    exit_code: ExitCode = ExitCode.FINE

    def as_json(self) -> dict[str, Any]:
        """The verdict as scripts read it."""
        return {
            "file": self.file,
            "ok": not self.faults,
            "message": self.message,
            "release": self.release,
            "faults": [fault_json(fault) for fault in self.faults],
        }

    def lines(self) -> Sequence[str]:
        """The verdict as people read it."""
        if self.faults:
            return [output.fault_line(self.file, fault) for fault in self.faults]
        return [f"{self.file}: {output.good('ok')} {self.message} (release {self.release})"]


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="XML documents; - is standard input.")],
    *,
    schema_only: Annotated[bool, typer.Option("--schema-only", help="Leave the rules out.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
    now: Annotated[
        str | None, typer.Option(metavar="ISO", help="Judge as at this moment, UTC unless it says otherwise.")
    ] = None,
    state: Annotated[str, typer.Option(help="Judge as this member state.")] = "LT",
    local_times: Annotated[
        bool, typer.Option("--local-times", help="Times are local, as where trader_times is so; otherwise UTC.")
    ] = False,
    more: More = None,
) -> None:
    """Check documents against the schemas and the rules that need no state.

    A document is read by the release that its namespace names. Prints one line a fault: file and line, code, rule,
    XPath, value, what is wrong, and a hint. A signature at the end
    of a document is set aside, not verified: that is for esad verify.
    """
    judge = Judge(known(more), profile_of(state, local_times=local_times))
    # Rules of content bind traders: an administration's message is judged by the schema alone.
    origin = Origin.ADMINISTRATION if schema_only else Origin.TRADER
    look = partial(verdict_on, judge=judge, origin=origin, now=moment(now))
    verdicts = [_shown(look(file), as_json=as_json) for file in output.watched(files, "validate")]
    signed = sum(verdict.signed for verdict in verdicts)
    if signed:
        output.note(f"signatures set aside, not verified: {signed} (esad verify does that)")
    raise typer.Exit(max(verdict.exit_code for verdict in verdicts))


def _shown(verdict: Verdict, *, as_json: bool) -> Verdict:
    if as_json:
        output.result_json(verdict.as_json())
    else:
        output.result(*verdict.lines())
    return verdict


def verdict_on(file: str, *, judge: Judge, origin: Origin, now: datetime) -> Verdict:
    """What is wrong with ``file`` at ``now``, as a message of ``origin``; an unreadable file has a verdict too."""
    try:
        root = parse(disk.read(file))
    except UnreadableInput as error:
        return Verdict(
            file=file, faults=(_no_document("FILE", str(error).removeprefix(f"{file}: ")),), exit_code=ExitCode.USAGE
        )
    except MalformedXml as error:
        fault = _no_document("XML", error.reason, error.line, error.column)
        return Verdict(file=file, faults=(fault,), exit_code=ExitCode.NEGATIVE)
    except TooLarge as error:
        return Verdict(file=file, faults=(_no_document("XML", str(error)),), exit_code=ExitCode.NEGATIVE)
    signed = len(root) > 0 and root[-1].tag == SIGNATURE
    judgement = judge.judge(without_signature(root), origin, now)
    return Verdict(
        file=file,
        message=judge.releases.message_name(root),
        release=judgement.release,
        faults=judgement.faults,
        signed=signed,
        exit_code=ExitCode.NEGATIVE if judgement.faults else ExitCode.FINE,
    )


def _no_document(rule: str, reason: str, line: int | None = None, column: int | None = None) -> Fault:
    """Why there is no document to judge, in the form of a fault."""
    return Fault(
        code=rule,
        rule=rule,
        path=output.WHOLE_DOCUMENT,
        value=None,
        text=said("said.reason", reason=reason),
        hint=Said("hint.one_document"),
        line=line,
        column=column,
    )


COMMANDS = (validate,)
