"""Asking a provider over HTTP: within a time and a size, at the address that was named and at no other."""

import base64
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import aiohttp

from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.signin.refused import ProviderFailed, ProviderSlow

LARGEST: Final = 256 * 1024
"""Bytes of an answer: a provider with a hundred keys has less."""

CONNECT_SECONDS: Final = 4.0
OK: Final = 200
_AGENT: Final = "esad-gateway-sign-in/1"


@frozen
class ProviderAnswer:
    """What a provider has answered: a status, and an object of JSON."""

    status: int
    content: Mapping[str, Any]


class Fetching:
    """Asks a provider; an answer may take ``seconds``.

    No redirect is followed, no proxy of the environment is used, no cookie is kept, and nothing is unpacked. Whatever
    the provider does otherwise than with an object of JSON raises ProviderFailed, or ProviderSlow.
    """

    def __init__(self, seconds: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=min(seconds, CONNECT_SECONDS))

    async def get(self, url: str, bearer: str = "") -> ProviderAnswer:
        """What stands at an address, shown the token ``bearer`` where there is one. Raises ProviderFailed."""
        return await self._ask("GET", url, {"Authorization": f"Bearer {bearer}"} if bearer else {}, None)

    async def post(self, url: str, form: Mapping[str, str], basic: tuple[str, str] | None) -> ProviderAnswer:
        """What is answered to a form, with the name and secret of ``basic`` (RFC 6749, 2.3.1); raises likewise."""
        return await self._ask("POST", url, _named(*basic) if basic else {}, dict(form))

    async def _ask(self, method: str, url: str, headers: dict[str, str], form: dict[str, str] | None) -> ProviderAnswer:
        sent = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": _AGENT, **headers}
        try:
            async with (
                self._session() as session,
                session.request(method, url, headers=sent, data=form, allow_redirects=False) as response,
            ):
                return ProviderAnswer(response.status, _object(url, await _whole(url, response.content)))
        except TimeoutError as error:
            raise ProviderSlow(said("sign_in.provider.slow", url=url)) from error
        except (aiohttp.ClientError, OSError) as error:
            words = getattr(getattr(error, "os_error", error), "strerror", None) or type(error).__name__
            raise ProviderFailed(said("sign_in.provider.unreached", url=url, words=words)) from error

    def _session(self) -> aiohttp.ClientSession:
        # People sign in seldom: nothing is kept open between them, and nothing has to be closed when a gateway stops.
        return aiohttp.ClientSession(
            timeout=self._timeout, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False, trust_env=False
        )


async def _whole(url: str, content: aiohttp.StreamReader) -> bytes:
    found = bytearray()
    while piece := await content.read(LARGEST):
        found += piece
        if len(found) > LARGEST:
            raise ProviderFailed(said("sign_in.provider.huge", url=url, most=said("count.bytes", count=LARGEST)))
    return bytes(found)


def _object(url: str, body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProviderFailed(said("sign_in.provider.garbage", url=url)) from error
    if not isinstance(found, dict):
        raise ProviderFailed(said("sign_in.provider.garbage", url=url))
    return found


def _named(name: str, secret: str) -> dict[str, str]:
    pair = f"{quote(name, safe='')}:{quote(secret, safe='')}".encode()
    return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
