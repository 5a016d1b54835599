"""Elements to values: for every class of a message a table of its elements, made when one is first read."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Protocol

from lxml import etree

from esad_gateway.emcs.messages.fields import Text
from esad_gateway.errors import MalformedXml
from esad_gateway.xml.items import XmlItem, has_language, items, xml_name
from esad_gateway.xml.values import codec_of, collapse


class Read(Protocol):
    """Reads a group."""

    def __call__(self, element: etree._Element, /) -> dict[str, Any]:
        """The values of the fields that are there, by name."""


class _Reader(NamedTuple):
    """How one element becomes the value of a field: by its text alone, or as an element."""

    field: str
    repeated: bool
    of_text: Callable[[str], Any] | None
    of_element: Callable[[etree._Element], Any]


def reader(cls: type[Any], namespace: str) -> Read:
    """What reads a group of ``cls`` whose elements are in ``namespace``.

    It raises MalformedXml for a value that Python has no room for. Not checked: what the schema says.
    """
    inside = items(cls)
    # The tag of an element is a str wherever a parser made the tree.
    readers: Mapping[Any, _Reader] = {f"{{{namespace}}}{item.name}": _reader(item, namespace) for item in inside}
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
        field, repeated, of_text, of_element = readers[child.tag]
        try:
            value = of_text(child.text or "") if of_text else of_element(child)
        except (ValueError, ArithmeticError) as error:
            raise MalformedXml(f"{xml_name(field)} cannot be represented", child.sourceline or 1) from error
        if repeated:
            values.setdefault(field, []).append(value)
        else:
            values[field] = value
    return values


def _reader(item: XmlItem, namespace: str) -> _Reader:
    if item.kind is Text:
        return _Reader(item.field, item.repeated, None, _read_text)
    codec = codec_of(item.kind)
    if codec is not None:
        read_text = codec.read
        return _Reader(item.field, item.repeated, read_text, lambda element: read_text(element.text or ""))
    cls, read = item.kind, reader(item.kind, namespace)
    return _Reader(item.field, item.repeated, None, lambda element: cls(**read(element)))


def _read_text(element: etree._Element) -> Text:
    return Text(collapse(element.text or ""), collapse(element.get("language", "")))
