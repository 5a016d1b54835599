"""Elements of HTML. Whatever is put into one is text: nothing that a stranger has written becomes an element."""

from collections.abc import Iterable
from typing import TypeAlias

from lxml import etree

from esad_gateway.letters import writable

Element: TypeAlias = etree._Element  # noqa: SLF001 - the name of the type
Child: TypeAlias = Element | str | None


def element(tag: str, *children: Child, **attributes: str | None) -> Element:
    """An element with its children, texts or elements; ``None`` is no child, and no attribute.

    Names of attributes are in the form of Python: ``class_``, ``aria_label``.
    """
    made = etree.Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.rstrip("_").replace("_", "-"), writable(value))
    for child in children:
        if isinstance(child, str):
            _write(made, writable(child))
        elif child is not None:
            made.append(child)
    return made


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[Child]]) -> Element:
    """A table within a box that can be moved by keyboard where the screen is narrow."""
    first = element("thead", element("tr", *(element("th", head, scope="col") for head in heads)))
    body = element("tbody", *(element("tr", *(element("td", cell) for cell in row)) for row in rows))
    whole = element("table", element("caption", caption), first, body)
    return element("div", whole, class_="wide", tabindex="0", role="region", aria_label=caption)


def link(text: str, to: str, **attributes: str | None) -> Element:
    """A link."""
    return element("a", text, href=to, **attributes)


def document(root: Element) -> bytes:
    """The bytes of a page."""
    return etree.tostring(root, method="html", encoding="utf-8", doctype="<!doctype html>")


def _write(made: Element, text: str) -> None:
    if len(made):
        made[-1].tail = (made[-1].tail or "") + text
    else:
        made.text = (made.text or "") + text
