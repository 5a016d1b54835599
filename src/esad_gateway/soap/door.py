"""``/soap/gateway``: an envelope is opened, its operation found in the table, and the answer put in another one."""

from dataclasses import dataclass
from functools import partial
from typing import Final

import structlog
from lxml import etree
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import EnvelopeRefused, MalformedXml, OwnError, SenderError
from esad_gateway.faults import said
from esad_gateway.gateway.access import A_TRADER, Access, Principal
from esad_gateway.gateway.intake import Submission
from esad_gateway.soap.answers import Markup, element, envelope
from esad_gateway.soap.envelope import NS, SOAP_1_1, SOAP_1_2, Envelope, SoapVersion, opened
from esad_gateway.soap.faults import fault, fault_of
from esad_gateway.soap.operations import CHANNEL, OPERATIONS, Operation, Services, View, action
from esad_gateway.soap.parts import ATTACHED, RELATED, Package, packed, unpacked
from esad_gateway.soap.requests import asked
from esad_gateway.transport.answers import HttpAnswer
from esad_gateway.transport.envelope import LARGEST_ENVELOPE, action_of
from esad_gateway.web.body import Endpoint, client_of, read_body
from esad_gateway.web.problems import Problem, on_defect

log = structlog.get_logger(__name__)

TYPES: Final = ("text/xml", "application/soap+xml")
"""Media types of a request. They tell its version only until its envelope does."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as HTTP brought it: its envelope, the action that it names (empty: none), a bearer token, who sent it.

    ``in_parts`` says that it came in MTOM, so that its answer may.
    """

    package: Package
    in_parts: bool
    action: str
    token: str
    client: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A request that was read: in which version it came, and what it asks for, or why that cannot be told."""

    version: SoapVersion
    asked: tuple[str, Operation, BaseModel] | SenderError


def who_asks(access: Access, request: Received) -> Principal:
    """Who asks, by the bearer token. Raises NoToken."""
    return access.bearer(request.token)


@dataclass(frozen=True, slots=True)
class SoapDoor:
    """Answers envelopes of traders, in the version of SOAP that each comes in."""

    services: Services
    access: Access

    async def answer(self, request: Received, version: SoapVersion) -> tuple[SoapVersion, HttpAnswer]:
        """The answer to a request and its version, which is ``version`` where the envelope does not tell it."""
        read = partial(_opened, request, version)
        found = await self.services.gateway.turns.run(read, size=len(request.package.envelope), client=request.client)
        try:
            return found.version, await self._called(request, found)
        except (SenderError, OwnError) as error:
            return found.version, fault_of(found.version, error)

    async def _called(self, request: Received, found: Opened) -> HttpAnswer:
        if isinstance(found.asked, SenderError):
            if isinstance(found.asked, EnvelopeRefused | MalformedXml):
                await self._note(request, found.asked)
            raise found.asked
        name, operation, wanted = found.asked
        view = await operation.call(self.services, wanted, partial(who_asks, self.access, request), request.client)
        return _answered(found.version, f"{name}Response", view, in_parts=request.in_parts)

    async def _note(self, request: Received, error: SenderError) -> None:
        """Note in the security log an envelope that nobody can read; what is in a document, its walk notes."""
        of_nobody = Submission(raw=request.package.envelope, principal=A_TRADER, channel=CHANNEL, client=request.client)
        await self.services.gateway.note(of_nobody, error)


def _answered(version: SoapVersion, name: str, view: View, *, in_parts: bool) -> HttpAnswer:
    """The answer with a view; to a request in MTOM, and to no other, its document is a part of its own."""
    document = view.get("document")
    if not in_parts or not isinstance(document, bytes):
        return HttpAnswer(200, {}, envelope(version, element(name, view)))
    letter = envelope(version, element(name, {**view, "document": Markup(ATTACHED)}))
    content_type, body = packed(letter, version.content_type, document)
    return HttpAnswer(200, {"content-type": content_type}, body)


def _opened(request: Received, version: SoapVersion) -> Opened:
    try:
        letter = opened(request.package.envelope)
        version = letter.version
        return Opened(version, _asked(letter, request))
    except SenderError as error:
        return Opened(version, error)


def _asked(letter: Envelope, request: Received) -> tuple[str, Operation, BaseModel]:
    body, named = letter.request(), request.action
    name = etree.QName(body)
    operation = OPERATIONS.get(name.localname) if name.namespace == NS else None
    if operation is None:
        known = ", ".join(OPERATIONS)
        raise EnvelopeRefused("Client", said("detail.soap_operation", name=name.text[:200], space=NS, known=known))
    if named not in {"", action(name.localname)}:
        detail = said("detail.soap_action", found=repr(named[:200]), expected=repr(action(name.localname)))
        raise EnvelopeRefused("Client", detail)
    return name.localname, operation, asked(body, operation.asked, request.package)


def soap_endpoint(door: SoapDoor) -> Endpoint:
    """The endpoint for ``POST /soap/gateway``."""

    async def endpoint(request: Request) -> Response:
        version = SOAP_1_2 if _media_type(request) == TYPES[1] else SOAP_1_1
        try:
            received = await _received(request)
            version = SOAP_1_2 if received.package.media_type == TYPES[1] else version
            version, answer = await door.answer(received, version)
        except (SenderError, OwnError) as error:
            answer = fault_of(version, error)
        except Exception as error:
            # A client of SOAP cannot read the answer that a defect has elsewhere.
            log.exception("a defect answered a request with a fault")
            answer = fault(version, "Server", await on_defect(request, error))
        response = Response(answer.body, answer.status, media_type=version.content_type)
        response.headers.update(answer.headers)
        return response

    return endpoint


async def _received(request: Request) -> Received:
    given, content_type = _media_type(request), request.headers.get("content-type", "")
    if given not in (*TYPES, RELATED):
        detail = said("detail.media_type", wanted_types=(*TYPES, RELATED), given_type=given or said("detail.none"))
        raise Problem(415, "media-type", detail)
    body, in_parts = await read_body(request, LARGEST_ENVELOPE), given == RELATED
    package = unpacked(body, content_type) if in_parts else Package(body)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    shown = token.strip() if scheme.lower() == "bearer" else ""
    named = request.headers.get("soapaction", "").strip().strip('"') if in_parts else action_of(request.headers)
    return Received(package, in_parts, named or package.action, shown, client_of(request))


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
