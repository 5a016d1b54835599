"""``esad held``: reports of receipt that wait for the end of fiscal formalities."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.administration import AsJson, Data, account, opened
from esad_gateway.cli.common.language import word
from esad_gateway.cli.common.output import ExitCode, headings, table
from esad_gateway.emcs.identifiers import ARC, reason_of
from esad_gateway.errors import UnreadableInput
from esad_gateway.explain.wording import how_it_went, utc
from esad_gateway.faults import Said, listed, said
from esad_gateway.store.holds import Hold, Holds


def list_(
    *,
    data: Data,
    every: Annotated[
        bool, typer.Option("--all", help="Also what was released: when, and by whom or because its time had come.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what is held, oldest first: ARC, message, for whom, since when, and until when at most (UTC)."""
    with opened(data) as store:
        holds = Holds(store).every() if every else Holds(store).waiting()
    if as_json:
        output.result_json({"held": [asdict(hold) for hold in holds]})
        return
    columns = headings("arc", "type", "to", "since", "until", *(["how"] if every else []))
    table(columns, [[*_cells(hold), *([_went(hold)] if every else [])] for hold in holds])


def release(
    arc: Annotated[
        str, typer.Argument(metavar="ARC", autocompletion=completing.held, help="The movement whose report may go.")
    ],
    *,
    data: Data,
    as_json: AsJson = False,
) -> None:
    """Release the held report of a movement now; exit code 1 when none is held.

    It then goes as it would have gone by itself later: its echo to the consignee at once, the report to the state of
    dispatch when the gateway next looks at its outbox. That it was released, when, and by which account of this machine
    is kept.
    """
    try:
        ARC(arc)
    except ValueError as error:
        raise UnreadableInput(reason_of(error)) from error
    with opened(data) as store:
        released = Holds(store).release(arc, datetime.now(UTC), f"account {account()}")
        before = Holds(store).of(arc)
    if as_json:
        output.result_json({"arc": arc, "released": len(released), "held": [asdict(hold) for hold in before]})
    elif released:
        output.result(*(said("held.released", type=hold.type, arc=arc, to=", ".join(hold.to)) for hold in released))
    else:
        output.result(output.bad(_why_nothing(arc, before)))
    raise typer.Exit(ExitCode.FINE if released else ExitCode.NEGATIVE)


def _cells(hold: Hold) -> Sequence[str]:
    return hold.arc, hold.type, ", ".join(hold.to), utc(hold.since), utc(hold.until)


def _went(hold: Hold) -> str:
    return word(how_it_went(hold.released_at, hold.released_by))


def _why_nothing(arc: str, before: Sequence[Hold]) -> Said:
    went = [said("held.was", type=one.type, how=how_it_went(one.released_at, one.released_by)) for one in before]
    if not went:
        return said("held.nothing", arc=arc, list=Said("held.list"))
    return said("held.nothing_now", arc=arc, went=listed(went, "; "), list=Said("held.list"))


COMMANDS = (list_, release)
