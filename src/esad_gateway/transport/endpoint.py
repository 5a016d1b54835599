"""The receiving end of ``/ndea``: an ASGI endpoint that hands the request to whoever commits its document."""

import re
from collections.abc import Awaitable, Callable, Mapping
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
    OverQuota,
    OwnError,
    SenderError,
    SlowBody,
    TooLarge,
)
from esad_gateway.transport.body import client_of, read_body
from esad_gateway.transport.envelope import (
    CONTENT_TYPE,
    LARGEST_ENVELOPE,
    Acknowledgement,
    delivered,
    fault,
)

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

Receive = Callable[[bytes, str, str], Awaitable[Acknowledgement]]
"""Takes a Deliver request, the action that its HTTP header names (empty: none) and the address it came from.

Returns after the commit.
"""

_ACTION_OF_TYPE = re.compile(r';\s*action\s*=\s*("[^"]*"|[^;\s]*)', re.IGNORECASE)
"""SOAP 1.2 moved the action into the media type (RFC 3902)."""


def ndea_endpoint(receive: Receive) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint for ``POST /ndea``.

    Answers a SOAP fault when the document cannot be attributed to a known administration (whoever sent it must act),
    when its envelope cannot be processed, or when there is no room, or our side failed (they may send the same again).
    """

    async def endpoint(request: Request) -> Response:
        try:
            body = await read_body(request, LARGEST_ENVELOPE)
            acknowledgement = await receive(body, _action(request), client_of(request))
        except (SenderError, OwnError) as error:
            return _refusal(error)
        return _answer(delivered(acknowledgement), 200)

    return endpoint


def _refusal(error: SenderError | OwnError) -> Response:
    code, status = next(_FAULTS[cls] for cls in type(error).__mro__ if cls in _FAULTS)
    if isinstance(error, EnvelopeRefused):
        code = error.code
    reason = str(error)
    if isinstance(error, OwnError) and not isinstance(error, Busy):
        # The reason names files and tables of ours.
        log.warning("a delivery failed on our side", reason=reason)
        reason = "our side failed; deliver the same again"
    answer = _answer(fault(code, reason), status)
    if isinstance(error, OverQuota | Busy):
        answer.headers["Retry-After"] = str(error.pause if isinstance(error, OverQuota) else _AGAIN_SECONDS)
    return answer


def wsdl_endpoint(wsdl: Path, public_url: str) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint for ``GET /ndea?wsdl``: the service's description, with the address that clients are to use.

    That is ``public_url`` and the path, or else the socket that was asked. What a request's headers say of an address
    is a stranger's word, and never stands in it.
    """
    text = wsdl.read_text(encoding="utf-8")

    async def endpoint(request: Request) -> Response:
        address = quoteattr(f"{public_url or _socket(request)}/ndea")
        return Response(text.replace('"http://localhost/ndea"', address), media_type="text/xml")

    return endpoint


def _action(request: Request) -> str:
    """The action that a request names, without quotes; empty when it names none, which SOAP allows."""
    named = request.headers.get("soapaction", "").strip().strip('"')
    in_type = _ACTION_OF_TYPE.search(request.headers.get("content-type", ""))
    return named or (in_type[1].strip('"') if in_type else "")


def _socket(request: Request) -> str:
    host, port = request.scope.get("server") or ("localhost", None)
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}{f':{port}' if port else ''}"


def _answer(envelope: bytes, status: int) -> Response:
    return Response(envelope, status, media_type=CONTENT_TYPE)
