"""A trader's batches over HTTP, as a plain client asks for them; the worker is the gateway's own process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from helpers.gateway import Box, HandClock
from helpers.served import JSON, Answer, Served
from helpers.workers import wait_until

OVER = frozenset({"ended", "unreadable", "stopped", "withdrawn"})
RARELY = 0.05
"""Seconds between two questions about a batch: each is a request, and the worker has a lower priority."""


def today() -> date:
    """The day in Lithuania, by the clock of the machine: the worker is a process of its own, and has no other."""
    return datetime.now(ZoneInfo("Europe/Vilnius")).date()


def present() -> HandClock:
    """A clock that stands at this moment."""
    return HandClock(datetime.now(UTC))


@dataclass(frozen=True)
class TraderAtDoor:
    """A trader with its token."""

    gateway: Served
    seed: str

    @property
    def token(self) -> str:
        """The token of its mailbox."""
        return self.gateway.box.traders[self.seed].token

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for something below its own place."""
        access = {"Authorization": f"Bearer {self.token}"}
        return self.gateway.ask(method, f"/v1/traders/{self.seed}{path}", body, {**access, **(headers or {})})

    def get(self, path: str) -> Answer:
        """Read something."""
        return self.ask("GET", path)

    def send(self, path: str, data: bytes) -> Answer:
        """Send JSON."""
        return self.ask("POST", path, data, {"Content-Type": JSON})

    def hand_in(self, content: Any, query: str = "kind=saad", **headers: str) -> Answer:
        """Hand in a file as a body."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", f"/batches?{query}", content, {"Content-Type": "text/csv", **given})

    def over(self, batch: str) -> dict[str, Any]:
        """A batch when nothing is left to do."""
        wait_until(lambda: self.get(f"/batches/{batch}").json["state"] in OVER, "the worker comes to the end", RARELY)
        found: dict[str, Any] = self.get(f"/batches/{batch}").json
        return found

    def done(self, content: Any, query: str = "kind=saad", **headers: str) -> dict[str, Any]:
        """A file that was handed in, when nothing is left to do."""
        answer = self.hand_in(content, query, **headers)
        assert answer.status == 202, answer.body
        return self.over(answer.json["id"])


def files_of(box: Box) -> list[str]:
    """The folders of batches that there are in Lithuania's data directory."""
    folder = box.members["LT"].data.batches
    return sorted(one.name for one in folder.iterdir()) if folder.exists() else []
