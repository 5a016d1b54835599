"""Parts of archives as XML, read so that nothing outside is fetched and no more is held than is needed."""

from collections.abc import Iterator
from typing import IO, Any, Final, NoReturn

from lxml import etree

from esad_gateway.faults import said
from esad_gateway.sheets.flaws import flaw, refuse

_LONGEST: Final = 200

_CAREFUL: Final[dict[str, Any]] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def root_of(content: bytes) -> etree._Element:
    """The root of a small part. Raises Unreadable where it is not well-formed."""
    try:
        root: etree._Element = etree.fromstring(content, etree.XMLParser(**_CAREFUL))
    except etree.XMLSyntaxError as error:
        _refuse(error)
    return root


def careful_events(content: IO[bytes], tags: tuple[str, ...]) -> Iterator[tuple[str, etree._Element]]:
    """``start`` and ``end`` of the elements of a large part. Raises Unreadable where it is not well-formed."""
    try:
        yield from etree.iterparse(content, events=("start", "end"), tag=tags, **_CAREFUL)
    except etree.XMLSyntaxError as error:
        _refuse(error)


def elements(root: etree._Element, name: str) -> Iterator[etree._Element]:
    """The elements of this local name."""
    return root.iter(f"{{*}}{name}")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def forget(element: etree._Element) -> None:
    """Drop what stands in an element and before it, which was looked at."""
    element.clear()
    above = element.getparent()
    while above is not None and element.getprevious() is not None:
        del above[0]


def _refuse(error: etree.XMLSyntaxError) -> NoReturn:
    refuse(
        flaw("SHEET-DAMAGED", format="XML", reason=said("said.library", words=str(error.msg)[:_LONGEST])),
        line=error.lineno,
    )
