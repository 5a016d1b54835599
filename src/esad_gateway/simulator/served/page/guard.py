"""Who may turn to the simulator: programs and its own pages, no page of anybody else that a browser has open.

A browser sends what any page tells it to, so what moves the clock has to come from a page of this address (Origin,
Sec-Fetch-Site). The name of another one may be led to this machine: only names that nobody can own outside are
answered (Host).
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from esad_gateway.faults import Said, said
from esad_gateway.simulator.timed.origin import foreign
from esad_gateway.web.problems import problem

_READING: Final = frozenset({"GET", "HEAD"})
_PRIVATE: Final = (".localhost", ".internal", ".test", ".local")


def guarded(app: ASGIApp, below: str) -> ASGIApp:
    """``app``, of which what stands at ``below`` and under it is for nobody else's pages."""

    async def guarding(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        refused = _refused(scope["method"], Headers(scope=scope)) if f"{path}/".startswith(f"{below}/") else None
        if refused is None:
            await app(scope, receive, send)
        else:
            await problem(403, "http", refused)(scope, receive, send)

    return guarding


def _refused(method: str, headers: Headers) -> Said | None:
    """Why a request is not answered; ``None`` for one that is."""
    host = headers.get("host", "")
    if not _is_private(host):
        return said("page.host", host=f"{host!r:.80}")
    return None if method in _READING else foreign(headers)


def _is_private(host: str) -> bool:
    """Whether a name cannot be somebody else's: an address, a name of one part, or one that is for private use."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return "." not in name or name.endswith(_PRIVATE) or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
