"""Bodies in JSON, of a media type that is asked for."""

from collections.abc import Collection
from typing import Any, Final

from starlette.requests import Request

from esad_gateway.faults import Said, said
from esad_gateway.json_errors import why_no_json
from esad_gateway.web.body import read_body
from esad_gateway.web.problems import Problem
from esad_gateway.xml.parse import TRADERS
from esad_gateway.xml.plain_json import read_json

JSON_TYPES: Final = frozenset({"application/json"})

MOST_COMMAS: Final = TRADERS.max_elements * 3 // 2
"""In the fields of a message: one a value, and those in texts. Counting them bounds reading before it begins."""


async def typed_body(request: Request, types: Collection[str], limit: int) -> bytes:
    """The body of a request, of one of ``types``. Raises Problem for another one, and as ``read_body`` does."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in types:
        detail = said("detail.media_type", wanted_types=tuple(sorted(types)), given_type=given or Said("detail.none"))
        raise Problem(415, "media-type", detail)
    return await read_body(request, limit)


def json_of(body: bytes) -> Any:
    """The data of a body in JSON. Raises Problem."""
    if body.count(b",") > MOST_COMMAS:
        raise Problem(413, "too-large", said("detail.commas", number=MOST_COMMAS), limit=MOST_COMMAS)
    try:
        return read_json(body)
    except ValueError as error:
        raise Problem(400, "malformed-json", said("detail.json", why=why_no_json(error))) from error


async def json_body(request: Request, limit: int) -> Any:
    """The data of a request in JSON. Raises Problem, TooLarge and EncodedBody."""
    return json_of(await typed_body(request, JSON_TYPES, limit))
