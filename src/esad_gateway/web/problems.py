"""Errors as problem details (RFC 9457): one table says what each exception of the tree is answered with."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from esad_gateway.errors import (
    Busy,
    ComposeRefused,
    EncodedBody,
    EnvelopeRefused,
    EsadError,
    FileRemoved,
    IdentifierReused,
    IssuedHere,
    KeyReused,
    MalformedXml,
    NationalRefused,
    NotAdmitted,
    NotDecided,
    NotFound,
    NoToken,
    OverQuota,
    OwnError,
    RoleMissing,
    SecurityRefused,
    SenderError,
    SignatureRefused,
    SignerNotAllowed,
    SlowBody,
    TooLarge,
    TooMany,
    Unreadable,
    WebhookRefused,
)
from esad_gateway.faults import Said, said
from esad_gateway.texts import ENGLISH, fault_json, in_every_language
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import client_of

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
KIND_PREFIX = "/problems/"
"""Types are references to pages of the gateway that answers (RFC 9457, 3.1.1): the same text at every gateway."""

KINDS: Mapping[type[EsadError], tuple[int, str]] = MappingProxyType(
    {
        MalformedXml: (400, "malformed-xml"),
        EnvelopeRefused: (400, "envelope-refused"),
        TooLarge: (413, "too-large"),
        SlowBody: (408, "too-slow"),
        EncodedBody: (415, "content-encoding"),
        SignatureRefused: (403, "signature-refused"),
        SecurityRefused: (403, "security-refused"),
        SignerNotAllowed: (403, "signer-not-allowed"),
        NotAdmitted: (403, "not-admitted"),
        RoleMissing: (403, "role-missing"),
        IssuedHere: (403, "issued-here"),
        IdentifierReused: (409, "identifier-reused"),
        KeyReused: (409, "key-reused"),
        NoToken: (401, "no-token"),
        FileRemoved: (410, "removed"),
        NotFound: (404, "not-found"),
        OverQuota: (429, "over-quota"),
        TooMany: (429, "too-many"),
        ComposeRefused: (422, "compose-refused"),
        NationalRefused: (422, "national-refused"),
        Unreadable: (422, "unreadable"),
        WebhookRefused: (422, "webhook-refused"),
        Busy: (503, "try-again"),
        NotDecided: (500, "undecided"),
        OwnError: (503, "try-again"),
    }
)
"""Exception -> status, last part of the problem's type; the title is the sentence ``problem.`` of that."""

_DETAILS = (
    *("encoding", "step", "reason", "expected", "line", "column", "limit", "trader"),
    *("identifier", "setting", "mailbox", "seq", "arc", "batch"),
)
_OF_A_STEP = ("step", "reason", "expected")
_HEADERS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "no-token": {"WWW-Authenticate": "Bearer"},
        "content-encoding": {"Accept-Encoding": "identity"},
        "try-again": {"Retry-After": "5"},
    }
)
"""Last part of a problem's type -> what goes with it: how to do better, or when (RFC 9110)."""

_NO_SUCH_ADDRESS: Final = 404
_INTERNAL = (500, "internal")

REFUSED: Final = "esad.refused"
"""The extension of a request that has the error by which it is refused, for a door that answers in its own way."""


class Problem(SenderError):
    """An answer of the door itself: a wrong media type, a body that is no JSON, a view that there is not."""

    def __init__(self, status: int, kind: str, detail: Said, **more: Any) -> None:
        super().__init__(detail)
        self.answer = problem(status, kind, detail, **more)


def problem(status: int, kind: str, detail: Said, **more: Any) -> JsonAnswer:
    """One problem document: ``title`` and ``detail`` in English, ``titles`` and ``details`` in every language.

    ``kind`` is the last part of its type, for which there is a sentence ``problem.``.
    """
    titles, details = in_every_language(Said(f"problem.{kind}")), in_every_language(detail)
    named = {"type": f"{KIND_PREFIX}{kind}", "title": titles[ENGLISH], "titles": titles}
    content = {**named, "status": status, "detail": details[ENGLISH], "details": details, **more}
    return JsonAnswer(content, status, _HEADERS.get(kind), MEDIA_TYPE)


async def on_esad_error(_: Request, error: Exception) -> JsonAnswer:
    """Answer an exception of our own tree."""
    if not isinstance(error, EsadError):
        raise error
    return problem_of(error)


def problem_of(error: EsadError) -> JsonAnswer:
    """The answer to an exception of our tree: what a sender did wrong is told, what went wrong with us is logged."""
    status, kind = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), _INTERNAL)
    if isinstance(error, Busy):
        return problem(status, kind, error.what)
    if isinstance(error, NotDecided):
        return problem(status, kind, error.what, identifier=error.identifier, reference=error.reference)
    if isinstance(error, OwnError):
        log.warning("a request failed on our side", reason=str(error))
        return problem(status, kind, Said("detail.our_side"))
    more = {name: getattr(error, name) for name in _DETAILS if getattr(error, name, None) is not None}
    if isinstance(error, SignatureRefused) and error.besides:
        more["besides"] = [_beside(one) for one in error.besides]
    if isinstance(error, ComposeRefused | RoleMissing | Unreadable):
        more["faults"] = [fault_json(fault) for fault in error.faults]
    if isinstance(error, NotAdmitted) and error.retry_until is not None:
        more["retryUntil"] = error.retry_until.isoformat(timespec="seconds")
    answer = problem(status, kind, error.what, **more)
    if isinstance(error, OverQuota | TooMany):
        answer.headers["Retry-After"] = str(error.pause)
    return answer


def _beside(one: SignatureRefused) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in _OF_A_STEP}, "details": in_every_language(one.what)}


async def on_problem(_: Request, error: Exception) -> JsonAnswer:
    """Answer a Problem."""
    if not isinstance(error, Problem):
        raise error
    return error.answer


async def on_http_error(_: Request, error: Exception) -> JsonAnswer:
    """Answer what the framework refuses: unknown paths and methods."""
    if not isinstance(error, HTTPException):
        raise error
    answer = problem(error.status_code, "http", not_served(error))
    # Such as Allow, which names the methods that would do.
    answer.headers.update(error.headers or {})
    return answer


def not_served(error: HTTPException) -> Said:
    """What to do about an address or a method that there is not; in the framework's words where it is neither."""
    if error.status_code == _NO_SUCH_ADDRESS:
        return Said("detail.no_address")
    allowed = (error.headers or {}).get("Allow")
    return said("detail.no_method", allowed=allowed) if allowed else said("detail.served", words=str(error.detail))


async def on_aborted_upload(request: Request, _: Exception) -> Response:
    """Note that a client went away before its body was there; nobody reads the answer."""
    log.warning("an upload was aborted", client=client_of(request), path=request.url.path)
    return Response(status_code=400)


async def on_defect(_: Request, error: Exception) -> JsonAnswer:
    """Answer a defect of ours without telling its inside."""
    return defect(error)


def defect(error: Exception) -> JsonAnswer:
    """The answer to a defect of ours, which does not tell its inside."""
    return problem(*_INTERNAL, said("detail.defect", name=type(error).__name__))


HANDLERS: Mapping[Any, Any] = MappingProxyType(
    {
        EsadError: on_esad_error,
        Problem: on_problem,
        HTTPException: on_http_error,
        ClientDisconnect: on_aborted_upload,
        Exception: on_defect,
    }
)
"""Who answers what; what only the framework raises, it knows besides."""
