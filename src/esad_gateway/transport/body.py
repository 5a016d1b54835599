"""Reading a request's body without trusting its length."""

from starlette.requests import Request

from esad_gateway.errors import TooLarge


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request, at most ``limit`` bytes; raises TooLarge as soon as there is more, without reading on."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge(limit)
    return bytes(body)
