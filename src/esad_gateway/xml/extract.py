"""An IE713 of any size in parts: read from a file as it goes, each part judged by the schemas, memory bounded.

A full register has some hundred thousand operators and some hundred megabytes, more than :func:`.parse.parse` takes.
Every part is a small IE713 with the header of the whole and up to :data:`PART` of its occurrences.
"""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO, Final

from lxml import etree

from esad_gateway.errors import MalformedXml
from esad_gateway.faults import Faults, Said, said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, PlaceStep
from esad_gateway.xml.parse import parser_reason
from esad_gateway.xml.release import Releases

PART: Final = 500
"""Occurrences in one part."""

KINDS: Final = ("TraderAuthorisation", "TaxWarehouse", "TemporaryAuthorisation")
"""The occurrences, in the order in which they stand."""

_MESSAGE: Final = "IE713"
_DEPTH: Final = 3  # the document, the body, and the one element in it
_LAST_LINE: Final = 65_535  # libxml2 counts no further


@frozen
class ExtractPart:
    """Some occurrences as an IE713 of their own; ``before`` counts those of each kind in the parts before it."""

    root: etree._Element
    before: Counter[str]

    def whole(self, place: Place) -> Place:
        """The place in the whole document of what stands at ``place`` in this part."""
        steps = place.steps
        number = next((number for number, step in enumerate(steps) if step.name in KINDS), None)
        if number is None:
            return place
        name, position = steps[number]
        moved = PlaceStep(name, (position or 1) + self.before[name])
        return Place((*steps[:number], moved, *steps[number + 1 :]))

    def faults(self, releases: Releases) -> Faults:
        """What the schema finds wrong, at its places in the whole document."""
        return tuple(
            replace(fault, place=self.whole(fault.place), line=_known(fault.line))
            for fault in releases.faults(self.root)
        )


def _known(line: int | None) -> int | None:
    return line if line is not None and line < _LAST_LINE else None


def parts(file: IO[bytes]) -> Iterator[ExtractPart]:
    """The parts of the IE713 in ``file``; the last has no occurrences, and what else stands in the document.

    Occurrences that stand in the wrong order come in parts that the schema refuses, as does everything else that it
    would refuse in the whole. Raises MalformedXml for what is no XML, for a DOCTYPE, and for another root element.
    """
    reading = _Reading(file)
    try:
        yield from reading.parts()
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise MalformedXml(parser_reason(error), line or 1, column or 1) from error


@dataclass(slots=True)
class _Reading:
    """Where the reading of a file stands."""

    file: IO[bytes]
    seen: Counter[str] = field(default_factory=Counter)
    waiting: list[etree._Element] = field(default_factory=list)
    last: etree._Element | None = None

    def parts(self) -> Iterator[ExtractPart]:
        tags = [f"{{*}}{kind}" for kind in KINDS]
        events = etree.iterparse(
            self.file, events=("end",), tag=tags, remove_comments=True, resolve_entities=False, no_network=True
        )
        for _, element in events:
            if _is_occurrence(element):
                self.waiting.append(_copy_of(element))
                _forget(element)
                if len(self.waiting) == PART:
                    yield self._part(element.getroottree())
        root = events.root
        if root is None:
            raise MalformedXml(Said("xml.empty_file"))
        _check(root)
        if self.waiting:
            yield self._part(root.getroottree())
        for emptied in [element for element in root.iter(*tags) if _is_occurrence(element)]:
            _drop(emptied)
        yield ExtractPart(root, self.seen)

    def _part(self, document: etree._ElementTree) -> ExtractPart:
        root = copy.deepcopy(document.getroot())
        _check(root)
        container = root[-1][-1]
        for child in list(container):
            if etree.QName(child).localname in KINDS:
                container.remove(child)
        counted = self.seen
        if self.last is not None and _rank(self.last) > _rank(self.waiting[0]):
            # Only beside each other do they show the schema that their order is wrong.
            counted = counted - Counter([etree.QName(self.last).localname])
            container.append(self.last)
        self.seen = self.seen + Counter(etree.QName(element).localname for element in self.waiting)
        self.last = copy.deepcopy(self.waiting[-1])
        container.extend(self.waiting)
        self.waiting = []
        return ExtractPart(root, counted)


def _is_occurrence(element: etree._Element) -> bool:
    """Whether an element of such a name stands where the occurrences are: in the body's one element."""
    return len(list(element.iterancestors())) == _DEPTH


def _rank(occurrence: etree._Element) -> int:
    return KINDS.index(etree.QName(occurrence).localname)


def _copy_of(occurrence: etree._Element) -> etree._Element:
    """A copy, because the parser still holds the element itself."""
    copied = copy.deepcopy(occurrence)
    copied.tail = None
    return copied


def _forget(occurrence: etree._Element) -> None:
    """Empty an occurrence and remove those before it: the parser must find the last one where it is."""
    occurrence.clear(keep_tail=True)
    while (before := occurrence.getprevious()) is not None and etree.QName(before).localname in KINDS:
        _drop(before)


def _drop(occurrence: etree._Element) -> None:
    """Remove an occurrence, and leave the text behind it for the schema to see."""
    container = occurrence.getparent()
    if container is None:
        return
    stray = (occurrence.tail or "").strip()
    if stray:
        container.text = (container.text or "") + stray
    container.remove(occurrence)


def _check(root: etree._Element) -> None:
    document = root.getroottree().docinfo
    if document.doctype:
        raise MalformedXml(Said("xml.doctype"))
    name = etree.QName(root).localname
    if name != _MESSAGE:
        raise MalformedXml(said("xml.other_message", name=name[:80], message=_MESSAGE), root.sourceline or 1)
