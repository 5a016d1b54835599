"""``esad box``: three member states on this machine, to go on with by hand."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, TypeAlias

import typer

from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.administration import AsJson
from esad_gateway.cli.common.language import tell, word
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.simulator.box import LOG
from esad_gateway.simulator.standing import PORT, BoxGateway, KnownTrader, StandingBox
from esad_gateway.texts import say

Folder: TypeAlias = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the box.")]
_USUAL = Path("box")


def up(
    folder: Folder = _USUAL,
    *,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65533, help=f"Where the first of the three is to listen in a new box, {PORT} if nothing is said."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run gateways of Lithuania, Poland and Germany that know each other, and say what is needed to use them.

    A folder that is new or empty gets keys, stores, traders and tokens. Doing it again goes on with the same data and
    starts what does not run. It waits until all three answer; they go on until esad box down. For tests only: who can
    read the folder can act as everybody in it.
    """
    box = StandingBox(folder)
    if not box.is_there:
        _make(box, port)
    elif port is not None and port != (now := box.members()[0].port):
        raise UnreadableInput(said("standing_box.other_port", folder=str(folder), port=now))
    started = {member.state for member in box.up()}
    told = (Said("standing_box.ran"), Said("standing_box.started"))
    _tell(box, {one.member.state: told[one.member.state in started] for one in box.gateways()}, as_json)


def down(folder: Folder = _USUAL, *, as_json: AsJson = False) -> None:
    """End the gateways that esad box up started in this folder, and nothing else. Their data stay.

    esad box up goes on with them; removing the folder removes everything.
    """
    box = StandingBox(folder)
    box.check()
    found = box.down()
    ended = {one.member.state: _ended(one) for one in found}
    if as_json:
        output.result_json({"box": str(folder), "gateways": {state: say(told) for state, told in ended.items()}})
        return
    for one in found:
        output.result(f"{one.member.state}  {one.member.url}  {tell(ended[one.member.state])}")
    output.result(said("standing_box.all_ended", folder=str(folder), command=_command("box", "up", folder)))


def status(folder: Folder = _USUAL, *, as_json: AsJson = False) -> None:
    """Show which gateways of a box run, and what is needed to use them; exit code 1 when not all of them run."""
    box = StandingBox(folder)
    box.check()
    gateways = box.gateways()
    _tell(box, {one.member.state: _state(one) for one in gateways}, as_json)
    raise typer.Exit(ExitCode.FINE if all(one.runs for one in gateways) else ExitCode.NEGATIVE)


def _make(box: StandingBox, port: int | None) -> None:
    if not box.is_vacant:
        raise UnreadableInput(said("standing_box.occupied", folder=str(box.root)))
    output.note(said("standing_box.making", folder=str(box.root)))
    StandingBox.make(box.root, datetime.now(UTC), PORT if port is None else port)


def _state(one: BoxGateway) -> Said:
    if one.runs:
        return Said("standing_box.runs")
    if one.process is None:
        return Said("standing_box.runs_not")
    return said("standing_box.has_ended", log=str(one.member.data.root / LOG))


def _ended(one: BoxGateway) -> Said:
    if one.process is None:
        return Said("standing_box.did_not_run")
    return Said("standing_box.ended") if one.runs else Said("standing_box.had_ended")


def _tell(box: StandingBox, states: Mapping[str, Said], as_json: bool) -> None:  # noqa: FBT001 - the option's value
    gateways, traders = box.gateways(), box.traders()
    following = _next(box, traders)
    if as_json:
        output.result_json(
            {
                "box": str(box.root),
                "gateways": [_gateway_json(one, states[one.member.state]) for one in gateways],
                "traders": [_trader_json(one) for one in traders],
                "next": following,
            }
        )
        return
    for one in gateways:
        data = tell(said("standing_box.data", folder=str(one.member.data.root)))
        output.result(f"{one.member.state}  {one.member.url}  {tell(states[one.member.state])}  {data}")
    for trader in traders:
        output.result("", *_trader_lines(trader))
    output.result("", Said("standing_box.next"), *(f"  {command}" for command in following))


def _gateway_json(one: BoxGateway, state: Said) -> dict[str, Any]:
    return {
        "state": one.member.state,
        "address": one.member.address,
        "url": one.member.url,
        "data": str(one.member.data.root),
        "log": str(one.member.data.root / LOG),
        "runs": one.runs,
        "pid": one.process.pid if one.process and one.runs else None,
        "status": say(state),
    }


def _trader_json(one: KnownTrader) -> dict[str, str]:
    return {
        "seed": one.seed,
        "name": one.name,
        "role": one.role,
        "key": str(one.key),
        "certificate": str(one.certificate),
        "token": one.token,
        "url": one.url,
    }


def _trader_lines(one: KnownTrader) -> Iterator[str]:
    role = Said(f"operator.{one.role.replace(' ', '_')}")
    yield f"{output.bold(one.seed)}  {word(role)}, {one.name}"
    what = {"key": one.key, "certificate": one.certificate, "token": one.token, "gateway": one.url}
    names = [word(head) for head in output.headings("key", "certificate", "token", "gateway")]
    widest = max(map(len, names))
    yield from (f"  {name:{widest}}  {value}" for name, value in zip(names, what.values(), strict=True))


def _next(box: StandingBox, traders: list[KnownTrader]) -> list[str]:
    """Commands that send a draft from Lithuania to Poland and read both mailboxes."""
    consignor, consignee = (next(one for one in traders if one.seed == seed) for seed in _PARTIES)
    signing = _command("sign", "draft.xml", "--key", consignor.key, "--cert", consignor.certificate)
    return [
        f"{_command('compose', '--template', 'IE815', '--duty-paid', '--goods', 'wine')} > draft.json",
        f"{_command('compose', 'draft.json')} > draft.xml",
        f"{signing} > signed.xml",
        _command("submit", "signed.xml", "--url", consignor.url),
        *(
            _command("inbox", "--url", one.url, "--seed", one.seed, "--token", one.token)
            for one in (consignor, consignee)
        ),
        _command("box", "down", box.root),
    ]


_PARTIES = ("LT00000000101", "PL00000000201")
"""Who sends and who receives in the drafts that ``esad compose --template`` writes."""


def _command(*words: object) -> str:
    """A command line as a shell takes it."""
    return " ".join((paths.program(), *(quote(str(word)) for word in words)))


COMMANDS = (up, down, status)
