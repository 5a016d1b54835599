"""Following a mailbox: a page of it, or of what comes next when there is nothing yet."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.reading import Reading
from esad_gateway.gateway.waiting import Waiter, Waiting, in_seconds
from esad_gateway.ports.reading import MailboxQuery, Page

WhileAsked = Callable[[Callable[[], object]], AbstractAsyncContextManager[None]]
"""A block in which a function is called as soon as nobody is there to be answered any more."""


@dataclass(frozen=True, slots=True)
class Follower:
    """Reads mailboxes for whoever wants to hear of what comes, not only of what is there."""

    reading: Reading
    waiting: Waiting

    async def awaited(
        self,
        who: Callable[[], Principal],
        mailbox: str,
        query: MailboxQuery,
        seconds: float,
        while_asked: WhileAsked,
    ) -> Page:
        """The same as :meth:`page` for whoever asks at a door; with 0 ``seconds`` nobody waits.

        Raises TooMany as well, when as many wait as may.
        """
        if not seconds:
            return await asyncio.to_thread(self._page, who, mailbox, query)
        await asyncio.to_thread(lambda: self.reading.check_reader(who(), mailbox))
        with self.waiting.at(mailbox) as waiter:
            async with while_asked(waiter.end):
                return await self.page(who, mailbox, query, waiter, seconds)

    async def page(
        self, who: Callable[[], Principal], mailbox: str, query: MailboxQuery, waiter: Waiter, seconds: float
    ) -> Page:
        """The messages that a query asks for; when there are none, what has come of them within so many ``seconds``.

        ``waiter`` is :meth:`Waiting.at` that mailbox. ``who`` is asked before each look, in its thread: a token that
        was revoked meanwhile reads nothing. Raises what it raises, NotFound and StoreUnavailable.
        """
        until = in_seconds(seconds)
        while True:
            page = await asyncio.to_thread(self._page, who, mailbox, query)
            seen = max(query.after, page.complete_through)
            if page.messages or not await waiter.beyond(seen, until):
                return page
            query = replace(query, after=seen)

    def _page(self, who: Callable[[], Principal], mailbox: str, query: MailboxQuery) -> Page:
        return self.reading.page(who(), mailbox, query)
