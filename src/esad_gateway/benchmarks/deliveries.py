"""Two gateways end to end: how much reaches the other member state while messages pour in, and how soon when idle."""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from esad_gateway.benchmarks.builds import Build, World
from esad_gateway.benchmarks.load import play
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import running

PATIENCE: Final = 600.0
"""Seconds after which what still waits is not waited for any more."""

IDLE_GOAL: Final = 20.0
"""Milliseconds after its commit within which the delivery of a single message is to begin, at most."""

_LOOK_EVERY: Final = 0.002
_DELIVERED: Final = "SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL"
_E_SADS: Final = "SELECT identifier, recorded_at FROM message WHERE type = 'IE801' AND mailbox = ? AND direction = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesPlan:
    """How many messages are poured in over how many connections, and how many come one by one afterwards."""

    messages: int = 1500
    connections: int = 64
    alone: int = 15
    kind: KeyKind = KeyKind.RSA

    def ticks(self, builds: Sequence[Build]) -> int:
        """How many steps ``measure_deliveries`` has."""
        return 3 * len(builds)


def measure_deliveries(
    plan: DeliveriesPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]
) -> dict[str, Any]:
    """Measure builds one after the other, with data directories below ``folder``, which is empty.

    Returns name -> figures. A message counts as delivered when the sending gateway has written down that the other one
    acknowledged it. Raises NotTaken when a message is not taken, and NotConfigured when a build does not run.
    """
    return {build.name: asyncio.run(_measured(plan, build, folder, tick)) for build in builds}


async def _measured(plan: DeliveriesPlan, build: Build, folder: Path, tick: Callable[[], object]) -> dict[str, float]:
    world = await build.prepare(folder / build.name, plan.kind)
    documents = world.documents()
    poured = list(islice(documents, plan.messages))
    tick()
    async with running(world.members.values(), build.spawn):
        port = world.members["LT"].port
        begin = time.perf_counter()
        load = await play(port, poured, plan.connections)
        meanwhile = _delivered(world)
        await _until(world, plan.messages)
        all_after = time.perf_counter() - begin
        tick()
        poured_in = set(_e_sads(world, "PL"))
        idle = [await _alone(world, next(documents)) for _ in range(plan.alone)]
        sent, arrived = _e_sads(world, "LT"), _e_sads(world, "PL")
        begun = [(at - sent[one]).total_seconds() for one, at in arrived.items() if one not in poured_in]
        tick()
    return {
        "messages": plan.messages,
        "load_seconds": round(load.seconds, 2),
        "delivered_meanwhile": meanwhile,
        "all_delivered_seconds": round(all_after, 2),
        "idle_ms": round(statistics.median(idle) * 1000, 1),
        "begun_ms": round(statistics.median(begun) * 1000, 1),
    }


async def _alone(world: World, document: bytes) -> float:
    """Seconds from the receipt of a single message until its e-SAD was acknowledged and that is on disk."""
    before = _delivered(world)
    await play(world.members["LT"].port, [document], 1)
    begin = time.perf_counter()
    await _until(world, before + 1)
    return time.perf_counter() - begin


def _e_sads(world: World, state: str) -> dict[str, datetime]:
    """When each e-SAD was made by the sending gateway, or taken by the other one, as its store says."""
    mailbox, direction = ("NDEA.PL", "out") if state == "LT" else ("NDEA.LT", "in")
    with closing(sqlite3.connect(f"file:{world.members[state].data.database}?mode=ro", uri=True)) as store:
        return {one: datetime.fromisoformat(at) for one, at in store.execute(_E_SADS, (mailbox, direction))}


async def _until(world: World, count: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while _delivered(world) < count:  # noqa: ASYNC110  what is awaited happens in another process
            await asyncio.sleep(_LOOK_EVERY)


def _delivered(world: World) -> int:
    """Asked of the store itself: an older build says it nowhere else."""
    with closing(sqlite3.connect(f"file:{world.members['LT'].data.database}?mode=ro", uri=True)) as store:
        return int(store.execute(_DELIVERED).fetchone()[0])
