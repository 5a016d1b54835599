"""What can be asked of the SOAP door: one table of operations, each with its twin in REST."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, Final, Protocol

from pydantic import BaseModel

from esad_gateway.ais.people.doing import HANDING_IN, Doing
from esad_gateway.batch.arrivals import Arrivals
from esad_gateway.errors import SecurityRefused
from esad_gateway.faults import Said
from esad_gateway.gateway.access import A_TRADER, Access, Principal, check_does
from esad_gateway.gateway.following import Follower, WhileAsked
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.reading import Reading
from esad_gateway.ports.batches import BatchDesk
from esad_gateway.soap import requests
from esad_gateway.soap.envelope import NS
from esad_gateway.views.batches import batch_view
from esad_gateway.views.json import (
    acknowledged_view,
    listed_view,
    movements_view,
    noted_movement_view,
    operator_view,
    page_view,
    receipt_view,
    verdict_view,
)

CHANNEL: Final = "soap"

View = Mapping[str, Any]


class Who(Protocol):
    """Tells who asks."""

    @property
    def has_signed(self) -> bool:
        """Whether the request is signed, and not only brings a token."""

    @property
    def is_person(self) -> bool:
        """Whether the token is one of a person."""

    @property
    def access(self) -> Access:
        """What keeps what a person does."""

    def __call__(self) -> Principal:
        """Who asks; it looks that up in the store. Raises NoToken."""

    def presenter(self) -> Principal:
        """Who presents a signed document: a person, looked up in the store, or whoever it may be. Raises NoToken."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from: the address, and for an answer that may take long, whether somebody is there yet."""

    address: str
    while_asked: WhileAsked


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the operations call: the functions that REST calls. ``zone`` is that of the administration's clocks."""

    gateway: Gateway
    reading: Reading
    following: Follower
    zone: tzinfo
    desk: BatchDesk
    arrivals: Arrivals


Call = Callable[[Services, Any, Who, Caller], Awaitable[View]]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation: its twin in REST (method and path), what its request holds, and what answers it.

    ``call`` gets the services, the request, who asks, and where the request came from.
    """

    twin: tuple[str, str]
    asked: type[BaseModel]
    call: Call

    @property
    def is_open(self) -> bool:
        """Whether nobody has to prove who asks: who has signed the document in it is asked instead."""
        return self.asked is requests.OneDocument


async def _submit(services: Services, asked: requests.OneDocument, who: Who, caller: Caller) -> View:
    presenter = await asyncio.to_thread(who.presenter) if who.is_person else A_TRADER
    submission = Submission(raw=asked.document, principal=presenter, channel=CHANNEL, client=caller.address)
    receipt = await services.gateway.take(submission)
    if presenter.person is not None:
        await asyncio.to_thread(who.access.handed_in, presenter, receipt)
    return receipt_view(receipt, services.zone)


async def _validate(services: Services, asked: requests.OneDocument, _: Who, caller: Caller) -> View:
    found = await services.gateway.dry_run(asked.document, caller.address)
    return verdict_view(found.type, found.release, found.faults)


async def _messages(services: Services, asked: requests.Mailbox, who: Who, caller: Caller) -> View:
    query, while_asked = asked.query(), caller.while_asked
    page = await services.following.awaited(who, asked.trader, query, asked.wait, while_asked)
    return page_view(page, services.zone)


def _message(services: Services, asked: requests.OneMessage, who: Principal) -> View:
    return {"document": services.reading.body(who, asked.trader, asked.seq)}


def _acknowledge(services: Services, asked: requests.OneMessage, who: Who) -> View:
    found = services.reading.acknowledge(by := who(), asked.trader, asked.seq)
    who.access.acknowledged(by, asked.trader, [asked.seq])
    return listed_view(found, services.zone)


def _acknowledge_all(services: Services, asked: requests.ManyMessages, who: Who) -> View:
    found = services.reading.acknowledge_all(by := who(), asked.trader, asked.reads())
    who.access.acknowledged(by, asked.trader, found.changed)
    return acknowledged_view(found)


def _movements(services: Services, asked: requests.Movements, who: Principal) -> View:
    found = services.reading.movements(who, asked.trader, asked.query(services.zone))
    return movements_view(found, services.zone)


def _movement(services: Services, asked: requests.OneMovement, who: Principal) -> View:
    return noted_movement_view(services.reading.movement(who, asked.trader, asked.arc), services.zone)


def _operator(services: Services, asked: requests.OneOperator, who: Principal) -> View:
    found = services.reading.operator(who, asked.seed, asked.on)
    return operator_view(found.operator, found.on, in_full=found.in_full)


def _hand_in(services: Services, asked: requests.NewBatch, who: Who) -> View:
    """Take a file of who asks, who has signed the request or the file: a token alone reads. Raises SecurityRefused."""
    check_does(by := who(), Doing.HAND_IN, asked.trader)
    if not who.has_signed and asked.signature is None:
        raise SecurityRefused(1, Said("security.token_alone"), Said("security.signed_or_file"))
    with services.arrivals.arriving(services.desk, asked.trader), services.desk.receiving() as file:
        file.write(asked.file)
        upload = asked.upload()
        check_does(by, HANDING_IN[upload.kind], asked.trader)
        batch, known = services.desk.take(file, upload)
    who.access.did(by, Doing.HAND_IN, asked.trader, "batch.handed_in", f"{asked.trader}/{batch.id}")
    return {**batch_view(batch, services.zone), "repeated": known}


def _batch(services: Services, asked: requests.OneBatch, who: Principal) -> View:
    check_does(who, Doing.HAND_IN, asked.trader)
    return batch_view(services.desk.batch(asked.trader, asked.batch), services.zone)


def _change(change: Callable[[Services, Any, Who], View]) -> Call:
    """An operation that changes something, in a thread; it keeps who did that."""

    async def call(services: Services, asked: BaseModel, who: Who, _: Caller) -> View:
        return await asyncio.to_thread(change, services, asked, who)

    return call


def _read(show: Callable[[Services, Any, Principal], View]) -> Call:
    """An operation for who asks, in a thread: it waits for the store."""

    async def call(services: Services, asked: BaseModel, who: Who, _: Caller) -> View:
        return await asyncio.to_thread(lambda: show(services, asked, who()))

    return call


_BATCHES: Final = "/v1/traders/{seed}/batches"
_MAILBOX, _MOVEMENTS = "/v1/traders/{seed}/messages", "/v1/traders/{seed}/movements"

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "SubmitMessage": Operation(("POST", "/v1/messages"), requests.OneDocument, _submit),
        "ValidateMessage": Operation(("POST", "/v1/messages/validate"), requests.OneDocument, _validate),
        "ListMessages": Operation(("GET", _MAILBOX), requests.Mailbox, _messages),
        "FetchMessage": Operation(("GET", _MAILBOX + "/{seq}"), requests.OneMessage, _read(_message)),
        "AcknowledgeMessage": Operation(
            ("PUT", _MAILBOX + "/{seq}/acknowledgement"), requests.OneMessage, _change(_acknowledge)
        ),
        "AcknowledgeMessages": Operation(
            ("POST", _MAILBOX + "/acknowledgements"), requests.ManyMessages, _change(_acknowledge_all)
        ),
        "ListMovements": Operation(("GET", _MOVEMENTS), requests.Movements, _read(_movements)),
        "GetMovement": Operation(("GET", _MOVEMENTS + "/{arc}"), requests.OneMovement, _read(_movement)),
        "CheckOperator": Operation(("GET", "/v1/operators/{seed}"), requests.OneOperator, _read(_operator)),
        "SubmitBatch": Operation(("POST", _BATCHES), requests.NewBatch, _change(_hand_in)),
        "GetBatch": Operation(("GET", _BATCHES + "/{batch}"), requests.OneBatch, _read(_batch)),
    }
)
"""Name -> operation."""


def action(name: str) -> str:
    """What a client may say in ``SOAPAction``, or in ``action``; the WSDL names it."""
    return f"{NS}/{name}"
