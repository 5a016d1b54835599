"""Calls the webhooks of traders: each message of a mailbox once it is committed, in order, at least once.

What a webhook was told of is a number in the store, so nothing is missed by a restart: a gateway that was killed goes
on behind the last number that it has written down, and may tell the last few again, under the same ids.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import structlog

from esad_gateway.errors import NotConfigured, OwnError
from esad_gateway.faults import said
from esad_gateway.gateway.claims import Claims, Write
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.gateway.retries import RetryPolicy
from esad_gateway.notify.secrets import WebhookKey, signed
from esad_gateway.notify.telling import about_message, body_of, ping
from esad_gateway.ports.clock import Clock, Due
from esad_gateway.ports.reading import Listed
from esad_gateway.ports.webhooks import Answered, Call, Called, DeadLetter, Progress, Webhook, WebhookStore
from esad_gateway.texts import say

CLAIM: Final = "WEBHOOKS"
"""What a process claims that calls the webhooks of a store: it alone does then."""

PAGE: Final = 20
"""How many notifications go before it is written down: so many may come again after the gateway was killed."""

AT_ONCE: Final = 256
"""Calls at a time, one of a webhook."""

GATHER: Final = 0.02
"""Seconds of the machine between two looks at the store: commits come faster."""

_MACHINE: Final = SystemClock()

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells one webhook of one thing, signed; ``base`` is where the gateway is reached."""

    call: Call
    key: WebhookKey
    clock: Clock
    base: str

    async def tell(self, webhook: Webhook, listed: Listed) -> Called:
        """Tell it of a message; what came of it is a value."""
        told = about_message(self.base, webhook.trader, listed)
        identifier = f"{webhook.id}-{listed.seq}"
        return await self._post(webhook, identifier, body_of(identifier, webhook.id, told))

    async def ping(self, webhook: Webhook) -> Called:
        """Call it without news; what came of it is a value."""
        identifier = f"{webhook.id}-ping-{int(self.clock.now().timestamp() * 1000)}"
        return await self._post(webhook, identifier, body_of(identifier, webhook.id, ping(self.base, webhook.trader)))

    async def _post(self, webhook: Webhook, identifier: str, body: bytes) -> Called:
        now = self.clock.now()
        try:
            keys = [self.key.secret(salt) for salt in webhook.salts(now)]
        except NotConfigured as error:
            return Called(Answered.UNREACHABLE, reason=error.what)
        try:
            return await self.call(webhook.url, body, signed(identifier, int(now.timestamp()), body, keys))
        except Exception as defect:
            log.exception("a webhook was not called by a defect", webhook=webhook.id)
            return Called(Answered.UNREACHABLE, reason=said("detail.internal", name=type(defect).__name__))


class Notifier:
    """Calls webhooks. Call ``wake`` after a commit; without that it looks every ``pause`` seconds.

    Each webhook is served by itself, one call at a time: so each is told in order, and one that is slow delays no
    other. What is not taken is tried again after the pauses of ``policy``, and what comes after it waits; after its
    ``attempts`` it is a dead letter, and the next one has its turn. With ``active`` false nobody may be called, and
    nothing is looked at. ``write`` runs work that writes to the store in its turn; ``holder`` is as with deliveries.
    """

    def __init__(
        self,
        store: WebhookStore,
        caller: Teller,
        policy: RetryPolicy,
        pause: float,
        write: Write,
        *,
        holder: str,
        active: bool,
    ) -> None:
        self._store = store
        self._caller = caller
        self._clock = caller.clock
        self._policy = policy
        self._pause = pause
        self._write = write
        self._claims = Claims(store, caller.clock, write, holder, policy.lease)
        self._active = active
        self._woken = asyncio.Event()
        self._served: set[str] = set()
        self._calls = asyncio.Semaphore(AT_ONCE)

    def wake(self) -> None:
        """Look for news now. To be called in the thread of the event loop."""
        self._woken.set()

    async def run(self) -> None:
        """Call webhooks until cancelled. What fails is logged and tried again."""
        if not self._active:
            return
        async with asyncio.TaskGroup() as served:
            while True:
                self._woken.clear()
                # From before the look: a clock that is moved meanwhile is looked at again.
                end = self._clock.elapsed() + self._pause
                for webhook in await self._begun():
                    served.create_task(self._serve(webhook))
                await _MACHINE.rest(_MACHINE.elapsed() + GATHER, asyncio.Event())
                await self._clock.rest(end, self._woken)

    async def leave(self) -> None:
        """End the claim of this process, so that another one may go on at once."""
        if self._active:
            await _logged(self._claims.give_back)

    async def round(self) -> bool:
        """Tell every webhook what it has to be told now. Returns whether anything was written down."""
        if not self._active:
            return False
        return any(await asyncio.gather(*(self._serve(webhook) for webhook in await self._begun())))

    def next_try(self) -> Due | None:
        """When a webhook has something to be told of; ``None`` for nothing. Raises StoreUnavailable."""
        return self._store.upcoming(self._clock.now(), self._policy.longest) if self._active else None

    async def _begun(self) -> Sequence[Webhook]:
        """Begin to serve those that have something to be told of."""
        found: list[Webhook] = []

        async def look() -> None:
            due = await asyncio.to_thread(self._store.due, self._clock.now(), self._policy.longest)
            waiting = [one for one in due if one.id not in self._served]
            if waiting and await self._claims.has(CLAIM):
                found.extend(waiting)

        await _logged(look)
        self._served.update(one.id for one in found)
        return found

    async def _serve(self, webhook: Webhook) -> bool:
        """Tell a webhook all that there is, until it takes no more; whether anything was written down."""
        line = _Line(self._store, self._caller, self._policy, self._calls, self._write, webhook)
        try:
            await _logged(line.again)
            while await _logged(line.page, otherwise=False) and await self._claims.has(CLAIM):
                pass
        finally:
            self._served.discard(webhook.id)
        if line.written:
            self.wake()
        return line.written


class _Line:
    """One webhook while it is served: how far it has come, and what of that is written down."""

    def __init__(
        self,
        store: WebhookStore,
        caller: Teller,
        policy: RetryPolicy,
        calls: asyncio.Semaphore,
        write: Write,
        webhook: Webhook,
    ) -> None:
        self._store = store
        self._caller = caller
        self._policy = policy
        self._calls = calls
        self._write = write
        self._webhook = webhook
        self._come = _come_of(webhook)
        self.written = False

    async def again(self) -> None:
        """Send dead letters once more that somebody wants sent; one that is not taken is a dead letter as before."""
        for letter, listed in await asyncio.to_thread(self._store.letters_again, self._webhook.id):
            called = await self._tell(listed)
            if called.answered is Answered.TAKEN:
                await self._record(taken=(letter.seq,))
            else:
                await self._record(dead=(self._letter(letter.seq, letter.tries + 1, called),))

    async def page(self) -> bool:
        """Tell of the next messages and write it down; whether to go on."""
        found = await asyncio.to_thread(self._store.find, self._webhook.trader, self._webhook.id)
        if found is None:
            return False
        self._webhook = found.webhook
        self._come = _come_of(found.webhook)
        lines = await asyncio.to_thread(self._store.lines, self._webhook, PAGE)
        begun = self._come
        try:
            return await self._tell_each(lines) and bool(lines)
        finally:
            # Also when it was cancelled: what was told is not told again then.
            if self._come is not begun:
                await self._record()

    async def _tell_each(self, lines: Sequence[Listed]) -> bool:
        for listed in lines:
            if self._webhook.tells(listed):
                called = await self._tell(listed)
                if called.answered is not Answered.TAKEN:
                    self._come = self._after_failure(listed.seq, called)
                    return self._come.after == listed.seq
            self._come = Progress(id=self._webhook.id, after=listed.seq)
        return True

    async def _tell(self, listed: Listed) -> Called:
        async with self._calls:
            return await self._caller.tell(self._webhook, listed)

    def _after_failure(self, seq: int, called: Called) -> Progress:
        """The next try of a notification that was not taken, or the end of its tries."""
        before, now = self._come, self._caller.clock.now()
        tries = before.tries + 1
        due = self._policy.next_due(now, tries, called.pause)
        told = {"webhook": self._webhook.id, "trader": self._webhook.trader, "seq": seq, "tries": tries}
        if due is None:
            log.error("dead letter: a notification is given up; esad webhook resend tries it again", **told)
            return Progress(id=self._webhook.id, after=seq, dead=(self._letter(seq, tries, called),))
        if tries == 1:
            log.warning("a webhook does not take a notification", **told, reason=_why(called))
        return Progress(
            id=self._webhook.id,
            after=before.after,
            tries=tries,
            failing_since=before.failing_since or now,
            next_try=due,
            last_error=_why(called),
        )

    def _letter(self, seq: int, tries: int, called: Called) -> DeadLetter:
        at = self._caller.clock.now()
        return DeadLetter(webhook=self._webhook.id, seq=seq, at=at, tries=tries, reason=_why(called))

    async def _record(self, dead: tuple[DeadLetter, ...] = (), taken: tuple[int, ...] = ()) -> None:
        told = replace(self._come, dead=self._come.dead + dead, taken=taken)
        await self._write(self._store.record, [told])
        self.written = True


def _come_of(webhook: Webhook) -> Progress:
    return Progress(
        id=webhook.id,
        after=webhook.after,
        tries=webhook.tries,
        failing_since=webhook.failing_since,
        next_try=webhook.next_try,
        last_error=webhook.last_error,
    )


def _why(called: Called) -> str:
    return say(called.reason) if called.reason else ""


async def _logged(work: Callable[[], Awaitable[object]], *, otherwise: object = None) -> object:
    """What work gives; its failure is logged, and everything goes on."""
    try:
        return await work()
    except OwnError as error:
        log.warning("webhooks have to wait", reason=str(error))
    except Exception:
        log.exception("webhooks have to wait")
    return otherwise
