"""A gateway behind its real doors: a process of its own, asked over connections that are kept busy."""

import asyncio
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.benchmarks.builds import AGAINST, BARE, OURS, Build, World, cpu_seconds, memory_mb, spawned
from esad_gateway.benchmarks.doors import REST, REST_DOOR, SIGNED, SOAP, SOAP_DOOR, USUAL, Door, signed_door
from esad_gateway.benchmarks.idle import IdlePlan, measure_idle
from esad_gateway.benchmarks.load import Load, play
from esad_gateway.benchmarks.measure import usual_installed
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, Process, Spawn, free_ports, running

CONNECTIONS: Final = 16
"""Over so many connections the goals are meant, and the usual stack is asked."""

GOALS: Final[Mapping[str, tuple[str, str, float]]] = MappingProxyType(
    {"soap": (SOAP, REST, 1.3), "soap_signed": (SIGNED, REST, 1.8), "before": (OURS, AGAINST, 1.03)}
)
"""A message of the one takes at most so many times what one of the other takes."""

DOORS: Final = frozenset({REST, SOAP, SIGNED})
"""What one gateway is asked in turn."""

USUAL_GOAL: Final = 15
"""So many times the messages a second of a usual stack over SOAP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPlan:
    """How much is measured: for each number of connections so many messages in each of so many rounds."""

    rounds: int = 5
    messages: Mapping[int, int] = field(default_factory=lambda: {1: 24, CONNECTIONS: 160, 64: 384})
    usual: int = 48
    idle: IdlePlan = field(default_factory=IdlePlan)
    kind: KeyKind = KeyKind.RSA

    def ticks(self, builds: Sequence[Build]) -> int:
        """How many steps ``measure_http`` has."""
        turns = self.rounds + 1
        return len(builds) + 1 + turns * (len(self.messages) * (len(builds) + 4) + 1) + self.idle.ticks


QUICK_HTTP: Final = HttpPlan(
    rounds=1, messages={1: 8, CONNECTIONS: 32, 64: 64}, usual=16, idle=IdlePlan(rounds=1, waits=40, messages=32)
)


@dataclass(slots=True)
class Contender:
    """One server at one door: its process, what it is asked, and what it took so far by number of connections."""

    member: Member
    pid: int
    documents: Iterator[bytes]
    door: Door = REST_DOOR
    loads: dict[int, list[tuple[Load, float]]] = field(default_factory=dict)

    async def play(self, connections: int, messages: int, *, counts: bool) -> None:
        """Play a round; the documents are made before it, and a round may only warm up."""
        documents = list(islice(self.documents, messages))
        before = cpu_seconds(self.pid)
        load = await play(self.member.port, documents, connections, self.door)
        if counts:
            self.loads.setdefault(connections, []).append((load, cpu_seconds(self.pid) - before))

    def figure(self, connections: int) -> dict[str, float]:
        """What a message took: CPU of the server, and latencies; rate is messages a second, of the median round."""
        loads = self.loads[connections]
        latencies = sorted(latency for load, _ in loads for latency in load.latencies)
        centiles = statistics.quantiles(latencies, n=100, method="inclusive")
        return {
            "cpu_us": round(sum(cpu for _, cpu in loads) / len(latencies) * 1e6),
            "rate": round(statistics.median(load.rate for load, _ in loads), 1),
            "p50_ms": round(centiles[49] * 1000, 1),
            "p99_ms": round(centiles[98] * 1000, 1),
        }

    def times(self, other: "Contender", connections: int) -> dict[str, float]:
        """How many times what a message took at another: by the clock, of the median round, and by the processor."""
        pairs = list(zip(self.loads[connections], other.loads[connections], strict=True))
        clock = statistics.median(theirs.rate / ours.rate for (ours, _), (theirs, _) in pairs)
        mine, its = (one.figure(connections)["cpu_us"] for one in (self, other))
        return {"clock": round(clock, 2), "cpu": round(mine / its, 2)}


def measure_http(plan: HttpPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Measure builds, doors, a usual stack and the bare handler in turn, with data below ``folder``, which is empty.

    Returns connections -> name -> figures, the most memory that each server ever held, ``goals`` (ratios in this run),
    and what requests that wait cost. Every message is an IE815 that becomes an e-SAD for an administration that is
    down. Raises NotTaken when one is not taken, and NotConfigured when a build does not run or a package is missing.
    """
    with usual_installed():
        import_module("esad_gateway.benchmarks.usual_soap")
    return asyncio.run(_measured(plan, builds, folder, tick))


async def _measured(
    plan: HttpPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]
) -> dict[str, Any]:
    async with _contenders(plan, builds, folder, tick) as contenders:
        for turn in range(plan.rounds + 1):
            for connections, messages in plan.messages.items():
                for name, contender in _beginning_with(turn, contenders):
                    if name != USUAL or connections == CONNECTIONS:
                        played = plan.usual if name == USUAL else messages
                        await contender.play(connections, played, counts=turn > 0)
                        tick()
        found = _figures(plan, contenders)
    return {**found, "idle": await measure_idle(plan.idle, plan.kind, folder, tick)}


def _figures(plan: HttpPlan, contenders: Mapping[str, Contender]) -> dict[str, Any]:
    levels = {
        str(connections): {
            name: one.figure(connections) for name, one in contenders.items() if connections in one.loads
        }
        for connections in plan.messages
    }
    memory = {name: memory_mb(one.pid) for name, one in contenders.items() if name not in DOORS}
    return {**levels, "memory_mb": memory, "goals": _goals(contenders)}


def _goals(contenders: Mapping[str, Contender]) -> dict[str, dict[str, float]]:
    """Each goal with its ratios over the number of connections for which it is meant."""
    goals = {
        name: {**contenders[one].times(contenders[other], CONNECTIONS), "goal": goal}
        for name, (one, other, goal) in GOALS.items()
        if other in contenders
    }
    soap, usual = contenders[SOAP], contenders[USUAL]
    p99, median = soap.figure(CONNECTIONS)["p99_ms"], usual.figure(CONNECTIONS)["p50_ms"]
    goals["usual"] = {**usual.times(soap, CONNECTIONS), "goal": USUAL_GOAL}
    return {**goals, "p99": {"ours_p99_ms": p99, "usual_p50_ms": median}}


def _beginning_with(turn: int, contenders: Mapping[str, Contender]) -> list[tuple[str, Contender]]:
    """All of them, each first in its turn."""
    everyone = list(contenders.items())
    first = turn % len(everyone)
    return everyone[first:] + everyone[:first]


@asynccontextmanager
async def _contenders(
    plan: HttpPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]
) -> AsyncIterator[dict[str, Contender]]:
    contenders: dict[str, Contender] = {}
    async with AsyncExitStack() as servers:
        for build in builds:
            world = await build.prepare(folder / build.name, plan.kind)
            contenders[build.name] = await _served(servers, world, world.members["LT"], build.spawn)
            tick()
        world = await Build.ours().prepare(folder / "doors", plan.kind)
        contenders |= await _doors(servers, world)
        tick()
        for name, spawn, port in ((USUAL, _usual, free_ports(1)[0]), (BARE, _bare, world.members["PL"].port)):
            contenders[name] = await _served(servers, world, replace(world.members["LT"], port=port), spawn)
        contenders[USUAL].door = SOAP_DOOR
        yield contenders


async def _doors(servers: AsyncExitStack, world: World) -> dict[str, Contender]:
    """The doors of a gateway that has no other work: what they have left to deliver would count as that of a build."""
    rest = await _served(servers, world, world.members["LT"], Build.ours().spawn)
    doors = {SOAP: SOAP_DOOR, SIGNED: signed_door(world.material.agent)}
    others = {name: Contender(rest.member, rest.pid, world.documents(), door) for name, door in doors.items()}
    return {REST: rest, **others}


async def _served(servers: AsyncExitStack, world: World, member: Member, spawn: Spawn) -> Contender:
    gateways = await servers.enter_async_context(running([member], spawn))
    return Contender(member, gateways.pid(member), world.documents())


async def _bare(member: Member) -> Process:
    return await spawned(member, sys.executable, "-m", "esad_gateway.benchmarks.bare", str(member.port))


async def _usual(member: Member) -> Process:
    """Beside the gateway whose keys it has."""
    module, folder = "esad_gateway.benchmarks.usual_soap", member.data.root.parent
    return await spawned(member, sys.executable, "-m", module, str(folder), str(member.port))
