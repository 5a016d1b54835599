"""``esad simulate --processes``: each state a process of its own, and one simulator in front of them."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import SystemRandom
from shlex import quote
from typing import Any

import typer

from esad_gateway import profiles
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.faults_told import this_command
from esad_gateway.cli.common.language import tell, wanted
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.cli.common.signals import signals_kept
from esad_gateway.errors import PeerError, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import file_error
from esad_gateway.simulator.apart.doors import play, unmet
from esad_gateway.simulator.apart.one_state import read, written
from esad_gateway.simulator.apart.server import FrontServer
from esad_gateway.simulator.apart.sharing import check_shares, refused
from esad_gateway.simulator.apart.whole import Whole
from esad_gateway.simulator.injected.reading import injection_of
from esad_gateway.simulator.scripts.toml_file import read_script
from esad_gateway.simulator.served.deeds_doors import FAULTS
from esad_gateway.simulator.served.introducing import entering, operators_of, take_over
from esad_gateway.simulator.served.neighbour import Neighbour
from esad_gateway.simulator.served.server import HOST
from esad_gateway.simulator.served.sim_doors import DOORS
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.world.emcs import SEEDS


@dataclass(frozen=True, slots=True)
class SimulationWish:
    """What is to be simulated: as the options of ``esad simulate`` say it."""

    only: frozenset[str]
    neighbour: Neighbour | None
    data: Path | None
    operators: Path | None
    script: Path | None
    port: int
    seed: int | None
    at: datetime
    faults: Sequence[str]
    stands: bool
    as_json: bool
    host: str = HOST
    public_url: str = ""

    @property
    def states(self) -> list[str]:
        """The codes of those that are simulated."""
        outside = {self.neighbour.introduced.state} if self.neighbour else set()
        return sorted((self.only or profiles.STATES.keys()) - outside)


def check_apart(*, alone: bool) -> None:
    """That nothing was asked for that one process ``alone`` can do. Raises UnreadableInput."""
    if alone:
        raise UnreadableInput(Said("simulate.apart_ports"))


def run_apart(wish: SimulationWish) -> None:
    """Simulate until SIGTERM or SIGINT. Raises EsadError, and typer.Exit for what did not happen as it should."""
    faults, text = _faults(wish), _script(wish)
    operators = operators_of(wish.neighbour, wish.data, wish.operators) if wish.neighbour else []
    clock = TestClock(wish.at)
    seed = SystemRandom().randrange(SEEDS) if wish.seed is None else wish.seed
    arguments = {code: ("--seed", str(seed), *faults.get(code, ())) for code in wish.states}
    with ExitStack() as opened:
        signalled = opened.enter_context(signals_kept())
        server = opened.enter_context(
            FrontServer(
                wish.port,
                clock,
                arguments,
                lambda children: Whole(children, clock, wish.neighbour, seed, tuple(this_command())),
                _registering(wish.data, clock),
            )
        )
        server.introduce(written(held[0] for held in operators))
        if wish.data is not None:
            take_over(wish.data, server.introductions(), wish.at)
        server.begin()
        if text is not None:
            server.run(play(server.whole, text))
        server.run(server.whole.run(0 if wish.stands else 1))
        _tell(server, wish)
        signalled()
        _check(server)


def _faults(wish: SimulationWish) -> Mapping[str, list[str]]:
    """The arguments that inject faults, by the state of each. Raises UnreadableInput with all that cannot be."""
    found: dict[str, list[str]] = {}
    read = [injection_of(words) for words in wish.faults]
    if wrong := [why for one in read if (why := refused(one, set(wish.states))) is not None]:
        raise UnreadableInput(*wrong)
    for words, one in zip(wish.faults, read, strict=True):
        found.setdefault(one.state, []).extend(("--fault", words))
    return found


def _script(wish: SimulationWish) -> str | None:
    """The text of the script, which is one that can be divided. Raises UnreadableInput with everything else."""
    if wish.script is None:
        return None
    other = wish.neighbour.introduced.state if wish.neighbour else None
    check_shares(read_script(wish.script), set(wish.states), other)
    try:
        return wish.script.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableInput(file_error(wish.script, error)) from error


def _registering(data: Path | None, clock: TestClock) -> Callable[[bytes], Awaitable[None]]:
    """What enters each new trader into the data directory of the system under test, if that is here."""
    enter = entering(data, clock.now) if data else None

    async def registered(body: bytes) -> None:
        for operator in read(json.loads(body)["operators"]):
            if enter is not None:
                await asyncio.to_thread(enter, (operator, {}, ()))

    return registered


def _tell(server: FrontServer, wish: SimulationWish) -> None:
    by_hand = wish.neighbour is not None and wish.data is None
    following = [*_connecting(server.states.values())] if by_hand else []
    if wish.as_json:
        output.result_json(_as_json(server, wish, following))
    else:
        count, seed = len(server.states), server.whole.seed
        output.result(said("simulate.listens", count=count, url=server.root, seed=seed))
        output.result(*(f"  {url}" for url in server.states.values()), "")
        for path, what in DOORS.items():
            output.result(f"{server.root}{path}  {tell(what)}")
        if following:
            output.result("", Said("simulate.connect"), *(f"  {command}" for command in following))
    sys.stdout.flush()


def _connecting(urls: Iterable[str]) -> Iterator[str]:
    """The commands by which the administration of a system under test gets to know those that are simulated."""
    for url in urls:
        yield " ".join((paths.program(), "peer", "connect", "DIR", quote(url)))


def _as_json(server: FrontServer, wish: SimulationWish, following: list[str]) -> Mapping[str, Any]:
    other = wish.neighbour
    return {
        "url": server.root,
        "seed": server.whole.seed,
        "states": server.states,
        "for": other and {"url": other.introduced.url, "follows": other.movable},
        "processes": {code: one.process.pid for code, one in server.whole.children.items()},
        "next": following,
    }


def _check(server: FrontServer) -> None:
    """Say what did not happen as it should, and what was injected; exit code 1 when there is any of the first."""
    try:
        faults, missed = server.run(server.whole.each(FAULTS)), server.run(unmet(server.whole))["unmet"]
    except PeerError as error:
        output.result(error.what)
        raise typer.Exit(ExitCode.NEGATIVE) from error
    told = [" / ".join(one[language] for language in wanted()) for one in missed]
    injected = [one for each in faults for one in each["injected"]]
    waiting = [one for one in injected if one["waits"] and not one["struck"]]
    never = [tell(said("injected.waiting", names=", ".join(one["names"]), state=one["state"])) for one in waiting]
    told += [one for one in never if one not in told]
    struck = sorted((strike for each in faults for strike in each["journal"]), key=lambda strike: str(strike["at"]))
    output.result(*(f"{one['at']} {one['state']} {one['name']}: {one['outcome']}" for one in struck), *told)
    if injected or told:
        output.result(said("injected.again", command=server.whole.again()))
    if told or server.ended:
        raise typer.Exit(ExitCode.NEGATIVE)
