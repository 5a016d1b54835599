"""Answers of SOAP as the JSON of REST: what ``soap/answers.py`` of the gateway does, the other way round."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from zeep.helpers import serialize_object

from esad_gateway.views.elements import BY_NAME, ONE_OF, TOLD

NS: Final = "urn:esad-gateway:gateway:1"

LISTS: Final = {one: many for many, one in ONE_OF.items()}
MEANT: Final = {name: member for member, name in TOLD.items()}
NAMED: Final = {name: member for member, name in BY_NAME.items()}
"""The names of elements -> the members of JSON that they are."""


def json_of(found: Any) -> dict[str, Any]:
    """The members of an answer, as REST has them; English sentences stand alone as well."""
    members: dict[str, Any] = serialize_object(found, dict)
    return _members(members)


def _members(found: Mapping[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in found.items():
        members |= _listed(name, value) if isinstance(value, list) else {name: _one(value)}
    return members


def _listed(name: str, value: list[Any]) -> dict[str, Any]:
    if name in MEANT:
        words = {one["language"]: one["_value_1"] for one in value} or None
        english = {} if MEANT[name] == name else {name: words and words["en"]}
        return {**english, MEANT[name]: words}
    if name in NAMED:
        return {NAMED[name]: {one["name"]: _number(one["_value_1"], name) for one in value}}
    return {LISTS.get(name, name): [_one(one) for one in value]}


def _number(text: str | None, name: str) -> Any:
    return int(text or 0) if name == "count" else text


def _one(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _members(value)
    return value.isoformat() if isinstance(value, date) else value
