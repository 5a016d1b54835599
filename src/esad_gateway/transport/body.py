"""Reading a request's body without trusting its length."""

from starlette.requests import Request

from esad_gateway.errors import EncodedBody, TooLarge


def client_of(request: Request) -> str:
    """The address that a request came from; empty when the server knows none."""
    return request.client.host if request.client else ""


_AS_IT_IS = ("", "identity")


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request, at most ``limit`` bytes.

    Raises TooLarge as soon as there is more, and EncodedBody for a ``Content-Encoding``, without reading on.
    """
    encoding = request.headers.get("content-encoding", "").strip()
    if encoding.lower() not in _AS_IT_IS:
        raise EncodedBody(encoding[:40])
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
