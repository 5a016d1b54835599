"""What comes to a mailbox as a stream of events (Server-Sent Events), one an event, from where the client has come."""

import asyncio
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from esad_gateway.errors import EsadError
from esad_gateway.gateway.access import Access, Principal
from esad_gateway.gateway.following import Follower
from esad_gateway.gateway.waiting import Waiter, in_seconds
from esad_gateway.notify.telling import about_message
from esad_gateway.ports.reading import LARGEST_NUMBER, Listed, MailboxQuery
from esad_gateway.rest.who import Bearer, who_of
from esad_gateway.web.asked import ArcText, MessageType
from esad_gateway.web.patience import while_asked

EVENTS: Final = "/v1/traders/{seed}/events"
MEDIA_TYPE: Final = "text/event-stream"

AGAIN: Final = 2000
"""Milliseconds after which a client whose stream has ended connects again."""

PAGE: Final = 100
"""Messages that are read at a time."""

LastEventId = Annotated[
    str | None,
    Header(max_length=20, description="the number of the last message that the client has heard of; goes before after"),
]


class EventFilter(BaseModel):
    """Of which messages to tell, and from where on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int | None = Field(
        None, ge=0, le=LARGEST_NUMBER, description="tell of what comes behind this number; else of what is new"
    )
    type: MessageType | None = Field(None, description="message type, such as IE801")
    arc: ArcText | None = Field(None, description="only messages of this movement")
    direction: Literal["in", "out"] | None = Field(
        None, description="only what the trader was sent (out), or has submitted (in)"
    )


@dataclass(frozen=True, slots=True)
class EventDoor:
    """The stream of a mailbox; ``base`` is where the gateway is reached.

    After ``heartbeat`` seconds without news a comment is sent, and it is looked again whether the token is good and
    still opens this mailbox.
    """

    follower: Follower
    access: Access
    base: str
    heartbeat: float

    def router(self) -> APIRouter:
        """The route."""
        router = APIRouter()
        router.add_api_route(EVENTS, self.events, methods=["GET"], tags=["traders"], response_class=Response)
        return router

    async def events(
        self,
        seed: str,
        wanted: Annotated[EventFilter, Query()],
        bearer: Bearer,
        last_event_id: LastEventId = None,
    ) -> Response:
        """What comes to a mailbox, as Server-Sent Events: each message once, in order, by identifiers and a link.

        The id of an event is the number of the message; who comes again with it (``Last-Event-ID``) misses nothing. An
        agent hears only of the kinds of messages that the trader lets it read.
        """

        def who() -> Principal:
            found = who_of(self.access, bearer)
            self.follower.reading.check_reader(found, seed)
            return found

        principal = await asyncio.to_thread(who)
        query = MailboxQuery(limit=PAGE, **wanted.model_dump(exclude={"after"}))
        heard = int(last_event_id) if last_event_id and last_event_id.isdecimal() else wanted.after
        newest = (await asyncio.to_thread(self.follower.reading.page, principal, seed, NEWEST)).complete_through
        after = newest if heard is None else min(heard, newest)
        return EventStream(self, seed, who, replace(query, after=after))


NEWEST: Final = MailboxQuery(after=LARGEST_NUMBER, limit=1)
"""A page of nothing, which tells how far the mailbox goes."""


class EventStream(Response):
    """A stream of the events of one mailbox. It ends with its client, its token and the gateway."""

    media_type = MEDIA_TYPE

    def __init__(self, door: EventDoor, seed: str, who: Callable[[], Principal], query: MailboxQuery) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._door = door
        self._seed = seed
        self._who = who
        self._query = query

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events as they come. Raises TooMany when as many wait for the mailbox as may."""
        with self._door.follower.waiting.at(self._seed) as waiter:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await _say(send, f"retry: {AGAIN}\n\n")
            async with while_asked(Request(scope, receive), waiter.end):
                await self._tell(waiter, send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, waiter: Waiter, send: Send) -> None:
        """Tell of what comes, until somebody ends that, or the token is no good any more, or the store fails."""
        query = self._query
        reading = self._door.follower.reading
        with suppress(EsadError):
            while not waiter.ended:
                page = await asyncio.to_thread(lambda asked: reading.page(self._who(), self._seed, asked), query)
                if page.messages:
                    await _say(send, "".join(self._events(page.messages)))
                query = replace(query, after=max(query.after, page.complete_through))
                if len(page.messages) < query.limit:
                    await self._wait(waiter, query.after, send)

    async def _wait(self, waiter: Waiter, after: int, send: Send) -> None:
        while not waiter.ended and not await waiter.beyond(after, in_seconds(self._door.heartbeat)):
            if not waiter.ended:
                await asyncio.to_thread(self._who)
                await _say(send, ": \n\n")

    def _events(self, messages: Iterable[Listed]) -> Iterable[str]:
        for listed in messages:
            told = json.dumps(about_message(self._door.base, self._seed, listed), separators=(",", ":"))
            yield f"id: {listed.seq}\nevent: message\ndata: {told}\n\n"


async def _say(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
