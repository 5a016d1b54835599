"""Completes the OpenAPI document by what the parts of the national domain say of their routes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.described import answer, problem
from esad_gateway.rest.national.described import DescribedRoute
from esad_gateway.rest.national.described_guarantees import GUARANTEES
from esad_gateway.rest.national.described_people import PEOPLE
from esad_gateway.rest.national.described_sign_in import SIGNING_IN

ROUTES: Final[Mapping[tuple[str, str], DescribedRoute]] = MappingProxyType({**PEOPLE, **SIGNING_IN, **GUARANTEES})
"""Every route of a national door; each part adds its table."""

KINDS: Final[Mapping[tuple[str, str, str], str]] = MappingProxyType(
    {(*key, status): kind for key, one in ROUTES.items() for status, (kind, _) in one.problems.items()}
)
"""The kind of problem by path, method and status."""


def describe_national(document: dict[str, Any]) -> None:
    """Add to the document what the framework does not know of national routes, as far as this gateway has them."""
    for (path, method), one in ROUTES.items():
        if path in document["paths"]:
            _describe(document["paths"][path][method], one)


def _describe(operation: dict[str, Any], one: DescribedRoute) -> None:
    responses = operation["responses"]
    for status in ("404", "401") if one.is_open else ("404",):
        responses.pop(status, None)
    responses[one.status] = answer(one.about, one.example)
    responses.update({status: answer(about, one.example) for status, about in one.also.items()})
    responses.update({status: problem(about) for status, (_, about) in one.problems.items()})
    if one.body is not None:
        content = {"application/json": {"schema": dict(one.schema), "example": dict(one.body)}}
        operation["requestBody"] = {"required": True, "content": content}
