"""Webhooks of traders, made and looked at over HTTP."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any, Final, TypeVar

from helpers.gateway import CONSIGNOR, PATIENCE, new_draft
from helpers.served import JSON, Answer, Served

T = TypeVar("T")

ALLOWED: Final[Mapping[str, object]] = {
    "webhook_hosts": ["127.0.0.1"],
    "webhook_networks": ["127.0.0.0/8"],
    "webhook_schemes": ["http"],
    "webhook_attempts": 3,
    "public_url": '"https://ndea.example"',
}
"""Settings by which this machine may be called, and is given up after three tries."""


@dataclass(frozen=True)
class Hooks:
    """The webhooks of one trader at a gateway."""

    gateway: Served
    seed: str = CONSIGNOR

    def ask(self, method: str, path: str = "", body: Any = None) -> Answer:
        """Ask about webhooks with the trader's token."""
        headers = {"Authorization": f"Bearer {self.gateway.box.traders[self.seed].token}"}
        if body is not None:
            headers["Content-Type"] = JSON
        content = None if body is None else json.dumps(body).encode()
        return self.gateway.ask(method, f"/v1/traders/{self.seed}/webhooks{path}", content, headers)

    def make(self, url: str, **more: Any) -> Any:
        """Make one."""
        answer = self.ask("POST", body={"url": url, **more})
        assert answer.status == 201, answer.body
        return answer.json

    def one(self, webhook: str) -> Any:
        """How one stands."""
        return self.ask("GET", f"/{webhook}").json

    def submit(self) -> int:
        """Submit a draft: two messages more in the mailbox; the number of the last one."""
        draft = new_draft(self.seed, at=self.gateway.station.clock.at)
        answer = self.gateway.submit(self.gateway.box.signed(self.seed, draft))
        assert answer.status == 201, answer.body
        last: int = answer.json["replies"][-1]["seq"]
        return last


def awaited(look: Callable[[], T], come: Callable[[T], bool]) -> T:
    """What is looked at, as soon as it is as wanted."""
    end = monotonic() + PATIENCE
    while not come(found := look()):
        assert monotonic() < end, found
        sleep(0.01)
    return found


def until(hooks: Hooks, webhook: str, **wanted: Any) -> Any:
    """A webhook, as soon as it stands so."""
    return awaited(lambda: hooks.one(webhook), lambda one: one | wanted == one)


def until_letters(hooks: Hooks, webhook: str, **wanted: Any) -> Any:
    """The dead letters of a webhook, as soon as all of them stand so."""
    return awaited(
        lambda: hooks.ask("GET", f"/{webhook}/dead-letters").json["deadLetters"],
        lambda letters: bool(letters) and all(one | wanted == one for one in letters),
    )
