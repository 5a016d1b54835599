"""A second release of the messages beside the one that ships: the same under another number, with one element less."""

import re
from pathlib import Path

from esad_gateway import resources

SHIPPED = "3.23"
MISSING = "InvoiceDate"
"""The element of IE801 and IE815, optional in the shipped release, that the second one does not have."""

_ELEMENT = f'<xs:element name="{MISSING}" type="emcs:DateType" minOccurs="0"/>'


def make_release(root: Path, number: str) -> Path:
    """Write the schemas of release ``number`` below ``root``; returns their folder."""
    source, target = resources.schemas() / "emcs" / SHIPPED, root / number
    target.mkdir(parents=True)
    for schema in source.glob("*.xsd"):
        text = schema.read_text(encoding="utf-8").replace(_ELEMENT, "")
        (target / schema.name).write_text(text.replace(f":V{SHIPPED}", f":V{number}"), encoding="utf-8")
    return target


def in_release(document: bytes, number: str) -> bytes:
    """A document of the shipped release as it is in another one, without what that has no place for."""
    return renamed(re.sub(f"<{MISSING}>.*?</{MISSING}>".encode(), b"", document), number)


def renamed(document: bytes, number: str) -> bytes:
    """A document of the shipped release with the namespaces of another one."""
    return document.replace(f":V{SHIPPED}".encode(), f":V{number}".encode())
