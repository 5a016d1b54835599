"""What stands in the fields of a form, by its definition: data that is replaced when the real form is known (2.7)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.declarations.filing import FiledDeclaration
from esad_gateway.ais.declarations.projecting import DeclaredFigure
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class FormPage:
    """A page of a form: its ``fields`` by name, each with what stands in it, and so many ``rows`` with ``row_fields``.

    The name of a field in a row has the number of the row behind it. ``annex`` says whose figures the rows have; a page
    without one comes once, and one with an annex as often as its figures need, and not at all where there are none.
    """

    name: str
    annex: str = ""
    rows: int = 0
    fields: tuple[tuple[str, str], ...]
    row_fields: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every field of the page, in its order."""
        in_rows = (f"{name}_{row}" for row in range(1, self.rows + 1) for name, _ in self.row_fields)
        return (*(name for name, _ in self.fields), *in_rows)


@frozen(kw_only=True)
class FormDefinition:
    """The file of one ``version`` of a form: its ``guid`` and its pages. ``fictitious``: nobody's real form."""

    form: str
    version: str
    guid: str
    pages: tuple[FormPage, ...]
    fictitious: bool
    source: str


@frozen(kw_only=True)
class FilledPage:
    """A page with the value of each of its fields; ``number`` counts pages of one name from 1."""

    name: str
    number: int
    fields: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class FilledFor:
    """Who declares: the code of the taxpayer, empty where nobody has told it, and the name; and the day of filling."""

    entity: str
    name: str
    on: date


def number_in_file(amount: Decimal) -> str:
    """A number as the file has it: with a comma, and nothing between thousands."""
    return f"{amount:f}".replace(".", ",")


_OF_FORM: Final[Mapping[str, Callable[[FiledDeclaration, FilledFor], str]]] = MappingProxyType(
    {
        "entity": lambda _, who: who.entity,
        "name": lambda _, who: who.name,
        "filled_on": lambda _, who: who.on.isoformat(),
        "year": lambda one, _: f"{one.period.first.year:04}",
        "month": lambda one, _: f"{one.period.first.month:02}",
        "form": lambda one, _: one.form,
        "version": lambda one, _: one.version,
        "correction": lambda one, _: str(one.number) if one.number else "",
        "payer_type": lambda one, _: one.payer_type,
        "box_number": lambda one, _: one.box_number,
        "duty": lambda one, _: number_in_file(one.duty),
        "set_off": lambda one, _: number_in_file(one.set_off),
        "to_pay": lambda one, _: number_in_file(one.to_pay),
    }
)
_OF_ROW: Final[Mapping[str, Callable[[int, DeclaredFigure], str]]] = MappingProxyType(
    {
        "row_number": lambda number, _: str(number),
        "form_row": lambda _, one: one.row,
        "tariff_group": lambda _, one: one.group,
        "quantity": lambda _, one: number_in_file(one.quantity),
        "measure": lambda _, one: one.measure,
        "duty": lambda _, one: number_in_file(one.duty),
    }
)

FORM_VALUES: Final = tuple(_OF_FORM)
"""What may stand in a field of a page."""

ROW_VALUES: Final = tuple(_OF_ROW)
"""What may stand in a field of a row."""


def unknown_values(definition: FormDefinition) -> tuple[str, ...]:
    """Fields of a definition that are to have what is not known here, each with its page: ``FR0630.E9: colour``."""
    found = (
        f"{page.name}.{name}: {value}"
        for page in definition.pages
        for fields, known in ((page.fields, FORM_VALUES), (page.row_fields, ROW_VALUES))
        for name, value in fields
        if value not in known
    )
    return tuple(found)


def definition_of(definitions: Sequence[FormDefinition], filed: FiledDeclaration) -> FormDefinition | None:
    """The definition of the form and version of a declaration."""
    named = (filed.form, filed.version)
    return next((one for one in definitions if (one.form, one.version) == named), None)


def filled_pages(filed: FiledDeclaration, definition: FormDefinition, who: FilledFor) -> tuple[FilledPage, ...]:
    """Every page of the file, each with all of its fields; those without a value are empty.

    Not checked: that the definition says nothing unknown (:func:`unknown_values`).
    """
    return tuple(one for page in definition.pages for one in _pages(filed, page, who))


def without_page(filed: FiledDeclaration, definition: FormDefinition) -> tuple[str, ...]:
    """The figures for which the form has no page; with any, the file would not say what was declared."""
    annexes = {page.annex for page in definition.pages if page.rows}
    return tuple(one.key for one in filed.figures if one.annex not in annexes)


def _pages(filed: FiledDeclaration, page: FormPage, who: FilledFor) -> Iterator[FilledPage]:
    fixed = tuple((name, _OF_FORM[value](filed, who)) for name, value in page.fields)
    if not page.annex:
        yield FilledPage(name=page.name, number=1, fields=fixed)
        return
    figures = [one for one in filed.figures if one.annex == page.annex]
    for number, first in enumerate(range(0, len(figures), page.rows), 1):
        rows = tuple(_rows(page, first, figures[first : first + page.rows]))
        yield FilledPage(name=page.name, number=number, fields=(*fixed, *rows))


def _rows(page: FormPage, first: int, figures: Sequence[DeclaredFigure]) -> Iterator[tuple[str, str]]:
    for row in range(page.rows):
        for name, value in page.row_fields:
            told = _OF_ROW[value](first + row + 1, figures[row]) if row < len(figures) else ""
            yield f"{name}_{row + 1}", told
