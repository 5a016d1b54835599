"""Submitting, checking and composing messages."""

import uuid
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from esad_gateway.bootstrap import Runtime
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import ComposeRefused
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.judge import Judgement
from esad_gateway.gateway.turns import LARGE
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.texts import fault_json
from esad_gateway.views.json import receipt_view
from esad_gateway.web.body import client_of, read_body
from esad_gateway.web.problems import Problem, problem_of
from esad_gateway.xml.parse import TRADERS
from esad_gateway.xml.plain import message_from_plain, with_header
from esad_gateway.xml.plain_json import read_json
from esad_gateway.xml.write import document_bytes

XML_TYPES = frozenset({"application/xml", "text/xml"})

MOST_COMMAS = TRADERS.max_elements * 3 // 2
"""In the fields of a message: one a value, and those in texts. Counting them bounds reading before it begins."""

FEW_FAULTS: Final = 20
"""How many faults are told at once; an ordinary mistake makes one."""

Endpoint = Callable[[Request], Awaitable[Response]]


def submit(runtime: Runtime) -> Endpoint:
    """``POST /v1/messages``: the hot path, so without the framework's parameter handling."""

    async def endpoint(request: Request) -> Response:
        raw = await _body(request, XML_TYPES)
        submission = Submission(raw=raw, origin=Origin.TRADER, channel="rest", client=client_of(request))
        receipt = await runtime.gateway.take(submission)
        made = partial(_of_receipt, receipt)
        return await _answer(runtime, made, many=len(receipt.faults), client=submission.client)

    return endpoint


def validate(runtime: Runtime) -> Endpoint:
    """``POST /v1/messages/validate``: every fault, nothing stored."""

    async def endpoint(request: Request) -> Response:
        client = client_of(request)
        judgement = await runtime.gateway.dry_run(await _body(request, XML_TYPES), client)
        return await _answer(runtime, partial(_of_dry_run, judgement), many=len(judgement.faults), client=client)

    return endpoint


def compose(runtime: Runtime) -> Endpoint:
    """``POST /v1/messages/compose``: typed fields in, unsigned XML out."""

    async def endpoint(request: Request) -> Response:
        body, client = await _body(request, frozenset({"application/json"})), client_of(request)
        work = partial(_composed, runtime, body)
        try:
            composed = await runtime.gateway.turns.run(work, size=len(body), client=client)
        except ComposeRefused as refusal:
            return await _answer(runtime, partial(problem_of, refusal), many=len(refusal.faults), client=client)
        return Response(composed, media_type="application/xml")

    return endpoint


async def _answer(runtime: Runtime, made: Callable[[], Response], *, many: int, client: str) -> Response:
    """The answer that ``made`` makes; with ``many`` faults in its turn, like the work that found them.

    Each is said in every language: in the event loop, hundreds of them would keep everybody waiting.
    """
    return made() if many <= FEW_FAULTS else await runtime.gateway.turns.run(made, size=LARGE + 1, client=client)


def _of_receipt(receipt: Receipt) -> Response:
    return JSONResponse(receipt_view(receipt), _status(receipt))


def _of_dry_run(judgement: Judgement) -> Response:
    faults = [fault_json(fault) for fault in judgement.faults]
    return JSONResponse({"ok": not faults, "message": judgement.type, "release": judgement.release, "faults": faults})


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
