"""All that the schema finds wrong with a document of one message, said so that a trader knows what to change.

Validators stop judging a group at the first child that does not fit. Here every group is compared with the whole
sequence that it should have, so one answer names all that is missing, misplaced, unknown and too many, and what is
below a misplaced element is looked at too.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import Final

from lxml import etree

from esad_gateway.faults import Fault, Faults
from esad_gateway.xml.place import LONGEST_VALUE, line_of, local_name, value_of
from esad_gateway.xml.shape import Attribute, Shape, Value, shape_of

NOT_SUPPORTED_HERE: Final = "15"
INCORRECT: Final = "12"

_XSI: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_LOCATIONS: Final = (f"{_XSI}schemaLocation", f"{_XSI}noNamespaceSchemaLocation")
_BLANK: Final = " \t\r\n"

MOST_CHILDREN: Final = 5_000
"""How many children of one group are looked at: no group may have a fifth of it, so there are faults enough by then."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one message should look like; ``shape`` is that of its root element."""

    shape: Shape

    @classmethod
    def load(cls, schema_file: Path) -> "Diagnosis":
        """The diagnosis for the message that ``schema_file`` describes; takes some 300 ms."""
        return cls(shape_of(schema_file))

    def faults(self, root: etree._Element, most: int) -> Faults:
        """The first ``most`` faults of the message ``root``, in the order of lines; empty when there are none."""
        found = islice(_examine(root, self.shape, f"/{local_name(root)}"), most)
        return tuple(sorted(found, key=lambda fault: fault.line or 0))


def _examine(element: etree._Element, shape: Shape, path: str) -> Iterator[Fault]:
    yield from _attribute_faults(element, shape, path)
    if shape.value is not None:
        yield from _value_faults(element, shape, path)
    elif any(
        (text or "").strip(_BLANK) for text in (element.text, *(child.tail for child in islice(element, MOST_CHILDREN)))
    ):
        yield _fault(
            element,
            path,
            code=NOT_SUPPORTED_HERE,
            en=f"{shape.name}: there is text between the elements",
            lt=f"{shape.name}: tarp elementų yra teksto",
            hint=f"{shape.name} holds elements only; take the text out.",
        )
    yield from _group_faults(element, shape, path)


def _value_faults(element: etree._Element, shape: Shape, path: str) -> Iterator[Fault]:
    value, text = shape.value, element.text or ""
    if value is None or len(element) or value.accepts(text):
        return
    empty = not text.strip(_BLANK)
    en, lt = (" is empty", "reikšmė tuščia") if empty else (": this value is not allowed", "tokia reikšmė neleidžiama")
    leave_out = " Leave the element out when there is nothing to say." if empty and shape.least == 0 else ""
    yield _fault(
        element,
        path,
        code=INCORRECT,
        en=f"{shape.name}{en}",
        lt=f"{shape.name}: {lt}",
        hint=_expected(value, text) + leave_out,
        value=text,
    )


def _expected(value: Value, text: str = "") -> str:
    size = len(" ".join(text.split()))
    too_long = value.longest is not None and size > value.longest
    return f"Expected: {value.expected.rstrip('.')}" + (f"; this value has {size}." if too_long else ".")


def _attribute_faults(element: etree._Element, shape: Shape, path: str) -> Iterator[Fault]:
    for name, rule in shape.attributes.items():
        text = element.get(name)
        if text is None and rule.required:
            yield _attribute_fault(element, path, name, rule, None)
        elif text is not None and not rule.value.accepts(text):
            yield _attribute_fault(element, path, name, rule, text)
    for raw, text in element.items():
        name = str(raw)
        if name not in shape.attributes and name not in _LOCATIONS:
            short = name.rpartition("}")[2][:80]
            allowed = ", ".join(shape.attributes) or "none"
            yield _fault(
                element,
                f"{path}/@{short}",
                code=NOT_SUPPORTED_HERE,
                en=f"{shape.name}: there is no attribute {short}",
                lt=f"{shape.name}: atributo {short} nėra",
                hint=f"Attributes of {shape.name}: {allowed}.",
                value=str(text),
            )


def _attribute_fault(element: etree._Element, path: str, name: str, rule: Attribute, text: str | None) -> Fault:
    missing = text is None
    return _fault(
        element,
        f"{path}/@{name}",
        code=INCORRECT,
        en=f"{local_name(element)}: the attribute {name} " + ("is missing" if missing else "has a value not allowed"),
        lt=f"{local_name(element)}: "
        + (f"trūksta atributo {name}" if missing else f"atributo {name} reikšmė neleidžiama"),
        hint=_expected(rule.value, text or ""),
        value=text,
    )


def _group_faults(group: etree._Element, shape: Shape, path: str) -> Iterator[Fault]:
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
        here = f"{path}/{local_name(child)}" + (f"[{count[tag]}]" if several else "")
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
    yield from _missing(group, children, shape, path)


def _longest_ordered(numbers: Sequence[int]) -> list[bool]:
    """Which of ``numbers`` belong to the longest sequence that never descends: the fewest are called misplaced.

    n log n: whoever sends the worst order of as many elements as a document may have waits no longer for it.
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


def _unknown(child: etree._Element, parent: Shape, path: str, last: int) -> Fault:
    return _fault(
        child,
        path,
        code=NOT_SUPPORTED_HERE,
        en=f"{local_name(child)} does not belong here",
        lt=f"{local_name(child)}: tokio elemento čia negali būti",
        hint=_instead(child, parent, last),
        value=value_of(child),
    )


def _instead(child: etree._Element, parent: Shape, last: int) -> str:
    """What should stand where the unknown ``child`` stands, after the child number ``last`` of ``parent``."""
    if parent.value is not None:
        return f"{parent.name} holds text only."
    same = next((item.tag for item in parent.children if item.name == local_name(child)), None)
    if same is not None:
        return f"{local_name(child)} must be in namespace {same[1:].partition('}')[0]}."
    close = get_close_matches(local_name(child), [item.name for item in parent.children], n=1, cutoff=0.75)
    if close:
        return f"Did you mean {close[0]}?"
    following = parent.children[last + 1 :]
    stop = next((number for number, item in enumerate(following) if item.least), len(following))
    names = [item.name for item in following[: stop + 1]]
    return f"Expected here: {' or '.join(names)}." if names else f"Nothing more can stand in {parent.name}."


def _misplaced(child: etree._Element, parent: Shape, path: str, number: int) -> Fault:
    return _fault(
        child,
        path,
        code=NOT_SUPPORTED_HERE,
        en=f"{local_name(child)} is not at its place",
        lt=f"{local_name(child)}: elementas ne savo vietoje",
        hint=_between(parent, number),
        value=value_of(child),
    )


def _between(parent: Shape, number: int) -> str:
    neighbours = (("after", number - 1), ("before", number + 1))
    places = [f"{word} {parent.children[at].name}" for word, at in neighbours if 0 <= at < len(parent.children)]
    return f"It belongs in {parent.name}{', ' if places else ''}{' and '.join(places)}."


def _too_many(child: etree._Element, shape: Shape, path: str, count: int) -> Fault:
    return _fault(
        child,
        path,
        code=NOT_SUPPORTED_HERE,
        en=f"{shape.name} stands here {count} times, at most {shape.most} allowed",
        lt=f"{shape.name}: elementų yra {count}, leidžiama ne daugiau kaip {shape.most}",
        hint="Take out what is too many.",
        value=value_of(child),
    )


def _missing(group: etree._Element, children: Sequence[etree._Element], shape: Shape, path: str) -> Iterator[Fault]:
    # By local name: one in a wrong namespace is reported as unknown, not as missing as well.
    present = {local_name(child): child for child in children}
    before = group
    for number, expected in enumerate(shape.children):
        before = present.get(expected.name, before)
        if expected.least and next(group.iterchildren(f"{{*}}{expected.name}"), None) is None:
            yield _fault(
                before,
                f"{path}/{expected.name}" + ("[1]" if expected.most > 1 else ""),
                code=INCORRECT,
                en=f"{expected.name} is missing",
                lt=f"{expected.name}: elemento trūksta",
                hint=_between(shape, number) + (f" {_expected(expected.value)}" if expected.value else ""),
            )


def _fault(
    near: etree._Element, path: str, *, code: str, en: str, lt: str, hint: str, value: str | None = None
) -> Fault:
    cut = None if value is None else value[:LONGEST_VALUE]
    return Fault(code=code, rule="XSD", path=path, value=cut, en=en, lt=lt, hint=hint, line=line_of(near))
