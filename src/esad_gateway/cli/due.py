"""``esad due``: what a trader, or everybody, has to do until when."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from esad_gateway.ais.board.listing import ListedItem
from esad_gateway.cli.common import completing, output
from esad_gateway.cli.common.administration import opened
from esad_gateway.cli.common.gateway_access import LOCAL, AsJson, Limit, Url, answered, ask, refuse_problem
from esad_gateway.cli.common.language import tell, wanted, word, wrong
from esad_gateway.client import operations
from esad_gateway.client.refused import checked
from esad_gateway.faults import Said, said
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.settings import read_settings
from esad_gateway.views.due import due_calendar, due_view

COLUMNS: Final = ("due", "workingDaysLeft", "kind", "about", "seed", "requirement", "command")

Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data directory of the gateway.")]
Seed = Annotated[
    str | None, typer.Option(envvar="ESAD_SEED", autocompletion=completing.seeds, help="Whose board; your SEED number.")
]
Token = Annotated[str, typer.Option(envvar="ESAD_TOKEN", help="The token of the mailbox.", show_default=False)]
Within = Annotated[
    int | None, typer.Option(metavar="DAYS", min=0, max=1000, help="Only what has at most so many working days left.")
]


def due(
    *,
    data: Data = None,
    seed: Seed = None,
    every: Annotated[bool, typer.Option("--all", help="Of every trader of the register, with --data.")] = False,
    url: Url = LOCAL,
    token: Token = "",
    within: Within = None,
    after: Annotated[int, typer.Option(min=0, max=LARGEST_NUMBER, help="Behind so many items.")] = 0,
    limit: Limit = 200,
    as_calendar: Annotated[bool, typer.Option("--ics", help="Print a calendar (iCalendar).")] = False,
    as_json: AsJson = False,
) -> None:
    """List what is due, what is overdue first, with the working days that are left and the command that does it.

    An administration looks with --data, at one trader or at --all; a trader asks a gateway with --url and --token.
    """
    if data is None and (every or seed is None):
        raise wrong(Said("board.whose"), "--seed")
    if data is not None and every == (seed is not None):
        raise wrong(Said("board.whose"), "--all")
    if as_calendar:
        output.document(_calendar(data, seed or "", url, token, within))
        return
    answer = _looked_up(data, seed, within, after, limit) if data else _asked(url, token, seed, within, after, limit)
    refuse_problem(*answer, as_json=as_json, expected=("items",))
    _show(answer[1], as_json=as_json)


def _show(answer: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        output.result_json(answer)
        return
    if not answer["items"]:
        output.result(Said("board.nothing"))
        return
    output.table([Said(f"board.column_{name}") for name in COLUMNS], [_row(one) for one in answer["items"]])
    if not answer["complete"]:
        output.note(said("board.more", after=answer["completeThrough"]))


def _row(item: Mapping[str, Any]) -> Sequence[str]:
    shown = {**item, "workingDaysLeft": str(item["workingDaysLeft"]), "kind": word(Said(f"board.kind_{item['kind']}"))}
    row = [str(shown[name]) for name in COLUMNS]
    return [output.bad(cell) for cell in row] if item["overdue"] else row


def _asked(
    url: str, token: str, seed: str | None, within: int | None, after: int, limit: int
) -> tuple[int, dict[str, Any]]:
    return answered(url, token, operations.due(seed or "", within=within, after=after, limit=limit))


def _looked_up(data: Path, seed: str | None, within: int | None, after: int, limit: int) -> tuple[int, dict[str, Any]]:
    zone = ZoneInfo(read_settings(data).time_zone)
    return 200, due_view(_boards(data, seed, within), seed or "", after, limit, zone)


def _calendar(data: Path | None, seed: str, url: str, token: str, within: int | None) -> bytes:
    if data is not None:
        return due_calendar(_boards(data, seed or None, within), seed, wanted()[0])
    request = operations.due_calendar(seed, within=within, language=wanted()[0])
    return ask(url, token, lambda client: checked(client.send(request)).body)


def _boards(data: Path, seed: str | None, within: int | None) -> list[ListedItem]:
    """The board of one trader, or of all of them as one."""
    from esad_gateway.national.board import board_of  # noqa: PLC0415 - a trader asks without it

    settings = read_settings(data)
    with opened(data) as store:
        desk = board_of(store, settings, SystemClock())
        seeds = desk.traders(settings.state) if seed is None else [seed]
        watched = output.watched(seeds, tell(Said("board.looking")), len(seeds))
        found = [one for trader in watched for one in desk.board(trader, within)]
    return sorted(found, key=lambda one: one.item.end.moment)


COMMANDS = (due,)
