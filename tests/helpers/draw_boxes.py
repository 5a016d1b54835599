"""Draws the boxes of the papers as the manual's page: ``python tests/helpers/draw_boxes.py`` writes it anew."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from esad_gateway.ais.saad.record import SaadEntry
from esad_gateway.emcs.messages import IE801, IE813, IE815, IE818
from esad_gateway.faults import Said
from esad_gateway.papers import FORMS
from esad_gateway.papers.boxes import BoxGroup
from esad_gateway.texts import say

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "boxes.md"
TITLES = {
    IE815: "Table 1: a draft (IE815), as a fallback document at dispatch",
    IE801: "Table 1: an e-SAD (IE801)",
    IE813: "Table 3: a change of destination (IE813)",
    IE818: "Table 6: a report of receipt (IE818)",
    SaadEntry: "The SAAD list: an entry",
}
INTRODUCTION = """# Boxes of documents on paper

What `esad fallback` prints, and by which number and letter the regulation knows it: columns A and B of the tables in
Annex I of Delegated Regulation (EU) 2022/1636, as in force from 13 February 2024. The Lithuanian titles and labels are
translations of our own. A box without a value is left out. Where a second letter stands, it is the box of the
language of the text.

The message header, the submission message type and the deferred submission flag stand on no paper.
This page is made from the tables in `esad_gateway.papers`; a test compares the two.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(kind, title) for kind, title in TITLES.items())])


def _section(kind: type, title: str) -> str:
    rows = [row for group in FORMS[kind].groups for row in _rows(group, ())]
    return "\n".join([f"## {title}\n", "| Box | English | Lithuanian | Field |", "|---|---|---|---|", *rows, ""])


def _rows(group: BoxGroup, above: Sequence[str]) -> Iterator[str]:
    path = [*above, *filter(None, group.path.split("."))]
    yield f"| {group.number} | **{_told(group.label, 'en')}** | **{_told(group.label, 'lt')}** | |"
    for box in group.boxes:
        letters = ", ".join(f"{group.number}{letter}" for letter in (box.letter, box.language) if letter)
        field = ".".join([*path, box.field])
        yield f"| {letters} | {_told(box.label, 'en')} | {_told(box.label, 'lt')} | `{field}` |"
    for below in group.groups:
        yield from _rows(below, path)


def _told(label: str, language: str) -> str:
    return say(Said(f"box.{label}"), language)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
