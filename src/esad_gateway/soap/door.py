"""``/soap/gateway``: an envelope is opened, its operation found in the table, and the answer put in another one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

import structlog
from lxml import etree
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import EnvelopeRefused, MalformedXml, OwnError, SecurityRefused, SenderError
from esad_gateway.faults import said
from esad_gateway.gateway.access import A_TRADER, Access
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.rates import Rates
from esad_gateway.ports.security import Proof, Reply
from esad_gateway.soap.answers import Letter, Markup, element, envelope
from esad_gateway.soap.envelope import NS, SECURITY, SOAP_1_1, SOAP_1_2, Envelope, SoapVersion, opened
from esad_gateway.soap.faults import fault, fault_of
from esad_gateway.soap.operations import CHANNEL, OPERATIONS, Caller, Operation, Services, View, action
from esad_gateway.soap.parts import ATTACHED, RELATED, Package, packed, unpacked
from esad_gateway.soap.requests import asked
from esad_gateway.soap.security import Asker, EnvelopeGuard, FirstUses, proof_of
from esad_gateway.transport.answers import HttpAnswer
from esad_gateway.transport.envelope import LARGEST_ENVELOPE, action_of
from esad_gateway.web.body import Endpoint, client_of, read_body
from esad_gateway.web.patience import while_asked
from esad_gateway.web.problems import REFUSED, Problem, defect

_T = TypeVar("_T")

log = structlog.get_logger(__name__)

TYPES: Final = ("text/xml", "application/soap+xml")
"""Media types of a request. They tell its version only until its envelope does."""


@dataclass(frozen=True, slots=True)
class Received:
    """A request as HTTP brought it: its envelope, the action that it names (empty: none), a bearer token, its sender.

    ``in_parts`` says that it came in MTOM, so that its answer may.
    """

    package: Package
    in_parts: bool
    action: str
    token: str
    caller: Caller


@dataclass(frozen=True, slots=True)
class Opened:
    """A request that was read: in which version it came, and what it asks for, or why that cannot be told.

    ``is_secured`` says that it claims to be signed, so that its answer is; ``proof`` who has signed it.
    """

    version: SoapVersion
    asked: tuple[str, Operation, BaseModel] | SenderError
    is_secured: bool = False
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class SoapDoor:
    """Answers envelopes of traders, in the version of SOAP that each comes in."""

    services: Services
    access: Access
    guard: EnvelopeGuard
    uses: FirstUses
    rates: Rates

    async def answer(self, request: Received, version: SoapVersion) -> tuple[SoapVersion, HttpAnswer]:
        """The answer to a request and its version, which is ``version`` where the envelope does not tell it.

        Whatever is answered to a signed request is signed, faults as well: its client verifies before it reads.
        """
        read = partial(self._opened, request, version)
        found = await self._turn(read, request, len(request.package.envelope))
        letter = await self._letter(request, found)
        if not found.is_secured:
            return found.version, sent(found.version, letter)
        signed = await self._turn(partial(_signed, self.guard, found.version, letter), request, len(letter.body))
        return found.version, posted(found.version, letter, signed)

    async def _turn(self, work: Callable[[], _T], request: Received, size: int) -> _T:
        return await self.services.gateway.turns.run(work, size=size, client=request.caller.address)

    async def _letter(self, request: Received, found: Opened) -> Letter:
        try:
            return await self._called(request, found)
        except (SenderError, OwnError) as error:
            return fault_of(found.version, error)
        except Exception as error:
            # A client of SOAP cannot read the answer that a defect has elsewhere.
            log.exception("a defect answered a request with a fault")
            return fault(found.version, "Server", defect(error))

    async def _called(self, request: Received, found: Opened) -> Letter:
        if isinstance(found.asked, SenderError):
            if isinstance(found.asked, EnvelopeRefused | MalformedXml | SecurityRefused):
                await self._note(request, found.asked)
            raise found.asked
        name, operation, wanted = found.asked
        if found.proof is not None:
            if not operation.is_open:
                self.rates.signed(found.proof.fingerprint, len(request.package.envelope))
            await self.uses.use(found.proof)
        who = Asker(self.access, request.token, found.proof, _about(wanted))
        view = await operation.call(self.services, wanted, who, request.caller)
        return _answered(f"{name}Response", view, in_parts=request.in_parts)

    async def _note(self, request: Received, error: SenderError) -> None:
        """Note in the security log an envelope that nobody can read; what is in a document, its walk notes."""
        of_nobody = Submission(
            raw=request.package.envelope, principal=A_TRADER, channel=CHANNEL, client=request.caller.address
        )
        await self.services.gateway.note(of_nobody, error)

    def _opened(self, request: Received, version: SoapVersion) -> Opened:
        is_secured, proof = False, None
        try:
            letter = opened(request.package.envelope)
            version, is_secured = letter.version, self.guard.is_claimed(letter.root)
            proof = proof_of(self.guard, letter, request.package) if is_secured else None
            return Opened(version, _asked(letter, request), is_secured, proof)
        except SenderError as error:
            return Opened(version, error, is_secured, proof)


def _about(wanted: BaseModel) -> str:
    """About whom something is asked."""
    return str(getattr(wanted, "trader", "") or getattr(wanted, "seed", ""))


def _answered(name: str, view: View, *, in_parts: bool) -> Letter:
    """The answer with a view; to a request in MTOM, and to no other, its document is a part of its own."""
    document, whole = view.get("document"), element(name, view)
    if not in_parts or not isinstance(document, bytes):
        return Letter(whole)
    return Letter(element(name, {**view, "document": Markup(ATTACHED)}), document=document, whole=whole)


def sent(version: SoapVersion, letter: Letter) -> HttpAnswer:
    """An answer in an envelope that nobody has signed."""
    return posted(version, letter, envelope(version, letter.body, letter.header))


def posted(version: SoapVersion, letter: Letter, written: bytes) -> HttpAnswer:
    """An answer in the envelope that was written for it, with what goes beside that."""
    if letter.document is None:
        return HttpAnswer(letter.status, letter.headers, written)
    content_type, body = packed(written, version.content_type, letter.document)
    return HttpAnswer(letter.status, {**letter.headers, "content-type": content_type}, body)


def _signed(guard: EnvelopeGuard, version: SoapVersion, letter: Letter) -> bytes:
    return guard.sign(Reply(version.namespace, letter.body, letter.header, letter.whole))


def _asked(letter: Envelope, request: Received) -> tuple[str, Operation, BaseModel]:
    body, named = letter.request((SECURITY,)), request.action
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
            answer = sent(version, fault_of(version, error))
        response = Response(answer.body, answer.status, media_type=version.content_type)
        response.headers.update(answer.headers)
        return response

    return endpoint


async def _received(request: Request) -> Received:
    if (refusal := request.scope.get("extensions", {}).get(REFUSED)) is not None:
        raise refusal
    given, content_type = _media_type(request), request.headers.get("content-type", "")
    if given not in (*TYPES, RELATED):
        detail = said("detail.media_type", wanted_types=(*TYPES, RELATED), given_type=given or said("detail.none"))
        raise Problem(415, "media-type", detail)
    body, in_parts = await read_body(request, LARGEST_ENVELOPE), given == RELATED
    package = unpacked(body, content_type) if in_parts else Package(body)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    shown = token.strip() if scheme.lower() == "bearer" else ""
    named = request.headers.get("soapaction", "").strip().strip('"') if in_parts else action_of(request.headers)
    caller = Caller(client_of(request), partial(while_asked, request))
    return Received(package, in_parts, named or package.action, shown, caller)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()
