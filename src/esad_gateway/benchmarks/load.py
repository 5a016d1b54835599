"""A client that costs as little as it can: it keeps connections busy, and notes how long each answer took."""

import asyncio
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from esad_gateway.benchmarks.ours import NotTaken

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TAKEN: Final = 201


@dataclass(frozen=True, slots=True)
class Load:
    """What became of a load: how many seconds it took in all, and each message from the first byte to the answer."""

    seconds: float
    latencies: tuple[float, ...]


async def play(port: int, documents: Iterable[bytes], connections: int) -> Load:
    """Submit documents over so many connections, each one after the other. Raises NotTaken, with the answer."""
    requests, latencies = (_request(document) for document in documents), list[float]()
    begin = time.perf_counter()
    async with asyncio.TaskGroup() as talks:
        for _ in range(connections):
            talks.create_task(_talk(port, requests, latencies))
    return Load(time.perf_counter() - begin, tuple(latencies))


def _request(document: bytes) -> bytes:
    line, fields = "POST /v1/messages HTTP/1.1", "Host: 127.0.0.1\r\nContent-Type: application/xml"
    return f"{line}\r\n{fields}\r\nContent-Length: {len(document)}\r\n\r\n".encode() + document


async def _talk(port: int, requests: Iterator[bytes], latencies: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in requests:
            begin = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            latencies.append(time.perf_counter() - begin)
            if status != _TAKEN:
                raise NotTaken(f"HTTP {status}: {body[:300]!r}")
    finally:
        writer.close()
        await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split(b" ", 2)[1]), body
