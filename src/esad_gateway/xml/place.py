"""The places of faults in a parsed document: where an element stands, and what stands at a place."""

import re
from dataclasses import replace
from itertools import islice
from typing import Final

from lxml import etree

from esad_gateway.faults import Faults
from esad_gateway.place import Place, PlaceStep

LONGEST_VALUE: Final = 350
"""Characters of an offending value that a fault quotes: as many as an IE704 or IE917 can carry."""

_LONGEST_NAME: Final = 80
_NAME: Final = re.compile(r"[^\[\]/{}@*]+")


def locate(root: etree._Element, place: Place) -> int | None:
    """The source line of ``place`` in the document of ``root``, or of its nearest ancestor that is there.

    A step without a position means the first such element. ``None`` when not even the root element is the one named,
    or when the tree was not parsed and so has no lines.
    """
    found = _follow(root, place)
    return None if found is None else line_of(found)


def with_lines(root: etree._Element, faults: Faults) -> Faults:
    """``faults`` of the document of ``root``, each with the source line of its place."""
    return tuple(
        fault if fault.line is not None else replace(fault, line=locate(root, fault.place)) for fault in faults
    )


def place_of(element: etree._Element) -> Place:
    """The place of ``element``; a position where there are several of its name."""
    return Place(tuple(_step(ancestor) for ancestor in reversed((element, *element.iterancestors()))))


def _step(element: etree._Element) -> PlaceStep:
    name = str(element.tag)
    position = 1 + len(list(element.itersiblings(name, preceding=True)))
    alone = position == 1 and next(element.itersiblings(name), None) is None
    return PlaceStep(local_name(element), None if alone else position)


def local_name(element: etree._Element) -> str:
    """The name without its namespace, cut after 80 characters (no name of EMCS is longer than 60)."""
    return etree.QName(element).localname[:_LONGEST_NAME]


def value_of(element: etree._Element) -> str | None:
    """The text of ``element`` as a fault quotes it; ``None`` for a group."""
    return None if len(element) else (element.text or "")[:LONGEST_VALUE]


def line_of(element: etree._Element) -> int | None:
    """The line of ``element`` in the document that was parsed."""
    return element.sourceline


def _follow(root: etree._Element, place: Place) -> etree._Element | None:
    """The last element of ``place`` that exists."""
    if not place.steps or place.steps[0].name != etree.QName(root).localname or (place.steps[0].position or 1) != 1:
        return None
    here = root
    for step in place.steps[1:]:
        child = _child(here, step)
        if child is None:
            break
        here = child
    return here


def _child(parent: etree._Element, step: PlaceStep) -> etree._Element | None:
    """The child at the position of ``step`` among those of its local name; ``None`` for no name of an element.

    libxml2 walks: of a document with 999 lines and a few faults in each, thousands of places are asked for.
    """
    named = parent.iterchildren(f"{{*}}{step.name}") if _NAME.fullmatch(step.name) else iter(())
    return next(islice(named, (step.position or 1) - 1, None), None)
