"""How an element of a signature differs from its row of the table, in words."""

from itertools import islice
from typing import Final

from lxml import etree

from esad_gateway.signing.profile import MAX_QUOTE, SIGNATURE
from esad_gateway.signing.shape import PROGRAMS, Row, local_name

_NAMED: Final = 8  # children that a refusal names


def difference(element: etree._Element, row: Row) -> str | None:
    """How ``element`` differs from its row, in words; ``None`` when it does not.

    This runs for every element of every signature: no call and no text is made before something is found.
    """
    if element.tag != row.tag:
        return f"found {_quoted(str(element.tag))} in the place of {local_name(row.tag)}"
    attributes = element.items()
    if attributes != row.fixed and (reason := _attribute_difference(dict(attributes), row)):
        return reason
    if row.children is not None and len(element) != len(row.children):
        return f"{local_name(row.tag)} holds {children(element)}"
    text, tail = element.text, element.tail
    if text is not None and not row.text and not text.isspace():
        return f"{local_name(row.tag)} has text of its own"
    if tail is not None and not tail.isspace() and row.tag != SIGNATURE:
        return f"there is text after {local_name(row.tag)}"
    return None


def children(element: etree._Element) -> str:
    """What an element holds, as far as it is worth telling; transforms by what they do."""
    names = [_name(child) for child in islice(element, _NAMED)]
    more = len(element) - len(names)
    return clipped(", ".join(names)) + (f" and {more} more" if more else "") if names else "nothing"


def clipped(text: str) -> str:
    """The beginning of somebody else's text."""
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE] + "…"


def _attribute_difference(attributes: dict[str, str], row: Row) -> str | None:
    name = local_name(row.tag)
    for key, value in row.fixed:
        found = attributes.pop(key, None)
        if found in PROGRAMS:
            return f"{name} is {PROGRAMS[found]} ({found}), a program of the signer: none is run"
        if found != value:
            return f"{name} has no {key}" if found is None else f"{name} has {key} {_quoted(found)}"
    for key in row.free:
        if attributes.pop(key, None) is None:
            return f"{name} has no {key}"
    attributes.pop("Id", None)
    return f"{name} has the attribute {_quoted(next(iter(attributes)))}" if attributes else None


def _name(element: etree._Element) -> str:
    name, algorithm = local_name(str(element.tag)), element.get("Algorithm")
    if name != "Transform" or algorithm is None:
        return name
    return PROGRAMS.get(algorithm, f"the transform {algorithm.rpartition('/')[2]}")


def _quoted(text: str) -> str:
    return repr(clipped(text))
