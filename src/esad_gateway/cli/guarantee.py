"""``esad guarantee``: what secures the duty of traders, its ledger, and how much has to be secured."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.guarantees.asked import (
    AmountAsked,
    EntryAsked,
    GuaranteeAsked,
    SimulationAsked,
    WishAsked,
)
from esad_gateway.ais.guarantees.guarantee import AmountAct, EntryKind, GuaranteeEntry
from esad_gateway.ais.guarantees.recalculation import quarter_written
from esad_gateway.cli.common import completing, output, paths
from esad_gateway.cli.common.administration import AsJson, Data, account, opened
from esad_gateway.cli.common.guarantee_lines import (
    CANDIDATES,
    HELD,
    LEDGER,
    LIST,
    candidate_row,
    heads,
    held_row,
    ledger_row,
    standing_line,
    summary_row,
)
from esad_gateway.cli.common.offline import moment
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import ComposeRefused, NotConfigured, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.json_errors import why_no_json
from esad_gateway.national.guarantees import GuaranteeDesk, guarantee_desk
from esad_gateway.ports.national.guarantees import GoodsForecast, Recalculated
from esad_gateway.settings import read_settings
from esad_gateway.texts import fault_json
from esad_gateway.views.guarantees import (
    amount_act_view,
    basis_view,
    entry_view,
    eur,
    guarantee_view,
    recalculated_view,
    statement_view,
)
from esad_gateway.xml.plain import group_from_plain
from esad_gateway.xml.plain_json import read_json

Seed: TypeAlias = Annotated[
    str, typer.Argument(metavar="SEED", autocompletion=completing.seeds, help="The number whose duty is secured.")
]
At: TypeAlias = Annotated[
    str | None, typer.Option("--at", metavar="MOMENT", help="How it stood then, in UTC; now if left out.")
]
Amount: TypeAlias = Annotated[str | None, typer.Option(metavar="EUR", help="In EUR, such as 1250.00.")]
Document: TypeAlias = Annotated[
    str, typer.Option(metavar="TEXT", help="The decision, claim or declaration it answers to; of a movement, its ARC.")
]
Number: TypeAlias = Annotated[
    int, typer.Option("--guarantee", metavar="NUMBER", help="The guarantee that it is about, as the list has it.")
]
Why: TypeAlias = Annotated[str, typer.Option(metavar="TEXT", help="Why, in some words.")]
GoodsFile: TypeAlias = Annotated[
    str | None, typer.Option("--goods", metavar="FILE", help="Goods of an average month, as esad duty reads them.")
]
ShareName: TypeAlias = Annotated[str, typer.Option("--share", metavar="SHARE", help="whole, tenth or exempt.")]
InsteadOf: TypeAlias = Annotated[
    int | None, typer.Option(metavar="NUMBER", help="The decision that was seen: refused if another one stands.")
]


def list_(*, data: Data, as_json: AsJson = False) -> None:
    """List how every number stands that has a guarantee, or has to have one."""
    with _desk(data, as_json=as_json) as desk:
        every = desk.holders()
        found = [desk.statement(seed) for seed in output.watched(every, "guarantees", len(every))]
    if as_json:
        shown = [{**statement_view(one, UTC), "ledger": []} for one in found]
        output.result_json({"guarantees": shown})
    else:
        output.table(heads(LIST), [summary_row(one) for one in found])


def show(seed: Seed, *, data: Data, at: At = None, as_json: AsJson = False) -> None:
    """Show how a number stands at any moment: its guarantees, and what is secured, reserved, used and available."""
    with _desk(data, as_json=as_json) as desk:
        found = desk.statement(seed, moment(at))
    if as_json:
        output.result_json(statement_view(found, UTC))
        return
    output.table(heads(HELD), [held_row(one) for one in found.guarantees])
    output.table(heads(LIST), [summary_row(found)])


def ledger(seed: Seed, *, data: Data, at: At = None, as_json: AsJson = False) -> None:
    """Show every line of the ledger of a number until a moment (UTC), and what they add up to."""
    with _desk(data, as_json=as_json) as desk:
        found = desk.statement(seed, moment(at))
    if as_json:
        output.result_json(statement_view(found, UTC))
        return
    output.table(heads(LEDGER), [ledger_row(one) for one in found.lines])
    output.result(standing_line(found))


def add(
    seed: Seed,
    *,
    data: Data,
    kind: Annotated[str, typer.Option(metavar="KIND", help="deposit, surety or document.")],
    amount: Annotated[str, typer.Option(metavar="EUR", help="In EUR, such as 1250.00.")],
    reference: Annotated[str, typer.Option(metavar="TEXT", help="What its paper or payment is called.")],
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="Its first day.")],
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Its last day; without end if left out.")] = None,
    guarantor: Annotated[
        list[str] | None, typer.Option(metavar="WHO", help="consignor, transporter, owner or consignee; several times.")
    ] = None,
    currency: Annotated[str, typer.Option(metavar="CODE", help="Of the amount.")] = "EUR",
    as_json: AsJson = False,
) -> None:
    """Add a guarantee: a deposit whose payment is proved, a surety or a guarantee document that was accepted.

    The same one again is the same. Every fault is told at once, and then nothing is changed.
    """
    given = {
        "kind": kind,
        "amount": amount,
        "reference": reference,
        "since": since,
        "currency": currency,
        **_told(until=until, guarantors=guarantor),
    }
    with _desk(data, as_json=as_json) as desk:
        added = desk.add(group_from_plain(given, GuaranteeAsked).guarantee(seed), _operator())
    if as_json:
        output.result_json(guarantee_view(added))
    else:
        output.result(output.good(said("guarantee.added", number=added.number, seed=seed, amount=eur(added.amount))))


def change(
    seed: Seed,
    *,
    data: Data,
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="raised, lowered, returned, set_off, used, reserved or released.")
    ],
    amount: Amount = None,
    guarantee: Number = 0,
    document: Document = "",
    at: Annotated[str | None, typer.Option("--at", metavar="MOMENT", help="From when on, in UTC; from now on.")] = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Add an entry to the ledger; entries are never changed, a correction is one more.

    The same document again is the same entry, and another amount for it is refused. A reservation or release names its
    movement by --document ARC, and without --amount everything is released.
    """
    given = {
        "kind": kind,
        "guarantee": guarantee,
        "document": document,
        "why": why,
        **_told(amount=amount),
    }
    with _desk(data, as_json=as_json) as desk:
        asked = group_from_plain(given, EntryAsked)
        added = desk.change(seed, asked.entry(moment(at)), _operator())
    _entered(seed, added, as_json=as_json)


def use(
    seed: Seed,
    *,
    data: Data,
    amount: Annotated[str, typer.Option(metavar="EUR", help="In EUR, such as 1250.00.")],
    guarantee: Number,
    document: Document,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Use a guarantee for duty that was not paid, or not properly (RC-9): no more than is left of it."""
    change(
        seed,
        data=data,
        kind=EntryKind.USED.value,
        amount=amount,
        guarantee=guarantee,
        document=document,
        why=why,
        as_json=as_json,
    )


def amount(
    seed: Seed,
    *,
    data: Data,
    goods: GoodsFile = None,
    eur_set: Annotated[
        str | None, typer.Option("--set", metavar="EUR", help="The amount, where it does not follow from goods.")
    ] = None,
    basis: Annotated[str | None, typer.Option(metavar="EUR", help="The duty of an average month it goes by.")] = None,
    share: ShareName = "whole",
    instead_of: InsteadOf = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Set how much a number has to secure: by the goods of an average month, or as the administration says.

    Who may have a tenth or be exempt, an official decides. Later quarters are compared with the basis.
    """
    more = _told(goods=_goods(goods), amount=eur_set, basis=basis, instead_of=instead_of)
    given = {"share": share, "why": why, **more}
    with _desk(data, as_json=as_json) as desk:
        done = desk.decide(seed, group_from_plain(given, AmountAsked), _operator())
    _acted(done, as_json=as_json)


def ask(
    seed: Seed,
    *,
    data: Data,
    wish: Annotated[str, typer.Option("--for", metavar="WISH", help="lower, tenth, exemption or goods.")],
    goods: GoodsFile = None,
    why: Why = "",
    as_json: AsJson = False,
) -> None:
    """Write down what a trader asks for by letter: a lower amount, a tenth, an exemption, or other goods."""
    with _desk(data, as_json=as_json) as desk:
        asked = group_from_plain({"wish": wish, "why": why, **_told(goods=_goods(goods))}, WishAsked)
        done = desk.wish(seed, asked, _operator())
    _acted(done, as_json=as_json)


def recalculate(
    *,
    data: Data,
    quarter: Annotated[str, typer.Option(metavar="YEAR-Qn", help="A quarter that is over, such as 2026-Q1.")],
    seed: Annotated[str | None, typer.Option(metavar="SEED", help="Only this number.")] = None,
    moved: Annotated[
        str | None,
        typer.Option(metavar="FILE", help='Goods of the quarter by number, {"SEED": [goods]}, instead of what came.'),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Look whether amounts are to be other ones after a quarter (RC-10); nothing is changed.

    More than 5 % above the basis is raised ex officio, more than 5 % below lowered where the trader asks; other goods
    and new tariffs are looked at as well. What an official decides is written down by esad guarantee amount.
    Exit code 1: there are candidates.
    """
    found = quarter_written(quarter)
    if found is None:
        raise UnreadableInput(said("guarantee.no_quarter", quarter=quarter))
    with _desk(data, as_json=as_json) as desk:
        every = [seed] if seed else desk.holders()
        results = desk.recalculated(every, found, _moved(moved))
        told = list(output.watched(results, quarter, len(every)))
    _recalculated(told, quarter, as_json=as_json)


def simulate(
    goods: Annotated[str, typer.Argument(metavar="FILE", help="Goods of an average month; - is standard input.")],
    *,
    data: Data,
    share: ShareName = "whole",
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="At the tariffs of this day; today if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute what would have to be secured for goods of an average month; nothing is kept.

    For a temporary certified consignee they are the goods of its one consignment. Exit code 1: goods have no duty.
    """
    given = {"goods": _goods(goods), "share": share, **_told(on=on)}
    with _desk(data, as_json=as_json) as desk:
        asked = group_from_plain(given, SimulationAsked)
        made, duty = desk.simulate(asked.goods, asked.share, asked.on), desk.duty
    faults = made.assessment.faults
    if as_json:
        output.result_json(basis_view(made, duty))
    elif faults:
        output.result(*(output.fault_line(goods, fault) for fault in faults))
    else:
        percent, basis = f"{made.percent:f}", eur(made.basis)
        output.result(output.good(said("guarantee.simulated", amount=eur(made.amount), percent=percent, basis=basis)))
    raise typer.Exit(ExitCode.NEGATIVE if faults else ExitCode.FINE)


@contextmanager
def _desk(data: Path, *, as_json: bool) -> Iterator[GuaranteeDesk]:
    """The desk of a data directory; what it refuses is told, every fault in a line, and ends the command."""
    settings = read_settings(data)
    with opened(data) as store:
        desk = guarantee_desk(store, settings, data, lambda: datetime.now(UTC))
        if desk is None:
            raise NotConfigured(said("guarantee.no_law", state=settings.state))
        try:
            yield desk
        except ComposeRefused as refused:
            if as_json:
                output.result_json({"faults": [fault_json(fault) for fault in refused.faults]})
            else:
                output.result(*(output.fault_line("esad guarantee", fault) for fault in refused.faults))
            raise typer.Exit(ExitCode.NEGATIVE) from None


def _operator() -> DoneBy:
    return DoneBy(kind=ActorKind.OPERATOR, name=account())


def _told(**values: Any) -> dict[str, Any]:
    """What somebody has said of these."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _plain(file: str) -> Any:
    try:
        return read_json(paths.read(file))
    except ValueError as error:
        raise UnreadableInput(said("file.named", file=file, why=why_no_json(error))) from error


def _goods(file: str | None) -> Any:
    """The goods of a file as plain data: a list, or what stands under ``goods``."""
    data = [] if file is None else _plain(file)
    return data.get("goods", []) if isinstance(data, dict) else data


def _moved(file: str | None) -> Mapping[str, Sequence[ExciseGoods]]:
    data = {} if file is None else _plain(file)
    if not isinstance(data, dict):
        raise UnreadableInput(said("guarantee.moved", file=str(file)))
    return {seed: group_from_plain({"goods": goods}, GoodsForecast).goods for seed, goods in data.items()}


def _entered(seed: str, added: GuaranteeEntry, *, as_json: bool) -> None:
    if as_json:
        output.result_json(entry_view(added, UTC))
    else:
        output.result(output.good(said("guarantee.changed", number=added.number, seed=seed)))


def _acted(done: AmountAct, *, as_json: bool) -> None:
    if as_json:
        output.result_json(amount_act_view(done, UTC))
    elif done.amount is None:
        output.result(output.good(said("guarantee.noted", number=done.number, seed=done.seed)))
    else:
        amount = eur(done.amount)
        output.result(output.good(said("guarantee.set", number=done.number, seed=done.seed, amount=amount)))


def _recalculated(told: Sequence[Recalculated], quarter: str, *, as_json: bool) -> None:
    candidates = [(one.seed, found) for one in told for found in one.candidates]
    if as_json:
        output.result_json({"quarter": quarter, "numbers": [recalculated_view(one) for one in told]})
    else:
        output.table(heads(CANDIDATES), [candidate_row(one) for _, one in candidates])
        output.result(*(output.fault_line(one.seed, fault) for one in told for fault in one.faults))
    raise typer.Exit(ExitCode.NEGATIVE if candidates else ExitCode.FINE)


COMMANDS: Final[tuple[Callable[..., None], ...]] = (
    *(list_, show, ledger, add, change, use),
    *(amount, ask, recalculate, simulate),
)
