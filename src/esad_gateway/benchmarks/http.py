"""A gateway behind its real door: a process of its own, asked over connections that are kept busy."""

import asyncio
import statistics
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from esad_gateway.benchmarks.builds import BARE, Build, cpu_seconds, memory_mb, spawned
from esad_gateway.benchmarks.load import Load, play
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, Process, running


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPlan:
    """How much is measured: for each number of connections so many messages in each of so many rounds."""

    rounds: int = 5
    messages: Mapping[int, int] = field(default_factory=lambda: {1: 24, 16: 160, 64: 384})
    kind: KeyKind = KeyKind.RSA

    def ticks(self, builds: Sequence[Build]) -> int:
        """How many steps ``measure_http`` has."""
        return len(builds) + len(self.messages) * (self.rounds + 1) * (len(builds) + 1)


QUICK_HTTP: Final = HttpPlan(rounds=1, messages={1: 8, 16: 32, 64: 64})


@dataclass(slots=True)
class Contender:
    """One server: its process, what it is asked, and what it took so far by number of connections."""

    member: Member
    pid: int
    documents: Iterator[bytes]
    loads: dict[int, list[tuple[Load, float]]] = field(default_factory=dict)

    async def play(self, connections: int, messages: int, *, counts: bool) -> None:
        """Play a round; the documents are made before it, and a round may only warm up."""
        documents = list(islice(self.documents, messages))
        before = cpu_seconds(self.pid)
        load = await play(self.member.port, documents, connections)
        if counts:
            self.loads.setdefault(connections, []).append((load, cpu_seconds(self.pid) - before))

    def figure(self, connections: int) -> dict[str, float]:
        """What a message took: CPU of the server, and latencies; rate is messages a second, of the median round."""
        loads = self.loads[connections]
        latencies = sorted(latency for load, _ in loads for latency in load.latencies)
        centiles = statistics.quantiles(latencies, n=100, method="inclusive")
        return {
            "cpu_us": round(sum(cpu for _, cpu in loads) / len(latencies) * 1e6),
            "rate": round(statistics.median(len(load.latencies) / load.seconds for load, _ in loads), 1),
            "p50_ms": round(centiles[49] * 1000, 1),
            "p99_ms": round(centiles[98] * 1000, 1),
        }


def measure_http(plan: HttpPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Measure builds and the bare handler in turn, with data directories below ``folder``, which is empty.

    Returns connections -> name -> figures, and the most memory that each server ever held. Every message is an IE815
    that becomes an e-SAD for an administration that is down. Raises NotTaken when one is not taken, and NotConfigured
    when a build does not run.
    """
    return asyncio.run(_measured(plan, builds, folder, tick))


async def _measured(
    plan: HttpPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]
) -> dict[str, Any]:
    async with _contenders(plan, builds, folder, tick) as contenders:
        for turn in range(plan.rounds + 1):
            for connections, messages in plan.messages.items():
                for contender in _beginning_with(turn, contenders):
                    await contender.play(connections, messages, counts=turn > 0)
                    tick()
        figures = {
            str(connections): {name: one.figure(connections) for name, one in contenders.items()}
            for connections in plan.messages
        }
        return {**figures, "memory_mb": {name: memory_mb(one.pid) for name, one in contenders.items()}}


def _beginning_with(turn: int, contenders: Mapping[str, Contender]) -> list[Contender]:
    """All of them, each first in its turn."""
    everyone = list(contenders.values())
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
            lithuania = world.members["LT"]
            gateways = await servers.enter_async_context(running([lithuania], build.spawn))
            contenders[build.name] = Contender(lithuania, gateways.pid(lithuania), world.documents())
            tick()
        bare = replace(lithuania, port=world.members["PL"].port)
        gateways = await servers.enter_async_context(running([bare], _bare))
        yield {**contenders, BARE: Contender(bare, gateways.pid(bare), world.documents())}


async def _bare(member: Member) -> Process:
    return await spawned(member, sys.executable, "-m", "esad_gateway.benchmarks.bare", str(member.port))
