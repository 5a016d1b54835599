"""Submitting, checking and composing messages."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from esad_gateway.bootstrap import Runtime
from esad_gateway.emcs.movement import Origin
from esad_gateway.gateway.intake import Submission
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.rest.problems import Problem
from esad_gateway.rest.views import receipt_view
from esad_gateway.texts import fault_json
from esad_gateway.transport.body import client_of, read_body
from esad_gateway.xml.parse import TRADERS
from esad_gateway.xml.plain import message_from_plain, with_header
from esad_gateway.xml.plain_json import read_json
from esad_gateway.xml.write import document_bytes

XML_TYPES = frozenset({"application/xml", "text/xml"})

MOST_COMMAS = TRADERS.max_elements * 3 // 2
"""In the fields of a message: one a value, and those in texts. Counting them bounds reading before it begins."""

Endpoint = Callable[[Request], Awaitable[Response]]


def submit(runtime: Runtime) -> Endpoint:
    """``POST /v1/messages``: the hot path, so without the framework's parameter handling."""

    async def endpoint(request: Request) -> Response:
        raw = await _body(request, XML_TYPES)
        submission = Submission(raw=raw, origin=Origin.TRADER, channel="rest", client=client_of(request))
        receipt = await runtime.gateway.take(submission)
        return JSONResponse(receipt_view(receipt), _status(receipt))

    return endpoint


def validate(runtime: Runtime) -> Endpoint:
    """``POST /v1/messages/validate``: every fault, nothing stored."""

    async def endpoint(request: Request) -> Response:
        judgement = await runtime.gateway.dry_run(await _body(request, XML_TYPES), client_of(request))
        faults = [fault_json(fault) for fault in judgement.faults]
        told = {"ok": not faults, "message": judgement.type, "release": judgement.release, "faults": faults}
        return JSONResponse(told)

    return endpoint


def compose(runtime: Runtime) -> Endpoint:
    """``POST /v1/messages/compose``: typed fields in, unsigned XML out."""

    async def endpoint(request: Request) -> Response:
        body = await _body(request, frozenset({"application/json"}))
        work = partial(_composed, runtime, body)
        composed = await runtime.gateway.turns.run(work, size=len(body), client=client_of(request))
        return Response(composed, media_type="application/xml")

    return endpoint


def _composed(runtime: Runtime, body: bytes) -> bytes:
    message = message_from_plain(_complete(runtime, _json(body)))
    return document_bytes(runtime.readers.at(runtime.gateway.clock.now()).traders.write(message))


def _complete(runtime: Runtime, data: Any) -> Any:
    """The data with what a header lacks; what is no object is left for the composer to refuse."""
    if not isinstance(data, Mapping):
        return data
    own = runtime.settings.profile().address
    now, identifier = runtime.gateway.clock.now(), str(uuid.uuid4())
    return with_header(data, now=now, identifier=identifier, sender=own, recipient=own)


def _status(receipt: Receipt) -> int:
    if receipt.outcome is Outcome.REFUSED:
        return 422
    return 200 if receipt.repeated else 201


def _json(body: bytes) -> Any:
    if body.count(b",") > MOST_COMMAS:
        detail = f"there are more than {MOST_COMMAS} commas, and so more values than any message has"
        raise Problem(413, "too-large", "The body is too large", detail, limit=MOST_COMMAS)
    try:
        return read_json(body)
    except ValueError as error:
        raise Problem(400, "malformed-json", "The body is not JSON", str(error)) from error


async def _body(request: Request, types: frozenset[str]) -> bytes:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in types:
        wanted = " or ".join(sorted(types))
        raise Problem(415, "media-type", "The body is of the wrong type", f"expected {wanted}, got {given or 'none'}")
    return await read_body(request, TRADERS.max_bytes)
