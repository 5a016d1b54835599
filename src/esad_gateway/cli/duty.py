"""``esad duty``: what goods are taxed with on a day, step by step, and the rates of that day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway.ais.duty.assessing import Assessment
from esad_gateway.ais.duty.goods import DutyQuestion
from esad_gateway.ais.duty.law import DutyLaw, DutyRate, TariffGroup, every_rate_of, groups_on
from esad_gateway.ais.provenance import Provenance
from esad_gateway.cli.common import completing, output, paths
from esad_gateway.cli.common.language import word
from esad_gateway.cli.common.offline import profile_of
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.emcs.moments import day_of
from esad_gateway.errors import ComposeRefused, MalformedXml, TooLarge, UnreadableInput
from esad_gateway.faults import Faults, Said, said
from esad_gateway.json_errors import why_no_json
from esad_gateway.national.duty import DutyDesk, goods_in, question_of
from esad_gateway.national.tariffs import duty_law
from esad_gateway.setting_national import national_domain
from esad_gateway.texts import fault_json
from esad_gateway.views.duty import assessment_view, band_text, plain, rates_view, steps, title_of
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature
from esad_gateway.xml.plain_json import read_json
from esad_gateway.xml.release import shipped

RATES: Final = "rates"
STEP_COLUMNS: Final = ("line", "step", "reckoned", "eur", "source")
RATE_COLUMNS: Final = ("group", "goods", "use", "strength", "unit", "figures", "first", "last", "source")

_ITEMS: Final = (
    *("product", "cn_code", "tariff_group", "quantity", "strength", "net_mass", "litres", "pieces"),
    *("retail_price", "pieces_in_package", "use"),
)
"""What a line of goods says, in the order of the options."""

Asked: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="FILE|rates", help="Goods in JSON, an IE815 or IE801; - is standard input. Or: rates."),
]
Product: TypeAlias = Annotated[str | None, typer.Option(metavar="CODE", help="Excise product, such as W200.")]
Cn: TypeAlias = Annotated[str | None, typer.Option("--cn-code", metavar="CODE", help="CN code of eight digits.")]
Group: TypeAlias = Annotated[
    str | None, typer.Option("--tariff-group", metavar="CODE", help="Tariff group; with rates: only this one.")
]
Quantity: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NUMBER", help="In the unit of EMCS: litres, kg, thousands of pieces.")
]
Strength: TypeAlias = Annotated[str | None, typer.Option(metavar="NUMBER", help="Actual strength in % vol.")]
Mass: TypeAlias = Annotated[str | None, typer.Option("--net-mass", metavar="KG", help="Net mass, as of cigars.")]
Litres: TypeAlias = Annotated[str | None, typer.Option(metavar="NUMBER", help="Volume of what EMCS weighs.")]
Pieces: TypeAlias = Annotated[str | None, typer.Option(metavar="NUMBER", help="Pieces of what EMCS weighs.")]
Price: TypeAlias = Annotated[
    str | None, typer.Option("--retail-price", metavar="EUR/PIECES", help="Maximum retail price, such as 6.00/20.")
]
Use: TypeAlias = Annotated[
    str | None, typer.Option(metavar="USE", help="What a rate of its own is claimed for, such as small_brewery.")
]
Day: TypeAlias = Annotated[
    str | None, typer.Option("--on", metavar="DAY", help="At the rates of this day; today if left out.")
]
ByData: TypeAlias = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Go by the state and the tariffs.toml of a gateway.")
]
Member: TypeAlias = Annotated[
    str, typer.Option("--state", autocompletion=completing.member_states, help="The tariffs of this member state.")
]


def duty(
    asked: Asked = None,
    *,
    product: Product = None,
    cn: Cn = None,
    tariff_group: Group = None,
    quantity: Quantity = None,
    strength: Strength = None,
    net_mass: Mass = None,
    litres: Litres = None,
    pieces: Pieces = None,
    retail_price: Price = None,
    use: Use = None,
    on: Day = None,
    data: ByData = None,
    state: Member = "LT",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Reckon the excise duty on goods at the rates of a day, with every step and its source.

    Goods come from a file, {"goods": [{"product": "W200", "quantity": "900", "strength": "12"}], "on": "2025-06-01"},
    from an IE815 or IE801, signed or not, or from options. For goods with an e-SAD the day is that of receipt.
    esad duty rates lists the rates of a day instead; a file of that name is named with its folder: ./rates.
    Not checked: signatures, rules, whether the use that is claimed is true. Exit code 1: a line has no duty.
    """
    desk = _desk(data, state)
    law = desk.law()
    price, _, in_package = (retail_price or "").partition("/")
    given = (product, cn, tariff_group, quantity, strength, net_mass, litres, pieces, price, in_package, use)
    line = {name: one for name, one in zip(_ITEMS, given, strict=True) if one}
    try:
        if asked == RATES:
            _show_rates(law, question_of({"on": on}).on or desk.today(), tariff_group, as_json=as_json)
            return
        question = _question(asked, line, on)
        made = desk.assess(question)
    except ComposeRefused as refused:
        _refuse(asked or "goods", refused.faults, as_json=as_json)
    _show(asked or "goods", made, law, as_json=as_json)
    raise typer.Exit(ExitCode.NEGATIVE if made.faults else ExitCode.FINE)


def _desk(data: Path | None, state: str) -> DutyDesk:
    """The tariffs to go by, and the present day where they count. Raises UnreadableInput, NotConfigured."""
    if data is None:
        domain = national_domain(state, "", {})
    else:
        from esad_gateway.settings import read_settings  # noqa: PLC0415 - without a gateway there are none

        settings = read_settings(data)
        state, domain = settings.state, settings.national_domain()
    zone = profile_of(state).time_zone
    if domain is None or duty_law(domain, data) is None:
        raise UnreadableInput(said("duty.no_tariffs", state=state))
    return DutyDesk(domain, data, lambda: day_of(datetime.now(UTC), zone))


def _question(file: str | None, line: Mapping[str, str], on: str | None) -> DutyQuestion:
    """What is asked, by a file or by options. Raises ComposeRefused, UnreadableInput."""
    day = {"on": on} if on else {}
    if (file is None) is (not line):
        raise UnreadableInput(Said("duty.one_of"))
    if file is None:
        return question_of({"goods": [line], **day})
    content = paths.read(file)
    if content.lstrip()[:1] != b"<":
        return question_of({**_plain(file, content), **day})
    goods = _in_document(file, content)
    return DutyQuestion(goods=goods.goods, on=question_of(day).on)


def _plain(file: str, content: bytes) -> dict[str, Any]:
    try:
        data = read_json(content)
    except ValueError as error:
        raise UnreadableInput(said("file.named", file=file, why=why_no_json(error))) from error
    # A list is the goods alone.
    return data if isinstance(data, dict) else {"goods": data}


def _in_document(file: str, content: bytes) -> DutyQuestion:
    """The goods of a draft or an e-SAD. Raises UnreadableInput for anything else."""
    try:
        payload = without_signature(parse(content))
    except (MalformedXml, TooLarge) as error:
        raise UnreadableInput(said("file.named", file=file, why=error.what)) from error
    goods = goods_in(read(payload)) if shipped().accepts(payload) else ()
    if not goods:
        raise UnreadableInput(said("duty.no_goods_in", file=file))
    return DutyQuestion(goods=goods)


def _refuse(file: str, faults: Faults, *, as_json: bool) -> None:
    if as_json:
        output.result_json({"faults": [fault_json(fault) for fault in faults]})
    else:
        output.result(*(output.fault_line(file, fault) for fault in faults))
    raise typer.Exit(ExitCode.NEGATIVE)


def _show(file: str, made: Assessment, law: DutyLaw, *, as_json: bool) -> None:
    if as_json:
        output.result_json(assessment_view(made, law))
        return
    if made.lines:
        output.table(_heads(STEP_COLUMNS), list(_steps(made, law)))
    if not made.faults:
        output.result(output.good(said("duty.total", day=made.day.isoformat(), amount=f"{made.amount:.2f}")))
    output.result(*(output.fault_line(file, fault) for fault in made.faults))


def _steps(made: Assessment, law: DutyLaw) -> Iterator[Sequence[str]]:
    for line in made.lines:
        for step in steps(line, law):
            yield (str(line.line), word(step.what), word(step.reckoned), step.eur or "", _source(step.provenance))


def _show_rates(law: DutyLaw, day: date, code: str | None, *, as_json: bool) -> None:
    groups = [one for one in groups_on(law, day) if code in {None, one.code}]
    if not groups:
        raise UnreadableInput(said("duty.no_such_group", code=code or "", day=day.isoformat()))
    if as_json:
        output.result_json(rates_view(law, day, code))
        return
    output.table(_heads(RATE_COLUMNS), [row for group in groups for row in _rows(group, day, law)])


def _rows(group: TariffGroup, day: date, law: DutyLaw) -> Iterator[Sequence[str]]:
    goods = word(title_of(law, group.tariff))
    rates = every_rate_of(law, group.tariff, day)
    if not rates:
        yield (group.code, goods, "", "", "", word(Said("duty.not_found")), "", "", "")
    for rate in rates:
        yield (group.code, goods, rate.use or "", band_text(rate.band), *_figures(rate))


def _figures(rate: DutyRate) -> Sequence[str]:
    figures = "; ".join(f"{word(Said(f'duty.step.{part.kind}'))} {plain(part.figure)}" for part in rate.parts)
    sources = "; ".join(dict.fromkeys(_source(part.provenance) for part in rate.parts))
    last = rate.last.isoformat() if rate.last else ""
    return (word(Said(f"duty.unit.{rate.unit}")), figures, rate.first.isoformat(), last, sources)


def _heads(names: Sequence[str]) -> tuple[Said, ...]:
    return tuple(Said(f"duty.head.{name}") for name in names)


def _source(provenance: Provenance | None) -> str:
    return f"{provenance.source} [{provenance.mark}]" if provenance else ""


COMMANDS = (duty,)
