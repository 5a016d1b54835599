"""All that the schema finds wrong with a document of one message, said so that a trader knows what to change.

Validators stop judging a group at the first child that does not fit. Here every group is compared with the whole
sequence that it should have, so one answer names all that is missing, misplaced, unknown and too many, and what is
below a misplaced element is looked at too.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Final

from lxml import etree

from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.frozen import frozen
from esad_gateway.place import WHOLE, Place, PlaceStep
from esad_gateway.xml.place import LONGEST_VALUE, line_of, local_name, value_of
from esad_gateway.xml.shape import Attribute, Shape, Value, shape_of

NOT_SUPPORTED_HERE: Final = "15"
INCORRECT: Final = "12"

_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_LOCATIONS: Final = (f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation")
_BLANK: Final = " \t\r\n"

MOST_CHILDREN: Final = 5_000
"""How many children of one group are looked at: no group may have a fifth of it, so there are faults enough by then."""


@frozen
class Diagnosis:
    """What one message should look like; ``shape`` is that of its root element."""

    shape: Shape

    @classmethod
    def load(cls, schema_file: Path) -> "Diagnosis":
        """The diagnosis for the message that ``schema_file`` describes; takes some 300 ms."""
        return cls(shape_of(schema_file))

    def faults(self, root: etree._Element, most: int) -> Faults:
        """The first ``most`` faults of the message ``root``, in the order of lines; empty when there are none."""
        found = islice(_examine(root, self.shape, WHOLE / local_name(root)), most)
        return tuple(sorted(found, key=lambda fault: fault.line or 0))


def _examine(element: etree._Element, shape: Shape, place: Place) -> Iterator[Fault]:
    yield from _attribute_faults(element, shape, place)
    if shape.value is not None:
        yield from _value_faults(element, shape, place)
    elif any(
        (text or "").strip(_BLANK) for text in (element.text, *(child.tail for child in islice(element, MOST_CHILDREN)))
    ):
        yield _fault(
            element,
            place,
            code=NOT_SUPPORTED_HERE,
            text=said("xsd.text_between", name=shape.name),
            hint=said("hint.elements_only", name=shape.name),
        )
    yield from _group_faults(element, shape, place)


def _value_faults(element: etree._Element, shape: Shape, place: Place) -> Iterator[Fault]:
    value, text = shape.value, element.text or ""
    if value is None or len(element) or value.accepts(text):
        return
    empty = not text.strip(_BLANK)
    expected = _expected(value, text)
    optional = said("hint.both", first=expected, second=Said("hint.leave_empty_out"))
    yield _fault(
        element,
        place,
        code=INCORRECT,
        text=said("xsd.empty" if empty else "xsd.not_allowed", name=shape.name),
        hint=optional if empty and shape.least == 0 else expected,
        value=text,
    )


def _expected(value: Value, text: str = "") -> Said:
    size = len(" ".join(text.split()))
    if value.longest is not None and size > value.longest:
        return said("hint.expected_shorter", expected=value.expected, size=size)
    return said("hint.expected", expected=value.expected)


def _attribute_faults(element: etree._Element, shape: Shape, place: Place) -> Iterator[Fault]:
    for name, rule in shape.attributes.items():
        text = element.get(name)
        if text is None and rule.required:
            yield _attribute_fault(element, place, name, rule, None)
        elif text is not None and not rule.value.accepts(text):
            yield _attribute_fault(element, place, name, rule, text)
    for raw, text in element.items():
        name = str(raw)
        if name not in shape.attributes and name not in _LOCATIONS:
            short = name.rpartition("}")[2][:80]
            yield _fault(
                element,
                place / f"@{short}",
                code=NOT_SUPPORTED_HERE,
                text=said("xsd.no_attribute", name=shape.name, attribute=short),
                hint=_attributes(shape),
                value=str(text),
            )


def _attributes(shape: Shape) -> Said:
    known = ", ".join(shape.attributes)
    if not known:
        return said("hint.no_attributes", name=shape.name)
    return said("hint.attributes", name=shape.name, known=known)


def _attribute_fault(element: etree._Element, place: Place, name: str, rule: Attribute, text: str | None) -> Fault:
    wrong = "xsd.attribute_missing" if text is None else "xsd.attribute_not_allowed"
    return _fault(
        element,
        place / f"@{name}",
        code=INCORRECT,
        text=said(wrong, name=local_name(element), attribute=name),
        hint=_expected(rule.value, text or ""),
        value=text,
    )


def _group_faults(group: etree._Element, shape: Shape, place: Place) -> Iterator[Fault]:
    """Faults in the sequence of the children of ``group``, and below them."""
    order = {child.tag: number for number, child in enumerate(shape.children)}
    children = list(islice(group.iterchildren(etree.Element), MOST_CHILDREN))
    known = [child for child in children if child.tag in order]
    in_order = _longest_ordered([order[str(child.tag)] for child in known])
    placed = {id(child) for child, fits in zip(known, in_order, strict=True) if fits}
    count, totals, last = Counter[str](), Counter(str(child.tag) for child in children), -1
    for child in children:
        tag = str(child.tag)
        count[tag] += 1
        number = order.get(tag)
        expected = None if number is None else shape.children[number]
        several = totals[tag] > 1 or (expected is not None and expected.most > 1)
        here = place / PlaceStep(local_name(child), count[tag] if several else None)
        if number is None or expected is None:
            yield _unknown(child, shape, here, last)
            continue
        if id(child) not in placed:
            yield _misplaced(child, shape, here, number)
        elif count[tag] > expected.most:
            yield _too_many(child, expected, here, totals[tag])
        else:
            last = max(last, number)
        yield from _examine(child, expected, here)
    yield from _missing(group, children, shape, place)


def _longest_ordered(numbers: Sequence[int]) -> list[bool]:
    """Which of ``numbers`` belong to the longest sequence that never descends: the fewest are called misplaced.

    n log n: even the worst order of as many elements as a document may have takes no longer.
    """
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, number in enumerate(numbers):
        length = bisect_right(tails, number)
        before.append(ends[length - 1] if length else -1)
        if length == len(tails):
            tails.append(number)
            ends.append(position)
        else:
            tails[length], ends[length] = number, position
    fits = [False] * len(numbers)
    position = ends[-1] if ends else -1
    while position >= 0:
        fits[position] = True
        position = before[position]
    return fits


def _unknown(child: etree._Element, parent: Shape, place: Place, last: int) -> Fault:
    return _fault(
        child,
        place,
        code=NOT_SUPPORTED_HERE,
        text=said("xsd.unknown", name=local_name(child)),
        hint=_instead(child, parent, last),
        value=value_of(child),
    )


def _instead(child: etree._Element, parent: Shape, last: int) -> Said:
    """What should stand where the unknown ``child`` stands, after the child number ``last`` of ``parent``."""
    if parent.value is not None:
        return said("hint.text_only", name=parent.name)
    same = next((item.tag for item in parent.children if item.name == local_name(child)), None)
    if same is not None:
        return said("hint.namespace", name=local_name(child), namespace=same[1:].partition("}")[0])
    close = get_close_matches(local_name(child), [item.name for item in parent.children], n=1, cutoff=0.75)
    if close:
        return said("hint.did_you_mean", name=close[0])
    following = parent.children[last + 1 :]
    stop = next((number for number, item in enumerate(following) if item.least), len(following))
    names = tuple(item.name for item in following[: stop + 1])
    return said("hint.expected_here", names=names) if names else said("hint.nothing_more", name=parent.name)


def _misplaced(child: etree._Element, parent: Shape, place: Place, number: int) -> Fault:
    return _fault(
        child,
        place,
        code=NOT_SUPPORTED_HERE,
        text=said("xsd.misplaced", name=local_name(child)),
        hint=_between(parent, number),
        value=value_of(child),
    )


_BELONGS: Final[Mapping[tuple[bool, bool], str]] = MappingProxyType(
    {
        (False, False): "hint.belongs",
        (True, False): "hint.belongs_after",
        (False, True): "hint.belongs_before",
        (True, True): "hint.belongs_between",
    }
)
"""How a place is told, by whether something stands before it and whether something stands after it."""


def _between(parent: Shape, number: int) -> Said:
    before = parent.children[number - 1 : number]  # nothing for the first, whose slice would begin at the end
    after = parent.children[number + 1 : number + 2]
    neighbours = {"before": before, "after": after}
    names = {word: one[0].name for word, one in neighbours.items() if one}
    return said(_BELONGS[bool(before), bool(after)], parent=parent.name, **names)


def _too_many(child: etree._Element, shape: Shape, place: Place, count: int) -> Fault:
    return _fault(
        child,
        place,
        code=NOT_SUPPORTED_HERE,
        text=said("xsd.too_many", name=shape.name, count=count, most=shape.most),
        hint=Said("hint.take_out"),
        value=value_of(child),
    )


def _missing(group: etree._Element, children: Sequence[etree._Element], shape: Shape, place: Place) -> Iterator[Fault]:
    # By local name: one in a wrong namespace is reported as unknown, not as missing as well.
    present = {local_name(child): child for child in children}
    before = group
    for number, expected in enumerate(shape.children):
        before = present.get(expected.name, before)
        if expected.least and next(group.iterchildren(f"{{*}}{expected.name}"), None) is None:
            where = _between(shape, number)
            yield _fault(
                before,
                place / PlaceStep(expected.name, 1 if expected.most > 1 else None),
                code=INCORRECT,
                text=said("xsd.missing", name=expected.name),
                hint=said("hint.both", first=where, second=_expected(expected.value)) if expected.value else where,
            )


def _fault(near: etree._Element, place: Place, *, code: str, text: Said, hint: Said, value: str | None = None) -> Fault:
    cut = None if value is None else value[:LONGEST_VALUE]
    return Fault(code=code, rule="XSD", place=place, value=cut, text=text, hint=hint, line=line_of(near))
