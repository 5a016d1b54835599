"""Handing over one document over HTTP, and what came of it, by a library that takes long to load."""

from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType

import aiohttp

from esad_gateway.faults import said
from esad_gateway.ports.outbox import Reception, Tried
from esad_gateway.transport.answers import LARGEST_ANSWER, HttpAnswer, tried
from esad_gateway.transport.envelope import ACTION, CONTENT_TYPE, deliver

CONNECT_SECONDS = 4.0
"""How long a connection may take: so a peer that is back after a silence is found by the next try, not by this one."""

_UNREACHABLE = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.NonHttpUrlClientError,
    ValueError,  # a host that is no name, which the resolver finds out
)


class Posting:
    """Posts envelopes; ``timeout`` is how many seconds an answer may take. Its connections stay open between them."""

    def __init__(self, timeout: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(timeout, CONNECT_SECONDS))
        self._session: aiohttp.ClientSession | None = None

    async def deliver(
        self,
        url: str,
        destination: str,
        document: bytes,
        identifier: str,
        more: Mapping[str, str] = MappingProxyType({}),
    ) -> Tried:
        """Hand over a document, with ``more`` header fields; what came of it is a value, however the peer behaves."""
        try:
            return tried(await self._post(url, deliver(document), more), identifier)
        except _UNREACHABLE as error:
            return Tried(Reception.UNREACHABLE, said("tried.unreached", destination=destination, words=_told(error)))
        except (aiohttp.ClientError, TimeoutError) as error:
            return Tried(Reception.FAILED, said("tried.no_answer", destination=destination, words=_told(error)))

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, url: str, envelope: bytes, more: Mapping[str, str]) -> HttpAnswer:
        if self._session is None:
            # No peer waits for a connection because others have them all.
            self._session = aiohttp.ClientSession(timeout=self._timeout, connector=aiohttp.TCPConnector(limit=0))
        headers = {"Content-Type": CONTENT_TYPE, "SOAPAction": f'"{ACTION}"', **more}
        # Bytes would be written in one piece, however many: the event loop is to go on between the pieces.
        async with self._session.post(url, data=BytesIO(envelope), headers=headers, allow_redirects=False) as response:
            named = {name.lower(): value for name, value in response.headers.items()}
            return HttpAnswer(response.status, named, await _read(response.content))


async def _read(content: aiohttp.StreamReader) -> bytes:
    """The body, or its beginning with one byte more than an answer may have."""
    answer = bytearray()
    while len(answer) <= LARGEST_ANSWER and (chunk := await content.read(LARGEST_ANSWER)):
        answer += chunk
    return bytes(answer[: LARGEST_ANSWER + 1])


def _told(error: Exception) -> str:
    return f"{type(error).__name__} {error}".strip()
