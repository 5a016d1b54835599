"""Messages beside a batch: how long a trader waits for an answer while a worker works on the same store."""

import asyncio
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.benchmarks.batch_material import BatchMaterial
from esad_gateway.benchmarks.batch_ours import ours_of
from esad_gateway.benchmarks.builds import Build
from esad_gateway.benchmarks.load import play
from esad_gateway.benchmarks.ours import NotTaken
from esad_gateway.ports.batches import Batch, BatchState
from esad_gateway.simulator.box import running

CONNECTIONS: Final = 4
"""Traders who submit at the same time, each one message after the other."""

_WARMING: Final = 16
"""Messages before each round, which fill caches."""

_LOOK_EVERY: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class BesidePlan:
    """So many ``messages`` in each of so many ``rounds``, beside a batch of so many rows of a kind."""

    rounds: int = 4
    messages: int = 600
    rows: Mapping[BatchKind, int] = field(default_factory=lambda: {BatchKind.SAAD: 300_000, BatchKind.DISPATCH: 30_000})

    @property
    def ticks(self) -> int:
        """How many steps ``beside`` has for each kind."""
        return 1 + 2 * self.rounds


def beside(plan: BesidePlan, kind: BatchKind, folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Milliseconds a message, alone and beside a batch of a kind, in turn, with two gateways below ``folder``.

    The one has no batch; the other has one, at which it lets a worker go on whenever it is started. Raises NotTaken
    when the batch ends before its messages have been taken.
    """
    folder.mkdir()
    alone, together = BatchMaterial.make(folder / "alone"), BatchMaterial.make(folder / "beside")
    path = folder / f"{kind.value}.csv"
    together.write(kind, path, plan.rows[kind], "B")
    with ours_of(together.root) as ours:
        batch = ours.hand_in(path, kind, together.trader(kind))
        tick()
        took = asyncio.run(_played(plan, (alone, together), lambda: ours.state_of(batch), tick))
    return _figures(*took)


async def _played(
    plan: BesidePlan,
    materials: tuple[BatchMaterial, BatchMaterial],
    batch: Callable[[], Batch],
    tick: Callable[[], object],
) -> tuple[list[float], list[float]]:
    took = list[float](), list[float]()
    documents = [(draft.signed for draft in one.material.drafts()) for one in materials]
    for _ in range(plan.rounds):
        for one, supply, latencies in zip(materials, documents, took, strict=True):
            warming, signed = list(islice(supply, _WARMING)), list(islice(supply, plan.messages))
            before = batch().documents if one is materials[1] else None
            async with running([one.member], Build.ours().spawn):
                await play(one.member.port, warming, CONNECTIONS)
                if before is not None:
                    await asyncio.to_thread(_wait_for, partial(_further, batch, before))
                latencies.extend((await play(one.member.port, signed, CONNECTIONS)).latencies)
                if before is not None and (now := batch()).state is not BatchState.WORKING:
                    raise NotTaken(f"the batch was {now.state} before the messages beside it were taken")
            tick()
    return took


def _further(batch: Callable[[], Batch], before: int) -> bool:
    """Whether a batch has come further, or is not worked on any more."""
    now = batch()
    return now.documents > before or now.state not in {BatchState.WAITING, BatchState.WORKING}


def _figures(alone: list[float], together: list[float]) -> dict[str, float]:
    p99 = _centile(alone, 99), _centile(together, 99)
    return {
        "alone_p50_ms": _centile(alone, 50),
        "beside_p50_ms": _centile(together, 50),
        "alone_p99_ms": p99[0],
        "beside_p99_ms": p99[1],
        "ratio": round(p99[1] / p99[0], 2),
    }


def _wait_for(true: Callable[[], bool]) -> None:
    while not true():
        time.sleep(_LOOK_EVERY)


def _centile(latencies: list[float], which: int) -> float:
    return round(statistics.quantiles(latencies, n=100, method="inclusive")[which - 1] * 1000, 1)
