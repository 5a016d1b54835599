"""A client that costs as little as it can: it keeps connections busy, and notes how long each answer took."""

import asyncio
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from esad_gateway.benchmarks.doors import REST_DOOR, Door
from esad_gateway.benchmarks.ours import NotTaken

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Load:
    """What became of a load: how many seconds it took in all, and each message from the first byte to the answer."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Messages a second."""
        return len(self.latencies) / self.seconds


async def play(port: int, documents: Iterable[bytes], connections: int, door: Door = REST_DOOR) -> Load:
    """Submit documents over so many connections, each one after the other. Raises NotTaken, with the answer."""
    requests, latencies = iter([door.request(document) for document in documents]), list[float]()
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as talks:
        for _ in range(connections):
            talks.create_task(_talk(port, requests, latencies, door))
    return Load(time.perf_counter() - begin, tuple(latencies))


async def _talk(port: int, requests: Iterator[bytes], latencies: list[float], door: Door) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in requests:
            begin = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            latencies.append(time.perf_counter() - begin)
            if not door.has_taken(status, body):
                raise NotTaken(f"HTTP {status}: {body[:300]!r}")
    finally:
        writer.close()
        await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(b" ", 2)[1]), body
