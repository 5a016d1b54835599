"""Webhooks of traders: where they are told that something came, what is on its way, and what nobody took."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.ports.clock import Due
from esad_gateway.ports.outbox import Claimed
from esad_gateway.ports.reading import Listed


@frozen(kw_only=True)
class Webhook:
    """An address that is told of the messages of one mailbox, ``trader``.

    ``salt`` is what its secret is made of, ``previous_salt`` that of the secret before it, which signs beside it until
    ``previous_until``. ``types`` and ``direction`` say of which messages it is told; nothing: of all. ``after`` is the
    number of the last message that it was told of, or that was passed over. ``tries`` counts the tries of the next one
    that failed, the first of them at ``failing_since``, the last one for ``last_error`` (English); ``next_try`` is when
    it is tried again. Moments are in UTC.
    """

    id: str
    trader: str
    url: str
    salt: bytes
    previous_salt: bytes | None = None
    previous_until: datetime | None = None
    types: tuple[str, ...] = ()
    direction: str | None = None
    created_at: datetime
    after: int
    tries: int = 0
    failing_since: datetime | None = None
    next_try: datetime | None = None
    last_error: str | None = None

    def tells(self, listed: Listed) -> bool:
        """Whether it is told of a message."""
        of_type = not self.types or listed.type in self.types
        return of_type and self.direction in {None, listed.direction}

    def salts(self, now: datetime) -> tuple[bytes, ...]:
        """What the secrets are made of that sign now, the newest first."""
        overlaps = self.previous_salt is not None and self.previous_until is not None and now < self.previous_until
        return (self.salt, self.previous_salt) if overlaps and self.previous_salt is not None else (self.salt,)


@frozen(kw_only=True)
class WebhookStanding:
    """A webhook as its owner sees it: how many messages it was not told of yet, and how many dead letters it has."""

    webhook: Webhook
    waiting: int
    dead: int


@frozen(kw_only=True)
class DeadLetter:
    """A notification that was given up ``at`` a moment (UTC) after so many ``tries``, the last one for ``reason``.

    ``again``: somebody wants it sent once more, and it was not yet.
    """

    webhook: str
    seq: int
    at: datetime
    tries: int
    reason: str
    again: bool = False


@frozen(kw_only=True)
class Progress:
    """How far a webhook has come, as it is written down.

    ``dead`` was given up on the way, ``taken`` are the numbers of dead letters that were taken at last.
    """

    id: str
    after: int
    tries: int = 0
    failing_since: datetime | None = None
    next_try: datetime | None = None
    last_error: str | None = None
    dead: tuple[DeadLetter, ...] = ()
    taken: tuple[int, ...] = ()


class Answered(StrEnum):
    """What a call of a webhook came to: ``UNREACHABLE``, nobody answered there."""

    TAKEN = "taken"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@frozen
class Called:
    """What a call came to, with the HTTP ``status`` if there was one, why it was not taken, and the asked-for pause."""

    answered: Answered
    status: int | None = None
    reason: Said | None = None
    pause: timedelta | None = None


Call = Callable[[str, bytes, dict[str, str]], Awaitable[Called]]
"""Posts a body with headers to an address; however the receiver behaves is a value and no exception."""


class WebhookStore(Claimed, Protocol):
    """The webhooks of one administration. Every method raises StoreUnavailable."""

    def add(self, webhook: Webhook, most: int) -> bool:
        """Add one, unless its trader has ``most`` already; returns whether it was added."""

    def of(self, trader: str) -> Sequence[WebhookStanding]:
        """Those of a trader, the oldest first."""

    def find(self, trader: str, webhook: str) -> WebhookStanding | None:
        """One of a trader; ``None`` for one that there is not, or that is somebody else's."""

    def remove(self, trader: str, webhook: str) -> bool:
        """Remove one with its dead letters; returns whether there was one."""

    def rotate(self, trader: str, webhook: str, salt: bytes, until: datetime) -> bool:
        """Give it another secret; the one until now signs beside it ``until`` a moment. Whether there was one."""

    def newest(self, trader: str) -> int:
        """The number of the newest message of a mailbox; 0 when it has none."""

    def due(self, now: datetime, longest: timedelta) -> Sequence[Webhook]:
        """Those that have something to be told of now. A try later than ``longest`` from now is due as well.

        That is one from before the clock was put back.
        """

    def upcoming(self, now: datetime, longest: timedelta) -> Due | None:
        """When the first of them has something to be told of; ``None`` for nothing."""

    def lines(self, webhook: Webhook, limit: int) -> Sequence[Listed]:
        """The next messages of its mailbox, all of them, as many as ``limit``."""

    def dead_letters(self, webhook: str, after: int, limit: int) -> Sequence[DeadLetter]:
        """What it did not take, by the number in the mailbox."""

    def letters_again(self, webhook: str) -> Sequence[tuple[DeadLetter, Listed]]:
        """What somebody wants sent once more."""

    def send_again(self, webhook: str, seqs: Collection[int] | None) -> Sequence[int]:
        """Have dead letters sent once more, ``None`` for all of them; returns which."""

    def record(self, progress: Sequence[Progress]) -> None:
        """Write down how far webhooks have come; of one that was removed meanwhile nothing is written."""
