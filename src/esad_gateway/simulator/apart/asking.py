"""How processes of one simulation ask each other: JSON over HTTP, on this machine."""

import json
from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from esad_gateway.errors import PeerError
from esad_gateway.faults import said

BESIDE: Final = "/sim/beside"
OPERATORS: Final = "/sim/operators"
HANDS: Final = "/sim/hands"
MOMENT: Final = "/sim/moment"
NAMED: Final = "/sim/named"
SHARE: Final = "/sim/share"
"""Doors that a process has for the others of its simulation: which gateways there are, traders, what the clock shows
before anything is done, a moment in words, a trader by its number, and its part of a script."""

FINE: Final = 300
"""The first status that is no success."""

_ENDLESS: Final = aiohttp.ClientTimeout(total=None, sock_connect=30)
"""A year takes its time. A process that has ended is noticed by its connection."""


async def asked(url: str, path: str, body: object = None, method: str | None = None) -> tuple[int, bytes]:
    """Status and body of an answer; what is given is posted, as JSON unless it is bytes. Raises PeerError for none."""
    data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    try:
        async with (
            aiohttp.ClientSession(timeout=_ENDLESS) as session,
            session.request(method or ("GET" if body is None else "POST"), url + path, data=data) as answer,
        ):
            return answer.status, await answer.read()
    except (aiohttp.ClientError, TimeoutError) as error:
        raise PeerError(said("simulate.apart_gone", url=url, words=str(error) or type(error).__name__)) from error


async def told(url: str, path: str, body: object = None, method: str | None = None) -> Mapping[str, Any]:
    """The object of an answer that has to be a good one. Raises PeerError with what is wrong."""
    status, answer = await asked(url, path, body, method)
    found: Mapping[str, Any] = json.loads(answer)
    if status >= FINE:
        why = f"{found.get('detail', '')!s:.400}"
        raise PeerError(said("simulate.apart_refused", url=url, path=path, status=status, why=why))
    return found
