"""Draws the layouts and faults of tables as a page: ``python tests/helpers/draw_batch.py`` writes it anew."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from esad_gateway.batch.tables.codes import CODES
from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind, Layout
from esad_gateway.batch.tables.dispatch_columns import MOST
from esad_gateway.batch.tables.templates import template
from esad_gateway.sheets.flaws import CODES as OF_FILES
from esad_gateway.texts import say, sentences

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "batch.md"
TODAY = date(2026, 3, 4)
INTRODUCTION = """# Tables of documents

What `esad batch` reads; how it is used stands in [the guide](../how-to/batch.md). This page is made from the tables in
`esad_gateway.batch.tables.columns`, and from the codes in `esad_gateway.batch.tables.codes` and
`esad_gateway.sheets.flaws`.

A column is known by its name, or by its heading in either language; case, blanks and signs do not count.
**Bold** columns are required. Columns of the goods are filled in every row; the others say the same in all rows of
a document, or stand in its first row alone. Formats are CSV, XLSX, ODS, XML and JSON lines.
A fault is told by its cell (`C5`); in JSON lines and XML, which have none, by the way to the value and its line of
text: `lines[2].packages`, `document[3].line[2].packages`. `esad explain VALUE-ZEROS` explains any code below.
"""
TITLES = {
    BatchKind.SAAD: "Entries of the SAAD list (`saad`)",
    BatchKind.MVV: "Wine with an MVV (`mvv`)",
    BatchKind.DISPATCH: "Dispatches under a fallback document (`dispatch`)",
}
MADE = {
    BatchKind.SAAD: (
        "A document becomes an entry of the SAAD list. What may be entered stands in [saad.md](saad.md).\n\n"
        "The list that `esad saad export` writes is such a table: uploaded again as it is, it changes nothing, and a\n"
        "cell that was mended in it becomes a correction. The columns that the gateway adds there\n("
        + ", ".join(f"`{one.name}`" for one in LAYOUTS[BatchKind.SAAD].beside)
        + ") are known.\n"
        "They are the gateway's where `record`, `version` and `status` are all there. Otherwise such a column is\n"
        "somebody's own, and nothing is read from it (COLUMN-ADDED).\n"
        "A row whose status says that its record was withdrawn is not entered again, until that cell is emptied.\n"
        "Where a newer `version` was entered since, it stays: a row as it was exported changes nothing, and one that\n"
        "was mended is refused (SAAD-36). Where the cell is empty, what is uploaded counts.\n"
    ),
    BatchKind.MVV: "The same without the kind of document, which is an MVV.",
    BatchKind.DISPATCH: (
        "A document becomes an IE815 of duty paid with the deferred flag. Where the place of dispatch or of delivery\n"
        "is left out, it is the consignor's or the consignee's address. A fallback document has type 13 there.\n\n"
        "`esad batch template dispatch` has the columns that most tables need; those whose name is in *italics* here\n"
        "come with `--all-columns`. A table may have any of them.\n\n"
        "What may come several times has a number from the second on (`package_kind_2`, *Kind of packages 2*); the\n"
        "first may have its number as well. So a line of goods has up to "
        f"{MOST['packages']} kinds of packages, and a document\n"
        f"{MOST['units']} transport units, {MOST['documents']} documents beside the fallback document, "
        f"and {MOST['guarantors']} guarantors. Numbers may be left\n"
        "out. All that was done to a wine stands in one cell (`4, 7`).\n\n"
        "A table does not have everything of the message:\n\n"
        "- Goods under duty suspension have tax warehouses, certificates of exemption, customs offices, customs\n"
        "  declarations and EORI numbers. In a draft of duty paid they are refused (C208, C084, C097, C180).\n"
        "- Type and origin of the draft, the deferred flag and the numbers of the lines are known. Fiscal marks are\n"
        "  said to be used where they are described.\n"
        "- A document has one language, for all its names and descriptions.\n"
        "- More packages, units or documents than there are columns: give such packages a line of goods of their\n"
        "  own, or make the e-SAD by itself (`esad compose`, `esad sign`, `esad submit`), which takes all of them.\n"
    ),
}

BAD_INPUT = (
    (
        "an empty file, a sheet without a cell",
        "SHEET-EMPTY",
        "sheets/test_archives.py::test_file_without_a_byte_is_empty",
    ),
    (
        "another format than the ending says",
        "SHEET-FORMAT",
        "sheets/test_archives.py::test_content_behind_another_ending_is_refused",
    ),
    ("more rows than a spreadsheet has", "SHEET-ROWS", "sheets/test_csv.py::test_too_many_rows_are_refused"),
    ("as many rows as one has: read, in flat memory", "", "sheets/test_memory.py::test_rows_take_no_memory"),
    ("50,000 columns", "SHEET-COLUMNS", "sheets/test_csv.py::test_too_many_columns_are_counted"),
    ("a cell of 32 KB", "SHEET-CELL", "sheets/test_csv.py::test_too_long_a_cell_is_named"),
    ("a NUL character", "SHEET-NUL", "sheets/test_csv.py::test_nul_is_refused_with_its_line"),
    ("a quote that is not closed", "SHEET-QUOTE", "sheets/test_csv.py::test_unclosed_quote_is_told_where_it_opens"),
    (
        "mixed ends of lines: read, with a remark",
        "",
        "sheets/test_csv.py::test_mixed_ends_of_lines_are_read_and_remarked_on",
    ),
    (
        "a part of an archive that unpacks to too much",
        "SHEET-BOMB",
        "sheets/test_archives.py::test_part_that_unpacks_to_too_much_is_a_bomb",
    ),
    ("an archive of too many parts", "SHEET-PARTS", "sheets/test_archives.py::test_archive_of_many_parts_is_refused"),
    (
        "a part of an archive with a document type or entities",
        "SHEET-DOCTYPE",
        "sheets/test_archives.py::test_document_type_is_refused",
    ),
    (
        "XML with a document type or entities",
        "SHEET-XML",
        "rest/test_batches_bad_input.py::test_bad_file_is_told_by_its_code",
    ),
    (
        "a sheet that takes too much memory",
        "SHEET-MEMORY",
        "sheets/test_archives.py::test_sheet_that_takes_too_much_memory_is_refused",
    ),
    ("a sheet that takes too long", "SHEET-TIME", "sheets/test_archives.py::test_sheet_that_takes_too_long_is_refused"),
    (
        "a reader that the machine ends",
        "SHEET-KILLED",
        "sheets/test_archives.py::test_reader_that_somebody_else_ends_was_not_short_of_what_it_may_have",
    ),
    (
        "macros and links to other files: never followed, with a remark",
        "",
        "sheets/test_xlsx.py::test_macros_and_links_are_said_and_not_followed",
    ),
    (
        "a file with a password",
        "SHEET-PASSWORD",
        "sheets/test_archives.py::test_spreadsheet_with_a_password_is_told_as_such",
    ),
    (
        "texts that begin with = + - @: marked in whatever is written",
        "",
        "sheets/test_writing.py::test_formula_is_neutralised_and_read_as_it_was",
    ),
    (
        "a part of an archive whose name climbs out of its folder",
        "SHEET-NAME",
        "sheets/test_archives.py::test_name_that_climbs_out_is_refused",
    ),
    (
        "a file whose name does: only a name",
        "",
        "batch/test_desk.py::test_name_that_climbs_out_of_the_folder_is_only_a_name",
    ),
    (
        "an archive that was cut off",
        "SHEET-ZIP",
        "sheets/test_archives.py::test_archive_that_was_cut_off_is_told_as_such",
    ),
    (
        "a client that goes away: nothing is kept",
        "",
        "rest/test_batches.py::test_client_that_goes_away_leaves_nothing",
    ),
    (
        "a client that sends a byte now and then: 408, nothing is kept",
        "",
        "rest/test_slow_batches.py::test_file_of_single_bytes_is_awaited_for_a_bounded_time",
    ),
    (
        "a disk that is full while a file arrives: 503, nothing is kept",
        "",
        "system/test_batch_disk.py::test_disk_that_is_full_while_a_file_arrives_takes_nothing",
    ),
    (
        "a file that somebody changes behind the gateway: no corrections are made of it",
        "",
        "system/test_batch_disk.py::test_file_that_is_changed_behind_the_gateway_makes_no_corrections",
    ),
)
"""What people and attackers hand in, the code that answers it (none: it is no fault), and a test of it."""


def page() -> str:
    """The whole page."""
    layouts = (line for layout in LAYOUTS.values() for line in _layout(layout))
    return "\n".join([INTRODUCTION, *layouts, *_faults(), *_bad_input()])


def _layout(layout: Layout) -> Iterator[str]:
    names = ", ".join(f"`{name}`" for name in layout.key)
    yield f"## {TITLES[layout.kind]}\n"
    yield f"{MADE[layout.kind]}\nRows with the same {names} are one document.\n"
    yield "| Name | English | Lietuviškai | Of | Takes | Means | Example |"
    yield "|---|---|---|---|---|---|---|"
    row, *_ = template(layout.kind, None, TODAY).cells()
    shown = zip(layout.columns, row, strict=True)
    yield from (_column(column, cell.text, layout) for column, cell in shown if column.number <= 1)
    yield ""


def _column(column: Column, example: str, layout: Layout) -> str:
    mark = "**" if column.required else "*" * column.rare
    name = f"{mark}`{column.name}`{mark}"
    most = max(one.number for one in layout.columns if one.way == column.way)
    cells = (
        f"{name} … `{column.name}_{most}`" if column.number else name,
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


def _bad_input() -> Iterator[str]:
    yield "## Bad input\n"
    yield "What is answered to files that are none, or are meant to do harm; memory and time are bounded"
    yield "([limits.md](limits.md)). Each has a test in `tests/`, and most of them come once more to a gateway that"
    yield "runs (`rest/test_batches_bad_input.py`).\n"
    yield "| What | Code | Test |"
    yield "|---|---|---|"
    yield from (f"| {what} | {code} | `{test}` |" for what, code, test in BAD_INPUT)
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
