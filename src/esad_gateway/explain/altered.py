"""What was changed in a document after it was signed: the document beside its original, part by part."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from lxml import etree

from esad_gateway.faults import Said, said
from esad_gateway.xml.payload import SIGNATURE
from esad_gateway.xml.place import place_of

_LONGEST: Final = 60
"""How many characters of a text are shown."""

_BLANK: Final = " \t\r\n"


def alterations(found: etree._Element, original: etree._Element) -> Iterator[Said]:
    """In what ``found`` differs from ``original``, in document order; nothing where they say the same to a signature.

    Signatures are left out, of both. After an element that stands in the place of another one nothing more is told:
    then nobody knows what belongs to what. Not checked: the signature, and whether that is the original.
    """
    for one, other in zip_longest(_parts(found), _parts(original)):
        if one is None or other is None or one.tag != other.tag:
            yield _displaced(one, other)
            return
        place = _where(one)
        yield from _attributes(place, one, other)
        for now, before in ((one.text, other.text), (_tail(one), _tail(other))):
            if (now or "") != (before or ""):
                yield _text(place, before or "", now or "")


def _parts(root: etree._Element) -> Iterator[etree._Element]:
    """The elements, comments and the like of a document, without its signature."""
    return (one for one in root.iter() if one.tag != SIGNATURE and next(one.iterancestors(SIGNATURE), None) is None)


def _tail(element: etree._Element) -> str | None:
    """The text after an element; that of the last one goes on behind the signature."""
    following = element.getnext()
    if following is None or following.tag != SIGNATURE:
        return element.tail
    return (element.tail or "") + (following.tail or "")


def _displaced(found: etree._Element | None, original: etree._Element | None) -> Said:
    if found is None:
        return said("altered.gone", place=_where(original))
    if original is None:
        return said("altered.added", place=_where(found))
    return said("altered.displaced", place=_where(original), found=_where(found))


def _where(element: etree._Element | None) -> str:
    if element is None or not isinstance(element.tag, str):
        return "<!-- -->"
    return str(place_of(element))


def _attributes(place: str, found: etree._Element, original: etree._Element) -> Iterator[Said]:
    now, before = dict(found.items()), dict(original.items())
    for name in sorted(now.keys() | before.keys()):
        if now.get(name) != before.get(name):
            values = {"before": _shown(before.get(name, "")), "now": _shown(now.get(name, ""))}
            yield said("altered.attribute", place=place, name=name, **values)


def _text(place: str, before: str, now: str) -> Said:
    if before.replace("\r", "") == now.replace("\r", ""):
        return said("altered.line_ends", place=place)
    if not before.strip(_BLANK) and not now.strip(_BLANK):
        return said("altered.white_space", place=place)
    return said("altered.text", place=place, before=_shown(before), now=_shown(now))


def _shown(text: str) -> str:
    return repr(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
