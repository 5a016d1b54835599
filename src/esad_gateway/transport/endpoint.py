"""The receiving end of ``/ndea``: an ASGI endpoint that hands the request to whoever commits its document."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from xml.sax.saxutils import quoteattr

import structlog
from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import OwnError, SenderError
from esad_gateway.transport.body import read_body
from esad_gateway.transport.envelope import (
    CONTENT_TYPE,
    LARGEST_ENVELOPE,
    Acknowledgement,
    delivered,
    fault,
)

log = structlog.get_logger(__name__)

Receive = Callable[[bytes], Awaitable[Acknowledgement]]


def ndea_endpoint(receive: Receive) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint for ``POST /ndea``; ``receive`` takes a Deliver request and returns after the commit.

    Answers a SOAP fault when the document cannot be attributed to a known administration (whoever sent it must act)
    or when our side failed (they may send the same again).
    """

    async def endpoint(request: Request) -> Response:
        try:
            acknowledgement = await receive(await read_body(request, LARGEST_ENVELOPE))
        except SenderError as error:
            return _answer(fault("Client", str(error)), 500)
        except OwnError as error:
            # The reason names files and tables of ours.
            log.warning("a delivery failed on our side", reason=str(error))
            return _answer(fault("Server", "our side failed; deliver the same again"), 500)
        return _answer(delivered(acknowledgement), 200)

    return endpoint


def wsdl_endpoint(wsdl: Path) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint for ``GET /ndea?wsdl``: the service's description, with the address it was asked at."""
    text = wsdl.read_text(encoding="utf-8")

    async def endpoint(request: Request) -> Response:
        address = quoteattr(str(request.url.replace(query="")))
        return Response(text.replace('"http://localhost/ndea"', address), media_type="text/xml")

    return endpoint


def _answer(envelope: bytes, status: int) -> Response:
    return Response(envelope, status, media_type=CONTENT_TYPE)
