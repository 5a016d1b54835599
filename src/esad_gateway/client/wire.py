"""Requests over HTTP by what Python brings along: a client of one gateway starts with nothing else."""

import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from http.client import (
    BadStatusLine,
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
    InvalidURL,
    RemoteDisconnected,
)
from threading import Lock
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from esad_gateway.client.request import CONNECTING, PIECE, GatewayAnswer, Request, Upload
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said

_REDIRECTED: Final = 3  # hundred and more: the statuses that send a client on
_GOOD: Final = 200

_STALE = (BadStatusLine, ConnectionError)
"""What befalls a request on a connection that the gateway has closed meanwhile."""

_WHY: Final[Sequence[tuple[type[Exception], Said]]] = (
    (socket.gaierror, Said("gateway.no_name")),
    (ssl.SSLError, Said("gateway.no_tls")),
    (ConnectionRefusedError, Said("gateway.nobody")),
    (RemoteDisconnected, Said("gateway.closed")),
    (IncompleteRead, Said("gateway.broke_off")),
    (TimeoutError, Said("gateway.late")),
    (ConnectionError, Said("gateway.reset")),
    (ValueError, Said("gateway.no_address")),
    (InvalidURL, Said("gateway.no_name")),
    (HTTPException, Said("gateway.no_http")),
)
"""What went wrong -> in words, the narrower one first; anything else of the system says it itself."""


class Wire:
    """Sends requests to the gateway at ``url``; may be used by several threads.

    Whoever points elsewhere is not followed. Raises PeerError when no answer comes, and says why.
    """

    def __init__(self, url: str, headers: Mapping[str, str], tls: ssl.SSLContext | None) -> None:
        self.url = url.rstrip("/")
        self._headers = headers
        self._tls = tls
        self._idle: list[HTTPConnection] = []
        self._lock = Lock()

    def send(self, request: Request) -> GatewayAnswer:
        """Send a request and read its answer."""
        try:
            return self._sent(request)
        except (OSError, HTTPException, ValueError) as error:
            raise PeerError(said("gateway.unreached", url=self.url, why=_why(error))) from error

    def close(self) -> None:
        """Close the connections that are kept."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _sent(self, request: Request) -> GatewayAnswer:
        if isinstance(request.body, Upload):
            request.body.size()  # a file that is not there is no fault of the gateway
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is not None:
            # Whatever is asked may be asked twice, so a connection that was closed meanwhile costs nothing.
            with suppress(*_STALE):
                return self._over(connection, request)
        return self._over(self._connection(request), request)

    def _connection(self, request: Request) -> HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(self.url)
        seconds = min(CONNECTING, request.patience)
        if parts.scheme == "http":
            return HTTPConnection(parts.hostname, parts.port, timeout=seconds)
        context = self._tls or ssl.create_default_context()
        return HTTPSConnection(parts.hostname, parts.port, timeout=seconds, context=context)

    def _over(self, connection: HTTPConnection, request: Request) -> GatewayAnswer:
        try:
            if connection.sock is None:
                connection.connect()
            answer = _asked(connection, request, self.url, self._headers)
        except BaseException:
            connection.close()
            raise
        if connection.sock is not None:
            with self._lock:
                self._idle.append(connection)
        return answer


class _Within:
    """What is left of the time that a request may take."""

    def __init__(self, connection: HTTPConnection, request: Request) -> None:
        self._socket = connection.sock
        self._silence = request.patience
        self._end = None if request.seconds is None else monotonic() + request.seconds

    def go_on(self) -> None:
        """Let the next bytes take what is left. Raises TimeoutError when nothing is."""
        left = self._silence if self._end is None else self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        with suppress(OSError):  # closed by the gateway: what it has sent can still be read
            self._socket.settimeout(left)


def _asked(connection: HTTPConnection, request: Request, url: str, headers: Mapping[str, str]) -> GatewayAnswer:
    within = _Within(connection, request)
    within.go_on()
    body, sent = request.body, {**headers, **(request.headers or {})}
    if isinstance(body, Upload):
        sent["Content-Length"] = str(body.size())
    # A gateway that refuses a body may answer before it has read all of it, and close.
    with suppress(BrokenPipeError, ConnectionResetError):
        whole = body if isinstance(body, bytes | None) else _pieces(body, within)
        connection.request(request.method, urlsplit(url).path + request.target or "/", whole, sent)
    within.go_on()
    with connection.getresponse() as response:
        found = {name.lower(): content for name, content in response.getheaders()}
        if "location" in found and response.status // 100 == _REDIRECTED:
            raise PeerError(said("gateway.elsewhere", url=url, other=found["location"]))
        content = _read(response, request, within, url)
    return GatewayAnswer(url=url, status=response.status, headers=found, body=content)


def _pieces(upload: Upload, within: _Within) -> Iterator[bytes]:
    for piece in upload.pieces():
        within.go_on()
        yield piece


def _read(response: HTTPResponse, request: Request, within: _Within, url: str) -> bytes:
    body, count = bytearray(), 0
    to = request.to if response.status == _GOOD else None
    while True:
        within.go_on()
        try:
            piece = response.read1(PIECE)
        except ConnectionError as error:
            # The connection was alive: a new one would write the same once more behind what was written.
            raise IncompleteRead(bytes(body)) from error
        if not piece:
            break
        count += len(piece)
        if to is not None:
            to.write(piece)
        else:
            body += piece
            if count > request.most:
                raise PeerError(said("gateway.too_long", url=url, most=said("count.bytes", count=request.most)))
    if response.length:
        raise IncompleteRead(bytes(body), response.length)
    return bytes(body)


def _why(error: Exception) -> Said:
    """Why a gateway cannot be reached, and what to do."""
    if known := next((what for kind, what in _WHY if isinstance(error, kind)), None):
        return known
    words = getattr(error, "strerror", None) or type(error).__name__
    return said("gateway.no_way", words=words)
