"""Requests that wait for what comes: what a thousand of them take in memory, and what submissions cost beside them."""

import asyncio
import statistics
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final

from esad_gateway.benchmarks.builds import Build, cpu_seconds, memory_now_mb
from esad_gateway.benchmarks.load import Load, play
from esad_gateway.benchmarks.ours import NotTaken
from esad_gateway.settings import FILE
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, running
from esad_gateway.simulator.exchange import OPERATORS
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry

MEMORY_GOAL: Final = 60
"""MiB that a thousand of them take."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What is asked for below a trader, and whether its answer has begun while it waits."""

    path: str
    is_begun: bool = False


WAITS: Final[Mapping[str, Wait]] = MappingProxyType(
    {"polls": Wait("messages?wait=60"), "streams": Wait("events", is_begun=True)}
)

_CONNECTIONS: Final = 16
_IDLER: Final = replace(OPERATORS[0], seed=f"{OPERATORS[0].seed[:2]}00000999999")
"""A trader to whose mailbox nothing comes."""
_LOOK_EVERY: Final = 0.2
_QUIET: Final = 0.01
"""Seconds of the processor between two looks, in which the gateway has done nothing of what it was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdlePlan:
    """So many ``waits``, and ``messages`` with and without them in each of so many ``rounds``."""

    rounds: int = 5
    waits: int = 1000
    messages: int = 160

    @property
    def ticks(self) -> int:
        """How many steps ``measure_idle`` has."""
        return len(WAITS) * (self.rounds + 1)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A gateway, whom it is asked by, and with what."""

    member: Member
    pid: int
    token: str
    what: Wait

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.member.port)
        line = f"GET /v1/traders/{_IDLER.seed}/{self.what.path} HTTP/1.1"
        writer.write(f"{line}\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n\r\n".encode())
        return reader, writer


async def measure_idle(
    plan: IdlePlan, kind: KeyKind, folder: Path, tick: Callable[[], object]
) -> dict[str, dict[str, float]]:
    """Kind of wait -> memory, and what a submission took without and with them, in turn; each with its own gateway.

    Raises NotTaken when a wait ends, or a message is not taken.
    """
    return {name: await _measured(plan, kind, what, folder / name, tick) for name, what in WAITS.items()}


async def _measured(
    plan: IdlePlan, kind: KeyKind, what: Wait, folder: Path, tick: Callable[[], object]
) -> dict[str, float]:
    world = await Build.ours().prepare(folder, kind)
    lithuania, documents = world.members["LT"], world.documents()
    _make_room(lithuania, plan.waits)
    token = _token(lithuania)
    async with running([lithuania], Build.ours().spawn) as gateways:
        asked = _Asked(lithuania, gateways.pid(lithuania), token, what)
        await _played(asked, documents, plan.messages)
        await _quiet(asked.pid)
        tick()
        memory, alone, beside = list[float](), list[tuple[Load, float]](), list[tuple[Load, float]]()
        for _ in range(plan.rounds):
            alone.append(await _played(asked, documents, plan.messages))
            before = memory_now_mb(asked.pid)
            async with _waiting(asked, plan.waits):
                memory.append(memory_now_mb(asked.pid) - before)
                beside.append(await _played(asked, documents, plan.messages))
            await _quiet(asked.pid)
            tick()
    return {"waits": plan.waits, "memory_mb": round(memory[0], 1), **_figures(alone, beside)}


def _figures(alone: list[tuple[Load, float]], beside: list[tuple[Load, float]]) -> dict[str, float]:
    cpu = [sum(cpu for _, cpu in loads) / sum(len(load.latencies) for load, _ in loads) for loads in (alone, beside)]
    rates = [(load.rate, other.rate) for (load, _), (other, _) in zip(alone, beside, strict=True)]
    return {
        "alone_cpu_us": round(cpu[0] * 1e6),
        "beside_cpu_us": round(cpu[1] * 1e6),
        "cpu": round(cpu[1] / cpu[0], 2),
        "alone_rate": round(statistics.median(rate for rate, _ in rates), 1),
        "beside_rate": round(statistics.median(rate for _, rate in rates), 1),
        "clock": round(statistics.median(rate / other for rate, other in rates), 2),
    }


def _make_room(member: Member, waits: int) -> None:
    """Settings for so many waits of one trader, from one address."""
    room = {"waits_at_once": waits, "connections": 2 * waits + 100, "connections_per_address": 2 * waits + 100}
    file = member.data.root / FILE
    lines = "".join(f"{name} = {value}\n" for name, value in room.items())
    file.write_text(lines + file.read_text(encoding="utf-8"), encoding="utf-8")


def _token(member: Member) -> str:
    with closing(open_store(member.data.database, member.address)) as store:
        registry = Registry(store)
        registry.add_operators([(_IDLER, {}, ())])
        return registry.issue_token(_IDLER.seed, datetime.now(UTC))


async def _played(asked: _Asked, documents: Iterator[bytes], messages: int) -> tuple[Load, float]:
    signed = list(islice(documents, messages))
    before = cpu_seconds(asked.pid)
    load = await play(asked.member.port, signed, _CONNECTIONS)
    return load, cpu_seconds(asked.pid) - before


@asynccontextmanager
async def _waiting(asked: _Asked, waits: int) -> AsyncIterator[None]:
    """So many requests that wait, from when the gateway has nothing to do for them until this ends."""
    talks = [await asked.open() for _ in range(waits)]
    heads = [asyncio.ensure_future(reader.readuntil(b"\r\n\r\n")) for reader, _ in talks]
    try:
        await _quiet(asked.pid)
        yield
        for head, (reader, _) in zip(heads, talks, strict=True):
            _check_waits(asked.what, head, reader)
    finally:
        for head, (_, writer) in zip(heads, talks, strict=True):
            head.cancel()
            writer.close()
        await asyncio.gather(*heads, return_exceptions=True)


def _check_waits(what: Wait, head: asyncio.Future[bytes], reader: asyncio.StreamReader) -> None:
    begun = head.done() and head.exception() is None
    if head.done() != what.is_begun or reader.at_eof() or (begun and not head.result().startswith(b"HTTP/1.1 200")):
        told = head.result()[:300] if begun else b"nothing"
        raise NotTaken(f"a request for {what.path} does not wait, it was answered {told!r}")


async def _quiet(pid: int) -> None:
    """Until a gateway has nothing to do."""
    before, now = 0.0, cpu_seconds(pid)
    while now - before > _QUIET:
        await asyncio.sleep(_LOOK_EVERY)
        before, now = now, cpu_seconds(pid)
