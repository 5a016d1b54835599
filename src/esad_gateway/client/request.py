"""What is asked of a gateway and what it answers, as values: nothing here knows a network."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol
from urllib.parse import quote, urlencode

from esad_gateway.errors import NotConfigured, PeerError, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""How many bytes of an answer are read, unpacked: far more than the largest message in any form."""

CONNECTING: Final = 30.0
PATIENCE: Final = 300.0
"""Seconds in which a connection has to be there, and in which some byte has to come where an answer may be long."""

PIECE: Final = 64 * 1024
"""How many bytes are sent, or read, at a time."""


def bearer(token: str | None) -> dict[str, str]:
    """The header field that shows a token, without the line end of the file that it was read from; none without one.

    Raises NotConfigured for what cannot be a token. What was given is a secret, so it is not told.
    """
    shown = (token or "").strip()
    if not all("!" <= one <= "~" for one in shown):
        raise NotConfigured(Said("client.no_token"))
    return {"Authorization": f"Bearer {shown}"} if shown else {}


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


@frozen(kw_only=True)
class Upload:
    """A body with a file in it, which is read when it is sent: what comes ``before`` and ``after`` it.

    ``told`` is called with the bytes of the file that are on their way; ``asked`` is how the file is to be taken.
    """

    before: bytes
    file: Path
    after: bytes
    told: Callable[[int], object] | None = None
    asked: UploadRequest | None = None

    def size(self) -> int:
        """How many bytes it is. Raises OSError."""
        return len(self.before) + self.file.stat().st_size + len(self.after)

    def pieces(self) -> Iterator[bytes]:
        """The body, piece by piece, from its beginning. Raises OSError."""
        yield self.before
        with self.file.open("rb") as opened:
            while piece := opened.read(PIECE):
                if self.told is not None:
                    self.told(opened.tell())
                yield piece
        yield self.after


@frozen(kw_only=True)
class Request:
    """One request to a gateway: the path begins with ``/``, the query holds what is not ``None``.

    ``seconds`` is how long the whole may take; with ``None`` it may take any time, as long as something comes.
    ``to`` is where the body of a good answer is written, ``most`` how many bytes of another one are read.
    """

    method: str = "GET"
    path: str
    query: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    body: bytes | Upload | None = None
    seconds: float | None = 30.0
    silence: float = PATIENCE
    to: BinaryIO | None = None
    most: int = LARGEST_ANSWER

    def __post_init__(self) -> None:
        """Raise UnreadableInput for a body of text: which bytes were signed, only bytes can say."""
        if not isinstance(self.body, bytes | Upload | None):
            raise UnreadableInput(Said("client.no_bytes"))

    @property
    def target(self) -> str:
        """Path and query, as they are sent."""
        given = {name: _shown(value) for name, value in (self.query or {}).items() if value is not None}
        return f"{self.path}?{urlencode(given)}" if given else self.path

    def within(self, seconds: float | None) -> "Request":
        """The same, which may take so many seconds at most; one that may take any time still may."""
        if seconds is None or self.seconds is None or self.seconds <= seconds:
            return self
        return replace(self, seconds=seconds)

    @property
    def patience(self) -> float:
        """Seconds without a byte after which nothing more is expected."""
        return self.silence if self.seconds is None else self.seconds


@frozen(kw_only=True)
class GatewayAnswer:
    """What a gateway has answered; the names of ``headers`` are in small letters."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The JSON object in the body. Raises PeerError when there is none: then it is no answer of a gateway."""
        if not (found := self.members()):
            raise PeerError(said("gateway.no_json", url=self.url, status=self.status))
        return found

    def members(self) -> dict[str, Any]:
        """The JSON object in the body; empty when there is none."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            # Brackets in brackets by the thousand are no answer of a gateway either.
            return {}
        return found if isinstance(found, dict) else {}


class RequestWire(Protocol):
    """What sends requests to the gateway at ``url``, and waits for their answers."""

    url: str

    def send(self, request: Request) -> GatewayAnswer:
        """Send a request and read its answer. Raises PeerError."""
        ...

    def close(self) -> None:
        """Close the connections that are kept."""
        ...


class AsyncRequestWire(Protocol):
    """The same, awaited."""

    async def send(self, request: Request) -> GatewayAnswer:
        """Send a request and read its answer. Raises PeerError."""
        ...

    async def close(self) -> None:
        """Close the connections that are kept."""
        ...


def step(name: str) -> str:
    """A name as one step of a path, whatever is in it."""
    return quote(name, safe="")


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
