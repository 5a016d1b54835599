"""Elements to values: for every class of a message a table of its elements, made when one is first read."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from lxml import etree

from esad_gateway.emcs.messages.fields import Text
from esad_gateway.errors import MalformedXml
from esad_gateway.faults import said
from esad_gateway.xml.items import XmlItem, has_language, items, xml_name
from esad_gateway.xml.values import codec_of, collapse


class Read(Protocol):
    """Reads a group."""

    def __call__(self, element: etree._Element, /) -> dict[str, Any]:
        """The values of the fields that are there, by name."""


class _Reader(NamedTuple):
    """How one element becomes a value of a field."""

    field: str
    repeated: bool
    value_of: Callable[[etree._Element], Any]


def reader(cls: type[Any], namespace: str) -> Read:
    """What reads a group of ``cls`` whose elements are in ``namespace``.

    It raises MalformedXml for a value that Python has no room for. Not checked: what the schema says.
    """
    inside = items(cls)
    # The tag of an element is a str wherever a parser made the tree.
    readers: Mapping[Any, _Reader] = {
        f"{{{namespace}}}{item.name}": _Reader(item.field, item.repeated, _value_of(item, namespace)) for item in inside
    }
    several = tuple(item.field for item in inside if item.repeated)
    speaks = has_language(cls)

    def read(element: etree._Element) -> dict[str, Any]:
        values = _values(readers, element)
        for field in several:
            if field in values:
                values[field] = tuple(values[field])
        if speaks and (language := element.get("language")) is not None:
            values["language"] = collapse(language)
        return values

    return read


def _values(readers: Mapping[Any, _Reader], element: etree._Element) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for child in element:
        field, repeated, value_of = readers[child.tag]
        try:
            value = value_of(child)
        except (ValueError, ArithmeticError) as error:
            raise MalformedXml(said("xml.no_room", name=xml_name(field)), child.sourceline or 1) from error
        if repeated:
            values.setdefault(field, []).append(value)
        else:
            values[field] = value
    return values


def _value_of(item: XmlItem, namespace: str) -> Callable[[etree._Element], Any]:
    if item.kind is Text:
        return _read_text
    if item.kind is str:
        return _read_token
    codec = codec_of(item.kind)
    if codec is not None:
        read_value = codec.read
        return lambda element: read_value(element.text or "")
    cls, read = item.kind, reader(item.kind, namespace)
    return lambda element: cls(**read(element))


def _read_text(element: etree._Element) -> Text:
    return Text(collapse(element.text or ""), collapse(element.get("language", "")))


def _read_token(element: etree._Element) -> str:
    text = element.text or ""
    return text if text.isalnum() else collapse(text)  # more than half of all values are one word
