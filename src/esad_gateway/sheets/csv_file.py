"""CSV: read row by row, in memory that does not grow. The dialect is declared or stands in the first row.

A file is gone through twice: first for everything that makes it unreadable, then for its rows. So nobody is told of
rows of a file that ends in a quote without an end.
"""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final, NoReturn, TextIO

from esad_gateway.faults import Said
from esad_gateway.sheets.flaws import (
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    flaw,
    refuse,
    row_place,
)
from esad_gateway.sheets.marks import unmarked
from esad_gateway.sheets.table import BLANK, Cell, Declared, FileFormat, Kind, Sheet, SheetRow, cell_place

DELIMITERS: Final = (";", "\t", ",")
"""The delimiters that there are, in the order in which they are looked for in the first row."""

_ENCODINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "windows-1257": "windows-1257", "cp1257": "windows-1257"}
)
"""What may be declared -> the encoding."""

_UTF_8: Final = "utf-8"
_CHUNK: Final = 1 << 20
_SEP_LINE: Final = re.compile("sep=(.)\r?\n?", re.DOTALL)
_QUOTED: Final = re.compile('"[^"]*"')


def open_csv(path: Path, declared: Declared) -> Sheet:
    """The one sheet of a CSV file. Raises Unreadable, before any row is told, for whatever is wrong with the file."""
    encoding = _encoding(path, declared.encoding)
    remarks, quotes = _check_bytes(path, encoding)
    dialect = _Dialect(path, encoding, declared.delimiter, unclosed=quotes % 2 == 1)
    if not declared.checked:
        _check_rows(dialect)
    rows = dialect.records()
    number, texts = next(((number, texts) for number, texts in rows if any(texts)), (0, []))
    if not texts:
        refuse(flaw("SHEET-EMPTY"))
    heading = SheetRow(number, _cells(texts, 0))
    return Sheet(
        format=FileFormat.CSV,
        told=MappingProxyType({"encoding": encoding, "delimiter": dialect.delimiter}),
        heading=heading,
        remarks=remarks,
        read=partial(_rows, rows, len(heading.cells)),
    )


def _encoding(path: Path, declared: str | None) -> str:
    encoding = _ENCODINGS.get((declared or _UTF_8).lower())
    if encoding is None:
        refuse(flaw("SHEET-DECLARED", what=Said("sheet.encoding"), expected=Said("sheet.encodings")), value=declared)
    with path.open("rb") as file:
        begin = file.read(len(codecs.BOM_UTF8))
    if begin.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        refuse(flaw("SHEET-UTF16"))
    if begin == codecs.BOM_UTF8 and encoding != _UTF_8:
        refuse(flaw("SHEET-DECLARED", what=Said("sheet.encoding"), expected=_UTF_8), value=declared)
    return encoding


def _check_bytes(path: Path, encoding: str) -> tuple[tuple[Said, ...], int]:
    """That all bytes are text; what is to be remarked about the ends of lines, and how many quotes there are."""
    decoder = codecs.getincrementaldecoder(encoding)()
    both = feeds = returns = quotes = 0
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            if (at := chunk.find(b"\x00")) >= 0:
                refuse(flaw("SHEET-NUL"), line=1 + feeds + chunk.count(b"\n", 0, at))
            _decode(decoder, chunk, feeds)
            quotes += chunk.count(b'"')
            feeds += chunk.count(b"\n")
            returns += chunk.count(b"\r")
            both += chunk.count(b"\r\n") + (before == b"\r" and chunk[:1] == b"\n")
            before = chunk[-1:]
    _decode(decoder, b"", feeds)
    kinds = (both, feeds - both, returns - both)
    mixed = quotes == 0 and sum(map(bool, kinds)) > 1  # in quotes another end of line is part of a text
    return ((Said("sheet.mixed_ends"),) if mixed else ()), quotes


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, line: int) -> None:
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        wrong = f"0x{error.object[error.start]:02x}"
        encoding = _UTF_8 if error.encoding.startswith("utf") else "windows-1257"
        refuse(
            flaw("SHEET-ENCODING", byte=wrong, encoding=encoding),
            line=1 + line + error.object.count(b"\n", 0, error.start),
        )


class _Dialect:
    """How a file is read: encoding and delimiter, and whether its first line is one that only names the delimiter.

    ``unclosed`` says that its quotes are no pairs.
    """

    def __init__(self, path: Path, encoding: str, declared: str | None, *, unclosed: bool) -> None:
        self._unclosed = unclosed
        self._path = path
        self._encoding = "utf-8-sig" if encoding == _UTF_8 else encoding
        with self._file() as file:
            first = file.readline(_CHUNK)
            named = _SEP_LINE.fullmatch(first)
            self.skipped = 0 if named is None else 1
            self.delimiter = declared or (named[1] if named else _sniffed(chain([first], file)))
        if self.delimiter not in DELIMITERS:
            refuse(
                flaw("SHEET-DECLARED", what=Said("sheet.delimiter"), expected=Said("sheet.delimiters")),
                value=self.delimiter,
                line=self.skipped or None,
            )

    def _file(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """Every record with the number of its first line, those in which nothing stands as well."""
        with self._file() as file:
            number = 1 + self.skipped
            for _ in range(self.skipped):
                file.readline()
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            try:
                for texts in reader:
                    yield number, texts
                    number = 1 + self.skipped + reader.line_num
            except csv.Error as error:
                self._refuse(str(error), number, self.skipped + reader.line_num)

    def _refuse(self, reason: str, begin: int, end: int) -> NoReturn:
        if "expected after" in reason:
            shown = "TAB" if self.delimiter == "\t" else self.delimiter
            refuse(flaw("SHEET-AFTER-QUOTE", delimiter=shown), row_place(begin), line=end)
        if "larger" in reason and not self._unclosed:
            refuse(flaw("SHEET-CELL", most=MOST_CHARACTERS), row_place(begin), line=begin)
        refuse(flaw("SHEET-QUOTE"), row_place(begin), line=begin)


def _sniffed(lines: Iterable[str]) -> str:
    line = next((_QUOTED.sub("", line) for line in lines if line.strip()), "")
    return next((delimiter for delimiter in DELIMITERS if delimiter in line), DELIMITERS[0])


def _check_rows(dialect: _Dialect) -> None:
    """That the whole file is rows within the limits."""
    for count, (number, texts) in enumerate(dialect.records(), start=1):
        if len(texts) > MOST_COLUMNS:
            _check_width(number, texts)
        if texts and len(max(texts, key=len)) > MOST_CHARACTERS:
            _check_length(number, texts)
        if count > MOST_ROWS:
            refuse(flaw("SHEET-ROWS", most=MOST_ROWS), row_place(number), line=number)


def _check_width(number: int, texts: list[str]) -> None:
    count = len(_without_end(texts))
    if count > MOST_COLUMNS:
        refuse(flaw("SHEET-COLUMNS", count=count, most=MOST_COLUMNS), row_place(number), line=number)


def _check_length(number: int, texts: list[str]) -> None:
    column, text = next((at, text) for at, text in enumerate(texts, start=1) if len(text) > MOST_CHARACTERS)
    wrong = flaw("SHEET-CELL", most=MOST_CHARACTERS)
    refuse(wrong, cell_place(number, column), text, line=number, column=column)


def _without_end(texts: list[str]) -> list[str]:
    return texts[: max((at for at, text in enumerate(texts, start=1) if text), default=0)]


def _rows(records: Iterator[tuple[int, list[str]]], width: int) -> Iterator[SheetRow]:
    for number, texts in records:
        if any(texts):
            yield SheetRow(number, _cells(texts, width))


_cell = partial(tuple.__new__, Cell)
"""A cell of a pair: a third of the price, where there are millions."""


def _cells(texts: list[str], width: int) -> tuple[Cell, ...]:
    if len(texts) != width:
        texts = _without_end(texts)
        texts += [""] * (width - len(texts))
    text = Kind.TEXT
    return tuple([BLANK if not one else _cell((text, one if one[0] != "'" else unmarked(one))) for one in texts])
