"""Places in a document as faults name them: ``/IE815/Body/…/BodyEadEsad[2]/GrossMass``, local names and positions."""

import re
from itertools import islice
from typing import Final

from lxml import etree

LONGEST_VALUE: Final = 350
"""Characters of an offending value that a fault quotes: as many as an IE704 or IE917 can carry."""

_LONGEST_NAME: Final = 80
_STEP: Final = re.compile(r"(?P<name>[^\[\]/]+)(?:\[(?P<position>[1-9][0-9]{0,6})\])?")


def locate(root: etree._Element, path: str) -> int | None:
    """The source line of ``path`` in the document of ``root``, or of its nearest ancestor that is there.

    A step without a position means the first such element. ``None`` when not even the root element is the one named,
    or when the tree was not parsed and so has no lines.
    """
    found, _ = _follow(root, path)
    return None if found is None else line_of(found)


def text_at(root: etree._Element, path: str) -> str | None:
    """The text of the element or attribute (``…/@language``) at ``path``; ``None`` when it is missing or a group.

    The text is given as it stands in the document, cut after 350 characters.
    """
    found, missed = _follow(root, path)
    if found is None or len(missed) > 1:
        return None
    if not missed:
        return value_of(found)
    value = found.get(missed[0][1:]) if missed[0].startswith("@") else None
    return value if value is None else value[:LONGEST_VALUE]


def path_of(element: etree._Element) -> str:
    """The path of ``element``; a position where there are several of its name."""
    steps = [_step(ancestor) for ancestor in (element, *element.iterancestors())]
    return "".join(reversed(steps))


def _step(element: etree._Element) -> str:
    name = str(element.tag)
    position = 1 + len(list(element.itersiblings(name, preceding=True)))
    alone = position == 1 and next(element.itersiblings(name), None) is None
    return f"/{local_name(element)}" + ("" if alone else f"[{position}]")


def local_name(element: etree._Element) -> str:
    """The name without its namespace, cut after 80 characters (no name of EMCS is longer than 60)."""
    return etree.QName(element).localname[:_LONGEST_NAME]


def value_of(element: etree._Element) -> str | None:
    """The text of ``element`` as a fault quotes it; ``None`` for a group."""
    return None if len(element) else (element.text or "")[:LONGEST_VALUE]


def line_of(element: etree._Element) -> int | None:
    """The line of ``element`` in the document that was parsed."""
    return element.sourceline


def _follow(root: etree._Element, path: str) -> tuple[etree._Element | None, list[str]]:
    """The last element of ``path`` that exists, and the steps that led nowhere."""
    first, *steps = path.strip("/").split("/")
    name, position = _parsed(first)
    if name != etree.QName(root).localname or position != 1:
        return None, [first, *steps]
    here = root
    for number, text in enumerate(steps):
        child = _child(here, *_parsed(text))
        if child is None:
            return here, steps[number:]
        here = child
    return here, []


def _child(parent: etree._Element, name: str, position: int) -> etree._Element | None:
    """The child at ``position`` among those of that local name; ``None`` for no name.

    libxml2 walks: of a document with 999 lines and a few faults in each, thousands of places are asked for.
    """
    return next(islice(parent.iterchildren(f"{{*}}{name}"), position - 1, None), None) if name else None


def _parsed(text: str) -> tuple[str, int]:
    found = _STEP.fullmatch(text)
    return (found["name"], int(found["position"] or 1)) if found else ("", 0)
