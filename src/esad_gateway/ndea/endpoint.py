"""The door of the other administrations: takes the document of a Deliver request, and acknowledges its commit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from xml.sax.saxutils import quoteattr

import structlog
from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import (
    Busy,
    EncodedBody,
    EnvelopeRefused,
    EsadError,
    NotDecided,
    OverQuota,
    OwnError,
    SenderError,
    SlowBody,
    TooLarge,
)
from esad_gateway.gateway.access import A_PEER
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Submission
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.ports.reading import Receipt
from esad_gateway.transport.answers import HttpAnswer
from esad_gateway.transport.envelope import (
    CONTENT_TYPE,
    LARGEST_ENVELOPE,
    Acknowledgement,
    action_of,
    delivered,
    document_of,
    fault,
)
from esad_gateway.web.address import address_of
from esad_gateway.web.body import Endpoint, client_of, read_body

_FAULTS: Mapping[type[EsadError], tuple[str, int]] = MappingProxyType(
    {
        # The same document may well be taken the next time, so nothing is said against it (SOAP 1.1, 4.4.1).
        SlowBody: ("Server", 408),
        Busy: ("Server", 503),
        OwnError: ("Server", 500),
        EncodedBody: ("Client", 415),
        TooLarge: ("Client", 413),
        # About this document: what is accepted has no quota, so the sender's other ones are not to wait for it.
        OverQuota: ("Client", 429),
        SenderError: ("Client", 500),
    }
)
"""Exception -> fault code, and the status where HTTP has one; every other fault comes with 500 (SOAP 1.1, 6.2)."""

_AGAIN_SECONDS = 5
"""When somebody for whom there was no room is to come again."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NdeaDoor:
    """Takes documents of other administrations, in envelopes that HTTP or memory has carried."""

    gateway: Gateway

    async def answer(self, envelope: bytes, action: str, client: str) -> HttpAnswer:
        """Take the document of a Deliver request, and acknowledge it after the commit.

        ``action`` is the action that the request names beside its envelope (empty: none), ``client`` the address that
        it came from. Answers a SOAP fault, and commits nothing, when no known administration has signed the document or
        the envelope cannot be processed: then the sender must act. The same, when there is no room or our side failed:
        then the sender may send the same again.
        """
        try:
            acknowledgement = await self._take(envelope, action, client)
        except (SenderError, OwnError) as error:
            return refusal(error)
        return HttpAnswer(200, {}, delivered(acknowledgement))

    async def _take(self, envelope: bytes, action: str, client: str) -> Acknowledgement:
        try:
            read = partial(document_of, envelope, action)
            document = await self.gateway.turns.run(read, size=len(envelope), client=client)
        except SenderError as error:
            await self.gateway.note(_delivered(envelope, client), error)
            raise
        try:
            taken: Receipt | NotDecided = await self.gateway.take(_delivered(document, client))
        except NotDecided as kept:
            # It is on disk and its signature holds: what remains to be done is ours, and delivering it again would
            # change nothing but the place of everything that the other side has behind it.
            taken = kept
        outcome = DeliveryOutcome.DUPLICATE if taken.repeated else DeliveryOutcome.ACCEPTED
        return Acknowledgement(outcome, taken.identifier)


def _delivered(raw: bytes, client: str) -> Submission:
    return Submission(raw=raw, principal=A_PEER, channel="ndea", client=client)


def refusal(error: SenderError | OwnError) -> HttpAnswer:
    """The fault that says why nothing was taken."""
    code, status = next(_FAULTS[cls] for cls in type(error).__mro__ if cls in _FAULTS)
    if isinstance(error, EnvelopeRefused):
        code = error.code
    reason = str(error)
    if isinstance(error, OwnError) and not isinstance(error, Busy):
        # The reason names files and tables of ours.
        log.warning("a delivery failed on our side", reason=reason)
        reason = "our side failed; deliver the same again"
    headers = {}
    if isinstance(error, OverQuota | Busy):
        headers["retry-after"] = str(error.pause if isinstance(error, OverQuota) else _AGAIN_SECONDS)
    return HttpAnswer(status, headers, fault(code, reason))


def ndea_endpoint(door: NdeaDoor) -> Endpoint:
    """The endpoint for ``POST /ndea``: the door over HTTP."""

    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request, LARGEST_ENVELOPE)
        except (SenderError, OwnError) as error:
            return _response(refusal(error))
        return _response(await door.answer(body, action_of(request.headers), client_of(request)))

    return endpoint


def wsdl_endpoint(wsdl: Path, public_url: str) -> Endpoint:
    """The endpoint for ``GET /ndea?wsdl``: the service's description, with the address that clients are to use.

    That is ``public_url`` and the path, or else the socket that was asked. What a request's headers say of an address
    is a stranger's word, and never stands in it.
    """
    text = wsdl.read_text(encoding="utf-8")

    async def endpoint(request: Request) -> Response:
        address = quoteattr(f"{address_of(request, public_url)}/ndea")
        return Response(text.replace('"http://localhost/ndea"', address), media_type="text/xml")

    return endpoint


def _response(answer: HttpAnswer) -> Response:
    response = Response(answer.body, answer.status, media_type=CONTENT_TYPE)
    response.headers.update(answer.headers)
    return response
