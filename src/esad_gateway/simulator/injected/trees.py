"""Changes of a payload's tree that faults are made of: an element said otherwise, left out, or called otherwise."""

from collections.abc import Callable
from typing import TypeAlias

from lxml import etree

from esad_gateway.simulator.injected.model import Forged, Original

Edit: TypeAlias = "Callable[[etree._Element, Original], None]"  # noqa: SLF001 - the type's only name
"""Changes a payload."""


def edited(edit: Edit) -> Forged:
    """The payload changed before it is signed."""

    def make(original: Original) -> bytes:
        payload = original.payload
        edit(payload, original)
        return original.signed(payload)

    return Forged(make)


def element(payload: etree._Element, path: str) -> etree._Element:
    """The first element at a path of local names (``ConsigneeTrader/Traderid``), wherever that begins.

    Raises LookupError when there is none.
    """
    found = payload.find(".//" + "/".join(f"{{*}}{name}" for name in path.split("/")))
    if found is None:
        raise LookupError(f"there is no {path}")
    return found


def said_otherwise(path: str, text: Callable[[str, Original], str]) -> Edit:
    """Another text in the first element at a path, made of the one that it has."""

    def edit(payload: etree._Element, original: Original) -> None:
        changed = element(payload, path)
        changed.text = text(changed.text or "", original)

    return edit


def left_out(path: str) -> Edit:
    """Without the first element at a path."""

    def edit(payload: etree._Element, _original: Original) -> None:
        gone = element(payload, path)
        around = gone.getparent()
        if around is not None:
            around.remove(gone)

    return edit


def called_otherwise(payload: etree._Element, original: Original) -> None:
    """One element without others in it, which the seed chooses, has a name that no schema knows."""
    leaves = [one for one in payload.iter("*") if not len(one)]
    renamed = original.chance.choice(leaves)
    renamed.tag = f"{renamed.tag!s}Misspelt"
