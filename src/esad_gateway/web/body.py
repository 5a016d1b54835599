"""Reading a request's body without trusting its length."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import EncodedBody, TooLarge

Endpoint = Callable[[Request], Awaitable[Response]]
"""What answers the requests of one route."""

Route = tuple[str, str]
"""A method and a path without parameters."""

_AS_IT_IS: Final = {"Content-Encoding": ("", "identity"), "Transfer-Encoding": ("", "chunked")}
"""What a field may say of a body that is not encoded. The server undoes ``chunked``, and no other coding."""


def client_of(request: Request) -> str:
    """The address that a request came from; empty when the server knows none."""
    return request.client.host if request.client else ""


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request, at most ``limit`` bytes.

    Raises TooLarge as soon as there is more, and EncodedBody for a ``Content-Encoding``, or for a
    ``Transfer-Encoding`` that is more than ``chunked``, without reading on.
    """
    refuse_encoded(request.headers)
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge(limit)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise TooLarge(limit)
        return bytes(body)
    finally:
        # An exception would keep what was read until its traceback is gone.
        body.clear()


def refuse_encoded(headers: Headers) -> None:
    """Raise EncodedBody for a body that is encoded, as these fields say."""
    for field, as_it_is in _AS_IT_IS.items():
        # A field that comes twice is one list (RFC 9110, 5.3).
        coding = ", ".join(headers.getlist(field)).strip()
        if coding.lower() not in as_it_is:
            raise EncodedBody(field, coding[:40])
