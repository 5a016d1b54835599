"""``esad validate``: what is wrong with documents, as far as that shows without a registry and without a movement."""

from datetime import datetime
from functools import partial
from typing import Annotated

import typer

from esad_gateway.cli.common import completing, output, paths
from esad_gateway.cli.common.language import wanted
from esad_gateway.cli.common.offline import More, known, moment, profile_of
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.emcs.messages.triggers import Origin
from esad_gateway.explain.document import JudgedFile, fine, judged, unread
from esad_gateway.faults import said
from esad_gateway.file_errors import why
from esad_gateway.gateway.validator import Validator


def validate(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="XML documents; - is standard input.")],
    *,
    schema_only: Annotated[bool, typer.Option("--schema-only", help="Leave the rules out.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
    now: Annotated[
        str | None, typer.Option(metavar="ISO", help="Judge as at this moment, UTC unless it says otherwise.")
    ] = None,
    state: Annotated[
        str, typer.Option(autocompletion=completing.member_states, help="Judge as this member state.")
    ] = "LT",
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
    validator = Validator(known(more), profile_of(state, local_times=local_times))
    # Rules of content bind traders: an administration's message is judged by the schema alone.
    origin = Origin.ADMINISTRATION if schema_only else Origin.TRADER
    answer = partial(look, validator=validator, origin=origin, now=moment(now))
    answers = output.watched(paths.on_files(answer, files), "validate", len(files))
    found = [_shown(one, as_json=as_json) for one in answers]
    signed = sum(one.signed for one in found)
    if signed:
        output.note(said("verify.set_aside", number=signed))
    raise typer.Exit(max(map(_exit_code, found)))


def _shown(found: JudgedFile, *, as_json: bool) -> JudgedFile:
    if as_json:
        output.result_json(found.as_json())
    elif found.faults:
        output.result(*(output.fault_line(found.file, fault) for fault in found.faults))
    else:
        output.result(fine(found, wanted()))
    return found


def look(file: str, *, validator: Validator, origin: Origin, now: datetime) -> JudgedFile:
    """What is wrong with ``file`` at ``now``, as a message of ``origin``; an unreadable one is answered too."""
    try:
        body = paths.content(file)
    except OSError as error:
        return unread(file, why(error))
    return judged(file, body, validator=validator, origin=origin, now=now)


def _exit_code(found: JudgedFile) -> ExitCode:
    if found.faults:
        return ExitCode.NEGATIVE if found.readable else ExitCode.USAGE
    return ExitCode.FINE


COMMANDS = (validate,)
