"""What a trader reads: its mailbox, its movements, the register, each shown as JSON."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from esad_gateway.faults import Said
from esad_gateway.gateway.access import Access, Principal
from esad_gateway.gateway.following import Follower
from esad_gateway.gateway.reading import Reading
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.rest.forms import CSV, JSON, PDF, VARY, Listing, form_of, given_limit, listed
from esad_gateway.rest.printing import Printing
from esad_gateway.rest.who import Bearer, who_of
from esad_gateway.views.json import (
    acknowledged_view,
    listed_view,
    movements_view,
    noted_movement_view,
    operator_view,
    page_view,
)
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.asked import MailboxAwaited, MovementFilter, reads_asked
from esad_gateway.web.conditional import check_unchanged
from esad_gateway.web.json_body import json_body
from esad_gateway.web.patience import while_asked
from esad_gateway.web.problems import Problem

Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="its number in the mailbox")]


LARGEST_READS: Final = 64 * 1024
"""Bytes of what says which messages were read."""

_DOCUMENT = ("application/xml", "text/xml")

_MESSAGES = Listing(
    items="messages",
    columns=(
        *("seq", "direction", "message", "messageIdentifier", "correlationIdentifier", "arc", "sequenceNumber"),
        *("outcome", "recordedAt", "acknowledgedAt", "signedBy", "delegation"),
    ),
    cursor="after",
    key="seq",
)
_MOVEMENTS = Listing(
    items="movements",
    columns=(
        *("arc", "side", "state", "stateName", "sequenceNumber", "localReferenceNumber", "consignor", "consignee"),
        *("destinationType", "dateOfDispatch", "limit", "due.what", "due.until"),
        *("report.arrived", "report.due", "report.made", "report.late"),
        *("lines.reference", "lines.exciseProductCode", "lines.quantity", "lines.refused"),
    ),
    cursor="after",
    key="arc",
    each="lines",
    numbers=frozenset({"lines.quantity", "lines.refused"}),
)

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
    printing: Printing

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        mailbox, movements = "/v1/traders/{seed}/messages", "/v1/traders/{seed}/movements"
        for method, path, endpoint in (
            ("GET", mailbox, self.messages),
            ("GET", mailbox + "/{seq}", self.message),
            ("PUT", mailbox + "/{seq}/acknowledgement", self.acknowledge),
            ("POST", mailbox + "/acknowledgements", self.acknowledge_all),
            ("GET", movements, self.movements),
            ("GET", movements + "/{arc}", self.movement),
            ("GET", "/v1/operators/{seed}", self.operator),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["traders"])
        return router

    async def messages(
        self, seed: str, wanted: Annotated[MailboxAwaited, Query()], request: Request, bearer: Bearer
    ) -> Response:
        """The messages of a mailbox, oldest first. Ask again with ``after`` set to ``completeThrough``.

        With ``wait`` an answer without any messages is given only when that time is over. As a table (``text/csv``)
        all of them, or as many as ``limit`` says.
        """
        if not wanted.wait:
            return await asyncio.to_thread(self._messages, seed, wanted, request, bearer)
        who = partial(self._who, bearer)
        await asyncio.to_thread(lambda: self.reading.check_reader(who(), seed))
        form, staying = form_of(request, JSON, CSV), partial(while_asked, request)
        page = await self.following.awaited(who, seed, wanted.query(), wanted.wait, staying)
        if form == JSON:
            return JsonAnswer(page_view(page, self.zone), headers=dict(VARY))
        return await asyncio.to_thread(self._messages, seed, wanted, request, bearer)

    def _messages(self, seed: str, wanted: MailboxAwaited, request: Request, bearer: Bearer) -> Response:
        who = self._who(bearer)
        self.reading.check_reader(who, seed)

        def found(other: Mapping[str, Any]) -> dict[str, Any]:
            return page_view(self.reading.page(who, seed, replace(wanted.query(), **other)), self.zone)

        return listed(request, _MESSAGES, found, given_limit(wanted))

    def message(self, seed: str, seq: Number, request: Request, bearer: Bearer) -> Response:
        """One message: its exact bytes, its fields, or its printout, by what ``Accept`` prefers."""
        body = self.reading.body(self._who(bearer), seed, seq)
        if form_of(request, *_DOCUMENT, JSON, *self._paper()) == PDF:
            printed = self.printing.printed(seed, body, f"{seed}-{seq}")
            if printed is not None:
                return printed
        # What has no paper is shown as the client likes next best.
        wanted = form_of(request, *_DOCUMENT, JSON)
        return self._fields(body) if wanted == JSON else Response(body, media_type=wanted, headers=dict(VARY))

    def acknowledge(self, seed: str, seq: Number, request: Request, bearer: Bearer) -> dict[str, Any]:
        """Note that a message was read; the first time counts.

        With ``If-Match``, the ETag of its bytes, only when it is that message.
        """
        who = self._who(bearer)
        check_unchanged(request.headers, lambda: self.reading.body(who, seed, seq))
        acknowledged = self.reading.acknowledge(who, seed, seq)
        self.access.acknowledged(who, seed, [seq])
        return listed_view(acknowledged, self.zone)

    async def acknowledge_all(self, seed: str, request: Request, bearer: Bearer) -> dict[str, Any]:
        """Note that many messages were read: all that was sent ``through`` a number, or those in ``messages``.

        The first time of each counts; ``changed`` tells which were not acknowledged before.
        """
        who = await asyncio.to_thread(self._who, bearer)
        await asyncio.to_thread(self.reading.check_reader, who, seed)
        asked = reads_asked(await json_body(request, LARGEST_READS))
        found = await asyncio.to_thread(self.reading.acknowledge_all, who, seed, asked.reads())
        await asyncio.to_thread(self.access.acknowledged, who, seed, found.changed)
        return acknowledged_view(found)

    def movements(
        self, seed: str, wanted: Annotated[MovementFilter, Query()], request: Request, bearer: Bearer
    ) -> Response:
        """The movements that a trader takes part in, as its own side knows them, by ARC.

        When they are not ``complete``, ask again with ``after`` set to the last ARC. As a table (``text/csv``) all of
        them, or as many as ``limit`` says, with a row for each line of goods.
        """
        who = self._who(bearer)
        self.reading.check_reader(who, seed)

        def found(other: Mapping[str, Any]) -> dict[str, Any]:
            page = self.reading.movements(who, seed, replace(wanted.query(self.zone), **other))
            return movements_view(page, self.zone)

        return listed(request, _MOVEMENTS, found, given_limit(wanted))

    def movement(self, seed: str, arc: str, request: Request, bearer: Bearer) -> Response:
        """One movement; ``otherSides`` has it once more for a trader who is on both sides of it.

        Its newest e-SAD on paper for who likes ``application/pdf`` better.
        """
        who = self._who(bearer)
        view = noted_movement_view(self.reading.movement(who, seed, arc), self.zone)
        if form_of(request, JSON, *self._paper()) == PDF:
            printed = self.printing.printed(seed, self.reading.e_sad(who, seed, arc), arc)
            if printed is not None:
                return printed
        return JsonAnswer(view, headers=dict(VARY))

    def operator(self, seed: str, bearer: Bearer, on: Day = None) -> dict[str, Any]:
        """Whether a SEED number is registered on a day, as what, for which products, and how long.

        What limits a temporary authorisation, its counterparty and its quantities, only its holder reads.
        """
        found = self.reading.operator(self._who(bearer), seed, on)
        return operator_view(found.operator, found.on, in_full=found.in_full)

    def _paper(self) -> tuple[str, ...]:
        return (PDF,) if self.printing.offered() else ()

    def _who(self, bearer: Bearer) -> Principal:
        return who_of(self.access, bearer)

    def _fields(self, body: bytes) -> JsonAnswer:
        fields = self.reading.fields(body)
        if fields is None:
            raise Problem(406, "no-json-view", Said("detail.no_fields"))
        return JsonAnswer(fields, headers=dict(VARY))
