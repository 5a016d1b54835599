"""Pieces of an OpenAPI document: answers with their examples, problems, and schemas that an example shows."""

from collections.abc import Mapping
from typing import Any, Final

from esad_gateway.web.problems import MEDIA_TYPE

TABLE: Final = "the same as a table, with all that there is unless limit is given; the columns are named as in JSON"
_KINDS: Final[Mapping[type, str]] = {str: "string", bool: "boolean", int: "integer"}


def answer(description: str, example: Mapping[str, Any], schema: str = "") -> dict[str, Any]:
    """An answer in JSON; ``schema`` is the name of its schema, where there is one."""
    of_schema = {"schema": {"$ref": f"#/components/schemas/{schema}"}} if schema else {}
    return {"description": description, "content": {"application/json": {**of_schema, "example": dict(example)}}}


def also(response: dict[str, Any], media_type: str, about: str) -> None:
    """Add to an answer another form of it, for who asks for that."""
    response["content"][media_type] = {
        "schema": {"type": "string", "contentMediaType": media_type, "description": about}
    }


def problem(description: str) -> dict[str, Any]:
    """A refusal; what it looks like, ``describe_problems`` adds to all of them."""
    content = {"schema": {"$ref": "#/components/schemas/Problem"}}
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
