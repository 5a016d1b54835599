"""What the schema of a message asks, as plain tables: the sequence of every group, bounds, attributes and values.

Read from the schema through the components of xmlschema, whose simple types also judge single values. Only
documents that were refused need this.
"""

import re
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, cast

import xmlschema
from xmlschema.validators import XsdAttribute, XsdComplexType, XsdElement, XsdEnumerationFacets, XsdGroup, XsdSimpleType

from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.texts import ENGLISH, usual

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_FOREIGN_SPACE: Final = re.compile(r"[^\S \t\r\n]")


_NAMED: Final = re.compile(r"\\\{(\w+)\\\}")
_OTHERS: Final = frozenset({"form.codes", "form.as_written"})


@frozen
class Value:
    """A simple type: whether a text is of it, and in words what is; ``longest`` is its length bound, if it has one."""

    accepts: Callable[[str], bool]
    expected: Said
    longest: int | None


@frozen
class Attribute:
    """An attribute that an element may or must have."""

    required: bool
    value: Value


@frozen
class Shape:
    """An element: its name in Clark notation, its bounds, and what it holds: a value or a sequence of children.

    ``most`` is the largest number there is for an element that may repeat without bound.
    """

    tag: str
    least: int
    most: int
    value: Value | None
    children: tuple["Shape", ...]
    attributes: Mapping[str, Attribute]

    @property
    def name(self) -> str:
        """The name without its namespace."""
        return self.tag.rpartition("}")[2]


def shape_of(schema_file: Path) -> Shape:
    """The shape of the message whose schema is ``schema_file`` (it has one global element)."""
    # The schema itself is judged elsewhere (libxml2 compiles it, tests validate it): that takes most of the time.
    schema = xmlschema.XMLSchema10(str(schema_file), allow="local", validation="skip")
    (root,) = schema.elements.values()
    return _element(root)


def _element(element: XsdElement) -> Shape:
    kind = element.type
    content = kind.content if isinstance(kind, XsdComplexType) else kind
    return Shape(
        tag=element.name,
        least=element.min_occurs,
        most=sys.maxsize if element.max_occurs is None else element.max_occurs,
        value=None if isinstance(content, XsdGroup) else _value(content),
        children=tuple(_element(cast("XsdElement", child)) for child in content)
        if isinstance(content, XsdGroup)
        else (),
        attributes=_attributes(kind) if isinstance(kind, XsdComplexType) else {},
    )


def _attributes(kind: XsdComplexType) -> dict[str, Attribute]:
    attributes = {name: item for name, item in kind.attributes.items() if isinstance(item, XsdAttribute)}
    return {str(name): Attribute(item.use == "required", _value(item.type)) for name, item in attributes.items()}


def _value(kind: XsdSimpleType) -> Value:
    # xmlschema collapses every white space of Unicode; XML and libxml2 know four characters of it, others are text.
    return Value(
        accepts=lambda text: kind.text_is_valid(_FOREIGN_SPACE.sub("\N{CURRENCY SIGN}", text)),
        expected=_codes(kind) or form(" ".join(str(kind.annotation).split()).rstrip(".")),
        longest=kind.max_length,
    )


def form(sentence: str) -> Said:
    """What the schema says of a type in English, by its key where that is known, or else as it is written there."""
    found = ((key, pattern.fullmatch(sentence)) for key, pattern in _forms())
    named = (Said(key, tuple(match.groupdict().items())) for key, match in found if match)
    return next(named, said("form.as_written", text=sentence))


@cache
def _forms() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The English sentences on forms, each as a pattern that reads what the schema says."""
    forms = ((key, text) for key, text in usual(ENGLISH).items() if key.startswith("form.") and key not in _OTHERS)
    return tuple((key, re.compile(_NAMED.sub(r"(?P<\1>[^:]+?)", re.escape(text)))) for key, text in forms)


def _codes(kind: XsdSimpleType) -> Said | None:
    facet = kind.get_facet(f"{_XS}enumeration")
    if not isinstance(facet, XsdEnumerationFacets):
        return None
    codes = {str(code.get("value")): code.findtext(f".//{_XS}documentation") for code in facet}
    meanings = ", ".join(f"{code} ({meaning})" for code, meaning in codes.items())
    return said("form.codes", codes=", ".join(codes), meanings=meanings)
