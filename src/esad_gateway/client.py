"""A client of the REST door: what the commands, the demo and the tests of a whole gateway use."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from io import BufferedReader, FileIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self
from urllib.parse import quote

import aiohttp

from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

__all__ = ["GatewayClient", "UploadRequest"]

XML = "application/xml"


LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""How many bytes of an answer are read, unpacked: far more than the largest message in any form."""

LARGEST_INTRODUCTION: Final = 256 * 1024
"""The same for what an administration says of itself."""

TRIES: Final = 5
PAUSE: Final = 2.0
"""How often a file is handed in while the gateway cannot be reached, and seconds before it is handed in again."""

LOOK_AGAIN: Final = 0.5
"""Seconds between two looks at a batch."""

_PIECE: Final = 64 * 1024
_ELSEWHERE: Final = 3  # hundred and more: the statuses that send a client on

_CONNECT: Final = 30
_PATIENCE: Final = 300
_LONG: Final = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=_PATIENCE)
"""For files, which take as long as they are large."""


@frozen(kw_only=True)
class UploadRequest:
    """How a file of rows is to be taken.

    ``fields`` are those of ``POST …/batches``, ``name`` is what the file is called, ``key`` the Idempotency-Key,
    ``signature`` a detached signature.
    """

    name: str
    key: str
    fields: Mapping[str, str]
    signature: bytes | None = None


class _Read(BufferedReader):
    """A file that tells how far it was read."""

    def __init__(self, path: Path, told: Callable[[int], object] | None) -> None:
        super().__init__(FileIO(path))
        self._told = told

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes, which are then on their way."""
        piece = super().read(size)
        if self._told is not None:
            self._told(self.tell())
        return piece


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

    async def hand_in(self, seed: str, file: BinaryIO, upload: UploadRequest) -> tuple[int, dict[str, Any]]:
        """Hand in a file of rows, from where it stands, as it is read: status, and the batch or the problem."""
        form = aiohttp.FormData(quote_fields=False)
        for name, value in upload.fields.items():
            form.add_field(name, value)
        if upload.signature is not None:
            form.add_field("signature", upload.signature, content_type=XML, filename="signature.xml")
        form.add_field("file", file, filename=upload.name, content_type="application/octet-stream")
        headers = {"Idempotency-Key": upload.key}
        return await self._json("POST", f"/v1/traders/{seed}/batches", data=form, headers=headers, timeout=_LONG)

    async def batch(self, seed: str, batch: str) -> tuple[int, dict[str, Any]]:
        """How far a batch has come."""
        return await self._json("GET", f"/v1/traders/{seed}/batches/{_one(batch)}")

    async def handed_in(
        self,
        seed: str,
        path: Path,
        upload: UploadRequest,
        lost: Callable[[PeerError], object],
        sent: Callable[[int], object] | None = None,
    ) -> tuple[int, dict[str, Any]]:
        """Hand in a file, and again after a lost connection, which ``lost`` is told: by its key it is the same batch.

        ``sent`` is told how many bytes of it are on their way, from another thread; after a lost connection it begins
        anew. Raises PeerError when the gateway cannot be reached for long, and OSError as opening the file does.
        """
        for _ in range(TRIES - 1):
            try:
                with _Read(path, sent) as file:
                    return await self.hand_in(seed, file, upload)
            except PeerError as error:
                lost(error)
            await asyncio.sleep(PAUSE)
        with _Read(path, sent) as file:
            return await self.hand_in(seed, file, upload)

    async def followed(
        self, seed: str, batch: str, look: Callable[[dict[str, Any]], bool]
    ) -> tuple[int, dict[str, Any]]:
        """The answer about a batch when ``look``, which gets each one, waits for no more; or the first problem."""
        while True:
            status, answer = await self.batch(seed, batch)
            if "state" not in answer or not look(answer):
                return status, answer
            await asyncio.sleep(LOOK_AGAIN)

    async def batch_rows(self, seed: str, batch: str, **query: str | int) -> tuple[int, dict[str, Any]]:
        """A page of the documents of a batch; the query as in ``GET …/rows``."""
        return await self._json("GET", f"/v1/traders/{seed}/batches/{_one(batch)}/rows", params=query)

    async def change_batch(self, seed: str, batch: str, change: str) -> tuple[int, dict[str, Any]]:
        """Have a batch withdrawn (``withdrawal``), or go on (``resumption``)."""
        return await self._json("POST", f"/v1/traders/{seed}/batches/{_one(batch)}/{change}")

    async def saad(self, seed: str, **query: str | int) -> tuple[int, dict[str, Any]]:
        """A page of the SAAD list; the query as in ``GET /v1/traders/{seed}/saad``."""
        return await self._json("GET", f"/v1/traders/{seed}/saad", params=query)

    async def saad_record(self, seed: str, record: str) -> tuple[int, dict[str, Any]]:
        """A record of the SAAD list with its versions."""
        return await self._json("GET", f"/v1/traders/{seed}/saad/{_one(record)}")

    async def enter(
        self, seed: str, entry: bytes, record: str | None = None, made_from: int | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Enter a receipt (JSON), or a record anew, from a version of it: what became of it, or the problem."""
        path = f"/v1/traders/{seed}/saad" + ("" if record is None else f"/{_one(record)}/corrections")
        query = {} if made_from is None else {"version": made_from}
        headers = {"Content-Type": "application/json"}
        return await self._json("POST", path, data=entry, headers=headers, params=query)

    async def withdraw_record(self, seed: str, record: str) -> tuple[int, dict[str, Any]]:
        """Withdraw a record of the SAAD list."""
        return await self._json("POST", f"/v1/traders/{seed}/saad/{_one(record)}/withdrawal")

    async def corrections(self, seed: str, batch: str, to: BinaryIO) -> tuple[int, dict[str, Any]]:
        """Write the rows of a batch that are to be mended; the status, and the problem if there is one."""
        return await self._file(f"/v1/traders/{seed}/batches/{_one(batch)}/corrections", to)

    async def export(self, seed: str, to: BinaryIO, **query: str) -> tuple[int, dict[str, Any]]:
        """Write the SAAD list as a file; the query as in ``GET …/saad/export``."""
        return await self._file(f"/v1/traders/{seed}/saad/export", to, query)

    async def health(self) -> tuple[int, dict[str, Any]]:
        """Whether the gateway answers, and as whom."""
        return await self._json("GET", "/health")

    async def test_clock(
        self, order: Mapping[str, Any] | None = None, within: float = _PATIENCE
    ) -> tuple[int, dict[str, Any]]:
        """What the clock for tests of a gateway shows, after an order to it if there is one; it may take its time.

        ``within`` is how many seconds it may be silent.
        """
        limits = aiohttp.ClientTimeout(total=None, sock_connect=min(within, _CONNECT), sock_read=within)
        if order is None:
            return await self._json("GET", "/test-clock", timeout=limits)
        return await self._json("POST", "/test-clock", json=dict(order), timeout=limits)

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

    async def _file(
        self, path: str, to: BinaryIO, query: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        try:
            async with self._session.get(
                self._url + path, params=query, allow_redirects=False, timeout=_LONG
            ) as response:
                if response.status != 200:  # noqa: PLR2004  one status means success
                    return response.status, _object(await self._body(response.content, LARGEST_ANSWER))
                async for piece in response.content.iter_chunked(_PIECE):
                    to.write(piece)
                return response.status, {}
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise PeerError(said("gateway.unreached", url=self._url, why=_why(error))) from error

    async def _ask(self, method: str, path: str, most: int = LARGEST_ANSWER, **options: Any) -> tuple[int, bytes]:
        """The status and the body, of at most so many bytes. Whoever points elsewhere is not followed."""
        try:
            async with self._session.request(method, self._url + path, allow_redirects=False, **options) as response:
                elsewhere = response.headers.get("Location")
                if elsewhere and response.status // 100 == _ELSEWHERE:
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


def _one(name: str) -> str:
    """A name as one step of a path, whatever is in it."""
    return quote(name, safe="")


def _object(body: bytes) -> dict[str, Any]:
    """The JSON object in a body; empty when there is none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        # Brackets in brackets by the thousand are no answer of a gateway either.
        return {}
    return answer if isinstance(answer, dict) else {}
