"""What a trader reads: its mailbox, its movements, the register. Another trader's data does not exist."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from esad_gateway.bootstrap import Runtime
from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.identifiers import ARC
from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.procedure.stateless import SUSPENSION_ONLY
from esad_gateway.store.mailboxes import LARGEST_PAGE, MovementQuery
from esad_gateway.store.mailboxes import Query as MailboxQuery
from esad_gateway.views.json import listed_view, movement_view, operator_view, page_view
from esad_gateway.web.accept import preferred
from esad_gateway.web.problems import Problem
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature
from esad_gateway.xml.plain import message_to_plain

LARGEST_NUMBER = 2**63 - 1
"""Of a message in a mailbox: what a database can hold."""

Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(auto_error=False, description="the token of `esad token issue`")),
]
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="its number in the mailbox")]


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("expected a moment that exists in UTC") from error


def _known_type(name: str) -> str:
    if name not in _TYPES:
        raise ValueError(f"no message is of this type; known are {', '.join(_TYPES)}")
    return name


_TYPES = sorted({*NAMES} | SUSPENSION_ONLY)
"""What a mailbox can be asked for: also what exists for duty suspension only, which is refused and kept."""

_DOCUMENT, _FIELDS = ("application/xml", "text/xml"), "application/json"

Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
MessageType = Annotated[str, AfterValidator(_known_type)]
ArcText = Annotated[str, AfterValidator(lambda text: ARC(text).value)]
Day = Annotated[date | None, Query(description="the day that is asked about; today when it is left out")]


class MailboxFilter(BaseModel):
    """Which messages of a mailbox to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int = Field(0, ge=0, le=LARGEST_NUMBER, description="sequence number to start after")
    type: MessageType | None = Field(None, description="message type, such as IE801")
    arc: ArcText | None = Field(None, description="only messages of this movement")
    unread: bool = Field(default=False, description="only what you were sent and have not acknowledged")
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)


class MovementFilter(BaseModel):
    """Which movements of a trader to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["consignor", "consignee"] | None = None
    state: StatusType | None = None
    due_before: Moment | None = Field(None, description="whose journey limit is before this moment, with a time zone")
    after: ArcText | None = Field(None, description="ARC to start after")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)


class TraderDoor:
    """The routes under ``/v1/traders`` and ``/v1/operators``; every one of them needs a token."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._mailboxes = runtime.mailboxes
        self._profile = runtime.settings.profile()

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter()
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

    def messages(self, seed: str, wanted: Annotated[MailboxFilter, Query()], bearer: Bearer) -> dict[str, Any]:
        """The messages of a mailbox, oldest first. Ask again with ``after`` set to ``complete_through``."""
        self._own(bearer, seed)
        return page_view(self._mailboxes.page(seed, MailboxQuery(**wanted.model_dump())), self._profile.time_zone)

    def message(self, seed: str, seq: Number, request: Request, bearer: Bearer) -> Response:
        """One message: its exact bytes, or its fields when ``Accept`` prefers ``application/json``."""
        self._own(bearer, seed)
        body = self._mailboxes.body(seed, seq)
        if body is None:
            raise _not_found(f"no message {seq} in mailbox {seed}")
        wanted = preferred(",".join(request.headers.getlist("accept")), (*_DOCUMENT, _FIELDS))
        if wanted is None:
            detail = f"a message is shown as {', '.join(_DOCUMENT)} or {_FIELDS}"
            raise Problem(406, "not-acceptable", "This cannot be shown as Accept asks", detail)
        if wanted == _FIELDS:
            return JSONResponse(_json_view(self._runtime, body))
        return Response(body, media_type=wanted)

    def acknowledge(self, seed: str, seq: Number, bearer: Bearer) -> dict[str, Any]:
        """Note that a message was read; the first time counts."""
        self._own(bearer, seed)
        listed = self._mailboxes.acknowledge(seed, seq, self._runtime.gateway.clock.now())
        if listed is None:
            raise _not_found(f"no message {seq} in mailbox {seed}")
        return listed_view(listed, self._profile.time_zone)

    def movements(self, seed: str, wanted: Annotated[MovementFilter, Query()], bearer: Bearer) -> dict[str, Any]:
        """The movements that a trader takes part in, as its own side knows them, by ARC.

        When they are not ``complete``, ask again with ``after`` set to the last ARC.
        """
        self._own(bearer, seed)
        found = self._mailboxes.movements(seed, MovementQuery(**wanted.model_dump()))
        shown = [movement_view(item, self._profile.time_zone) for item in found]
        return {"movements": shown, "complete": len(found) < wanted.limit}

    def movement(self, seed: str, arc: str, bearer: Bearer) -> dict[str, Any]:
        """One movement."""
        self._own(bearer, seed)
        found = self._mailboxes.movement(seed, arc)
        if not found:
            raise _not_found(f"no movement {arc} of {seed}")
        return movement_view(found[0], self._profile.time_zone)

    def operator(self, seed: str, bearer: Bearer, on: Day = None) -> dict[str, Any]:
        """Whether a SEED number is registered on a day, as what, for which products, and how long.

        What limits a temporary authorisation, its counterparty and its quantities, only its holder reads.
        """
        holder = self._holder(bearer)
        day = on or self._profile.local_date(self._runtime.gateway.clock.now())
        found = self._runtime.registry.operator(seed, day)
        if found is None:
            raise _not_found(f"no operator {seed}")
        return operator_view(found[0], day, in_full=holder == seed)

    def _own(self, bearer: Bearer, seed: str) -> None:
        """That the token opens this mailbox; a foreign mailbox and a missing one get the same answer."""
        if self._holder(bearer) != seed:
            raise _not_found(f"no mailbox {seed}")

    def _holder(self, bearer: Bearer) -> str:
        holder = self._runtime.registry.holder_of_token(bearer.credentials.strip()) if bearer else None
        if holder is None:
            detail = "send the header Authorization: Bearer and a token that was issued and not revoked"
            raise Problem(401, "no-token", "Reading needs a token", detail)
        return holder


def _not_found(detail: str) -> Problem:
    return Problem(404, "not-found", "There is no such thing for you", detail)


def _json_view(runtime: Runtime, body: bytes) -> dict[str, Any]:
    payload = without_signature(parse(body))
    if not runtime.readers.releases.accepts(payload):
        detail = "the schema of its release refuses this message, so it has no fields; ask for application/xml"
        raise Problem(406, "no-json-view", "This message has no JSON view", detail)
    return message_to_plain(read(payload))
