"""What the OpenAPI document shows of refusals: at each status an example of the kind that is answered there."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.batches import BATCHES
from esad_gateway.rest.national.cases import ACTS, CASES
from esad_gateway.rest.national.declarations import FILINGS
from esad_gateway.rest.national.duty import DUTY
from esad_gateway.rest.national.openapi import KINDS
from esad_gateway.rest.national.refunds import REFUND
from esad_gateway.rest.saad import RECORD, SAAD
from esad_gateway.rest.webhooks import WEBHOOKS
from esad_gateway.web.problem_pages import problem_examples
from esad_gateway.web.problems import MEDIA_TYPE

_KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "400": "malformed-json",
        "401": "no-token",
        "403": "signature-refused",
        "404": "not-found",
        "406": "not-acceptable",
        "409": "key-reused",
        "410": "removed",
        "412": "changed-since",
        "413": "too-large",
        "415": "media-type",
        "422": "invalid-parameter",
        "429": "too-many",
        "500": "undecided",
        "503": "try-again",
    }
)
"""What a status mostly says."""

_OTHERWISE: Final[Mapping[tuple[str, str, str], str]] = MappingProxyType(
    {
        ("/v1/messages", "post", "400"): "malformed-xml",
        ("/v1/messages", "post", "409"): "identifier-reused",
        ("/v1/messages", "post", "429"): "over-quota",
        ("/v1/messages/validate", "post", "400"): "malformed-xml",
        ("/v1/messages/compose", "post", "422"): "compose-refused",
        (BATCHES, "post", "400"): "malformed-form",
        (BATCHES, "post", "415"): "content-encoding",
        (SAAD, "post", "422"): "entry-refused",
        (RECORD + "/corrections", "post", "422"): "entry-refused",
        (RECORD + "/withdrawal", "post", "422"): "entry-refused",
        (FILINGS, "post", "422"): "national-refused",
        (WEBHOOKS, "post", "422"): "webhook-refused",
        (DUTY, "post", "422"): "national-refused",
        (REFUND, "get", "422"): "national-refused",
        (CASES, "post", "422"): "national-refused",
        (ACTS, "post", "409"): "national-refused",
        (ACTS, "post", "422"): "national-refused",
        ("/problems/{kind}", "get", "404"): "http",
        ("/ready", "get", "503"): "not-ready",
    }
)
"""Where it says something else."""

_REFUSES: Final = frozenset({(RECORD + "/withdrawal", "post")})
"""What may be refused though it takes nothing but texts."""


def describe_problems(document: dict[str, Any]) -> None:
    """Give every refusal its example, and every operation the one that the server itself makes."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _without_what_cannot_be(path, method, operation)
            responses = operation["responses"]
            operation["responses"] = {
                status: _with_example(response, _example(path, method, status)) if _refuses(response) else response
                for status, response in responses.items()
            }
            operation["responses"]["431"] = _too_long()


def _refuses(response: Mapping[str, Any]) -> bool:
    return MEDIA_TYPE in response.get("content", {})


def _with_example(response: Mapping[str, Any], example: Mapping[str, Any]) -> dict[str, Any]:
    """The response anew: several operations may have the same one."""
    return {**response, "content": {MEDIA_TYPE: {**response["content"][MEDIA_TYPE], "example": dict(example)}}}


def _without_what_cannot_be(path: str, method: str, operation: dict[str, Any]) -> None:
    """Take out that a parameter may be of another kind, where there is none that could be."""
    given = [one for one in operation.get("parameters", []) if one["in"] != "header"]
    told = any(one["in"] == "query" or one["schema"].get("type") != "string" for one in given)
    if not told and "requestBody" not in operation and (path, method) not in _REFUSES:
        operation["responses"].pop("422", None)


def _example(path: str, method: str, status: str) -> Mapping[str, Any]:
    asked = (path, method, status)
    return problem_examples()[_OTHERWISE.get(asked) or KINDS.get(asked) or _KINDS[status]]


def _too_long() -> dict[str, Any]:
    example = dict(problem_examples()["connection"])
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    return {"description": "the path, the query or the header is too large", "content": {MEDIA_TYPE: content}}
