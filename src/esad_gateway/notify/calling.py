"""Calling webhooks over HTTP: by a library that takes long to load, so this module is loaded with the first call."""

import asyncio
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from esad_gateway.errors import WebhookRefused
from esad_gateway.faults import Said, said
from esad_gateway.notify.addresses import Allowed
from esad_gateway.ports.webhooks import Answered, Called

LARGEST_ANSWER: Final = 16 * 1024
"""Bytes of an answer that are read, so that the connection can be used again; what it says is not kept."""

CONNECT_SECONDS: Final = 4.0
AGENT: Final = "esad-gateway-webhook/1"

NAMES_AT_ONCE: Final = 32
"""Names that are resolved at a time, in threads of their own: one that takes long keeps nobody else waiting."""

_MOST_DIGITS: Final = 9
_NOT_NOW: Final = frozenset({429, 502, 503, 504})
"""Statuses that are about the receiver, and perhaps come from a front of it."""

_TAKEN: Final = range(200, 300)


class Calling:
    """Posts to webhooks: to addresses that are ``allowed`` and to no others, however names are resolved.

    A name is resolved once for a connection, by the system. What it resolves to is looked at, and the connection goes
    there: nothing asks again in between. The host and the name in TLS stay those of the address. No redirect is
    followed, no proxy of the environment is used, no cookie is kept. ``seconds`` is how long a call may take.
    """

    def __init__(self, allowed: Allowed, seconds: float, tls: ssl.SSLContext | None = None) -> None:
        self._allowed = allowed
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, CONNECT_SECONDS))
        self._tls = tls or ssl.create_default_context()
        self._session: aiohttp.ClientSession | None = None

    async def call(self, url: str, body: bytes, headers: dict[str, str]) -> Called:
        """Post a body; however the receiver behaves is a value and no exception."""
        try:
            # Of a host that is an address nobody is asked, so that it would not be looked at below.
            self._allowed.check(url)
            return await self._post(url, body, headers)
        except WebhookRefused as refused:
            return Called(Answered.UNREACHABLE, reason=refused.what)
        except aiohttp.ConnectionTimeoutError:
            return Called(Answered.UNREACHABLE, reason=Said("tried.hook_silent"))
        except TimeoutError:
            return Called(Answered.UNREACHABLE, reason=Said("tried.hook_slow"))
        except (aiohttp.ClientError, ValueError, OSError) as error:
            return Called(Answered.UNREACHABLE, reason=_told(error))

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Called:
        session = self._session = self._session or self._opened()
        sent = {"Content-Type": "application/json", "User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        async with session.post(url, data=body, headers=sent, allow_redirects=False) as response:
            whole = await _drained(response.content)
            if not whole:
                response.close()
            return _answered(response.status, response.headers.get("Retry-After", ""))

    def _opened(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=0, use_dns_cache=False, resolver=_Checked(self._allowed), ssl=self._tls)
        return aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )


class _NotAllowed(OSError):
    """A host is where nobody may be called."""

    def __init__(self, what: Said) -> None:
        super().__init__(what.key)
        self.what = what


class _Checked(AbstractResolver):
    """Resolves names, and gives away only those of their addresses that may be called."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(NAMES_AT_ONCE, "names of webhooks")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a host that may be called. Raises OSError when there are none."""
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _resolved, host, port, family)
        addresses = [one["host"] for one in found]
        reachable = set(self._allowed.reachable(addresses))
        if not reachable:
            raise _NotAllowed(said("webhook.network", host=host, address=", ".join(addresses)))
        return [one for one in found if one["host"] in reachable]

    async def close(self) -> None:
        """End the threads as soon as they have nothing to do."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _resolved(host: str, port: int, family: int) -> list[ResolveResult]:
    """What the system says of a name: the addresses, as numbers."""
    found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    return [
        ResolveResult(
            hostname=host,
            host=str(address[0]),
            port=port,
            family=kind,
            proto=protocol,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for kind, _, protocol, _, address in found
    ]


async def _drained(content: aiohttp.StreamReader) -> bool:
    """Read an answer to its end; whether it has one within the limit."""
    size = 0
    while size <= LARGEST_ANSWER:
        piece = await content.read(LARGEST_ANSWER)
        if not piece:
            return True
        size += len(piece)
    return False


def _answered(status: int, asked: str) -> Called:
    if status in _TAKEN:
        return Called(Answered.TAKEN, status)
    pause = timedelta(seconds=int(asked)) if asked.isdecimal() and len(asked) <= _MOST_DIGITS else None
    kind = Answered.UNREACHABLE if status in _NOT_NOW else Answered.REFUSED
    return Called(kind, status, said("tried.status", status=status), pause)


def _told(error: Exception) -> Said:
    """Why a call did not come to an answer."""
    cause = getattr(error, "os_error", error)
    if isinstance(cause, _NotAllowed):
        return cause.what
    return said("tried.hook_unreached", words=getattr(cause, "strerror", None) or type(error).__name__)
