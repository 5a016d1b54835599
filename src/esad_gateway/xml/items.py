"""What the fields of a message's dataclasses are in the XML: which elements, of which values, in which order."""

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from esad_gateway.xml.outline import Outline

_NOT_ITEMS: Final = ("language", "header")
"""An attribute, and what has a namespace and a place of its own."""


class XmlItem(NamedTuple):
    """One field that is an element: its ``name`` there, the type of one of its values, whether there may be several.

    ``within`` are the elements that there are in a group, ``None`` for all of them.
    """

    field: str
    name: str
    kind: Any
    repeated: bool
    within: Outline | None


def items(cls: type[Any], places: Outline | None = None) -> tuple[XmlItem, ...]:
    """The fields of a class that are elements, in their order; only those in ``places``, if that is given."""
    hints = get_type_hints(cls)
    every = (_item(field.name, hints[field.name], places) for field in fields(cls) if field.name not in _NOT_ITEMS)
    return tuple(item for item in every if places is None or item.name in places)


def has_language(cls: type[Any]) -> bool:
    """Whether the element of a class has that attribute."""
    return any(field.name == "language" for field in fields(cls))


def values_of(group_items: tuple[XmlItem, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """A function from a group to the values of these fields."""
    get = attrgetter(*(item.field for item in group_items))
    return get if len(group_items) > 1 else lambda group: (get(group),)


def xml_name(field: str) -> str:
    """The element of a field: ``body_ead_esad`` is ``BodyEadEsad``."""
    return "".join(part.capitalize() for part in field.split("_"))


def _item(field: str, hint: Any, places: Outline | None) -> XmlItem:
    name, repeated = xml_name(field), get_origin(hint) is tuple
    kind = get_args(hint)[0] if repeated else _without_none(hint)
    return XmlItem(field, name, kind, repeated, None if places is None else places.get(name))


def _without_none(hint: Any) -> Any:
    return next(kind for kind in get_args(hint) if kind is not NoneType) if isinstance(hint, UnionType) else hint
