"""Pieces of an OpenAPI document: answers with their examples, problems, and schemas that an example shows."""

from collections.abc import Mapping
from typing import Any, Final

from esad_gateway.rest import examples
from esad_gateway.web.problems import MEDIA_TYPE

_KINDS: Final[Mapping[type, str]] = {str: "string", bool: "boolean", int: "integer"}


def answer(description: str, example: Mapping[str, Any], schema: str = "") -> dict[str, Any]:
    """An answer in JSON; ``schema`` is the name of its schema, where there is one."""
    of_schema = {"schema": {"$ref": f"#/components/schemas/{schema}"}} if schema else {}
    return {"description": description, "content": {"application/json": {**of_schema, "example": dict(example)}}}


def problem(description: str) -> dict[str, Any]:
    """A refusal."""
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": dict(examples.PROBLEM)}
    return {"description": description, "content": {MEDIA_TYPE: content}}


def schema_of(example: Any) -> dict[str, Any]:
    """The schema of what is as the example is: its members, all of them there; what is null there may be anything."""
    if isinstance(example, Mapping):
        members = {name: schema_of(value) for name, value in example.items()}
        return {"type": "object", "required": list(members), "properties": members}
    if isinstance(example, list):
        return {"type": "array", "items": schema_of(example[0]) if example else {}}
    kind = _KINDS.get(type(example))
    return {"type": kind} if kind else {}
