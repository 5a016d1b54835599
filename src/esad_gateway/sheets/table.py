"""Rows of cells, as every format of files of rows is read to them.

A cell says what the file says, and what kind of thing that is there: who wants text in a column can tell a number
that lost its leading zeros from a text that kept them. Nothing is guessed here.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Final, NamedTuple

from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, PlaceStep


class Kind(Enum):
    """What a cell is to the program that wrote the file. A CSV file knows texts only."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"
    PERCENT = "percent"
    MONEY = "money"
    BOOLEAN = "boolean"
    ERROR = "error"
    NO_VALUE = "no value"  # a formula whose result was not stored
    EMPTY = "empty"


class Cell(NamedTuple):
    """A cell: a tuple, because a file has millions of them.

    ``text`` is what the file says. A number has all its digits, a decimal point, no grouping and no ``.0``; a
    percentage is the number that people see (``12.5`` for 12.5 %); money is its amount. A date is ``2026-11-28``, a
    moment ``2026-11-28T10:30:00``, a time ``10:30:00``, a boolean ``true`` or ``false``, an error what is shown.
    """

    kind: Kind
    text: str


BLANK: Final = Cell(Kind.EMPTY, "")
"""A cell in which nothing stands."""


class Nested(NamedTuple):
    """Where a row of JSON lines or XML stands: there it is no row, but a document or one of its lines of goods.

    ``above`` leads to the document, which begins in the line of text ``begins``; ``line`` leads from there to the line
    of goods, ``None`` where the document has none. ``names`` are those of the values in the line itself.
    """

    above: tuple[PlaceStep, ...]
    begins: int
    line: PlaceStep | None = None
    names: frozenset[str] = frozenset()


class SheetRow(NamedTuple):
    """A row with its ``number`` from 1, as a spreadsheet or an editor shows it (the first of several lines).

    ``cells`` has one for every column of the heading at least; what stands beyond the heading comes behind them. In
    JSON lines and XML each line of goods is a row with the number of the line of text where it begins, and is
    ``nested``.
    """

    number: int
    cells: tuple[Cell, ...]
    nested: Nested | None = None


class FileFormat(Enum):
    """The formats of files of rows, by the endings of their names."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"
    XML = "xml"
    JSONL = "jsonl"


class Epoch(Enum):
    """The day that a workbook counts its dates from, by its year."""

    Y1900 = "1900"
    Y1904 = "1904"


@frozen(kw_only=True)
class Declared:
    """What the sender says of a file; ``None`` is nothing, and is found out as far as that needs no guess.

    ``encoding`` and ``delimiter`` are for CSV (``utf-8`` or ``windows-1257``; ``;``, a comma or a tab), ``sheet`` is
    the name of one of several. ``checked``: a CSV file was gone through before, and its limits are not asked again.
    """

    format: FileFormat | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    checked: bool = False


@frozen(kw_only=True)
class Sheet:
    """One table of a file that is open. ``heading`` is its first row in which something stands.

    ``told`` is what was taken where there was a choice (``encoding``, ``delimiter``, ``sheet``, ``epoch``), to be said
    in the answer; ``remarks`` what somebody should know who sees the file in another program: rows, columns and sheets
    that are hidden, cells that are merged, other sheets. ``count`` is how many rows there are below the heading, where
    that is known before they are read.
    """

    format: FileFormat
    told: Mapping[str, str]
    heading: SheetRow
    remarks: tuple[Said, ...]
    read: Callable[[], Iterator[SheetRow]]
    count: int | None = None

    @property
    def from_programs(self) -> bool:
        """Whether programs write files of this format, and not people: numbers in texts have a decimal point there."""
        return self.format in (FileFormat.XML, FileFormat.JSONL)

    def rows(self) -> Iterator[SheetRow]:
        """The rows below the heading, once, as they are read; rows in which nothing stands are left out.

        Raises Unreadable where the file turns out to be no such file after all: rows that came before are then told.
        """
        return self.read()


def cell_name(row: int, column: int) -> str:
    """The name of a cell as spreadsheets have it (``C5``), for its row and column, both from 1."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def cell_place(row: int, column: int) -> Place:
    """The place of a cell in a fault; its text is the name of the cell."""
    return Place((PlaceStep(cell_name(row, column)),), in_data=True)
