"""Random documents of every EMCS message, made from the tests' own dictionary (see :mod:`helpers.dictionary`)."""

import base64
import copy
import random
import string
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

from lxml import etree

from helpers.dictionary import Item, ItemType, item_types, messages

NAMESPACE = "urn:publicid:-:EC:DGTAXUD:EMCS:PHASE4:{}:V3.23"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ąčęėįšųūžŁß€λΩж𝄞.,;:-/()&<>'\"=]"
EVERYTHING = 1.0
NOTHING_OPTIONAL = 0.0


def valid_document(message: str, rng: random.Random, *, fullness: float = 0.5) -> bytes:
    """A schema-valid document of ``message`` ("IE815") as UTF-8 bytes; the same ``rng`` state gives the same bytes.

    ``fullness`` is the chance of every optional item: 0 gives the smallest document, 1 one with every item.
    Only the schema is obeyed, no rule or condition.
    """
    root = valid_tree(message, rng, fullness=fullness)
    if rng.random() < 0.5:
        etree.indent(root)
    return etree.tostring(root, xml_declaration=rng.random() < 0.5, encoding="UTF-8")


def valid_tree(message: str, rng: random.Random, *, fullness: float = 0.5) -> etree._Element:
    """The same as :func:`valid_document`, as a tree."""
    own, header = NAMESPACE.format(message), NAMESPACE.format("TMS")
    styles: list[dict[str | None, str]] = [
        {None: own, "tms": header},
        {"ie": own, "tms": header},
        {"m": own, None: header},
    ]
    prefixes = rng.choice(styles)
    item = messages()[message]
    root = etree.Element(f"{{{own}}}{item.name}", nsmap=prefixes)
    fill(root, item, rng, fullness)
    return root


def fill(element: etree._Element, item: Item, rng: random.Random, fullness: float) -> None:
    """Give ``element`` random content as ``item`` asks."""
    if item.language == "required" or (item.language == "optional" and rng.random() < fullness):
        element.set("language", sample(item_types()["emcs:LanguageCodeType"], rng))
    if item.type:
        element.text = sample(item_types()[item.type], rng)
    for child in item.children:
        for _ in range(occurrences(child, rng, fullness)):
            append(element, child, rng, fullness)


def append(parent: etree._Element, item: Item, rng: random.Random, fullness: float) -> etree._Element:
    """Append one random occurrence of ``item`` to ``parent``."""
    child = etree.SubElement(parent, qualified(parent, item))
    fill(child, item, rng, fullness)
    return child


def ensure(parent: etree._Element, group: Item, item: Item, rng: random.Random) -> etree._Element:
    """The first ``item`` in ``parent`` (a ``group``); put at its place, as small as can be, if there was none."""
    found = next((child for child in parent if etree.QName(child).localname == item.name), None)
    if found is not None:
        return found
    later = {sibling.name for sibling in group.children[group.children.index(item) + 1 :]}
    following = next((child for child in parent if etree.QName(child).localname in later), None)
    created = append(parent, item, rng, NOTHING_OPTIONAL)
    if following is not None:
        following.addprevious(created)
    return created


def walk(item: Item, path: tuple[Item, ...] = ()) -> Iterator[tuple[Item, ...]]:
    """Every item of a message as the path of items that leads to it."""
    here = (*path, item)
    yield here
    for child in item.children:
        yield from walk(child, here)


def small_tree(path: tuple[Item, ...], rng: random.Random) -> tuple[etree._Element, etree._Element]:
    """The smallest valid document in which ``path`` exists: its root, and the element at the end of the path."""
    root = here = copy.deepcopy(_smallest(path[0].name))
    for group, item in pairwise(path):
        here = ensure(here, group, item, rng)
    return root, here


@cache
def _smallest(message: str) -> etree._Element:
    return valid_tree(message, random.Random(message), fullness=NOTHING_OPTIONAL)  # noqa: S311  (repeatable)


def qualified(parent: etree._Element, item: Item) -> str:
    """The name of ``item`` in the namespace that it has below ``parent``: what stands in the header belongs to TMS."""
    name = etree.QName(parent)
    in_header = name.localname == "Header" and parent.getparent() is not None
    return f"{{{NAMESPACE.format('TMS') if in_header else name.namespace}}}{item.name}"


def occurrences(item: Item, rng: random.Random, fullness: float) -> int:
    """How often ``item`` shall occur: within its bounds, and few."""
    if item.least == 0 and rng.random() >= fullness:
        return 0
    few = max(item.least, 1)
    wanted = few + (rng.randrange(3) if rng.random() < fullness else 0)
    return wanted if item.most is None else min(item.most, wanted)


def sample(kind: ItemType, rng: random.Random) -> str:
    """A random text that is a value of ``kind``; what collapses (white space around) is added now and then."""
    if kind.codes:
        text = rng.choice(kind.codes)
        text = text.zfill(rng.choice([1, 1, 1, 2, 3])) if kind.base != "xs:token" else text
    else:
        text = _SAMPLERS.get(kind.base, _patterned)(kind, rng)
    return f" {text}\n\t " if rng.random() < 0.05 else text


def _patterned(kind: ItemType, rng: random.Random) -> str:
    for _ in range(100):
        text = Sampler(rng.choice(kind.patterns), rng).text()
        if kind.accepts(text):
            return text
    raise AssertionError(f"no value found for {kind}")


def _date(_: ItemType, rng: random.Random) -> str:
    return (date(1950, 1, 1) + timedelta(days=rng.randrange(60_000))).isoformat()


def _time(_: ItemType, rng: random.Random) -> str:
    fraction = rng.choice(["", "", "", ".0", ".25", ".123456", ".999999999"])
    return f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}{fraction}"


def _moment(kind: ItemType, rng: random.Random) -> str:
    return f"{_date(kind, rng)}T{_time(kind, rng)}"


def _image(_: ItemType, rng: random.Random) -> str:
    return base64.b64encode(rng.randbytes(rng.randrange(40))).decode()


_SAMPLERS: dict[str, Callable[[ItemType, random.Random], str]] = {
    "xs:date": _date,
    "xs:time": _time,
    "xs:dateTime": _moment,
    "xs:base64Binary": _image,
}


class Sampler:
    """A random text for a pattern: classes, escapes, dots, groups, alternatives and counts, as the dictionary has."""

    def __init__(self, pattern: str, rng: random.Random) -> None:
        self._rest = pattern
        self._rng = rng

    def text(self) -> str:
        """A text that the whole pattern matches."""
        choices = [self._sequence()]
        while self._take("|"):
            choices.append(self._sequence())
        return self._rng.choice(choices)

    def _sequence(self) -> str:
        parts = []
        while self._rest and self._rest[0] not in "|)":
            start = self._rest
            piece = self._piece()
            count = self._count()
            after = self._rest
            # Every repetition is drawn anew from the same piece of pattern.
            for _ in range(count - 1):
                self._rest = start
                piece += self._piece()
            self._rest = after
            parts.append(piece if count else "")
        return "".join(parts)

    def _piece(self) -> str:
        if self._take("("):
            text = self.text()
            self._take(")")
            return text
        head, self._rest = self._rest[0], self._rest[1:]
        if head == "[":
            inside, _, self._rest = self._rest.partition("]")
            return self._rng.choice(_members(inside))
        if head == "\\":
            escaped, self._rest = self._rest[0], self._rest[1:]
            return self._rng.choice(string.digits) if escaped == "d" else escaped
        return self._rng.choice(LETTERS) if head == "." else head

    def _count(self) -> int:
        if not self._take("{"):
            return 1
        bounds, _, self._rest = self._rest.partition("}")
        least, _, most = bounds.partition(",")
        low, high = int(least), int(most or least)
        return self._rng.choice([low, high, self._rng.randint(low, min(high, low + 12))])

    def _take(self, token: str) -> bool:
        found = self._rest.startswith(token)
        self._rest = self._rest[len(token) :] if found else self._rest
        return found


def _members(inside: str) -> str:
    out = ""
    while inside:
        if inside[1:2] == "-":
            out += "".join(map(chr, range(ord(inside[0]), ord(inside[2]) + 1)))
            inside = inside[3:]
        else:
            out, inside = out + inside[0], inside[1:]
    return out
