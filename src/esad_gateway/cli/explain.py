"""``esad explain``: what a rule, a code, a state, a step, an ARC or the faults of a file mean."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from esad_gateway.cli import output
from esad_gateway.cli.language import EVERY_LANGUAGE, Lang, languages
from esad_gateway.cli.output import ExitCode
from esad_gateway.cli.paths import Report, Signed, check_wanted, write_report
from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import CATALOGUE
from esad_gateway.errors import UnreadableInput
from esad_gateway.explain.anatomy import ARC_LENGTH
from esad_gateway.explain.answer import Explanation
from esad_gateway.explain.arc import arc, misshapen
from esad_gateway.explain.terms import code, rule, state, step

_STEP: Final = re.compile(r"step\s*([0-9]+)", re.IGNORECASE)
_LIKE_AN_ARC: Final = re.compile(r"[0-9]{2}[A-Za-z]{2}[0-9A-Za-z]{11,}")


def explain(
    subject: Annotated[
        list[str] | None,
        typer.Argument(metavar="RULE|CODE|STATE|ARC|FILE", help="Also: step N, of a signature's verification."),
    ] = None,
    *,
    signature_step: Annotated[str | None, typer.Option("--step", metavar="N", help="A step of ESAD-SIG-1.")] = None,
    data: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Tell an ARC's history, or if a rule is asked, by this data directory."),
    ] = None,
    lang: Lang = EVERY_LANGUAGE,
    now: Annotated[str | None, typer.Option(metavar="ISO", help="Judge a file as at this moment.")] = None,
    member: Annotated[str, typer.Option("--state", help="Judge a file as this member state.")] = "LT",
    report: Report = None,
    sign: Signed = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Explain a rule (R054), a functional error (12), a state (X03), a signature step, an ARC, or a file's faults.

    A file of such a name is named with its folder: ./R054. Exit code 1: unknown, a wrong ARC, a file with faults.
    """
    check_wanted(report, data, sign=sign)
    asked, wanted = _subject(subject or (), signature_step), languages(lang)
    if data is not None and not (_is_arc(asked) or asked.upper() in CATALOGUE):
        raise UnreadableInput("--data tells the history of an ARC of 21 characters, or whether a rule is asked there")
    answer = _term(asked, data, wanted) or _place(asked, data, wanted, now, member) or rule(asked.upper(), wanted)
    if as_json:
        output.result_json(answer.as_json)
    else:
        output.result(*answer.lines)
    write_report(answer.as_json, report, data, sign=sign)
    raise typer.Exit(_exit_code(answer))


def _exit_code(answer: Explanation) -> ExitCode:
    if not answer.readable:
        return ExitCode.USAGE
    return ExitCode.FINE if answer.ok else ExitCode.NEGATIVE


def _subject(words: Sequence[str], signature_step: str | None) -> str:
    """The one thing that is asked for."""
    asked = [*([" ".join(words)] if words else []), *([f"step {signature_step}"] if signature_step else [])]
    if len(asked) != 1 or (len(words) > 1 and not _STEP.fullmatch(asked[0])):
        raise UnreadableInput("name one thing to explain: a rule, a code, a state, an ARC, a file or step N")
    return asked[0]


def _term(asked: str, data: Path | None, wanted: Sequence[str]) -> Explanation | None:
    name = asked.upper()
    if found := _STEP.fullmatch(asked):
        return step(found[1], wanted)
    if name in CATALOGUE:
        return rule(name, wanted, _profile(data) if data else None)
    if name in set(FunctionalErrorCodes):
        return code(name, wanted)
    return state(name, wanted) if name in set(StatusType) else None


def _profile(data: Path) -> NationalProfile:
    from esad_gateway.settings import read_settings  # noqa: PLC0415 - the other answers need no settings

    return read_settings(data).profile()


def _place(asked: str, data: Path | None, wanted: Sequence[str], now: str | None, member: str) -> Explanation | None:
    if _exists(asked):
        return _file(asked, data, wanted, now, member)
    if _is_arc(asked):
        return arc(asked.upper(), data, wanted)
    if _LIKE_AN_ARC.fullmatch(asked):
        return misshapen(asked.upper(), wanted)
    if "/" in asked or "." in asked:
        raise UnreadableInput(f"{asked}: no such file")
    return None


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # longer than a name can be
        return False


def _is_arc(asked: str) -> bool:
    return len(asked) == ARC_LENGTH and asked.isalnum()


def _file(file: str, data: Path | None, wanted: Sequence[str], now: str | None, member: str) -> Explanation:
    # Schemas and XML are imported for this alone.
    from esad_gateway.cli import validate  # noqa: PLC0415
    from esad_gateway.cli.offline import moment, profile_of  # noqa: PLC0415
    from esad_gateway.emcs.movement import Origin  # noqa: PLC0415
    from esad_gateway.explain.file import explained  # noqa: PLC0415
    from esad_gateway.gateway.validator import Validator  # noqa: PLC0415
    from esad_gateway.xml.release import FOLDER, shipped  # noqa: PLC0415

    validator = Validator(shipped(data / FOLDER) if data else shipped(), profile_of(member))
    return explained(validate.look(file, validator=validator, origin=Origin.TRADER, now=moment(now)), wanted)


COMMANDS = (explain,)
