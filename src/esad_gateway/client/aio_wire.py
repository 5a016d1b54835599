"""Requests over HTTP by aiohttp, beside whatever else an event loop does."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import aiohttp

from esad_gateway.client.request import CONNECTING, PIECE, GatewayAnswer, Request, Upload
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said

_REDIRECTED: Final = 3  # hundred and more: the statuses that send a client on
_GOOD: Final = 200

_WHY: Final[Sequence[tuple[type[Exception], Said]]] = (
    (aiohttp.ClientConnectorDNSError, Said("gateway.no_name")),
    (aiohttp.ClientSSLError, Said("gateway.no_tls")),
    (aiohttp.ServerDisconnectedError, Said("gateway.closed")),
    (aiohttp.ClientResponseError, Said("gateway.no_http")),
    (aiohttp.ClientPayloadError, Said("gateway.broke_off")),
    (TimeoutError, Said("gateway.late")),
    (aiohttp.NonHttpUrlClientError, Said("gateway.no_address")),
    (ConnectionResetError, Said("gateway.reset")),
    (ValueError, Said("gateway.no_address")),
)
"""What went wrong -> in words, the narrower one first; anything else of the system says it itself."""


class AsyncWire:
    """Sends requests to the gateway at ``url``; made and used in a running event loop.

    Whoever points elsewhere is not followed. Raises PeerError when no answer comes, and says why.
    """

    def __init__(self, url: str, headers: Mapping[str, str], tls: ssl.SSLContext | None) -> None:
        self.url = url.rstrip("/")
        self._session = aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(ssl=tls or True))

    async def send(self, request: Request) -> GatewayAnswer:
        """Send a request and read its answer."""
        try:
            return await self._sent(request)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # ValueError: a host that is no name, which the resolver finds out.
            raise PeerError(said("gateway.unreached", url=self.url, why=_why(error))) from error

    async def close(self) -> None:
        """Close the connections that are kept."""
        await self._session.close()

    async def _sent(self, request: Request) -> GatewayAnswer:
        body, headers = request.body, dict(request.headers or {})
        if isinstance(body, Upload):
            headers["Content-Length"] = str(body.size())
        async with self._session.request(
            request.method,
            self.url + request.target,
            data=_pieces(body) if isinstance(body, Upload) else body,
            headers=headers,
            allow_redirects=False,
            timeout=_limits(request),
        ) as response:
            found = {name.lower(): content for name, content in response.headers.items()}
            if "location" in found and response.status // 100 == _REDIRECTED:
                raise PeerError(said("gateway.elsewhere", url=self.url, other=found["location"]))
            content = await self._read(response, request)
            return GatewayAnswer(url=self.url, status=response.status, headers=found, body=content)

    async def _read(self, response: aiohttp.ClientResponse, request: Request) -> bytes:
        body = bytearray()
        to = request.to if response.status == _GOOD else None
        async for piece in response.content.iter_chunked(PIECE):
            if to is not None:
                to.write(piece)
                continue
            body += piece
            if len(body) > request.most:
                most = said("count.bytes", count=request.most)
                raise PeerError(said("gateway.too_long", url=self.url, most=most))
        return bytes(body)


async def _pieces(upload: Upload) -> AsyncIterator[bytes]:
    pieces = upload.pieces()
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece


def _limits(request: Request) -> aiohttp.ClientTimeout:
    if request.seconds is not None:
        return aiohttp.ClientTimeout(total=request.seconds)
    connecting = min(CONNECTING, request.silence)
    return aiohttp.ClientTimeout(total=None, sock_connect=connecting, sock_read=request.silence)


def _why(error: Exception) -> Said:
    """Why a gateway cannot be reached, and what to do."""
    cause = getattr(error, "os_error", error)
    if isinstance(cause, ConnectionRefusedError):
        return Said("gateway.nobody")
    if known := next((what for kind, what in _WHY if isinstance(error, kind)), None):
        return known
    words = getattr(cause, "strerror", None) or type(error).__name__
    return said("gateway.no_way", words=words) if isinstance(error, OSError) else said("said.library", words=words)
