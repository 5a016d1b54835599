"""``esad simulate``: the other member states over HTTP, for a system under test."""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, Final, TypeAlias

import typer

from esad_gateway import profiles
from esad_gateway.batch.work.parent import end_with
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.administration import AsJson
from esad_gateway.cli.common.faults_told import AskedFaults, ListFaults, inject, list_faults, tell_faults, this_command
from esad_gateway.cli.common.language import tell
from esad_gateway.cli.common.log_lines import log_as_json
from esad_gateway.cli.common.offline import moment
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.cli.common.processes import SimulationWish, check_apart, run_apart
from esad_gateway.cli.common.signals import signals_kept
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.setting_addresses import public_address
from esad_gateway.simulator.apart.one_state import doors_for_others
from esad_gateway.simulator.scripts.unmet import ScriptUnmet
from esad_gateway.simulator.served.introducing import check_directory, introduced, make_known
from esad_gateway.simulator.served.neighbour import PATIENCE, Neighbour
from esad_gateway.simulator.served.server import HOST, EmcsServer
from esad_gateway.simulator.served.sim_doors import DOORS
from esad_gateway.simulator.served.views import codes
from esad_gateway.simulator.world.emcs import Emcs

ALL: Final = "all"
PORT: Final = 8470

ItsData: TypeAlias = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="Its data directory, which is told of all states.")
]
Begins: TypeAlias = Annotated[
    str | None, typer.Option(metavar="ISO", help="What the clock shows at first, and stands still at.")
]

ItsOperators: TypeAlias = Annotated[
    Path | None,
    typer.Option("--operators", metavar="FILE.json", help="Its traders, as esad registry import reads them."),
]
PortEach: TypeAlias = Annotated[
    bool, typer.Option("--port-each", help="Each state at a port of its own: those behind the one of --port.")
]
Processes: TypeAlias = Annotated[
    bool, typer.Option("--processes", help="Each state a process of its own, at the ports behind the one of --port.")
]
Beside: TypeAlias = Annotated[
    int | None, typer.Option(metavar="PID", hidden=True, help="The process that has started it, with which it ends.")
]
Patience: TypeAlias = Annotated[
    float,
    typer.Option(metavar="SECONDS", min=0.1, help="How long the system under test may be silent, in real seconds."),
]

States: TypeAlias = Annotated[str, typer.Option(metavar="CODES", help="Which member states: all, or PL,DE.")]
For: TypeAlias = Annotated[
    str | None, typer.Option("--for", metavar="URL", help="The gateway of the system under test: http://…/ndea.")
]
ItsScript: TypeAlias = Annotated[Path | None, typer.Option(metavar="FILE.toml", help="How traders and offices act.")]
Host: TypeAlias = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Where to listen: this machine alone, or 0.0.0.0 for everybody.")
]
PublicUrl: TypeAlias = Annotated[
    str,
    typer.Option(metavar="URL", help="How others reach it, where its address is not theirs: http://simulator:8470."),
]
Port: TypeAlias = Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0: at a free port.")]
Seed: TypeAlias = Annotated[int | None, typer.Option(help="What decides where chance does; drawn if left out.")]


def simulate(
    *,
    states: States = ALL,
    for_: For = None,
    data: ItsData = None,
    operators: ItsOperators = None,
    patience: Patience = PATIENCE,
    script: ItsScript = None,
    port: Port = PORT,
    port_each: PortEach = False,
    host: Host = HOST,
    public_url: PublicUrl = "",
    seed: Seed = None,
    begins: Begins = None,
    faults: AskedFaults = None,
    processes: Processes = False,
    beside: Beside = None,
    list_all: ListFaults = False,
    as_json: AsJson = False,
) -> None:
    """Simulate member states for a system under test: each a gateway with key, certificate, register and traders.

    The one of Poland is at /pl, with /pl/ndea and /pl/v1; the simulator itself is at /sim, where POST /sim/clock moves
    the clock. A gateway that was started with esad serve --test-clock follows it. All goes on until SIGTERM or SIGINT;
    then exit code 1 says that something did not happen as the script says. For tests only: everything is in memory,
    keys are given to whoever asks, and nothing is kept.
    """
    if list_all:
        list_faults(as_json=as_json)
    if beside is not None:
        end_with(beside)
    only = _codes(states)
    neighbour = _neighbour(for_, data, operators, patience)
    log_as_json(verbose=False)
    at = _beginning(begins, neighbour)
    wish = SimulationWish(only, neighbour, data, operators, script, port, seed, at, faults or (), bool(begins), as_json)
    wish = replace(wish, host=host, public_url=_reached_at(public_url))
    _run(wish, apart=processes, port_each=port_each, for_others=beside is not None)


def _run(wish: SimulationWish, *, apart: bool, port_each: bool, for_others: bool) -> None:
    if not wish.states:
        raise UnreadableInput(said("simulate.none_left", states=", ".join(sorted(wish.only))))
    if apart:
        check_apart(alone=port_each or wish.host != HOST or bool(wish.public_url))
        run_apart(wish)
    else:
        _run_together(wish, port_each=port_each, for_others=for_others)


def _run_together(wish: SimulationWish, *, port_each: bool, for_others: bool) -> None:
    """Simulate all states in this process; ``for_others`` tells that it is one of several of a simulation."""
    with ExitStack() as opened:
        signalled = opened.enter_context(signals_kept())
        emcs = Emcs(wish.at, seed=wish.seed)
        opened.callback(emcs.close)
        emcs.world.only = wish.only
        if wish.neighbour is not None:
            introduced(emcs, wish.neighbour, wish.data, wish.operators)
        each, more = codes(emcs) if port_each else (), doors_for_others if for_others else None
        listens = partial(EmcsServer, host=wish.host, public_url=wish.public_url, each=each, more=more)
        server = opened.enter_context(listens(emcs, wish.port, at_once=False))
        if wish.neighbour is not None:
            server.simulation.meet(wish.neighbour)
        if wish.data is not None:
            make_known(emcs, wish.data, codes(emcs), server.base)
        _begin(server, wish.script, wish.faults, 0 if wish.stands else 1)
        _tell(server, as_json=wish.as_json, by_hand=wish.data is None)
        signalled()
        _check(server)


def _begin(server: EmcsServer, script: Path | None, faults: Sequence[str], rate: float) -> None:
    """Have everybody act by a script, let faults wait, and have the clock run so fast; from then on it answers."""
    if script is not None:
        server.emcs.play(script)
    _inject(server, faults)
    server.emcs.clock.run(rate)
    server.begin()


def _neighbour(url: str | None, data: Path | None, operators: Path | None, patience: float) -> Neighbour | None:
    """The system under test, if there is one. Raises UnreadableInput, NotConfigured, StoreUnavailable or PeerError."""
    if data is not None and url is None:
        raise UnreadableInput(Said("simulate.data_alone"))
    if operators is not None and url is None:
        raise UnreadableInput(Said("simulate.operators_alone"))
    if data is not None:
        check_directory(data)
    return asyncio.run(Neighbour.at(url, patience)) if url else None


def _reached_at(url: str) -> str:
    """How others reach it, empty where its address is theirs. Raises UnreadableInput for what no client could use."""
    try:
        return public_address(url)
    except Malformed as refusal:
        raise UnreadableInput(refusal.why) from refusal


def _codes(states: str) -> frozenset[str]:
    """The codes of states, none for all. Raises UnreadableInput with those that there are not."""
    found = frozenset() if states == ALL else frozenset(one.strip().upper() for one in states.split(","))
    if unknown := found - profiles.STATES.keys():
        raise UnreadableInput(
            said("usage.state", given=", ".join(sorted(unknown)), known=", ".join((ALL, *profiles.STATES)))
        )
    return found


def _beginning(begins: str | None, neighbour: Neighbour | None) -> datetime:
    """When the clock begins: as it is told, or as the system under test has it. Raises UnreadableInput."""
    if begins is None:
        return neighbour.now if neighbour else datetime.now(UTC)
    at = moment(begins).astimezone(UTC)
    if neighbour is not None and (at < neighbour.now or not neighbour.movable):
        url, now = neighbour.introduced.url, neighbour.now.isoformat()
        raise UnreadableInput(said("simulate.begins", moment=at.isoformat(), url=url, now=now))
    return at


def _tell(server: EmcsServer, *, as_json: bool, by_hand: bool) -> None:
    simulated, base = codes(server.emcs), server.root
    neighbour = server.simulation.neighbour
    following = [*_connecting(server, simulated)] if neighbour and by_hand else []
    if as_json:
        output.result_json(_as_json(server, simulated, base, following))
    else:
        output.result(said("simulate.listens", count=len(simulated), url=base, seed=server.emcs.seed))
        output.result(*(f"  {server.base(code)}" for code in simulated), "")
        for path, what in DOORS.items():
            output.result(f"{base}{path}  {tell(what)}")
        if neighbour:
            url = neighbour.introduced.url
            follows, stays = said("simulate.follows", url=url), said("simulate.by_machine", url=url)
            output.result("", follows if neighbour.movable else stays)
        if following:
            output.result("", Said("simulate.connect"), *(f"  {command}" for command in following))
    sys.stdout.flush()


def _connecting(server: EmcsServer, simulated: list[str]) -> Iterator[str]:
    """The commands by which the administration of a system under test gets to know those that are simulated."""
    for code in simulated:
        yield " ".join((paths.program(), "peer", "connect", "DIR", quote(server.base(code))))


def _as_json(server: EmcsServer, simulated: list[str], base: str, following: list[str]) -> Mapping[str, Any]:
    neighbour = server.simulation.neighbour
    return {
        "url": base,
        "seed": server.emcs.seed,
        "states": {code: server.base(code) for code in simulated},
        "for": neighbour and {"url": neighbour.introduced.url, "follows": neighbour.movable},
        "next": following,
    }


def _inject(server: EmcsServer, faults: Sequence[str]) -> None:
    inject(server.emcs, faults)
    injected = server.emcs.world.faults.injections.each()
    server.simulation.command, server.simulation.begun_with = tuple(this_command()), len(injected)


def _check(server: EmcsServer) -> None:
    """Say what did not happen as the script says, and with which seed to see it again; every fault must have struck."""
    emcs = server.emcs
    injected = emcs.world.faults.injections.each()
    struck = not injected or tell_faults(emcs, server.simulation.again())
    told = [one.never for one in emcs.world.faults.injections.waiting()]
    try:
        emcs.check()
    except ScriptUnmet as unmet:
        again = () if injected else (said("injected.again", command=server.simulation.again()),)
        output.result(*(one for one in unmet.found if one not in told), *again)
        raise typer.Exit(ExitCode.NEGATIVE) from unmet
    if not struck:
        raise typer.Exit(ExitCode.NEGATIVE)


COMMANDS = (simulate,)
