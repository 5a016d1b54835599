"""Proposes a mapping file for somebody else's headings: by their names, and by what the cells below them look like."""

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from typing import Final

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.headings import added_by_gateway, headings_beside, never_read, plain
from esad_gateway.batch.tables.readers import Unfit
from esad_gateway.batch.tables.wording import likeness as in_words
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.sheets.table import Cell, Sheet, SheetRow
from esad_gateway.texts import languages, say

SAMPLE: Final = 50
"""Rows that are looked at."""

_ALIKE: Final = 0.62
"""How much alike a heading and a name have to be at least, by their letters, where the cells fit."""

_NEARLY: Final = 0.95
"""How much alike a heading and a name are at most that have the same words, but not the same letters."""

_TELLING: Final = frozenset({"code", "day", "choice"})
"""Readers that few other cells fit: what they take says as much as a name."""

_MOST_VALUES: Final = 20


@frozen(kw_only=True)
class Guess:
    """What a column may be: its ``heading``, the ``column`` (``None``: nothing of ours), and how many cells fit.

    ``strange`` are texts of its cells that the column does not take.
    """

    heading: str
    column: Column | None
    fitting: int
    filled: int
    strange: tuple[str, ...] = ()


def proposed(sheet: Sheet, kind: BatchKind) -> tuple[Guess, ...]:
    """What the columns of ``sheet`` may be, each of ours once, by its heading and its first rows."""
    rows = list(islice(sheet.rows(), SAMPLE))
    heading = sheet.heading
    places = _asked(heading, kind)
    scored = sorted(
        ((_score(heading, place, column, rows), place, column) for place in places for column in LAYOUTS[kind].columns),
        key=lambda one: (-one[0], one[1]),
    )
    taken: dict[int, Column] = {}
    for score, place, column in scored:
        if score > 0 and place not in taken and column not in taken.values():
            taken[place] = column
    return tuple(_guess(heading.cells[place].text.strip(), taken.get(place), place, rows) for place in places)


def _asked(heading: SheetRow, kind: BatchKind) -> list[int]:
    """Where columns stand that somebody has named, and that the gateway itself has not added."""
    names = [plain(cell.text) for cell in heading.cells]
    added = headings_beside(kind) if added_by_gateway(names, kind) else {}
    return [place for place, name in enumerate(names) if name and name not in added and not never_read(name)]


def _score(heading: SheetRow, place: int, column: Column, rows: Sequence[SheetRow]) -> float:
    """How likely a column is one of ours; 0 where it is not."""
    told = heading.cells[place].text
    likeness = max(min(in_words(told, column), _NEARLY), *(_likeness(plain(told), name) for name in _names(column)))
    cells = [row.cells[place] for row in rows if row.cells[place].text.strip()]
    fit = sum(_fits(column, cell) for cell in cells) / len(cells) if cells else 0.5
    if likeness == 1:
        return 3 + fit
    if column.reader.kind in _TELLING and cells and fit > 0.9:  # noqa: PLR2004 - nearly all of them
        return 1 + likeness + fit if likeness > _ALIKE / 2 else 0
    return likeness + fit if likeness >= _ALIKE and fit > 0 else 0


def _names(column: Column) -> Iterator[str]:
    yield plain(column.name)
    for language in languages():
        yield plain(column.called(language))


def _likeness(heading: str, name: str) -> float:
    """How much two names are alike, from 0 to 1: by the letters that they have in the same order."""
    if heading == name:
        return 1
    if min(len(heading), len(name)) > 2 and (heading in name or name in heading):  # noqa: PLR2004 - more than initials
        return max(_ALIKE, 2 * min(len(heading), len(name)) / (len(heading) + len(name)))
    return SequenceMatcher(None, heading, name, autojunk=False).ratio()


def _fits(column: Column, cell: Cell) -> bool:
    try:
        column.reader.read(cell)
    except Unfit:
        return False
    return True


def _guess(heading: str, column: Column | None, place: int, rows: Sequence[SheetRow]) -> Guess:
    cells = [row.cells[place] for row in rows if row.cells[place].text.strip()]
    if column is None:
        return Guess(heading=heading, column=None, fitting=0, filled=len(cells))
    strange = [cell.text.strip() for cell in cells if not _fits(column, cell)]
    told = tuple(dict.fromkeys(strange))[:_MOST_VALUES]
    fitting = len(cells) - len(strange)
    return Guess(heading=heading, column=column, fitting=fitting, filled=len(cells), strange=told)


def written(kind: BatchKind, guesses: Sequence[Guess], language: str) -> str:
    """The mapping file of guesses, in TOML, with what to look at as comments."""
    return "\n".join(_lines(kind, guesses, language)) + "\n"


def _lines(kind: BatchKind, guesses: Sequence[Guess], language: str) -> Iterator[str]:
    yield f"# {say(Said('map.head'), language)}"
    yield f"kind = {_quoted(kind.value)}"
    unknown = [guess.heading for guess in guesses if guess.column is None]
    yield f"ignored = [{', '.join(map(_quoted, unknown))}]"
    yield f"# {say(Said('map.numbers'), language)}"
    yield "numbers = []"
    yield from ("", "[columns]")
    for guess in guesses:
        if guess.column is not None:
            yield f"{_quoted(guess.heading)} = {_quoted(guess.column.name)}  # {guess.fitting}/{guess.filled}"
    yield from ("", "[constants]")
    yield from _constants(kind, guesses, language)
    yield from _values(guesses, language)


def _constants(kind: BatchKind, guesses: Sequence[Guess], language: str) -> Iterator[str]:
    found = {guess.column.name for guess in guesses if guess.column is not None}
    for column in LAYOUTS[kind].columns:
        if column.required and column.name not in found:
            yield f'# {column.name} = ""  # {column.called(language)}: {say(column.reader.expected, language)}'


def _values(guesses: Sequence[Guess], language: str) -> Iterator[str]:
    for guess in guesses:
        if guess.column is not None and guess.column.reader.choices and guess.strange:
            yield from ("", f"[values.{guess.column.name}]")
            yield f"# {say(guess.column.reader.expected, language)}"
            for text in guess.strange:
                yield f'# {_quoted(text)} = ""'


def _quoted(text: str) -> str:
    """A text as TOML has it, which for these characters is as JSON has it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
