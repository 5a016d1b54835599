"""``esad explain``: what a rule, a code, a state, a step, an ARC or the faults of a file mean."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.language import wanted
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.cli.common.paths import Report, Signed, check_wanted, write_report
from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import CATALOGUE
from esad_gateway.errors import UnreadableInput
from esad_gateway.explain.anatomy import ARC_LENGTH
from esad_gateway.explain.answer import EVERY_LANGUAGE, Explanation
from esad_gateway.explain.arc import arc, misshapen
from esad_gateway.explain.glossary import nearest_terms, term, unknown
from esad_gateway.explain.lists import code_list, code_of, message, product, with_its_list
from esad_gateway.explain.member_states import member_state
from esad_gateway.explain.requirements import EVERY_REQUIREMENT, requirement
from esad_gateway.explain.saad import SAAD_TERMS, documents, saad_rule
from esad_gateway.explain.tables import table_code
from esad_gateway.explain.terms import code, rule, state, step
from esad_gateway.faults import Said, said
from esad_gateway.profiles.national import domain_of
from esad_gateway.profiles.saad import saad_law

_STEP: Final = re.compile(r"step\s*([0-9]+)", re.IGNORECASE)
_LIST_AND_CODE: Final = re.compile(r"((?:BC|TC)[0-9]+)\s+(\S+)", re.IGNORECASE)
_LIKE_AN_ARC: Final = re.compile(r"[0-9]{2}[A-Za-z]{2}[0-9A-Za-z]{11,}")


Subject: TypeAlias = Annotated[
    list[str] | None,
    typer.Argument(
        autocompletion=completing.explained,
        metavar="RULE|CODE|STATE|MESSAGE|LIST|PRODUCT|TERM|ARC|FILE",
        help="Also: step N, of a signature's verification, and LIST CODE, such as BC17 BX.",
    ),
]
Step: TypeAlias = Annotated[str | None, typer.Option("--step", metavar="N", help="A step of ESAD-SIG-1.")]
ByData: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Tell an ARC's history, or if a rule is asked, by this data directory."),
]
Now: TypeAlias = Annotated[str | None, typer.Option(metavar="ISO", help="Judge a file as at this moment.")]
Member: TypeAlias = Annotated[
    str, typer.Option("--state", autocompletion=completing.member_states, help="Judge a file as this member state.")
]


def explain(
    subject: Subject = None,
    *,
    signature_step: Step = None,
    data: ByData = None,
    now: Now = None,
    member: Member = "LT",
    report: Report = None,
    sign: Signed = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Explain a rule (R054), a code, a state (X03), a message, a list, a product, a step, an ARC, or a file's faults.

    Messages are IE815 and so on; BC17 is a list of codes, BC17 BX one of its codes, W200 a product, 12 an error,
    certified consignee a term, as docs/reference/glossary.md has them; VALUE-ZEROS what is wrong with a table.
    PL is a member state: what is known of it and where that is written, as docs/reference/member-states.md has it.
    SAAD is the list of receipts without e-SAD, SAAD-3 one of its rules; MVV is its wine, FBK its documents on paper.
    CCE-6 is a requirement on national procedures, with its figures, as docs/reference/national.md has them.
    A file of such a name is named with its folder: ./R054. Exit code 1: unknown, a wrong ARC, a file with faults.
    """
    check_wanted(report, data, sign=sign)
    asked, languages = _subject(subject or (), signature_step), wanted()
    if data is not None and not (_is_arc(asked) or asked.upper() in {*CATALOGUE, *SAAD_TERMS, *EVERY_REQUIREMENT}):
        raise UnreadableInput(Said("usage.explain_data"))
    answer = (
        _term(asked, data, languages)
        or _saad(asked.upper(), data, languages, member)
        or _place(asked, data, languages, now, member)
        or unknown(asked, languages)
    )
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
    together = len(words) < 2 or any(form.fullmatch(asked[0]) for form in (_STEP, _LIST_AND_CODE))  # noqa: PLR2004
    together = together or bool(nearest_terms(" ".join(words)))
    if len(asked) != 1 or not asked[0].strip() or not together:
        raise UnreadableInput(Said("usage.one_thing"))
    return asked[0]


def _term(asked: str, data: Path | None, languages: Sequence[str]) -> Explanation | None:
    name = asked.upper()
    if found := _STEP.fullmatch(asked):
        return step(found[1], languages)
    if name in CATALOGUE:
        return with_its_list(rule(name, languages, _profile(data) if data else None), name, languages)
    if name in set(FunctionalErrorCodes):
        return code(name, languages)
    if name in set(StatusType):
        return state(name, languages)
    return (
        _listed(name, languages)
        or table_code(name, languages)
        or member_state(name, languages)
        or term(asked, languages)
    )


def _saad(name: str, data: Path | None, languages: Sequence[str], member: str) -> Explanation | None:
    """A requirement, a rule of the SAAD list, or which documents may stand in it; perhaps by a data directory."""
    if name in EVERY_REQUIREMENT:
        return requirement(name, _domain(data, member), languages)
    if name in SAAD_RULES:
        return saad_rule(name, languages)
    return documents(name, _saad_law(data, member), languages) if name in SAAD_TERMS else None


def _domain(data: Path | None, member: str) -> NationalDomain | None:
    if data is not None:
        from esad_gateway.settings import read_settings  # noqa: PLC0415 - the other answers need no settings

        return read_settings(data).national_domain()
    return domain_of(member)


def _saad_law(data: Path | None, member: str) -> SaadLaw:
    if data is not None:
        from esad_gateway.settings import read_settings  # noqa: PLC0415 - the other answers need no settings

        return read_settings(data).saad_law()
    from esad_gateway.cli.common.offline import profile_of  # noqa: PLC0415 - as above

    profile = profile_of(member)
    return saad_law(member, profile.calendar_of(member))


def _listed(name: str, languages: Sequence[str]) -> Explanation | None:
    """What the standard lists: a message, a product, a code list, or one of its codes."""
    if found := _LIST_AND_CODE.fullmatch(name):
        return code_of(found[1], found[2], languages)
    return message(name, languages) or product(name, languages) or code_list(name, languages)


def _profile(data: Path) -> NationalProfile:
    from esad_gateway.settings import read_settings  # noqa: PLC0415 - the other answers need no settings

    return read_settings(data).profile()


def _place(asked: str, data: Path | None, languages: Sequence[str], now: str | None, member: str) -> Explanation | None:
    if _is_folder(asked):
        raise UnreadableInput(said("usage.folder", name=asked))
    if _exists(asked):
        return _file(asked, data, languages, now, member)
    if _is_arc(asked):
        return arc(asked.upper(), data, languages)
    if _LIKE_AN_ARC.fullmatch(asked):
        return misshapen(asked.upper(), languages)
    if "/" in asked or "." in asked:
        raise UnreadableInput(said("usage.no_file", name=asked))
    return None


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except OSError:  # longer than a name can be
        return False


def _is_folder(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except OSError:
        return False


def _is_arc(asked: str) -> bool:
    return len(asked) == ARC_LENGTH and asked.isalnum()


def _file(file: str, data: Path | None, languages: Sequence[str], now: str | None, member: str) -> Explanation:
    # Schemas and XML are imported for this alone.
    from esad_gateway.cli import validate  # noqa: PLC0415
    from esad_gateway.cli.common.offline import moment, profile_of  # noqa: PLC0415
    from esad_gateway.emcs.movement import Origin  # noqa: PLC0415
    from esad_gateway.explain.file import explained  # noqa: PLC0415
    from esad_gateway.gateway.validator import Validator  # noqa: PLC0415
    from esad_gateway.xml.release import FOLDER, shipped  # noqa: PLC0415

    validator = Validator(shipped(data / FOLDER) if data else shipped(), profile_of(member))
    return explained(validate.look(file, validator=validator, origin=Origin.TRADER, now=moment(now)), languages)


COMMANDS = (explain,)
LANGUAGE = EVERY_LANGUAGE
