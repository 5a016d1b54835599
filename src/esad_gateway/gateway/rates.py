"""How often one may ask, and how much one may send, within a minute: by token, or by address where that is not good.

What is used comes back evenly, so whoever has waited for a minute may ask as often as one may, at once. It is counted
by the machine's clock, in memory: after a restart everybody begins anew.
"""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from esad_gateway.errors import TooMany
from esad_gateway.faults import Said, said
from esad_gateway.gateway.pace import SystemClock

WINDOW: Final = 60
"""Seconds in which all that was used comes back."""

MOST_KEPT: Final = 10_000
"""Of how many it is kept what they have used, before those are forgotten to whom all has come back."""

REQUESTS: Final = "requests_a_minute"
MEGABYTES: Final = "megabytes_a_minute"
BAD_TOKENS: Final = "bad_tokens_a_minute"
"""The settings."""

_MACHINE: Final = SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True)
class MayAsk:
    """How many ``requests`` of a token within a minute, how many ``megabytes`` of bodies, and how many bad tokens."""

    requests: int
    megabytes: int
    bad_tokens: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A rate by its name: ``most`` of a ``unit`` within a minute, as a ``setting`` says; ``what`` says so in words."""

    name: str
    setting: str
    most: int
    what: Said
    unit: str = "requests"

    @property
    def told(self) -> str:
        """As in ``RateLimit-Policy``."""
        return f'"{self.name}";q={self.most};w={WINDOW};qu="{self.unit}"'


class Rate:
    """What each of many has used of a rate. Used in one thread."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        # When all has come back to somebody: nobody for whom that is past needs a place.
        self._whole: dict[object, float] = {}

    def use(self, who: object, much: int) -> None:
        """Somebody has used so much, perhaps more than there was."""
        now = _MACHINE.elapsed()
        if len(self._whole) >= MOST_KEPT and who not in self._whole:
            self._whole = {one: at for one, at in self._whole.items() if at > now}
        self._whole[who] = max(self._whole.get(who, now), now) + much * WINDOW / self.policy.most

    def pause(self, who: object) -> int:
        """Seconds until somebody may use some of it again; 0 for now."""
        missing = self._until_whole(who) - WINDOW + WINDOW / self.policy.most
        return math.ceil(missing) if missing > 0 else 0

    def told(self, who: object) -> str:
        """As in ``RateLimit``: how much is left, and in how many seconds all is."""
        until = self._until_whole(who)
        left = int((WINDOW - until) / WINDOW * self.policy.most)
        return f'"{self.policy.name}";r={max(0, left)};t={math.ceil(until)}'

    def _until_whole(self, who: object) -> float:
        return max(0.0, self._whole.get(who, 0.0) - _MACHINE.elapsed())


@dataclass(frozen=True, slots=True)
class Asking:
    """A request of somebody: whose it is, which rates it counts for, and the digest of its token."""

    who: object
    rates: tuple[Rate, ...]
    token: bytes

    def fields(self) -> Iterator[tuple[str, str]]:
        """The header fields that tell the rates."""
        yield "RateLimit-Policy", ", ".join(rate.policy.told for rate in self.rates)
        yield "RateLimit", ", ".join(rate.told(self.who) for rate in self.rates)

    def check(self) -> None:
        """Raise TooMany when it is one too many."""
        for rate in self.rates:
            if pause := rate.pause(self.who):
                raise TooMany(rate.policy.what, rate.policy.setting, rate.policy.most, pause)


class Rates:
    """Counts requests that show a token. Those of a good token count for it, and bad ones for their address."""

    def __init__(self, may: MayAsk) -> None:
        requests = said("detail.rate_requests", requests=said("count.requests", count=may.requests), setting=REQUESTS)
        megabytes = said("detail.rate_bytes", megabytes=may.megabytes, setting=MEGABYTES)
        bad = said("detail.rate_tokens", requests=said("count.requests", count=may.bad_tokens), setting=BAD_TOKENS)
        self._requests = Rate(Policy("token", REQUESTS, may.requests, requests))
        self._bytes = Rate(Policy("token-bytes", MEGABYTES, may.megabytes << 20, megabytes, "content-bytes"))
        self._bad = Rate(Policy("address", BAD_TOKENS, may.bad_tokens, bad))
        self._good: dict[bytes, None] = {}
        self._refused: list[bytes] = []

    def seen(self, token: str, good: bool) -> None:  # noqa: FBT001 - it is what was seen
        """A token was looked up, in the midst of a request; from any thread."""
        digest = _digest(token)
        if not good:
            self._good.pop(digest, None)
            self._refused.append(digest)
            return
        if len(self._good) >= MOST_KEPT:
            self._good.clear()
        self._good[digest] = None

    def asking(self, token: str, address: str) -> Asking:
        """A request with a token from an address."""
        return self._turned_out(Asking(address, (self._bad,), _digest(token)))

    def looked_up(self, asking: Asking) -> Asking:
        """The same when its token was looked up: one that has turned out to be good counts for itself."""
        found = self._turned_out(asking)
        if found.who != asking.who:
            self.begun(found)
        return found

    def _turned_out(self, asking: Asking) -> Asking:
        good = asking.token in self._good
        return Asking(asking.token, (self._requests, self._bytes), asking.token) if good else asking

    def begun(self, asking: Asking) -> None:
        """The request is answered."""
        if self._requests in asking.rates:
            self._requests.use(asking.who, 1)

    def signed(self, signer: object, size: int) -> None:
        """A request of so many bytes that is signed, which stands for a token: who signs has a rate as well.

        Raises TooMany.
        """
        asking = Asking(signer, (self._requests, self._bytes), b"")
        asking.check()
        self.begun(asking)
        self.came(asking, size)

    def came(self, asking: Asking, size: int) -> None:
        """So many bytes of its body have come."""
        if size and self._bytes in asking.rates:
            self._bytes.use(asking.who, size)

    def ended(self, asking: Asking) -> None:
        """It is at its end: a token that nobody was given counts for the address."""
        if asking.token in self._refused:
            self._refused.remove(asking.token)
            if self._bad in asking.rates:
                self._bad.use(asking.who, 1)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
