"""Which elements the schemas of a release have a place for: read from their text, without compiling anything."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Final

from lxml import etree

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.frozen import frozen

Outline = Mapping[str, Any]
"""Elements by name, each with the outline of what may stand in it; a value has an empty one."""

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_AROUND: Final = tuple(
    f"{_XS}{name}" for name in ("complexType", "complexContent", "extension", "sequence", "choice", "all")
)


def outline(folder: Path, message: str) -> Outline:
    """The outline of a message (``IE815``) by the schemas in ``folder``: of the element in its body.

    Raises NotConfigured when there is no such schema.
    """
    schema = _Schema()
    schema.take(folder / f"{message.lower()}.xsd")
    body = schema.outline(schema.elements[message])["Body"]
    (inside,) = body.values()
    found: Outline = inside
    return found


@frozen
class _Schema:
    """The global elements and types of a schema and of what it includes, by name."""

    elements: dict[str, etree._Element] = field(default_factory=dict)
    types: dict[str, etree._Element] = field(default_factory=dict)
    namespaces: set[str | None] = field(default_factory=lambda: {None})

    def take(self, file: Path) -> None:
        """Read a file, and those that it includes."""
        try:
            root = etree.parse(file).getroot()
        except (OSError, etree.XMLSyntaxError) as error:
            raise NotConfigured(said("release.unusable", file=str(file), words=str(error))) from error
        self.namespaces.add(root.get("targetNamespace"))
        self.elements.update({one.get("name", ""): one for one in root.iterchildren(f"{_XS}element")})
        self.types.update({one.get("name", ""): one for one in root.iterchildren(f"{_XS}complexType")})
        for included in root.iterchildren(f"{_XS}include"):
            self.take(file.parent / included.get("schemaLocation", ""))

    def outline(self, element: etree._Element) -> dict[str, Any]:
        """What may stand in an element."""
        named = self._own(element, "type")
        groups = [element] if named is None else [element, self.types.get(named, element)]
        found: dict[str, Any] = {}
        for child in (one for group in groups for one in self._elements_in(group)):
            referred = self._own(child, "ref")
            found[referred or child.get("name") or ""] = self.outline(self.elements.get(referred or "", child))
        return found

    def _elements_in(self, group: etree._Element) -> Iterator[etree._Element]:
        """The elements of a group, not those inside them."""
        base = self.types.get(self._own(group, "base") or "")
        if base is not None:
            yield from self._elements_in(base)
        for part in group:
            if part.tag == f"{_XS}element":
                yield part
            elif part.tag in _AROUND:
                yield from self._elements_in(part)

    def _own(self, element: etree._Element, attribute: str) -> str | None:
        """The name that an attribute says, where it is one of this schema and not of one that it imports."""
        prefix, _, name = element.get(attribute, "").rpartition(":")
        return name if name and element.nsmap.get(prefix or None) in self.namespaces else None
