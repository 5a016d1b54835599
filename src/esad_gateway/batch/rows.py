"""Drafts out of JSON and CSV: the plain data of messages, each with the place where it stands."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.json_errors import no_utf8, why_no_json
from esad_gateway.xml.plain_json import read_json

Path: TypeAlias = tuple[str | int, ...]

_STEP: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?:\[([1-9][0-9]{0,2})\])?")
_DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to be: its file, its place in it (``:3`` is a row, ``[1]`` an item), and its plain data."""

    file: str
    place: str
    data: Any

    @property
    def source(self) -> str:
        """Where the draft stands, such as ``drafts.csv:3``."""
        return f"{self.file}{self.place}"


def from_json(file: str, content: bytes) -> Sequence[Draft]:
    """The draft of a JSON object, or those of a list of objects (``drafts.json[1]``). Raises UnreadableInput."""
    try:
        data = read_json(content)
    except ValueError as error:
        raise UnreadableInput(said("rows.no_json", file=file, why=why_no_json(error))) from error
    if isinstance(data, list):
        return [Draft(file, f"[{number}]", item) for number, item in enumerate(data, start=1)]
    return [Draft(file, "", data)]


def from_csv(file: str, content: bytes) -> Sequence[Draft]:
    """One draft a row (``drafts.csv:2``); the first row has dotted paths such as ``body_ead_esad[1].quantity``.

    The delimiter is the comma, semicolon or tab that the first row has most of. Empty cells are absent fields, empty
    rows are skipped. Raises UnreadableInput for what is no table, and for columns that contradict each other.
    """
    try:
        text = content.decode("utf-8-sig")
        rows = list(_rows(text))
    except UnicodeDecodeError as error:
        raise UnreadableInput(said("rows.no_csv", file=file, why=no_utf8(error))) from error
    except csv.Error as error:
        quoted = said("said.library", words=str(error))
        raise UnreadableInput(said("rows.no_csv", file=file, why=quoted)) from error
    if not rows:
        raise UnreadableInput(said("rows.no_head", file=file))
    (_, header), *body = rows
    paths = [_path(file, column) for column in header]
    _check_columns(file, header, paths)
    return [Draft(file, f":{line}", _record(f"{file}:{line}", paths, cells)) for line, cells in body if any(cells)]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for cells in reader:
        yield reader.line_num, [cell.strip() for cell in cells]


def _path(file: str, column: str) -> Path:
    steps = [_STEP.fullmatch(step) for step in column.split(".")]
    path: list[str | int] = []
    for step in steps:
        if step is None:
            raise UnreadableInput(said("rows.no_path", file=file, column=column))
        name, position = step.groups()
        path += [name] if position is None else [name, int(position)]
    return tuple(path)


def _check_columns(file: str, header: Sequence[str], paths: Sequence[Path]) -> None:
    """Every column has a place of its own, and a name is either a field, a group or a repeated group."""
    forms: dict[Path, tuple[str, str]] = {}
    for column, path in zip(header, paths, strict=True):
        if path in forms:
            raise UnreadableInput(said("rows.contradicts", file=file, column=column, other=forms[path][1]))
        for end in range(1, len(path) + 1):
            form = "field" if end == len(path) else type(path[end]).__name__
            known, other = forms.setdefault(path[:end], (form, column))
            if known != form:
                raise UnreadableInput(said("rows.contradicts", file=file, column=column, other=other))


def _record(source: str, paths: Sequence[Path], cells: Sequence[str]) -> Any:
    if any(cells[len(paths) :]):
        raise UnreadableInput(said("rows.more_cells", source=source))
    tree: dict[str | int, Any] = {}
    for path, cell in zip(paths, cells, strict=False):
        if cell:
            _put(tree, path, cell)
    return _with_lists(tree)


def _put(tree: dict[str | int, Any], path: Path, cell: str) -> None:
    *above, last = path
    for step in above:
        tree = tree.setdefault(step, {})
    tree[last] = cell


def _with_lists(tree: Any) -> Any:
    """``tree`` with its numbered groups as lists; a number that is left out leaves a gap for the reader to refuse."""
    if not isinstance(tree, Mapping):
        return tree
    if all(isinstance(step, int) for step in tree):
        return [_with_lists(tree.get(number)) for number in range(1, max(tree) + 1)]
    return {step: _with_lists(value) for step, value in tree.items()}
