"""Draws the layouts and faults of tables as a page: ``python tests/helpers/draw_batch.py`` writes it anew."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from esad_gateway.batch.codes import CODES
from esad_gateway.batch.columns import LAYOUTS, BatchKind, Column, Layout
from esad_gateway.batch.templates import template
from esad_gateway.sheets.flaws import CODES as OF_FILES
from esad_gateway.texts import say, sentences

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "batch.md"
TODAY = date(2026, 3, 4)
INTRODUCTION = """# Tables of documents

What `esad batch` reads; how it is used stands in [the guide](../how-to/batch.md). This page is made from the tables in
`esad_gateway.batch.columns`, and from the codes in `esad_gateway.batch.codes` and `esad_gateway.sheets.flaws`.

A column is known by its name, or by its heading in either language; case, blanks and signs do not count.
**Bold** columns are required. Columns of the goods are filled in every row; the others say the same in all rows of
a document, or stand in its first row alone. Formats are CSV, XLSX, ODS, XML and JSON lines.
"""
TITLES = {
    BatchKind.SAAD: "Entries of the SAAD list (`saad`)",
    BatchKind.MVV: "Wine with an MVV (`mvv`)",
    BatchKind.DISPATCH: "Dispatches under a fallback document (`dispatch`)",
}
MADE = {
    BatchKind.SAAD: "A document becomes an entry of the SAAD list. What may be entered stands in [saad.md](saad.md).",
    BatchKind.MVV: "The same without the kind of document, which is an MVV.",
    BatchKind.DISPATCH: (
        "A document becomes an IE815 of duty paid with the deferred flag. Where the place of dispatch or of delivery\n"
        "is left out, it is the consignor's or the consignee's address. A fallback document has type 13 there."
    ),
}


def page() -> str:
    """The whole page."""
    layouts = (line for layout in LAYOUTS.values() for line in _layout(layout))
    return "\n".join([INTRODUCTION, *layouts, *_faults()])


def _layout(layout: Layout) -> Iterator[str]:
    names = ", ".join(f"`{name}`" for name in layout.key)
    yield f"## {TITLES[layout.kind]}\n"
    yield f"{MADE[layout.kind]}\nRows with the same {names} are one document.\n"
    yield "| Name | English | Lietuviškai | Of | Takes | Means | Example |"
    yield "|---|---|---|---|---|---|---|"
    row, *_ = template(layout.kind, None, TODAY).cells()
    yield from (_column(column, cell.text) for column, cell in zip(layout.columns, row, strict=True))
    yield ""


def _column(column: Column, example: str) -> str:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    cells = (
        name,
        column.called("en"),
        column.called("lt"),
        ("goods" if column.of_line else "document") if column.way else "",
        say(column.reader.expected),
        say(column.about),
        example and f"`{example}`",
    )
    return f"| {' | '.join(cells)} |"


def _faults() -> Iterator[str]:
    yield "## What can be wrong\n"
    yield "Each code has these sentences in every language; in braces stand the values of the case. What a document"
    yield "says is judged by the numbered rules of the SAAD list and of EMCS, which are told in their cells as well.\n"
    yield from _codes("Of a file or one cell by itself", OF_FILES)
    yield from _codes("Of a table, a column, a row, and a value in its column", CODES)


def _codes(title: str, codes: Iterable[str]) -> Iterator[str]:
    told = sentences("en")
    yield f"### {title}\n"
    yield "| Code | What is wrong | What to do |"
    yield "|---|---|---|"
    yield from (f"| {code} | {told[f'{code}.text']} | {told[f'{code}.hint']} |" for code in codes)
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
