"""Following a mailbox: a page of it, or of what comes next when there is nothing yet."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.reading import Reading
from esad_gateway.gateway.waiting import Waiter, Waiting, in_seconds
from esad_gateway.ports.reading import MailboxQuery, Page


@dataclass(frozen=True, slots=True)
class Follower:
    """Reads mailboxes for whoever wants to hear of what comes, not only of what is there."""

    reading: Reading
    waiting: Waiting

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
