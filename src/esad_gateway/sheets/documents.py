"""Documents of named values with lines of goods, as JSON lines and XML have them, made into rows.

Each line of goods is a row, with the values of its document before its own. A document without lines is one row.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from esad_gateway.place import PlaceStep
from esad_gateway.sheets.flaws import flaw, refuse, row_place
from esad_gateway.sheets.held import LETTERS, HeldRow
from esad_gateway.sheets.table import Kind, Nested

Fields = Sequence[tuple[str, tuple[str, str]]]
"""Names, each with the letter of the kind of its value, and its text."""

_NOTHING = (LETTERS[Kind.EMPTY], "")


class NamedLine(NamedTuple):
    """A line of goods, with the number of the line of text where it begins."""

    number: int
    fields: Fields


class NamedDocument(NamedTuple):
    """A document, with the number of the line of text where it begins.

    ``above`` leads to it in the file, ``called`` is what its lines of goods are called there.
    """

    number: int
    fields: Fields
    lines: Sequence[NamedLine]
    above: tuple[PlaceStep, ...] = ()
    called: str = ""


def named_rows(documents: Callable[[], Iterable[NamedDocument]]) -> Iterator[HeldRow]:
    """The heading, which has every name in the order in which they come up, and the rows.

    ``documents`` is asked for them twice: a name may come up in the last one only. Raises Unreadable where a name
    stands twice in one document.
    """
    names: dict[str, None] = {}
    first = 0
    for document in documents():
        first = first or document.number
        for fields in (document.fields, *(line.fields for line in document.lines)):
            names.update(dict.fromkeys(name for name, _ in fields))
    if names:
        yield HeldRow(first, LETTERS[Kind.TEXT] * len(names), list(names), Nested((), first))
        for document in documents():
            yield from _rows(document, tuple(names))


def _rows(document: NamedDocument, names: Sequence[str]) -> Iterator[HeldRow]:
    for position, line in enumerate(document.lines or (NamedLine(document.number, ()),), start=1):
        fields = (*document.fields, *line.fields)
        values = dict(fields)
        if len(values) < len(fields):
            _refuse_twice(document.number, fields)
        pairs = [values.get(name, _NOTHING) for name in names]
        kinds, texts = "".join(kind for kind, _ in pairs), [text for _, text in pairs]
        yield HeldRow(line.number, kinds, texts, _nested(document, position, line))


def _nested(document: NamedDocument, position: int, line: NamedLine) -> Nested:
    if not document.lines:
        return Nested(document.above, document.number)
    step = PlaceStep(document.called, position)
    return Nested(document.above, document.number, step, frozenset(name for name, _ in line.fields))


def _refuse_twice(number: int, fields: Fields) -> None:
    names = [name for name, _ in fields]
    twice = next(name for name in names if names.count(name) > 1)
    refuse(flaw("SHEET-TWICE", name=twice), row_place(number), value=twice, line=number)
