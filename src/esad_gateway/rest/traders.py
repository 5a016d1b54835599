"""What a trader reads: its mailbox, its movements, the register, each shown as JSON."""

import asyncio
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from esad_gateway.faults import Said, said
from esad_gateway.gateway.access import Access, Principal
from esad_gateway.gateway.following import Follower
from esad_gateway.gateway.reading import Reading
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.rest.who import Bearer, check_owner, who_of
from esad_gateway.views.json import listed_view, movements_view, noted_movement_view, operator_view, page_view
from esad_gateway.web.accept import preferred
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.asked import MailboxAwaited, MovementFilter
from esad_gateway.web.patience import while_asked
from esad_gateway.web.problems import Problem

Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="its number in the mailbox")]


_DOCUMENT, _FIELDS = ("application/xml", "text/xml"), "application/json"

Day = Annotated[date | None, Query(description="the day that is asked about; today when it is left out")]


@dataclass(frozen=True, slots=True)
class TraderDoor:
    """The routes under ``/v1/traders`` and ``/v1/operators``; every one of them needs a token.

    Moments are shown as clocks in ``zone`` show them.
    """

    reading: Reading
    following: Follower
    access: Access
    zone: tzinfo

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        mailbox, movements = "/v1/traders/{seed}/messages", "/v1/traders/{seed}/movements"
        for method, path, endpoint in (
            ("GET", mailbox, self.messages),
            ("GET", mailbox + "/{seq}", self.message),
            ("PUT", mailbox + "/{seq}/acknowledgement", self.acknowledge),
            ("GET", movements, self.movements),
            ("GET", movements + "/{arc}", self.movement),
            ("GET", "/v1/operators/{seed}", self.operator),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["traders"])
        return router

    async def messages(
        self, seed: str, wanted: Annotated[MailboxAwaited, Query()], request: Request, bearer: Bearer
    ) -> dict[str, Any]:
        """The messages of a mailbox, oldest first. Ask again with ``after`` set to ``completeThrough``.

        With ``wait`` an answer without any messages is given only when that time is over.
        """
        who, query = partial(self._who, bearer), wanted.query()
        if not wanted.wait:
            return page_view(await asyncio.to_thread(lambda: self.reading.page(who(), seed, query)), self.zone)
        await asyncio.to_thread(check_owner, self.access, bearer, seed)
        with self.following.waiting.at(seed) as waiter:
            async with while_asked(request, waiter.end):
                return page_view(await self.following.page(who, seed, query, waiter, wanted.wait), self.zone)

    def message(self, seed: str, seq: Number, request: Request, bearer: Bearer) -> Response:
        """One message: its exact bytes, or its fields when ``Accept`` prefers ``application/json``."""
        body = self.reading.body(self._who(bearer), seed, seq)
        wanted = preferred(",".join(request.headers.getlist("accept")), (*_DOCUMENT, _FIELDS))
        if wanted is None:
            detail = said("detail.shown_as", documents=", ".join(_DOCUMENT), fields=_FIELDS)
            raise Problem(406, "not-acceptable", detail)
        return self._fields(body) if wanted == _FIELDS else Response(body, media_type=wanted)

    def acknowledge(self, seed: str, seq: Number, bearer: Bearer) -> dict[str, Any]:
        """Note that a message was read; the first time counts."""
        return listed_view(self.reading.acknowledge(self._who(bearer), seed, seq), self.zone)

    def movements(self, seed: str, wanted: Annotated[MovementFilter, Query()], bearer: Bearer) -> dict[str, Any]:
        """The movements that a trader takes part in, as its own side knows them, by ARC.

        When they are not ``complete``, ask again with ``after`` set to the last ARC.
        """
        found = self.reading.movements(self._who(bearer), seed, wanted.query(self.zone))
        return movements_view(found, self.zone)

    def movement(self, seed: str, arc: str, bearer: Bearer) -> dict[str, Any]:
        """One movement; ``otherSides`` has it once more for a trader who is on both sides of it."""
        return noted_movement_view(self.reading.movement(self._who(bearer), seed, arc), self.zone)

    def operator(self, seed: str, bearer: Bearer, on: Day = None) -> dict[str, Any]:
        """Whether a SEED number is registered on a day, as what, for which products, and how long.

        What limits a temporary authorisation, its counterparty and its quantities, only its holder reads.
        """
        found = self.reading.operator(self._who(bearer), seed, on)
        return operator_view(found.operator, found.on, in_full=found.in_full)

    def _who(self, bearer: Bearer) -> Principal:
        return who_of(self.access, bearer)

    def _fields(self, body: bytes) -> JsonAnswer:
        fields = self.reading.fields(body)
        if fields is None:
            raise Problem(406, "no-json-view", Said("detail.no_fields"))
        return JsonAnswer(fields)
