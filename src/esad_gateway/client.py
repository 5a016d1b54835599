"""A client of the REST door: what the commands, the demo and the tests of a whole gateway use."""

import json
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said

__all__ = ["GatewayClient"]

XML = "application/xml"


LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""How many bytes of an answer are read, unpacked: far more than the largest message in any form."""

LARGEST_INTRODUCTION: Final = 256 * 1024
"""The same for what an administration says of itself."""

_PIECE: Final = 64 * 1024


class GatewayClient:
    """Talks to one gateway; an async context manager. ``token`` opens one mailbox, submitting needs none."""

    def __init__(self, url: str, token: str | None = None, timeout: float = 30) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout = aiohttp.ClientTimeout(total=timeout)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=self._headers, timeout=self._timeout)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def submit(self, document: bytes) -> tuple[int, dict[str, Any]]:
        """Submit a signed document: status, and the receipt or the problem."""
        return await self._json("POST", "/v1/messages", data=document, headers={"Content-Type": XML})

    async def messages(self, seed: str, **query: str | int) -> tuple[int, dict[str, Any]]:
        """A page of a mailbox; the query as in ``GET /v1/traders/{seed}/messages``."""
        return await self._json("GET", f"/v1/traders/{seed}/messages", params=query)

    async def message(self, seed: str, seq: int) -> bytes:
        """The exact bytes of one message. Raises PeerError when there is none."""
        status, body = await self._ask("GET", f"/v1/traders/{seed}/messages/{seq}")
        if status != 200:  # noqa: PLR2004  one status means success
            raise PeerError(
                said("gateway.refused", status=status, why=_object(body).get("detail", Said("gateway.no_reason")))
            )
        return body

    async def message_view(self, seed: str, seq: int) -> tuple[int, dict[str, Any]]:
        """The JSON view of one message."""
        path = f"/v1/traders/{seed}/messages/{seq}"
        return await self._json("GET", path, headers={"Accept": "application/json"})

    async def acknowledge(self, seed: str, seq: int) -> tuple[int, dict[str, Any]]:
        """Note that a message was read."""
        return await self._json("PUT", f"/v1/traders/{seed}/messages/{seq}/acknowledgement")

    async def movements(self, seed: str, **query: str) -> tuple[int, dict[str, Any]]:
        """A trader's movements."""
        return await self._json("GET", f"/v1/traders/{seed}/movements", params=query)

    async def movement(self, seed: str, arc: str) -> tuple[int, dict[str, Any]]:
        """One movement of a trader."""
        return await self._json("GET", f"/v1/traders/{seed}/movements/{arc}")

    async def health(self) -> tuple[int, dict[str, Any]]:
        """Whether the gateway answers, and as whom."""
        return await self._json("GET", "/health")

    async def status(self) -> int:
        """The HTTP status of the address itself, whoever answers there. Raises PeerError when nobody does."""
        status, _ = await self._ask("GET", "")
        return status

    async def administration(self) -> tuple[int, dict[str, Any]]:
        """What the administration says of itself: its address, its certificates, the CAs that issued them."""
        return await self._json("GET", "/v1/administration", most=LARGEST_INTRODUCTION)

    async def _json(self, method: str, path: str, **options: Any) -> tuple[int, dict[str, Any]]:
        status, body = await self._ask(method, path, **options)
        answer = _object(body)
        if not answer:
            raise PeerError(said("gateway.no_json", url=self._url, status=status))
        return status, answer

    async def _ask(self, method: str, path: str, most: int = LARGEST_ANSWER, **options: Any) -> tuple[int, bytes]:
        """The status and the body, of at most so many bytes. Whoever points elsewhere is not followed."""
        try:
            async with self._session.request(method, self._url + path, allow_redirects=False, **options) as response:
                if elsewhere := response.headers.get("Location"):
                    raise PeerError(said("gateway.elsewhere", url=self._url, other=elsewhere))
                return response.status, await self._body(response.content, most)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # ValueError: a host that is no name, which the resolver finds out.
            raise PeerError(said("gateway.unreached", url=self._url, why=_why(error))) from error

    async def _body(self, content: aiohttp.StreamReader, most: int) -> bytes:
        body = bytearray()
        async for chunk in content.iter_chunked(_PIECE):
            body += chunk
            if len(body) > most:
                raise PeerError(said("gateway.too_long", url=self._url, most=said("count.bytes", count=most)))
        return bytes(body)


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


def _why(error: Exception) -> Said:
    """Why a gateway cannot be reached, and what to do."""
    cause = getattr(error, "os_error", error)
    if isinstance(cause, ConnectionRefusedError):
        return Said("gateway.nobody")
    if known := next((what for kind, what in _WHY if isinstance(error, kind)), None):
        return known
    words = getattr(cause, "strerror", None) or type(error).__name__
    return said("gateway.no_way", words=words) if isinstance(error, OSError) else said("said.library", words=words)


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; empty when there is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        # Brackets in brackets by the thousand are no answer of a gateway either.
        return {}
    return answer if isinstance(answer, dict) else {}
