"""Webhooks of a trader: made, listed, tried and removed; another secret; what was not taken, and sent again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from esad_gateway.gateway.access import Access, check_manages
from esad_gateway.notify.addresses import LONGEST
from esad_gateway.notify.desk import LONGEST_OVERLAP, WebhookDesk, WebhookWish, WithSecret
from esad_gateway.ports.reading import LARGEST_NUMBER, LARGEST_PAGE
from esad_gateway.rest.who import Bearer, who_of
from esad_gateway.views.webhooks import called_view, letters_view, webhook_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.asked import MessageType
from esad_gateway.web.json_body import json_body

WEBHOOKS: Final = "/v1/traders/{seed}/webhooks"
WEBHOOK: Final = WEBHOOKS + "/{webhook}"

LARGEST_WISH: Final = 8 * 1024
"""Bytes of a webhook that is asked for."""

_DAY: Final = 24 * 3600

Id = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{1,64}$"}, description="the id of a webhook")]
Overlap = Annotated[
    int,
    Query(
        ge=0,
        le=int(LONGEST_OVERLAP.total_seconds()),
        description="seconds for which the secret until now signs beside the new one",
    ),
]
After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER, description="number of the message to start after")]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
Letter = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Letters = Annotated[
    list[Letter] | None,
    Query(alias="seq", max_length=LARGEST_PAGE, description="the number of a message; without any, all dead letters"),
]


class WebhookAsked(BaseModel):
    """A webhook as it is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(min_length=1, max_length=LONGEST, description="where it listens")
    types: list[MessageType] = Field(
        default_factory=list, max_length=100, description="only messages of these types are told; none: of all"
    )
    direction: Literal["in", "out"] | None = Field(
        None, description="only what the trader was sent (out), or has submitted (in)"
    )
    after: int | None = Field(
        None, ge=0, le=LARGEST_NUMBER, description="it is told of what comes behind this number; else of what is new"
    )

    def wish(self) -> WebhookWish:
        """The same as the desk takes it."""
        types = tuple(dict.fromkeys(self.types))
        return WebhookWish(url=self.url, types=types, direction=self.direction, after=self.after)


@dataclass(frozen=True, slots=True)
class WebhookDoor:
    """The routes under ``/v1/traders/{seed}/webhooks``; every one of them needs the trader's token."""

    desk: WebhookDesk
    access: Access
    zone: tzinfo

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, status in (
            ("POST", WEBHOOKS, self.make, 201),
            ("GET", WEBHOOKS, self.every, 200),
            ("GET", WEBHOOK, self.one, 200),
            ("DELETE", WEBHOOK, self.remove, 200),
            ("POST", WEBHOOK + "/rotation", self.rotate, 200),
            ("POST", WEBHOOK + "/ping", self.ping, 200),
            ("GET", WEBHOOK + "/dead-letters", self.dead_letters, 200),
            ("POST", WEBHOOK + "/dead-letters/resending", self.send_again, 200),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["webhooks"], status_code=status)
        return router

    async def make(self, seed: str, request: Request, bearer: Bearer) -> Response:
        """Have an address called when something comes. The secret it is signed with is shown this once."""
        who = await asyncio.to_thread(who_of, self.access, bearer)
        # Before the body: what is wrong with it would tell of whom there is.
        check_manages(who, seed)
        wish = _asked(await json_body(request, LARGEST_WISH))
        made = await asyncio.to_thread(self.desk.make, who, seed, wish)
        await asyncio.to_thread(self.access.managed, who, seed, "webhook.made", made.standing.webhook.id)
        self.desk.wake()
        location = WEBHOOK.format(seed=seed, webhook=made.standing.webhook.id)
        return JsonAnswer(self._with_secret(made), 201, {"Location": location})

    def every(self, seed: str, bearer: Bearer) -> dict[str, Any]:
        """The webhooks of a trader, the oldest first: how far each has come, and why it has not come further."""
        found = self.desk.every(who_of(self.access, bearer), seed)
        return {"webhooks": [webhook_view(one, self.zone) for one in found]}

    def one(self, seed: str, webhook: Id, bearer: Bearer) -> dict[str, Any]:
        """One webhook; its secret is not shown again."""
        return webhook_view(self.desk.one(who_of(self.access, bearer), seed, webhook), self.zone)

    def remove(self, seed: str, webhook: Id, bearer: Bearer) -> dict[str, Any]:
        """Remove a webhook, with its dead letters; the messages stay in the mailbox."""
        self.desk.remove(who := who_of(self.access, bearer), seed, webhook)
        self.access.managed(who, seed, "webhook.removed", webhook)
        return {"removed": webhook}

    def rotate(self, seed: str, webhook: Id, bearer: Bearer, overlap: Overlap = _DAY) -> dict[str, Any]:
        """Give a webhook another secret, shown this once; for a while both sign, and either verifies."""
        made = self.desk.rotate(who := who_of(self.access, bearer), seed, webhook, timedelta(seconds=overlap))
        self.access.managed(who, seed, "webhook.rotated", webhook)
        return self._with_secret(made)

    async def ping(self, seed: str, webhook: Id, bearer: Bearer) -> dict[str, Any]:
        """Call a webhook now, without news, and say what came of it."""
        found = await asyncio.to_thread(lambda: self.desk.one(who_of(self.access, bearer), seed, webhook))
        return called_view(await self.desk.ping(found))

    def dead_letters(
        self, seed: str, webhook: Id, bearer: Bearer, after: After = 0, limit: Limit = 200
    ) -> dict[str, Any]:
        """What a webhook did not take, by the number of the message."""
        found = self.desk.dead_letters(who_of(self.access, bearer), seed, webhook, after, limit)
        return letters_view(found, limit, self.zone)

    async def send_again(self, seed: str, webhook: Id, bearer: Bearer, wanted: Letters = None) -> dict[str, Any]:
        """Send dead letters once more, now; one that is not taken then is a dead letter again."""
        who = await asyncio.to_thread(who_of, self.access, bearer)
        again = await asyncio.to_thread(self.desk.send_again, who, seed, webhook, wanted)
        self.desk.wake()
        missed = sorted(set(wanted or ()) - set(again))
        return {"sentAgain": list(again), "noDeadLetters": missed}

    def _with_secret(self, made: WithSecret) -> dict[str, Any]:
        return {**webhook_view(made.standing, self.zone), "secret": made.secret}


def _asked(data: Mapping[str, Any]) -> WebhookWish:
    """What a body asks for. Raises RequestValidationError with everything that is wrong."""
    try:
        return WebhookAsked.model_validate(data).wish()
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
