"""How an element of a signature differs from its row of the table, in words."""

from itertools import islice
from typing import Final

from lxml import etree

from esad_gateway.faults import Said, Value, said
from esad_gateway.signing.profile import MAX_QUOTE, SIGNATURE
from esad_gateway.signing.shape import PROGRAMS, Row, local_name

_NAMED: Final = 8  # children that a refusal names


def difference(element: etree._Element, row: Row) -> Said | None:
    """How ``element`` differs from its row, ``None`` when it does not.

    This runs for every element of every signature: no call and no text is made before something is found.
    """
    if element.tag != row.tag:
        return said("refused.other_element", found=clipped(str(element.tag)), name=local_name(row.tag))
    attributes = element.items()
    if attributes != row.fixed and (reason := _attribute_difference(dict(attributes), row)):
        return reason
    if row.children is not None and len(element) != len(row.children):
        return said("refused.holds", name=local_name(row.tag), what=children(element))
    text, tail = element.text, element.tail
    if text is not None and not row.text and not text.isspace():
        return said("refused.own_text", name=local_name(row.tag))
    if tail is not None and not tail.isspace() and row.tag != SIGNATURE:
        return said("refused.text_after", name=local_name(row.tag))
    return None


def children(element: etree._Element) -> Value:
    """What an element holds, as far as it is worth telling; transforms by what they do."""
    names = [_name(child) for child in islice(element, _NAMED)]
    if not names:
        return Said("refused.nothing")
    told, more = clipped(", ".join(names)), len(element) - len(names)
    return said("refused.and_more", names=told, number=more) if more else told


def clipped(text: str) -> str:
    """The beginning of somebody else's text."""
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE] + "…"


def _attribute_difference(attributes: dict[str, str], row: Row) -> Said | None:
    name = local_name(row.tag)
    for key, value in row.fixed:
        found = attributes.pop(key, None)
        if found in PROGRAMS:
            return said("refused.program", name=name, program=PROGRAMS[found], uri=found)
        if found != value:
            return (
                _lacks(name, key)
                if found is None
                else said("refused.attribute", name=name, key=key, found=clipped(found))
            )
    for key in row.free:
        if attributes.pop(key, None) is None:
            return _lacks(name, key)
    attributes.pop("Id", None)
    return said("refused.other_attribute", name=name, found=clipped(next(iter(attributes)))) if attributes else None


def _lacks(name: str, key: str) -> Said:
    return said("refused.lacks", name=name, key=key)


def _name(element: etree._Element) -> str:
    name, algorithm = local_name(str(element.tag)), element.get("Algorithm")
    if name != "Transform" or algorithm is None:
        return name
    return f"Transform {PROGRAMS.get(algorithm, algorithm.rpartition('/')[2])}"
