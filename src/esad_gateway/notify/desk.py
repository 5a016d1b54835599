"""What a trader does with its webhooks: makes, lists, tries and removes them, gives them another secret."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

from esad_gateway.errors import Busy, NotFound, WebhookRefused
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.gateway.access import Principal, check_manages
from esad_gateway.notify.addresses import Allowed
from esad_gateway.notify.secrets import WebhookKey, new_salt, shown
from esad_gateway.notify.webhooks import Notifier, Teller
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.webhooks import Called, DeadLetter, Webhook, WebhookStanding, WebhookStore

MOST: Final = 10
"""Webhooks of one trader."""

LONGEST_OVERLAP: Final = timedelta(days=7)
"""How long two secrets may sign beside each other."""


@frozen(kw_only=True)
class WebhookWish:
    """A webhook as it is asked for; ``after`` is the number of the message behind which it begins, or the newest."""

    url: str
    types: tuple[str, ...] = ()
    direction: str | None = None
    after: int | None = None


@frozen
class WithSecret:
    """A webhook and its secret, which is told this once."""

    standing: WebhookStanding
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDesk:
    """Webhooks, for principals.

    Every method raises NotFound for what is not the principal's own, and StoreUnavailable.
    """

    store: WebhookStore
    key: WebhookKey
    allowed: Allowed
    clock: Clock
    caller: Teller
    notifier: Notifier
    pinging: set[str]

    def make(self, who: Principal, trader: str, wish: WebhookWish) -> WithSecret:
        """Make a webhook. Raises WebhookRefused for an address that may not be called, and for one too many."""
        check_manages(who, trader)
        self.allowed.check(wish.url)
        key, salt = self.key.made(), new_salt()
        made = Webhook(
            id=uuid4().hex,
            trader=trader,
            url=wish.url,
            salt=salt,
            types=wish.types,
            direction=wish.direction,
            created_at=self.clock.now(),
            after=self._behind(trader, wish.after),
        )
        secret = shown(key.secret(salt))
        if not self.store.add(made, MOST):
            raise WebhookRefused(said("webhook.too_many", number=MOST))
        return WithSecret(self.one(who, trader, made.id), secret)

    def every(self, who: Principal, trader: str) -> Sequence[WebhookStanding]:
        """The webhooks of a trader, the oldest first."""
        check_manages(who, trader)
        return self.store.of(trader)

    def one(self, who: Principal, trader: str, webhook: str) -> WebhookStanding:
        """One of them."""
        check_manages(who, trader)
        found = self.store.find(trader, webhook)
        if found is None:
            raise _none(trader, webhook)
        return found

    def remove(self, who: Principal, trader: str, webhook: str) -> None:
        """Remove one, with what it did not take."""
        check_manages(who, trader)
        if not self.store.remove(trader, webhook):
            raise _none(trader, webhook)

    def rotate(self, who: Principal, trader: str, webhook: str, overlap: timedelta) -> WithSecret:
        """Give one another secret; the one until now signs beside it for the time of ``overlap``."""
        check_manages(who, trader)
        salt = new_salt()
        secret = shown(self.key.made().secret(salt))
        if not self.store.rotate(trader, webhook, salt, self.clock.now() + overlap):
            raise _none(trader, webhook)
        return WithSecret(self.one(who, trader, webhook), secret)

    def dead_letters(self, who: Principal, trader: str, webhook: str, after: int, limit: int) -> Sequence[DeadLetter]:
        """What one did not take, by the number in the mailbox."""
        return self.store.dead_letters(self.one(who, trader, webhook).webhook.id, after, limit)

    def send_again(self, who: Principal, trader: str, webhook: str, seqs: Collection[int] | None) -> Sequence[int]:
        """Have dead letters of one sent once more, ``None`` for all of them; returns which."""
        return self.store.send_again(self.one(who, trader, webhook).webhook.id, seqs)

    async def ping(self, standing: WebhookStanding) -> Called:
        """Call one now, without news. Raises Busy while another one of the same trader is called so."""
        webhook = standing.webhook
        if webhook.trader in self.pinging:
            raise Busy(Said("detail.pinging"))
        self.pinging.add(webhook.trader)
        try:
            return await self.caller.ping(webhook)
        finally:
            self.pinging.remove(webhook.trader)

    def _behind(self, trader: str, after: int | None) -> int:
        newest = self.store.newest(trader)
        return newest if after is None else min(after, newest)

    def wake(self) -> None:
        """Have what is new told now; in the event loop."""
        self.notifier.wake()


def _none(trader: str, webhook: str) -> NotFound:
    return NotFound(said("detail.no_webhook", webhook=webhook, seed=trader))
