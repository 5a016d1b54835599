"""Bounds connections, in all and per address; the one that keeps the server waiting longest makes room.

A connection that has not sent a whole request has nothing that would be lost. So when there is no room, the one that
keeps us waiting longest for its head, and if there is none, for its body, is told to go (408), and the new one is
taken: half-sent requests, however many, shut nobody out. Only where every connection is being served is the new one
refused, with 429 or 503.
"""

import time
from collections.abc import Collection
from itertools import chain
from typing import Final, Protocol

import structlog

from esad_gateway.transport.limits import HttpLimits

QUIET: Final = 1.0
"""Seconds: of each kind of refusal the log gets one line in this time, with how many there were."""

log = structlog.get_logger(__name__)


class Visitor(Protocol):
    """A connection as the doorkeeper sees it."""

    address: str

    @property
    def idle(self) -> bool:
        """Whether the connection is between requests: the next head has not arrived, or not all of it."""

    @property
    def receiving(self) -> bool:
        """Whether the body of the request is still arriving, to be used or to be dropped."""

    def dismiss(self) -> None:
        """Close the connection, with a status that says why."""


class Doorkeeper:
    """Counts the connections of one server; used in its event loop only.

    ``leaving`` is how many refused ones are still open, to read their answer.
    """

    def __init__(self, limits: HttpLimits) -> None:
        self.limits = limits
        self.leaving = 0
        # In the order in which they came, or last became idle: the first idle one has waited longest.
        self._present: dict[Visitor, None] = {}
        self._of_address: dict[str, dict[Visitor, None]] = {}
        self._noted: dict[str, tuple[float, int]] = {}

    def admit(self, visitor: Visitor) -> int | None:
        """Take a connection in, or return the status that refuses it. Whoever is taken in has to ``leave``."""
        of_address = self._of_address.get(visitor.address, {})
        if visitor.address not in self.limits.fronts and not self._room(
            of_address, self.limits.connections_per_address
        ):
            return 429
        if not self._room(self._present, self.limits.connections):
            return 503
        self._present[visitor] = None
        self._of_address.setdefault(visitor.address, {})[visitor] = None
        return None

    def leave(self, visitor: Visitor) -> None:
        """Forget a connection that is gone; nothing happens when it is not known."""
        self._present.pop(visitor, None)
        of_address = self._of_address.get(visitor.address, {})
        of_address.pop(visitor, None)
        if not of_address:
            self._of_address.pop(visitor.address, None)

    def idles(self, visitor: Visitor) -> None:
        """Note that a connection has become idle just now, after all others that are."""
        if visitor in self._present:
            for group in (self._present, self._of_address[visitor.address]):
                group[visitor] = group.pop(visitor)

    def note(self, reason: str, address: str) -> None:
        """Log a refusal; while there are very many, log one line for all of them."""
        now = time.monotonic()
        until, more = self._noted.get(reason, (0.0, 0))
        if now < until:
            self._noted[reason] = (until, more + 1)
        else:
            self._noted[reason] = (now + QUIET, 0)
            log.warning("a connection was refused", reason=reason, client=address, before_this=more)

    def _room(self, group: dict[Visitor, None], most: int) -> bool:
        if len(group) < most:
            return True
        longest = _longest_awaited(group)
        if longest is None:
            return False
        self.note("made room for another", longest.address)
        self.leave(longest)
        longest.dismiss()
        return True


def _longest_awaited(group: Collection[Visitor]) -> Visitor | None:
    idle = (visitor for visitor in group if visitor.idle)
    receiving = (visitor for visitor in group if visitor.receiving)
    return next(chain(idle, receiving), None)
