"""Rows to documents: what each document says, or every fault of every one of its rows, with the cell that it is about.

Rows that stand together and name the same document are one. Memory does not grow with the number of rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, TypeAlias

from esad_gateway.batch.tables.cells import Cells
from esad_gateway.batch.tables.columns import READ_BESIDE, STATUS, VERSION
from esad_gateway.batch.tables.mapping import Mapped
from esad_gateway.batch.tables.placing import Placing
from esad_gateway.batch.tables.programs import as_programs_mean
from esad_gateway.batch.tables.seen import Seen
from esad_gateway.errors import Unreadable
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, PlaceStep
from esad_gateway.sheets.flaws import flaw
from esad_gateway.sheets.table import BLANK, Sheet, SheetRow

Values: TypeAlias = Mapping[str, Any]

RUN: Final = 16
"""Documents that are read together: the same is done with all of them before something else is, which takes a third
less of the processor than one document after the other."""

_Found: TypeAlias = tuple[str, Sequence[SheetRow], int | None]

MOST_LINES: Final = 999
"""Lines of goods of one document, as many as an e-SAD has."""

_BETWEEN: Final = "\x1f"

BETWEEN_NAMES: Final = " / "
"""What stands between the parts of what a document is called."""

_APART: Final = re.compile(r"\(ROW-(?:AGAIN|APART)\)")
"""What corrections say of a row that stood apart from its document; alone it would be taken for the whole of it."""


@frozen(kw_only=True)
class Share:
    """Which documents of a file are wanted, by their places from 0 on: of others only the key is read.

    From ``begin`` on, ``chunk`` after ``chunk``, of ``among`` chunks the one that is the ``turn``, from 0 on.
    """

    begin: int = 0
    chunk: int = 16
    among: int = 1
    turn: int = 0

    def __contains__(self, place: int) -> bool:
        return place >= self.begin and (place - self.begin) // self.chunk % self.among == self.turn


ALL: Final = Share()


def nothing_amiss(_own: Values, _lines: Sequence[Values]) -> Faults:
    """What is found where parts of a document are not judged."""
    return ()


@frozen(kw_only=True)
class Making:
    """What becomes of the values of a document: ``make`` makes it of its own values and those of its lines.

    ``judge`` finds what is wrong with each of some of them that shows without a register, by the places that it has
    there. ``judge_part`` finds what shows in the values alone, where some of them are ``UNREAD`` and nothing can be
    made.
    """

    make: Callable[[Values, Sequence[Values]], Any]
    judge: Callable[[Sequence[Any]], Sequence[Faults]]
    judge_part: Callable[[Values, Sequence[Values]], Faults] = nothing_amiss


@frozen(kw_only=True)
class Document:
    """One document of a file.

    ``source`` are its rows as they stand, ``key`` what makes it the same document as another one, ``called`` the same
    as it was written, for people. ``entry`` is what became of it, ``None`` where there are ``faults``, each with the
    row (``line``) and the cell that it is about.
    ``content`` is a digest of what it says: the same for the same values, in whatever format and language they came.
    ``withdrawn``: it says of itself that it is the row of a record that was withdrawn. ``version``: of which version
    of its record it was made, where it says so.
    """

    source: tuple[SheetRow, ...]
    key: str
    called: str
    entry: Any
    faults: Faults
    content: bytes
    withdrawn: bool = False
    version: int | None = None

    @property
    def rows(self) -> tuple[int, ...]:
        """The numbers of its rows, as a spreadsheet shows them."""
        return tuple(row.number for row in self.source)


def documents(sheet: Sheet, mapped: Mapped, making: Making, share: Share = ALL) -> Iterator[Document]:
    """The documents of ``sheet`` in their order, as it is read, each with its entry or with all its faults.

    A document that comes again after another one is refused with the row where it stood before. Where the heading has
    faults (:attr:`Mapped.faults`) no document has an entry. Not checked: what needs the register or the store. Raises
    Unreadable as :meth:`Sheet.rows` does.
    """
    read = _Reading(mapped, making)
    with Seen() as seen:
        for run in _runs(_found(_together(sheet, mapped), seen, share)):
            yield from read.documents(run)


def sources(sheet: Sheet, mapped: Mapped) -> Iterator[Sequence[SheetRow]]:
    """The rows of each document of ``sheet``, of which nothing but the key is read. Raises as :func:`documents`."""
    return (rows for _, rows in _together(sheet, mapped))


def _together(sheet: Sheet, mapped: Mapped) -> Iterator[tuple[str, list[SheetRow]]]:
    given = as_programs_mean(sheet.rows(), mapped) if sheet.from_programs else sheet.rows()
    return together(given, mapped)


def _found(every: Iterable[tuple[str, list[SheetRow]]], seen: Seen, share: Share) -> Iterator[_Found]:
    """The documents of a share, each with the row where it stood before, if it did."""
    for place, (key, rows) in enumerate(every):
        before = seen.before(key, _number(rows[0])) if key else None
        if place in share:
            yield key, rows, before


def _runs(every: Iterable[_Found]) -> Iterator[Sequence[_Found]]:
    """Some documents at a time, the first one by itself: it is there at once. Where reading fails, those before it."""
    run, most = list[_Found](), 1
    try:
        for one in every:
            run.append(one)
            if len(run) == most:
                yield run
                run, most = [], RUN
    except Unreadable:
        yield run
        raise
    yield run


def together(rows: Iterable[SheetRow], mapped: Mapped) -> Iterator[tuple[str, list[SheetRow]]]:
    """Rows that follow each other and are one document, with its key.

    A row that leaves all cells of the document empty goes on with the document above it: so do people write lines of
    goods, and so do merged cells look. A document of too many lines is cut, so that nobody keeps them all.
    """
    key_of, goes_on = _key_of(mapped), _goes_on(mapped)
    held, key = list[SheetRow](), ""
    for row in rows:
        now = key_of(row)
        more = held and len(held) <= MOST_LINES and ((now and now == key) or goes_on(row))
        if not more and held:
            yield key, held
        if more:
            held.append(row)
        else:
            held, key = [row], now
    if held:
        yield key, held


def _places_of_key(mapped: Mapped) -> Sequence[int]:
    return [place for name in mapped.layout.key if (place := mapped.position(name)) is not None]


def _key_of(mapped: Mapped) -> Callable[[SheetRow], str]:
    """The key of a row, with the constants of a mapping; empty where the cells of the key are.

    A table that lacks the column of the document's number, the last of them, has no keys: nobody knows which rows are
    one document.
    """
    places = _places_of_key(mapped)
    at = [(mapped.position(name), str(mapped.constants.get(name, ""))) for name in mapped.layout.key]
    if at[-1] == (None, ""):
        return lambda _row: ""
    same, texts, key = mapped.layout.same, list[str](), ""

    def told(row: SheetRow) -> Iterator[str]:
        for place, constant in at:
            yield constant if place is None else row.cells[place].text.strip() or constant

    def key_of(row: SheetRow) -> str:
        nonlocal texts, key
        now = [row.cells[place].text for place in places]
        if now != texts:
            texts, key = now, _BETWEEN.join(map(same, told(row))) if any(now) else ""
        return key

    return key_of


def _goes_on(mapped: Mapped) -> Callable[[SheetRow], bool]:
    """Whether a row leaves all cells of the document empty."""
    own = [one.position for one in mapped.of_document]
    return lambda row: not any(row.cells[place].text for place in own)


class _Reading:
    """Reads the documents of one table: what it needs of the columns is worked out once."""

    def __init__(self, mapped: Mapped, making: Making) -> None:
        self._mapped = mapped
        self._making = making
        self._placing = Placing(mapped)
        self._mend = mapped.mend
        self._named = _places_of_key(mapped)
        self._beside = {one.column.name: one for one in mapped.of_document if one.column.name in READ_BESIDE}
        self._own = Cells(mapped.of_document, self._placing, mapped.constants)
        self._lines = Cells(mapped.of_line, self._placing, mapped.constants)
        columns = {column.name: column for column in mapped.layout.columns}
        self._constants = {name: one for name, one in mapped.constants.items() if not columns[name].of_line}
        self._line_constants = {name: one for name, one in mapped.constants.items() if columns[name].of_line}

    def documents(self, run: Sequence[_Found]) -> Iterator[Document]:
        """The documents of some rows each, in their order."""
        read = [self._values(rows, before) for _, rows, before in run]
        good = [(own, lines) for own, lines, found in read if not found and not self._mapped.faults]
        entries = [self._making.make(own, lines) for own, lines in good]
        judged = iter(list(zip(entries, self._making.judge(entries), _digests(good), strict=True)))
        for (key, rows, _), (own, lines, found) in zip(run, read, strict=True):
            if self._mapped.faults:
                yield self._refused(key, rows, found)
            elif found:
                also = self._making.judge_part(own, lines[:MOST_LINES])
                yield self._refused(key, rows, [*found, *self._placing.in_cells(also, rows)])
            else:
                yield self._judged(key, rows, *next(judged))

    def _values(self, rows: Sequence[SheetRow], before: int | None) -> tuple[Values, Sequence[Values], list[Fault]]:
        """What the rows of a document say, of itself and of each line, and what is wrong with them."""
        found = list[Fault]()
        own = {**self._constants, **self._own.values(rows[0], found)}
        lines = [{**self._line_constants, **self._lines.values(row, found)} for row in rows]
        found += self._of_rows(rows, before)
        for name in self._beside:
            own.pop(name, None)
        return own, lines, found

    def _judged(self, key: str, rows: Sequence[SheetRow], entry: Any, amiss: Faults, content: bytes) -> Document:
        if amiss:
            return self._refused(key, rows, self._placing.in_cells(amiss, rows))
        return Document(
            source=tuple(rows),
            key=key,
            called=self._called(rows[0]),
            entry=entry,
            faults=(),
            content=content,
            withdrawn=bool(self._told(rows[0], STATUS)),
            version=self._told(rows[0], VERSION),
        )

    def _told(self, row: SheetRow, name: str) -> Any:
        """What the gateway has said in a row of its record; ``None`` where nothing is said."""
        bound = self._beside.get(name)
        cell = BLANK if bound is None else row.cells[bound.position]
        return bound.read(cell) if bound is not None and cell.text.strip() else None

    def _refused(self, key: str, rows: Sequence[SheetRow], found: Iterable[Fault]) -> Document:
        faults = tuple(sorted(found, key=lambda fault: (fault.line or 0, fault.column or 0)))
        called = self._called(rows[0])
        return Document(source=tuple(rows), key=key, called=called, entry=None, faults=faults, content=b"")

    def _called(self, row: SheetRow) -> str:
        return BETWEEN_NAMES.join(row.cells[place].text.strip() for place in self._named)

    def _of_rows(self, rows: Sequence[SheetRow], before: int | None) -> Iterator[Fault]:
        """What is wrong with the rows as such."""
        for row in rows:
            yield from self._placing.beyond(row)
        for row in rows[1:]:
            yield from self._differing(rows[0], row)
        if before is not None:
            yield self._placing.row_fault(rows[0], flaw("ROW-AGAIN", where=_told_there(rows[0], before)))
        elif self._mend is not None and _APART.search(rows[0].cells[self._mend].text):
            yield self._placing.row_fault(rows[0], flaw("ROW-APART", heading=self._mapped.headed(self._mend)))
        if len(rows) > MOST_LINES:
            yield self._placing.row_fault(rows[MOST_LINES], flaw("ROW-LINES", most=str(MOST_LINES)))

    def _differing(self, first: SheetRow, row: SheetRow) -> Iterator[Fault]:
        """Cells of the document that say something else in a further row of it; empty ones say nothing."""
        for bound in self._mapped.of_document:
            here, there = row.cells[bound.position], first.cells[bound.position]
            if here != there and here.text.strip() not in {"", there.text.strip()}:
                cell = self._placing.told(first, bound.position)
                wrong = flaw("ROW-DIFFERS", value=there.text.strip(), cell=cell)
                yield self._placing.cell_fault(row, bound.position, wrong)


def _number(row: SheetRow) -> int:
    """What tells where a document stands: its row, or in XML, where many may stand in one line, its place."""
    above = row.nested.above if row.nested is not None else ()
    return above[-1].position or 1 if above else row.number


def _told_there(row: SheetRow, number: int) -> Said:
    """Where another document of the same file stands, of which that is the number."""
    above = row.nested.above if row.nested is not None else ()
    if not above:
        return said("batch.in_row", row=number)
    return said("said.as_it_is", text=str(Place((*above[:-1], PlaceStep(above[-1].name, number)), in_data=True)))


def _digests(good: Iterable[tuple[Values, Sequence[Values]]]) -> list[bytes]:
    return [_digest(own, lines) for own, lines in good]


def _digest(own: Values, lines: Sequence[Values]) -> bytes:
    """A digest of values: numbers have come without zeros at their end, so that each value has one text."""
    told = [f"{name}={value}" for values in (own, *lines) for name, value in (*sorted(values.items()), ("", ""))]
    return sha256(_BETWEEN.join(told).encode("utf-8", "surrogatepass")).digest()
