"""What persons do at the doors of a gateway: they sign in with a browser, and ask with the token that they get."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientSession, CookieJar

from esad_gateway.simulator.box import Member

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class DoorAnswer:
    """The status of an answer, and what it says."""

    status: int
    told: Mapping[str, Any]

    @property
    def rules(self) -> list[str]:
        """The requirements of its faults."""
        return sorted({fault["rule"] for fault in self.told.get("faults", ())})

    def text(self, language: str) -> str:
        """Its first fault in a language, with what to do about it."""
        fault = self.told["faults"][0]
        return f"{fault['text'][language]}; {fault['hints'][language]}"


async def sign_in(member: Member, provider: str, name: str) -> DoorAnswer:
    """Sign in at a provider under a name, as a browser does that is sent there and back: the session, or why not."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser:
        async with browser.get(f"{member.url}/v1/national/sign-in/{provider}") as form:
            address = form.url
        async with browser.post(address, data={"sub": name}) as back:
            return DoorAnswer(back.status, await back.json(content_type=None))


async def ask(member: Member, token: str, path: str, body: Any = None, media: str = JSON) -> DoorAnswer:
    """Ask a gateway with a token: with a ``body`` for a change. Bytes go as they are, all else as JSON."""
    sent = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    headers = {"Accept": JSON, **({"Authorization": f"Bearer {token}"} if token else {})}
    if sent is not None:
        headers["Content-Type"] = media
    async with (
        ClientSession(headers=headers) as session,
        session.request("GET" if body is None else "POST", member.url + path, data=sent) as answer,
    ):
        return DoorAnswer(answer.status, await answer.json(content_type=None))
