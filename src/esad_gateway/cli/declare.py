"""``esad declare``: the declarations of a month, looked at, filed, and written out for whoever takes them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.declarations.filing import FilingAsked
from esad_gateway.ais.declarations.filling import definition_of
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.cli.batches.online import written
from esad_gateway.cli.common import completing, output, paths
from esad_gateway.cli.common.administration import AsJson, account, opened
from esad_gateway.cli.common.gateway_access import LOCAL, answered, problem_of, refuse_problem
from esad_gateway.cli.common.language import wanted, word
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.client.request import Request, step
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.errors import NationalRefused, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.national.declaration_files import FiledFiles
from esad_gateway.national.declarations import DeclarationDesk, declaration_desk
from esad_gateway.national.form_definitions import form_definitions
from esad_gateway.settings import read_settings
from esad_gateway.texts import fault_json
from esad_gateway.views.declarations import filed_view, month_view, sources_view

Local: TypeAlias = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="The data directory of the gateway; else it is asked by URL."),
]
Seed: TypeAlias = Annotated[
    str, typer.Option(envvar="ESAD_SEED", autocompletion=completing.seeds, help="The SEED number that declares.")
]
Token: TypeAlias = Annotated[
    str | None, typer.Option(envvar="ESAD_TOKEN", help="The token of the number.", show_default=False)
]
Url: TypeAlias = Annotated[str, typer.Option(envvar="ESAD_URL", help="The gateway.")]
Period: TypeAlias = Annotated[str, typer.Argument(metavar="PERIOD", help="The month, such as 2026-10.")]
Number: TypeAlias = Annotated[
    int | None, typer.Option(min=0, max=9999, metavar="NUMBER", help="0 for the first one, else that correction.")
]

_MONTHS: Final = (
    Said("declaration.column.period"),
    Said("declaration.column.state"),
    Said("declaration.column.due"),
    Said("declaration.column.form"),
    Said("declaration.column.documents"),
    Said("declaration.column.duty"),
    Said("declaration.column.filed"),
)
_FIGURES: Final = (
    Said("declaration.column.figure"),
    Said("declaration.column.group"),
    Said("declaration.column.quantity"),
    Said("declaration.column.measure"),
    Said("declaration.column.duty"),
)
_SOURCES: Final = (
    Said("declaration.column.route"),
    Said("declaration.column.document"),
    Said("declaration.column.line"),
    Said("declaration.column.received"),
    Said("declaration.column.quantity"),
    Said("declaration.column.duty"),
)


def list_(*, seed: Seed, data: Local = None, token: Token = None, url: Url = LOCAL, as_json: AsJson = False) -> None:
    """List the months of a number: open, due, late, filed, to be corrected; the newest first."""
    answer = _answer(
        data, url, token, Request(method="GET", path=_path(seed)), lambda desk: _months(desk, seed), as_json=as_json
    )
    if as_json:
        output.result_json(answer)
        return
    output.table(_MONTHS, [_month_row(one) for one in answer["declarations"]])


def preview(
    period: Period, *, seed: Seed, data: Local = None, token: Token = None, url: Url = LOCAL, as_json: AsJson = False
) -> None:
    """Show what a number has to declare of a month as things stand; exit code 1 where something is in the way."""
    month = _period(period)
    request = Request(method="GET", path=f"{_path(seed)}/{month}")
    answer = _answer(data, url, token, request, lambda desk: _preview(desk, seed, month), as_json=as_json)
    if as_json:
        output.result_json(answer)
    else:
        _print_month(answer)
    raise typer.Exit(ExitCode.NEGATIVE if answer["faults"] else ExitCode.FINE)


def file(
    period: Period,
    *,
    seed: Seed,
    data: Local = None,
    token: Token = None,
    url: Url = LOCAL,
    form: Annotated[str | None, typer.Option(metavar="FORM", help="The form; refused where it is not the one.")] = None,
    payer_type: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Box 3; as the form has it if left out.")
    ] = None,
    box_number: Annotated[
        str | None, typer.Option("--box-number", metavar="SEED", help="Box 8; as the form has it if left out.")
    ] = None,
    zero: Annotated[bool, typer.Option("--zero", help="Also where nothing was received.")] = False,
    as_json: AsJson = False,
) -> None:
    """File the declaration of a month as it follows from its receipts; what was filed before is corrected.

    Filing the same once more changes nothing. Every fault is told at once, and then nothing is filed. The duty of a
    temporary number is set off against its deposit.
    """
    month = _period(period)
    boxes = {"form": form, "payerType": payer_type, "number": box_number}
    body = {**{name: one for name, one in boxes.items() if one is not None}, **({"zero": True} if zero else {})}
    asked = FilingAsked(form=form, payer_type=payer_type, number=box_number, zero=zero)
    request = _posted(f"{_path(seed)}/{month}/filings", body)
    answer = _answer(data, url, token, request, lambda desk: _file(desk, seed, month, asked), as_json=as_json)
    if as_json:
        output.result_json(answer)
    else:
        _print_filed(answer["declaration"], again=answer["again"])


def show(
    period: Period,
    *,
    seed: Seed,
    data: Local = None,
    token: Token = None,
    url: Url = LOCAL,
    why: Annotated[str | None, typer.Option(metavar="FIGURE", help="What a figure comes from, such as D/110.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what was filed of a month, correction by correction; with --why the documents behind a figure."""
    month = _period(period)
    if why is not None:
        _show_sources(data, url, token, seed, month, why, as_json=as_json)
        return
    request = Request(method="GET", path=f"{_path(seed)}/{month}")
    answer = _answer(data, url, token, request, lambda desk: _preview(desk, seed, month), as_json=as_json)
    if as_json:
        output.result_json({"filed": answer["filed"]})
        return
    if not answer["filed"]:
        output.result(said("declaration.none_filed", period=period, seed=seed))
    for one in answer["filed"]:
        _print_filed(one, again=False)


def export(
    period: Period,
    *,
    seed: Seed,
    target: Annotated[Path, typer.Option("--out", metavar="FILE", help="Write it here.")],
    data: Local = None,
    token: Token = None,
    url: Url = LOCAL,
    number: Number = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="ffdata, csv, json, pdf; otherwise as FILE ends.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write what was filed of a month as FFData, CSV, JSON or PDF: the last one, or that of a number."""
    month, kind = _period(period), form or target.suffix.lstrip(".").lower()
    if data is None:
        path = f"{_path(seed)}/{month}/filings/{'last' if number is None else number}/file"
        query = {"format": kind}
        written(target, lambda to: answered(url, token, Request(path=path, query=query, to=to)), as_json=as_json)
    else:
        with _desk(data) as desk:
            body, made_up = _exported(desk, data, seed, month, number, kind)
        paths.write(target, body)
        if made_up:
            output.note(said("declaration.fictitious", form=kind))
    if as_json:
        output.result_json({"file": str(target)})
    else:
        output.result(said("declaration.written", file=str(target)))


def all_(
    period: Period,
    *,
    data: Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory of the gateway.")],
    as_json: AsJson = False,
) -> None:
    """Show the declarations of all numbers of a month, without filing any; one object a line with --json."""
    month = _period(period)
    with _desk(data) as desk:
        total = desk.receivers(month)
        found = (month_view(one, desk.calendar.zone) for one in desk.every(month))
        every = output.watched(found, word(Said("declaration.at_work")), total)
        if as_json:
            for one in every:
                output.result_json(one)
        else:
            output.table(
                (Said("declaration.column.seed"), *_MONTHS), [(one["seed"], *_month_row(one)) for one in every]
            )


def _path(seed: str) -> str:
    return f"/v1/traders/{step(seed)}/declarations"


def _posted(path: str, body: Mapping[str, Any]) -> Request:
    from json import dumps  # noqa: PLC0415

    return Request(method="POST", path=path, body=dumps(body).encode(), headers={"Content-Type": "application/json"})


def _period(text: str) -> TaxPeriod:
    try:
        return TaxPeriod.read(text)
    except Malformed as error:
        raise UnreadableInput(error.why) from error


@contextmanager
def _desk(data: Path) -> Iterator[DeclarationDesk]:
    """The desk of a data directory. Raises UnreadableInput where its state declares nothing."""
    settings = read_settings(data)
    with opened(data) as store:
        desk = declaration_desk(store, settings, lambda: datetime.now(UTC), data)
        if desk is None:
            raise UnreadableInput(said("declaration.no_law", state=settings.state))
        yield desk


def _answer(
    data: Path | None,
    url: str,
    token: str | None,
    request: Request,
    local: Callable[[DeclarationDesk], dict[str, Any]],
    *,
    as_json: bool,
) -> dict[str, Any]:
    """What the gateway answers, or the desk of a data directory: the same object."""
    if data is None:
        code, told = answered(url, token, request)
        if "faults" in told and code >= 400:  # noqa: PLR2004 - where HTTP's refusals begin
            _refuse(told["faults"], ": ".join(problem_of(code, told)), as_json=as_json)
        refuse_problem(code, told, as_json=as_json, expected=("declarations", "declaration", "seed", "sources"))
        return told
    with _desk(data) as desk:
        try:
            return local(desk)
        except NationalRefused as error:
            _refuse([fault_json(fault) for fault in error.faults], word(Said("declaration.not_filed")), as_json=as_json)
            raise


def _refuse(faults: Sequence[Mapping[str, Any]], title: str, *, as_json: bool) -> None:
    """Tell faults, and end with exit code 1."""
    if as_json:
        output.result_json({"faults": list(faults)})
    else:
        output.note(title)
        output.result(*(f"  {_fault(one)}" for one in faults))
    raise typer.Exit(ExitCode.NEGATIVE)


def _fault(fault: Mapping[str, Any]) -> str:
    told = " / ".join(f"{fault['text'][one]} {fault['hints'][one]}" for one in wanted())
    return f"{fault['rule']} {fault['path']} {output.value_of(fault['value'])}: {told}"


def _months(desk: DeclarationDesk, seed: str) -> dict[str, Any]:
    return {"declarations": [month_view(one, desk.calendar.zone) for one in desk.months(seed)]}


def _preview(desk: DeclarationDesk, seed: str, period: TaxPeriod) -> dict[str, Any]:
    return month_view(desk.month(seed, period), desk.calendar.zone)


def _file(desk: DeclarationDesk, seed: str, period: TaxPeriod, asked: FilingAsked) -> dict[str, Any]:
    taken = desk.file(seed, period, asked, DoneBy(kind=ActorKind.OPERATOR, name=account()))
    return {"declaration": filed_view(taken.declaration, desk.calendar.zone), "again": taken.again}


def _show_sources(
    data: Path | None, url: str, token: str | None, seed: str, period: TaxPeriod, why: str, *, as_json: bool
) -> None:
    request = Request(method="GET", path=f"{_path(seed)}/{period}/figures/{step(why.replace('/', '.'))}")
    answer = _answer(data, url, token, request, lambda desk: _sources(desk, seed, period, why), as_json=as_json)
    if as_json:
        output.result_json(answer)
        return
    names = ("route", "document", "line", "received", "quantity", "duty")
    output.table(_SOURCES, [[str(one[name]) for name in names] for one in answer["sources"]])


def _sources(desk: DeclarationDesk, seed: str, period: TaxPeriod, why: str) -> dict[str, Any]:
    return {"figure": why, "sources": sources_view(desk.figure(seed, period, why))}


def _exported(
    desk: DeclarationDesk, data: Path, seed: str, period: TaxPeriod, number: int | None, kind: str
) -> tuple[bytes, bool]:
    """The file, and whether it is one that nobody takes."""
    body = FiledFiles(desk, data)(seed, period, number, kind, wanted())
    _, filed = desk.filed(seed, period, number)
    found = definition_of(form_definitions(data), filed)
    return body, kind == "ffdata" and found is not None and found.fictitious


def _month_row(month: Mapping[str, Any]) -> Sequence[str]:
    filed = month["filed"][-1]["filedAt"] if month["filed"] else ""
    form = month["form"]["name"] if month["form"] else ""
    state = word(Said(f"declaration.state.{month['state']}"))
    return month["period"], state, month["due"]["day"], form, str(month["documents"]), month["duty"], filed


def _print_month(month: Mapping[str, Any]) -> None:
    state = word(Said(f"declaration.state.{month['state']}"))
    output.result(
        said("declaration.of_month", seed=month["seed"], name=month["name"], period=month["period"], state=state)
    )
    if month["form"]:
        form = month["form"]
        output.result(
            said("declaration.on_form", form=form["name"], payer=form["payerType"], number=form["boxNumber"] or "-")
        )
    _print_figures(month["figures"])
    output.result(said("declaration.to_pay_until", duty=month["duty"], day=month["due"]["day"]))
    output.result(*(output.bad(_fault(one)) for one in month["faults"]))


def _print_filed(filed: Mapping[str, Any], *, again: bool) -> None:
    form, period, number, seed = (filed[name] for name in ("form", "period", "number", "seed"))
    output.result(
        said("declaration.filed_before", form=form, period=period, number=number, seed=seed)
        if again
        else said("declaration.filed_as", form=form, period=period, number=number, seed=seed)
    )
    _print_figures(filed["figures"])
    output.result(
        said("declaration.paid", duty=filed["duty"], off=filed["setOff"], pay=filed["toPay"])
        if filed["settling"] != "official"
        else said("declaration.official", duty=filed["duty"])
    )


def _print_figures(figures: Sequence[Mapping[str, Any]]) -> None:
    names = ("figure", "tariffGroup", "quantity", "measure", "duty")
    if figures:
        output.table(_FIGURES, [[one[name] for name in names] for one in figures])


COMMANDS = (list_, preview, file, show, export, all_)
