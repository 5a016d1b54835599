"""``esad case``: registration cases, as their applicants and as officials see them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway.ais.registration.acts import ActKind, CertificateChanged, NumberGiven
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.ais.registration.certified import outside_certificate
from esad_gateway.ais.registration.request import GoodsPlace
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.case_access import Door, as_body, case_access
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Limit, Url, problem_of, refuse_problem
from esad_gateway.cli.common.language import wanted, word
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.errors import NotFound, UnreadableInput
from esad_gateway.explain.answer import named
from esad_gateway.faults import Said, said
from esad_gateway.ports.national.cases import CaseQuery
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.texts import fault_json
from esad_gateway.xml.plain import group_from_plain

ByData: TypeAlias = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The data directory of the gateway: as an official.")
]
ByToken: TypeAlias = Annotated[
    str, typer.Option("--token", envvar="ESAD_TOKEN", help="Your token: as an applicant.", show_default=False)
]
Number: TypeAlias = Annotated[str, typer.Argument(metavar="NUMBER", help="The case, as esad case list names it.")]
Values: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="The request in JSON, as docs/how-to/registration.md has one; - is standard input.",
        show_default=False,
    ),
]
On: TypeAlias = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="The day on which it happened, where that was earlier.")
]

COLUMNS: Final = ("number", "entity", "status", "state", "seed", "due", "left")
ACT_COLUMNS: Final = ("number", "at", "act", "by", "told")
END_COLUMNS: Final = ("number", "entity", "seed", "ground", "since", "until", "rule")
NOTICE_COLUMNS: Final = ("number", "case", "act", "entity", "channel", "until", "rule")

MEDIA: Final = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".xml": "application/xml",
    ".txt": "text/plain",
}


def submit(
    file: Values, *, data: ByData = None, token: ByToken = "", url: Url = LOCAL, on: On = None, as_json: AsJson = False
) -> None:
    """Ask for a registration: the request, and the channel by which it comes.

    The same request again is the same case as long as that is open. Exit code 1 when it is refused, with every fault.
    """
    body, day = paths.read(file), _day(on)
    _tell(_asked(data, url, token, lambda cases: cases.submit(body, day)), as_json=as_json)


def act(
    number: Number,
    kind: Annotated[ActKind, typer.Argument(metavar="ACT", help="What is done, as esad case show lists it.")],
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="Its values in JSON; - is standard input.", show_default=False)
    ] = None,
    *,
    data: ByData = None,
    token: ByToken = "",
    url: Url = LOCAL,
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A value; may be given again.")
    ] = None,
    on: On = None,
    as_json: AsJson = False,
) -> None:
    """Do something in a case: hand in what was asked for, set the amount, register, refuse, deregister.

    A registration gets the next number, today as its first day, and goods and places as they were asked for, where
    they are left out; the register, and every other administration, know it at once. docs/reference/registration.md
    has the values of every act.
    """
    body = paths.read(file) if file else as_body(dict(_pair(one) for one in values or ()))
    day = _day(on)
    _tell(_asked(data, url, token, lambda cases: cases.act(number, kind, body, day)), as_json=as_json)


def show(
    number: Number, *, data: ByData = None, token: ByToken = "", url: Url = LOCAL, as_json: AsJson = False
) -> None:
    """Show a case: where it stands, what was done, what may follow, what is due, and who heard of a number."""
    status, answer = _asked(data, url, token, lambda cases: cases.show(number))
    refuse_problem(status, answer, as_json=as_json, expected=("acts",))
    if as_json:
        output.result_json(answer)
    else:
        _tell_case(answer)


def list_(
    *,
    data: ByData = None,
    token: ByToken = "",
    url: Url = LOCAL,
    state: Annotated[CaseState | None, typer.Option(help="Only cases in this state.")] = None,
    status: Annotated[OperatorType | None, typer.Option(help="Only requests for this status.")] = None,
    after: Annotated[str, typer.Option(metavar="NUMBER", help="Only cases after this one.")] = "",
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """List cases by number, with the last day of their next term and the working days that are left."""
    query = CaseQuery(state=state, status=status, after=after, limit=limit)
    code, answer = _asked(data, url, token, lambda cases: cases.cases(query))
    refuse_problem(code, answer, as_json=as_json, expected=("cases",))
    if as_json:
        output.result_json(answer)
    else:
        output.table(_heads(COLUMNS), [_row(one) for one in answer["cases"]])


def candidates(*, data: ByData = None, token: ByToken = "", url: Url = LOCAL, as_json: AsJson = False) -> None:
    """List the registrations that may be ended today, each with its ground; an official decides (act … deregister)."""
    code, answer = _asked(data, url, token, lambda cases: cases.candidates())
    refuse_problem(code, answer, as_json=as_json, expected=("candidates",))
    if as_json:
        output.result_json(answer)
    else:
        output.table(_heads(END_COLUMNS), [_end(one) for one in answer["candidates"]])


def notices(
    *,
    data: ByData = None,
    token: ByToken = "",
    url: Url = LOCAL,
    after: Annotated[int, typer.Option(min=0, max=LARGEST_NUMBER, help="Only notices after this number.")] = 0,
    limit: Limit = 200,
    as_json: AsJson = False,
) -> None:
    """List what entities are told of their cases, by which channel and until when."""
    code, answer = _asked(data, url, token, lambda cases: cases.notices(after, limit))
    refuse_problem(code, answer, as_json=as_json, expected=("notices",))
    if as_json:
        output.result_json(answer)
    else:
        output.table(_heads(NOTICE_COLUMNS), [_notice(one) for one in answer["notices"]])


def paper(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A paper: .pdf, .jpg, .png, .xml or .txt.")],
    *,
    data: ByData = None,
    token: ByToken = "",
    url: Url = LOCAL,
    entity: Annotated[str, typer.Option(metavar="CODE", help="Whose paper it is; officials say so.")] = "",
    as_json: AsJson = False,
) -> None:
    """Hand in a paper, and print the digest by which acts name it."""
    media = MEDIA.get(file.suffix.lower())
    if media is None:
        raise UnreadableInput(said("case.desk.media", file=str(file), endings=", ".join(MEDIA)))
    body = paths.read(str(file))
    code, answer = _asked(data, url, token, lambda cases: cases.hand_in(file.name, media, body, entity))
    refuse_problem(code, answer, as_json=as_json, expected=("digest",))
    output.result_json(answer) if as_json else output.result(answer["digest"])


def allows(
    number: Number,
    *,
    group: Annotated[
        list[str],
        typer.Option("--tariff-group", metavar="CODE", help="A tariff group of the goods; may be given again."),
    ],
    street: Annotated[str, typer.Option(help="The street from which they leave, as on the certificate.")],
    city: Annotated[str, typer.Option(help="Its city.")],
    postcode: Annotated[str, typer.Option(help="Its postcode, where the certificate has one.")] = "",
    data: ByData = None,
    token: ByToken = "",
    url: Url = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Tell whether the certificate of a case lets goods leave from a place: both are hard limits (RC-1).

    Exit code 1 with everything that it does not allow, and what it does.
    """
    code, answer = _asked(data, url, token, lambda cases: cases.show(number))
    refuse_problem(code, answer, as_json=as_json, expected=("acts",))
    given = _certificate(answer)
    faults = outside_certificate(given, group, GoodsPlace(street=street, city=city, postcode=postcode))
    told = [fault_json(one) for one in faults]
    if as_json:
        output.result_json({"certificate": given.certificate, "seed": given.seed, "faults": told})
    elif told:
        output.result(*map(_fault, told))
    else:
        output.result(said("case.desk.allowed", certificate=given.certificate))
    if told:
        raise typer.Exit(ExitCode.NEGATIVE)


def _certificate(case: Mapping[str, Any]) -> NumberGiven:
    """The certificate of a case, as it was changed last. Raises NotFound where none is in force."""
    if case["state"] not in {CaseState.REGISTERED, CaseState.CHANGE_REQUESTED}:
        raise NotFound(said("case.desk.no_certificate", number=case["number"]))
    last = {one["act"]: one["values"] for one in case["acts"]}
    given = group_from_plain(last[ActKind.REGISTER], NumberGiven)
    if ActKind.CHANGE not in last:
        return given
    changed = group_from_plain(last[ActKind.CHANGE], CertificateChanged)
    return replace(given, goods=changed.goods, places=changed.places)


def _asked(data: Path | None, url: str, token: str, door: Door) -> tuple[int, dict[str, Any]]:
    with case_access(data, url, token) as cases:
        return door(cases)


def _tell(told: tuple[int, dict[str, Any]], *, as_json: bool) -> None:
    """Print what became of an act; exit code 1 when it is refused."""
    code, answer = told
    if as_json:
        output.result_json(answer)
    elif "faults" in answer:
        output.note(": ".join(problem_of(code, answer)))
        output.result(*(f"  {_fault(one)}" for one in answer["faults"]))
    if "faults" in answer:
        raise typer.Exit(ExitCode.NEGATIVE)
    refuse_problem(code, answer, as_json=as_json, expected=("case",))
    if not as_json:
        if answer["again"]:
            output.note(Said("case.desk.again"))
        _tell_case(answer["case"])


def _tell_case(case: Mapping[str, Any]) -> None:
    output.table(_heads(COLUMNS), [_row(case)])
    output.table(_heads(ACT_COLUMNS), [_act(one) for one in case["acts"]])
    for term in case["terms"]:
        about = {"until": term["until"], "rule": term["rule"]}
        left = said("count.working_days_left", count=max(term["workingDaysLeft"], 0))
        line = said("case.desk.owed", left=left, **about)
        output.result(output.bad(line) if term["workingDaysLeft"] < 0 else line)
    following = ", ".join(f"{one} ({word(Said(f'case.act.{one}'))})" for one in case["next"])
    output.result(said("case.desk.next", acts=following or "-"))


def _row(case: Mapping[str, Any]) -> Sequence[str]:
    left = case["workingDaysLeft"]
    return (
        case["number"],
        case["entity"],
        word(Said(f"operator.{case['status']}")),
        word(Said(f"case.state.{case['state']}")),
        case["seed"] or "",
        case["due"] or "",
        "" if left is None else output.bad(str(left)) if left < 0 else str(left),
    )


def _act(one: Mapping[str, Any]) -> Sequence[str]:
    return str(one["number"]), one["at"], word(Said(f"case.act.{one['act']}")), one["by"]["name"], "; ".join(_told(one))


def _told(one: Mapping[str, Any]) -> Iterator[str]:
    for peer in one["told"]:
        against = f": {', '.join(peer['refusedFor'])}" if peer["refusedFor"] else ""
        yield f"{peer['administration']} {word(Said('standing.' + peer['standing']))}{against}"


def _end(one: Mapping[str, Any]) -> Sequence[str]:
    case, ground = one["case"], word(Said(f"case.end.{one['ground']}"))
    return case["number"], case["entity"], case["seed"] or "", ground, one["since"], one["until"] or "", one["rule"]


def _notice(one: Mapping[str, Any]) -> Sequence[str]:
    kind, channel = word(Said(f"case.act.{one['act']}")), word(Said(f"case.by.{one['channel']}"))
    return str(one["number"]), one["case"], kind, one["entity"], channel, one["until"] or "", one["rule"] or ""


def _heads(names: Sequence[str]) -> Sequence[Said]:
    return [Said(f"case.desk.column.{name}") for name in names]


def _fault(fault: Mapping[str, Any]) -> str:
    told = " / ".join(f"{fault['text'][one]} {fault['hints'][one]}".rstrip() for one in wanted())
    return f"{named(fault['code'], fault['rule'])} {fault['path']} {output.value_of(fault['value'])}: {told}"


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UnreadableInput(said("usage.day", given=text or "")) from error


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise UnreadableInput(said("case.desk.pair", text=text))
    return name, value


COMMANDS = (submit, act, show, list_, candidates, allows, notices, paper)
