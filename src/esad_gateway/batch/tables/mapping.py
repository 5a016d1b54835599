"""Which column of a file is which: by its heading in any language, or as a mapping file says of other headings."""

import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, READ_BESIDE, BatchKind, Layout
from esad_gateway.batch.tables.headings import (
    MARKS,
    added_by_gateway,
    headings_beside,
    headings_of,
    never_read,
    plain,
)
from esad_gateway.batch.tables.readers import Unfit, bare, taking_numbers
from esad_gateway.batch.tables.spots import head_spot
from esad_gateway.batch.tables.wording import meant as in_words
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Fault, Faults, listed, said
from esad_gateway.frozen import frozen
from esad_gateway.json_errors import no_utf8
from esad_gateway.place import Place, PlaceStep
from esad_gateway.setting_faults import no_toml
from esad_gateway.sheets.flaws import Flaw, flaw
from esad_gateway.sheets.table import Cell, Kind, SheetRow
from esad_gateway.texts import languages

_MOST_MEANT: Final = 3
"""Columns that are told as what a heading may mean."""

_MOST_TOLD: Final = 20
"""Columns of which it is told that nobody knows them; the rest is counted."""

_SECTIONS: Final = frozenset({"kind", "columns", "constants", "values", "ignored", "numbers"})


@frozen(kw_only=True)
class MappingFile:
    """What somebody says of a table that is not ours.

    ``columns`` are names of ours by heading, ``constants`` the texts of columns that the file does not have, by name,
    ``values`` what stands in a column and what it means, by name, ``ignored`` headings that nothing is read from,
    ``numbers`` the names of columns where a number cell is taken for a text, since nothing was lost there.
    """

    kind: BatchKind | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


NO_MAPPING: Final = MappingFile()
"""Headings are ours."""


@frozen(kw_only=True)
class Bound:
    """A column that the file has: its ``position`` among the cells of a row, from 0, and what reads its cells."""

    position: int
    column: Column
    read: Callable[[Cell], Any]


@frozen(kw_only=True)
class Mapped:
    """A table whose columns are known.

    ``of_document`` and ``of_line`` are its columns, ``constants`` the values of columns that it does not have,
    ``faults`` what is wrong with its heading: then no row of it becomes anything. ``unnamed`` are the positions of
    columns without a heading, ``language`` is that of most headings.
    """

    layout: Layout
    of_document: tuple[Bound, ...]
    of_line: tuple[Bound, ...]
    constants: Mapping[str, Any]
    faults: Faults
    heading: SheetRow
    unnamed: tuple[int, ...]
    language: str

    @property
    def columns(self) -> tuple[Bound, ...]:
        """All columns of the file."""
        return self.of_document + self.of_line

    @property
    def width(self) -> int:
        """How many columns the heading has."""
        return len(self.heading.cells)

    def headed(self, position: int) -> str:
        """The heading at a position, from 0; empty beyond the last."""
        return self.heading.cells[position].text.strip() if position < self.width else ""

    @property
    def mend(self) -> int | None:
        """Where the column stands that says what to mend, from 0; ``None`` where the file has none."""
        cells = enumerate(self.heading.cells)
        return next((place for place, cell in cells if never_read(cell.text)), None)

    def position(self, name: str) -> int | None:
        """Where the column of a name stands, from 0; ``None`` where the file has none."""
        return next((one.position for one in self.columns if one.column.name == name), None)


def _is_read(column: Column) -> bool:
    return bool(column.way) or column.name in READ_BESIDE


def recognised(heading: SheetRow, mapping: MappingFile = NO_MAPPING) -> BatchKind | None:
    """What the rows below a heading are: the kind whose columns it has most of, and misses fewest of.

    ``None`` where no kind, or none before the others, has them.
    """
    if mapping.kind is not None:
        return mapping.kind
    scores = sorted(((_score(heading, kind, mapping), kind) for kind in BatchKind), key=lambda one: -one[0])
    (best, kind), (second, _), *_ = scores
    return kind if best > 0 and best > second else None


def _score(heading: SheetRow, kind: BatchKind, mapping: MappingFile) -> int:
    found = {column.name for _, column in _known(heading, kind, mapping)} | set(mapping.constants)
    missing = [one for one in LAYOUTS[kind].columns if one.required and one.name not in found]
    return len(found) * 2 - len(missing) if found else 0


def _known(heading: SheetRow, kind: BatchKind, mapping: MappingFile) -> Iterator[tuple[int, Column]]:
    """The columns of a heading that are known, by their positions."""
    names, theirs = [plain(cell.text) for cell in heading.cells], _mapped_headings(kind, mapping)
    added = added_by_gateway(set(names) - set(theirs), kind)
    ours = {**(headings_beside(kind) if added else {}), **headings_of(kind)}
    ignored = set(map(plain, mapping.ignored))
    by_heading = {name: column for name, column in ours.items() if name not in ignored} | theirs
    for position, name in enumerate(names):
        if name in by_heading:
            yield position, by_heading[name]


def _mapped_headings(kind: BatchKind, mapping: MappingFile) -> dict[str, Column]:
    named = {heading: LAYOUTS[kind].named(name) for heading, name in mapping.columns.items()}
    return {plain(heading): column for heading, column in named.items() if column is not None}


def matched(heading: SheetRow, kind: BatchKind, mapping: MappingFile = NO_MAPPING) -> Mapped:
    """The columns of a table of a ``kind`` by its ``heading``, with every fault of that at once.

    A heading that nobody knows is a fault: what stands below it would be lost. Raises UnreadableInput for a mapping
    file that does not fit the kind.
    """
    _check_names(LAYOUTS[kind], mapping)
    known = dict(_known(heading, kind, mapping))
    once, twice = _once(known)
    bound = tuple(_bound(position, column, mapping) for position, column in once.items() if _is_read(column))
    constants = _constants(LAYOUTS[kind], mapping)
    unnamed = tuple(place for place, cell in enumerate(heading.cells) if not plain(cell.text))
    unknown = [place for place in range(len(heading.cells)) if place not in known and place not in unnamed]
    have = {column.name for column in once.values()} | set(constants)
    lost = [place for place in unknown if not _ignored(heading.cells[place].text, mapping)]
    faults = (
        *_lost(heading, lost, LAYOUTS[kind], have),
        *(_twice(heading, place, known[place]) for place in twice),
        *_missing(heading, LAYOUTS[kind], have),
    )
    return Mapped(
        layout=LAYOUTS[kind],
        of_document=tuple(one for one in bound if not one.column.of_line),
        of_line=tuple(one for one in bound if one.column.of_line),
        constants=constants,
        faults=faults,
        heading=heading,
        unnamed=unnamed,
        language=_language(heading, once),
    )


def _once(known: Mapping[int, Column]) -> tuple[dict[int, Column], list[int]]:
    """The first column of each name, and the positions of those that come again."""
    first: dict[str, int] = {}
    for position, column in known.items():
        first.setdefault(column.name, position)
    once = {position: known[position] for position in first.values()}
    return once, [position for position in known if position not in once]


def _bound(position: int, column: Column, mapping: MappingFile) -> Bound:
    read = taking_numbers(column.reader.read) if column.name in mapping.numbers else column.reader.read
    meant = {bare(text): value for text, value in mapping.values.get(column.name, {}).items()}
    return Bound(position=position, column=column, read=_translating(read, meant) if meant else read)


def _translating(read: Callable[[Cell], Any], meant: Mapping[str, str]) -> Callable[[Cell], Any]:
    def translated(cell: Cell) -> Any:
        value = meant.get(bare(cell.text))
        return read(cell if value is None else Cell(Kind.TEXT, value))

    return translated


def _constants(layout: Layout, mapping: MappingFile) -> dict[str, Any]:
    """The values of constants. Raises UnreadableInput."""
    return {name: _constant(layout, name, text) for name, text in mapping.constants.items()}


def _constant(layout: Layout, name: str, text: str) -> Any:
    column = layout.named(name)
    try:
        return column.reader.read(Cell(Kind.TEXT, text)) if column else None
    except Unfit as unfit:
        hint = unfit.wrong.fault().hint
        raise UnreadableInput(said("mapping.constant", name=name, text=text, hint=hint)) from unfit


def _check_names(layout: Layout, mapping: MappingFile) -> None:
    """Raise UnreadableInput where a mapping file names a column that there is not."""
    named = (*mapping.columns.values(), *mapping.constants, *mapping.values, *mapping.numbers)
    for name in named:
        if layout.named(name) is None:
            known = [column.name for column in layout.columns]
            near = get_close_matches(name, known, n=1)
            told = {"kind": layout.kind.value, "name": name}
            if near:
                raise UnreadableInput(said("mapping.meant", near=near[0], **told))
            raise UnreadableInput(said("mapping.unknown", known=", ".join(known), **told))


def _ignored(heading: str, mapping: MappingFile) -> bool:
    return never_read(heading) or plain(heading) in set(map(plain, mapping.ignored))


def _language(heading: SheetRow, once: Mapping[int, Column]) -> str:
    """The language of most headings; English where they are none of ours."""

    def headed(language: str) -> int:
        return sum(plain(column.called(language)) == plain(heading.cells[place].text) for place, column in once.items())

    return max(sorted(languages()), key=headed)


def _at(heading: SheetRow, position: int) -> dict[str, Any]:
    return {"value": heading.cells[position].text, **head_spot(heading, position)._asdict()}


def _lost(heading: SheetRow, lost: Sequence[int], layout: Layout, have: Iterable[str]) -> Iterator[Fault]:
    free = {plain(one.called(language)): one for one in layout.columns for language in languages()}
    had = set(have)
    for position in lost[:_MOST_TOLD]:
        told = plain(heading.cells[position].text)
        near = get_close_matches(told, free, n=1)
        meant = _meant(free[near[0]] if near else None, heading.cells[position].text, layout, had)
        yield (_beyond(told, layout) or meant or _unknown(told, layout)).fault(**_at(heading, position))
    if len(lost) > _MOST_TOLD:
        more = flaw("COLUMN-MORE", columns=said("count.columns", count=len(lost) - _MOST_TOLD))
        yield more.fault(**_at(heading, lost[_MOST_TOLD]))


def _unknown(told: str, layout: Layout) -> Flaw:
    """What is wrong with a heading that means nothing of ours, or what the gateway alone says, and elsewhere."""
    if told not in headings_beside(layout.kind):
        return flaw("COLUMN-UNKNOWN")
    marks = (said("said.quoted", text=one.heading) for one in layout.beside if one.name in MARKS)
    return flaw("COLUMN-ADDED", headings=listed(marks))


def _meant(near: Column | None, heading: str, layout: Layout, had: Collection[str]) -> Flaw | None:
    """What is wrong with a heading that nobody knows: by its words it may mean columns, or by its letters one."""
    free = [one for one in layout.columns if one.name not in had and one.number <= 1]
    by_letters = (near,) if near is not None and near.name not in had else ()
    found = in_words(heading, free) or by_letters
    if not 0 < len(found) <= _MOST_MEANT:
        return None
    return flaw("COLUMN-MEANT", headings=listed(said("said.quoted", text=one.heading) for one in found))


def _beyond(told: str, layout: Layout) -> Flaw | None:
    """What is wrong with a column that has a number beyond those that there are."""
    stem = told.rstrip("0123456789")
    first = headings_of(layout.kind).get(stem)
    if first is None or not first.number or stem == told:
        return None
    most = max(one.number for one in layout.columns if one.way == first.way)
    return flaw("COLUMN-COUNT", most=str(most))


def _twice(heading: SheetRow, position: int, column: Column) -> Fault:
    return flaw("COLUMN-TWICE", heading=column.heading).fault(**_at(heading, position))


def _missing(heading: SheetRow, layout: Layout, have: Iterable[str]) -> Iterator[Fault]:
    had = set(have)
    for column in layout.columns:
        if column.required and column.name not in had:
            place = Place((PlaceStep(column.name),), in_data=True)
            wrong = flaw("COLUMN-MISSING", heading=column.heading, name=column.name)
            yield wrong.fault(place, line=head_spot(heading, 0).line)


_EXAMPLE: Final = '"KN kodas" = "cn_code"'


def read_mapping(content: bytes, file: str = "mapping") -> MappingFile:
    """The mapping file in TOML. Raises UnreadableInput where it is none, or has another form."""
    try:
        text = content.decode("utf-8-sig")
        told = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise UnreadableInput(said("mapping.toml", file=file, why=no_utf8(error))) from error
    except tomllib.TOMLDecodeError as error:
        raise UnreadableInput(said("mapping.toml", file=file, why=no_toml(str(error), text, _EXAMPLE))) from error
    strange = sorted(set(told) - _SECTIONS)
    if strange:
        raise UnreadableInput(said("mapping.section", file=file, name=strange[0], known=", ".join(sorted(_SECTIONS))))
    return MappingFile(
        kind=_kind(file, told.get("kind")),
        columns=_texts(file, "columns", told.get("columns", {})),
        constants=_texts(file, "constants", told.get("constants", {})),
        values=_table(file, "values", told.get("values", {})),
        ignored=_list(file, "ignored", told.get("ignored", [])),
        numbers=_list(file, "numbers", told.get("numbers", [])),
    )


def _kind(file: str, told: Any) -> BatchKind | None:
    if told is None:
        return None
    try:
        return BatchKind(told)
    except ValueError:
        known = ", ".join(kind.value for kind in BatchKind)
        raise UnreadableInput(said("mapping.kind", file=file, told=str(told), known=known)) from None


def _table(file: str, name: str, told: Any) -> Mapping[str, Mapping[str, str]]:
    if not isinstance(told, dict):
        raise UnreadableInput(said("mapping.tables", file=file, name=name))
    return {column: _texts(file, f"{name}.{column}", one) for column, one in told.items()}


def _texts(file: str, name: str, told: Any) -> Mapping[str, str]:
    if not isinstance(told, dict) or not all(isinstance(one, str) for one in told.values()):
        raise UnreadableInput(said("mapping.texts", file=file, name=name))
    return MappingProxyType(told)


def _list(file: str, name: str, told: Any) -> tuple[str, ...]:
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        raise UnreadableInput(said("mapping.list", file=file, name=name))
    return tuple(told)
