"""ODS: read from its XML as it streams by: it says how often cells and rows are repeated, and that may be millions."""

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import IO, Final

from lxml import etree

from esad_gateway.sheets.archive import Archive
from esad_gateway.sheets.digits import number_text, percent_text
from esad_gateway.sheets.flaws import MOST_CHARACTERS, MOST_COLUMNS, flaw, refuse, row_place
from esad_gateway.sheets.held import LETTERS, HeldRow, HeldSheet
from esad_gateway.sheets.marks import unmarked
from esad_gateway.sheets.parts import careful_events, forget
from esad_gateway.sheets.remarks import SheetName, SheetRemarks, chosen_sheet
from esad_gateway.sheets.table import Declared, Epoch, FileFormat, Kind, cell_name

CONTENT: Final = "content.xml"
MIME_TYPE: Final = b"application/vnd.oasis.opendocument.spreadsheet"
LINKS: Final = frozenset({b"table:table-source", b"cell-range-source", b"office:dde-source"})
"""What stands in a content that refers to other files."""

THOROUGH: Final = frozenset({b"visibility=", b"-spanned=", b":formula="})
"""What stands in a content whose rows have something to be remarked on."""

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

_A_PARAGRAPH, _STRING_VALUE, _CALC_TYPE = f"{_TEXT}p", f"{_OFFICE}string-value", f"{_CALC}value-type"
_VALUE_TYPE, _VALUE, _FORMULA = f"{_OFFICE}value-type", f"{_OFFICE}value", f"{_TABLE}formula"
_ROWS_REPEATED, _CELLS_REPEATED = f"{_TABLE}number-rows-repeated", f"{_TABLE}number-columns-repeated"
_SPANNED: Final = (f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned")
_CELLS: Final = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_A_TABLE, _A_ROW, _A_COLUMN = f"{_TABLE}table", f"{_TABLE}table-row", f"{_TABLE}table-column"
_A_STYLE, _NULL_DATE = f"{_STYLE}style", f"{_TABLE}null-date"
_LOOKED_AT: Final = (_A_TABLE, _A_ROW, _A_COLUMN, _A_STYLE, _NULL_DATE)

_HIDDEN: Final = frozenset({"collapse", "filter"})
_BLANKS: Final = re.compile("[ \t\r\n]+")
_DAY: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,][0-9]+)?)?")
_DURATION: Final = re.compile(r"PT(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,9})(?:[.,][0-9]+)?S)?")
_COUNT: Final = re.compile(r"[1-9][0-9]{0,6}")
_WIDEST: Final = 16_384

Pair = tuple[str, str]
"""The letter of a cell's kind, and its text."""

_NOTHING: Final[Pair] = (LETTERS[Kind.EMPTY], "")
_NO_VALUE: Final[Pair] = (LETTERS[Kind.NO_VALUE], "")


def read_ods(archive: Archive, declared: Declared) -> HeldSheet:
    """The sheet that is wanted, or the first that people see. Raises Unreadable."""
    look = _Look(thorough=bool(archive.marks[CONTENT] & THOROUGH))
    with archive.file.open(CONTENT) as content:
        for what, one in _top_level(content):
            look.at(what, one)
    name, others = chosen_sheet(look.names, declared.sheet)
    seen = look.seen[look.names.index(name)]
    seen.macros = any(part.startswith("Basic/") for part in archive.marks)
    seen.links = bool(archive.marks[CONTENT] & LINKS)
    told = {"sheet": name.name, "epoch": look.epoch.value}
    return HeldSheet(FileFormat.ODS, told, (*others, *seen.told()), _rows(archive, look.names.index(name)))


def _top_level(content: IO[bytes]) -> Iterator[tuple[str, etree._Element]]:
    """Tables as they begin, and what else is looked at as it ends; not what stands in the cells of a table."""
    depth = 0
    for event, one in careful_events(content, _LOOKED_AT):
        if one.tag == _A_TABLE:
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                yield _A_TABLE, one
        elif event == "end" and depth <= 1:
            yield str(one.tag), one
            if one.tag == _A_ROW:
                forget(one)


class _Look:
    """A first look at all tables: their names, what is hidden in them, and from which day the document counts.

    Rows are looked at only where it has to be ``thorough``.
    """

    def __init__(self, *, thorough: bool) -> None:
        self._thorough = thorough
        self.names: list[SheetName] = []
        self.seen: list[SheetRemarks] = []
        self.epoch = Epoch.Y1900
        self._styles: set[str | None] = set()  # those of hidden tables
        self._row = self._column = 1

    def at(self, what: str, one: etree._Element) -> None:
        """Take what :func:`_top_level` gives."""
        if what == _A_ROW:
            if self._thorough:
                self._look_at_row(one)
        elif what == _A_COLUMN:
            self._look_at_column(one)
        elif what == _A_TABLE:
            self.names.append(SheetName(one.get(f"{_TABLE}name", ""), one.get(f"{_TABLE}style-name") in self._styles))
            self.seen.append(SheetRemarks())
            self._row = self._column = 1
        elif what == _A_STYLE and any(inside.get(f"{_TABLE}display") == "false" for inside in one):
            self._styles.add(one.get(f"{_STYLE}name"))
        elif what == _NULL_DATE and one.get(f"{_TABLE}date-value", "").startswith("1904"):
            self.epoch = Epoch.Y1904

    def _look_at_column(self, column: etree._Element) -> None:
        end = self._column + _count(column, _CELLS_REPEATED)
        if column.get(f"{_TABLE}visibility") in _HIDDEN:
            self.seen[-1].columns.append((self._column, end - 1))
        self._column = end

    def _look_at_row(self, row: etree._Element) -> None:
        seen, end = self.seen[-1], self._row + _count(row, _ROWS_REPEATED)
        if row.get(f"{_TABLE}visibility") in _HIDDEN and _pairs(row, self._row):
            seen.rows += range(self._row, min(end, self._row + _WIDEST))
        column = 1
        for cell in row:
            if cell.get(_FORMULA) is not None and _pair(cell) not in (_NOTHING, _NO_VALUE):
                seen.formulas.append((self._row, column))
            if any(_count(cell, spanned) > 1 for spanned in _SPANNED):
                wide, high = (_count(cell, spanned) for spanned in _SPANNED)
                seen.merged.append(
                    f"{cell_name(self._row, column)}:{cell_name(self._row + high - 1, column + wide - 1)}"
                )
            column += _count(cell, _CELLS_REPEATED)
        self._row = end


def _rows(archive: Archive, wanted: int) -> Iterator[HeldRow]:
    table, number = -1, 1
    with archive.file.open(CONTENT) as content:
        for what, one in _top_level(content):
            if what == _A_TABLE:
                table += 1
            elif what == _A_ROW and table == wanted:
                times = _count(one, _ROWS_REPEATED)
                if pairs := _pairs(one, number):
                    kinds, texts = "".join(kind for kind, _ in pairs), [text for _, text in pairs]
                    yield from (HeldRow(number + more, kinds, texts) for more in range(times))
                number += times


def _count(one: etree._Element, name: str) -> int:
    told = one.get(name)
    return int(told) if told is not None and _COUNT.fullmatch(told) else 1


def _pairs(row: etree._Element, number: int) -> list[Pair]:
    """The cells of a row without the empty ones at its end."""
    pairs: list[Pair] = []
    blanks = 0
    for cell in row:
        if cell.tag in _CELLS:
            pair, times = _pair(cell), _count(cell, _CELLS_REPEATED)
            if pair is _NOTHING:
                blanks += times
                continue
            width = len(pairs) + blanks + times
            if width > _WIDEST:
                refuse(flaw("SHEET-COLUMNS", count=width, most=MOST_COLUMNS), row_place(number), line=number)
            pairs += [_NOTHING] * blanks + [pair] * times
            blanks = 0
    return pairs


def _pair(cell: etree._Element) -> Pair:
    kind = cell.get(_VALUE_TYPE)
    if kind is None and cell.get(_FORMULA) is None and len(cell) == 0:
        return _NOTHING
    if cell.get(_CALC_TYPE) == "error":
        return LETTERS[Kind.ERROR], _text_of(cell)
    pair = _READERS.get(kind or "string", _of_string)(cell)
    return _NO_VALUE if pair is _NOTHING and cell.get(_FORMULA) is not None and kind != "string" else pair


def _of_number(cell: etree._Element) -> Pair:
    return _numeric(cell, LETTERS[Kind.NUMBER], number_text)


def _of_percentage(cell: etree._Element) -> Pair:
    return _numeric(cell, LETTERS[Kind.PERCENT], percent_text)


def _of_money(cell: etree._Element) -> Pair:
    return _numeric(cell, LETTERS[Kind.MONEY], number_text)


def _numeric(cell: etree._Element, letter: str, written: Callable[[str], str | None]) -> Pair:
    value = cell.get(_VALUE)
    if value is None:
        return _NOTHING
    text = written(value)
    return (LETTERS[Kind.ERROR], value) if text is None else (letter, text)


def _of_day(cell: etree._Element) -> Pair:
    value = cell.get(f"{_OFFICE}date-value")
    found = _DAY.fullmatch(value or "")
    if found is None:
        return _NOTHING if value is None else (LETTERS[Kind.ERROR], value)
    return (LETTERS[Kind.MOMENT], f"{found[1]}T{found[2]}") if found[2] else (LETTERS[Kind.DATE], found[1])


def _of_time(cell: etree._Element) -> Pair:
    value = cell.get(f"{_OFFICE}time-value")
    found = _DURATION.fullmatch(value or "")
    if found is None:
        return _NOTHING if value is None else (LETTERS[Kind.ERROR], value)
    hours, minutes, seconds = (int(one or 0) for one in found.groups())
    return LETTERS[Kind.TIME], f"{hours:02}:{minutes:02}:{seconds:02}"


def _of_boolean(cell: etree._Element) -> Pair:
    value = cell.get(f"{_OFFICE}boolean-value")
    return _NOTHING if value is None else (LETTERS[Kind.BOOLEAN], value)


def _of_string(cell: etree._Element) -> Pair:
    text = cell.get(_STRING_VALUE) or _text_of(cell)
    return (LETTERS[Kind.TEXT], unmarked(text)) if text else _NOTHING


def _text_of(cell: etree._Element) -> str:
    if len(cell) == 1 and len(cell[0]) == 0 and cell[0].tag == _A_PARAGRAPH:  # as most texts are
        return _BLANKS.sub(" ", cell[0].text or "")
    return "\n".join("".join(_texts(one)) for one in cell if one.tag == _A_PARAGRAPH)


def _texts(inside: etree._Element) -> Iterator[str]:
    yield _BLANKS.sub(" ", inside.text or "")
    for one in inside:
        if one.tag == f"{_TEXT}s":
            yield " " * min(_count(one, f"{_TEXT}c"), MOST_CHARACTERS)
        elif one.tag in _BREAKS:
            yield _BREAKS[str(one.tag)]
        elif one.tag in _SPANS:
            yield from _texts(one)
        yield _BLANKS.sub(" ", one.tail or "")


_BREAKS: Final[Mapping[str, str]] = MappingProxyType({f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"})
_SPANS: Final = frozenset({f"{_TEXT}span", f"{_TEXT}a"})
_READERS: Final[Mapping[str, Callable[[etree._Element], Pair]]] = MappingProxyType(
    {
        "float": _of_number,
        "percentage": _of_percentage,
        "currency": _of_money,
        "date": _of_day,
        "time": _of_time,
        "boolean": _of_boolean,
        "string": _of_string,
    }
)
"""What ODS calls a cell -> its reader; one that finds nothing gives :data:`_NOTHING`."""
