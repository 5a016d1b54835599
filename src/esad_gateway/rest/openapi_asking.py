"""What the OpenAPI document says of every request with a token: rates, and conditions on what is read."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from esad_gateway.rest.batches import ONE
from esad_gateway.rest.described import problem
from esad_gateway.rest.rated import COUNTED
from esad_gateway.rest.saad import RECORD

_ETAG: Final = {"description": "tells this answer from any other", "schema": {"type": "string"}}
_RATES: Final = {
    "RateLimit-Policy": {"description": "how much one may ask within a minute", "schema": {"type": "string"}},
    "RateLimit": {
        "description": "how much is left of it, and in how many seconds all is",
        "schema": {"type": "string"},
    },
}
_AS_A_WHOLE: Final = "application/json"
"""What is sent while it is made, such as a file of rows or a stream of events, has no tag."""

_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "entity tags of answers that are here already: of such a one no body is sent (304)",
    "schema": {"type": "string"},
}


_IF_MATCH: Final = {
    **_IF_NONE_MATCH,
    "name": "If-Match",
    "description": "entity tags of what is to be changed, as it was seen: it is changed only if it is one of them",
}
_CHANGED: Final = (
    ("/v1/traders/{seed}/messages/{seq}/acknowledgement", "put"),
    *((f"{path}/{change}", "post") for path, change in ((ONE, "withdrawal"), (ONE, "resumption"))),
    *((f"{RECORD}/{change}", "post") for change in ("corrections", "withdrawal")),
)
"""What changes a thing that can be looked at before."""


def describe_asking(document: dict[str, Any]) -> None:
    """Add rates to every operation with a token, and conditions to those that read."""
    for path, item in document["paths"].items():
        if path.startswith(COUNTED):
            for method, operation in _with_token(item):
                _rated(operation["responses"])
                if method == "get" and _AS_A_WHOLE in operation["responses"]["200"]["content"]:
                    _conditional(operation)
                if (path, method) in _CHANGED:
                    operation.setdefault("parameters", []).append(_IF_MATCH)
                    operation["responses"]["412"] = problem("it has changed since it was looked at")


def _with_token(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The operations at a path; people sign in without one."""
    return ((method, operation) for method, operation in item.items() if "security" in operation)


def _rated(responses: dict[str, Any]) -> None:
    if "429" not in responses:
        responses["429"] = problem("more than one may ask within a minute, or at a time; Retry-After tells when")
    for response in responses.values():
        response["headers"] = {**response.get("headers", {}), **_RATES}


def _conditional(operation: dict[str, Any]) -> None:
    operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
    responses = operation["responses"]
    responses["200"]["headers"] = {**responses["200"].get("headers", {}), "ETag": _ETAG}
    responses["304"] = {"description": "it is as If-None-Match says; no body", "headers": {"ETag": _ETAG, **_RATES}}
