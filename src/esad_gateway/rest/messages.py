"""Submitting, checking and composing messages."""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import ComposeRefused
from esad_gateway.gateway.access import A_TRADER, Access, Principal, is_persons
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.turns import LARGE
from esad_gateway.gateway.validator import Validation
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.views.json import receipt_view, verdict_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint, client_of
from esad_gateway.web.json_body import JSON_TYPES, json_of, typed_body
from esad_gateway.web.problems import problem_of
from esad_gateway.xml.parse import TRADERS
from esad_gateway.xml.plain import message_from_plain, with_header
from esad_gateway.xml.readers import Readers
from esad_gateway.xml.write import document_bytes

XML_TYPES = frozenset({"application/xml", "text/xml"})

FEW_FAULTS: Final = 20
"""How many faults are told at once; an ordinary mistake makes one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDoor:
    """The endpoints under ``/v1/messages``. They take raw bodies, so they do without the framework's parameters.

    ``own`` is the address of our administration, ``zone`` that of its clocks; ``readers`` tell in which release its
    traders read. Who has signed a document is who sends it; a person who shows a token needs the role for that as well.
    """

    gateway: Gateway
    access: Access
    readers: Readers
    clock: Clock
    own: str
    zone: tzinfo

    def routes(self) -> Mapping[str, Endpoint]:
        """The endpoints by their paths; each answers to POST."""
        return {
            "/v1/messages": self.submit,
            "/v1/messages/validate": self.validate,
            "/v1/messages/compose": self.compose,
        }

    async def submit(self, request: Request) -> Response:
        """``POST /v1/messages``: walk a document through all rooms, and answer with its receipt."""
        who = await self._presenter(request)
        raw, client = await typed_body(request, XML_TYPES, TRADERS.max_bytes), client_of(request)
        receipt = await self.gateway.take(Submission(raw=raw, principal=who, channel="rest", client=client))
        if who.person is not None:
            await asyncio.to_thread(self.access.handed_in, who, receipt)
        return await self._answer(partial(_of_receipt, receipt, self.zone), many=len(receipt.faults), client=client)

    async def validate(self, request: Request) -> Response:
        """``POST /v1/messages/validate``: every fault, nothing stored."""
        client = client_of(request)
        validation = await self.gateway.dry_run(await typed_body(request, XML_TYPES, TRADERS.max_bytes), client)
        return await self._answer(partial(_of_dry_run, validation), many=len(validation.faults), client=client)

    async def compose(self, request: Request) -> Response:
        """``POST /v1/messages/compose``: typed fields in, unsigned XML out."""
        body, client = await typed_body(request, JSON_TYPES, TRADERS.max_bytes), client_of(request)
        try:
            composed = await self.gateway.turns.run(partial(self._composed, body), size=len(body), client=client)
        except ComposeRefused as refusal:
            return await self._answer(partial(problem_of, refusal), many=len(refusal.faults), client=client)
        return Response(composed, media_type="application/xml")

    async def _presenter(self, request: Request) -> Principal:
        """Who presents a document; it is looked up for a person alone. Raises NoToken."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        shown = token.strip() if scheme.lower() == "bearer" else ""
        return await asyncio.to_thread(self.access.presenter, shown) if is_persons(shown) else A_TRADER

    async def _answer(self, made: Callable[[], Response], *, many: int, client: str) -> Response:
        """The answer that ``made`` makes; with ``many`` faults in its turn, like the work that found them.

        Each is said in every language: in the event loop, hundreds of them would keep everybody waiting.
        """
        return made() if many <= FEW_FAULTS else await self.gateway.turns.run(made, size=LARGE + 1, client=client)

    def _composed(self, body: bytes) -> bytes:
        data, now = json_of(body), self.clock.now()
        if isinstance(data, Mapping):
            # What is no object is left for the composer to refuse.
            identifier = str(uuid.uuid4())
            data = with_header(data, now=now, identifier=identifier, sender=self.own, recipient=self.own)
        return document_bytes(self.readers.at(now).traders.write(message_from_plain(data)))


def _of_receipt(receipt: Receipt, zone: tzinfo) -> Response:
    return JsonAnswer(receipt_view(receipt, zone), _status(receipt))


def _of_dry_run(validation: Validation) -> Response:
    return JsonAnswer(verdict_view(validation.type, validation.release, validation.faults))


def _status(receipt: Receipt) -> int:
    if receipt.outcome is Outcome.REFUSED:
        return 422
    return 200 if receipt.repeated else 201
