"""A filed declaration as a file: FFData for the tax administration, CSV and JSON for programs, PDF for people."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.declarations.filing import FiledDeclaration
from esad_gateway.ais.declarations.filling import (
    FilledFor,
    FormDefinition,
    definition_of,
    filled_pages,
    without_page,
)
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, listed, said
from esad_gateway.frozen import frozen
from esad_gateway.national.declarations import DeclarationDesk
from esad_gateway.national.ffdata import read_ffdata, written_ffdata
from esad_gateway.national.form_definitions import form_definitions
from esad_gateway.papers.paper import Filled, Paper, Section
from esad_gateway.sheets.plain_writers import csv_lines
from esad_gateway.sheets.writing import SheetTable
from esad_gateway.views.declarations import figures_view, filed_view

_WIDE: Final = 4
_COLUMNS: Final = ("figure", "annex", "row", "tariffGroup", "measure", "quantity", "duty")


@frozen(kw_only=True)
class FileCase:
    """What a file is made of beside the declaration: definitions of forms, who declares, and how it is told."""

    definitions: Sequence[FormDefinition]
    entity: str
    name: str
    zone: tzinfo
    languages: Sequence[str] = ("lt",)


def declaration_file(filed: FiledDeclaration, form: str, case: FileCase) -> bytes:
    """The file in a format of :data:`FILE_FORMATS`.

    Raises UnreadableInput for another format (PDF among them where the extra ``paper`` is not installed), for a form
    without a definition, and for figures that it has no place for.
    """
    offered = [one for one in FILE_FORMATS if one != "pdf" or find_spec("fpdf")]
    if form not in offered:
        raise UnreadableInput(said("declaration.no_format", format=form, formats=listed(offered)))
    write = FILE_FORMATS[form]
    return write(filed, case)


def _ffdata(filed: FiledDeclaration, case: FileCase) -> bytes:
    definition = definition_of(case.definitions, filed)
    if definition is None:
        known = listed(f"{one.form} {one.version}" for one in case.definitions)
        raise UnreadableInput(said("declaration.undefined", form=filed.form, version=filed.version, known=known))
    if missing := without_page(filed, definition):
        raise UnreadableInput(said("declaration.no_page", form=filed.form, figures=listed(missing)))
    day = filed.filed_at.astimezone(case.zone).date()
    pages = filled_pages(filed, definition, FilledFor(entity=case.entity, name=case.name, on=day))
    body = written_ffdata(pages, definition, filed.by.name, day)
    # What is handed over has been read once: a file that the other side would refuse is a defect of ours.
    if read_ffdata(body, definition) != pages:
        raise UnreadableInput(said("declaration.wrong_file", form=filed.form, found=filed.form))
    return body


def _csv(filed: FiledDeclaration, _case: FileCase) -> bytes:
    named = (filed.seed, str(filed.period), str(filed.number), filed.form)
    rows = [(*named, *(figure[column] for column in _COLUMNS)) for figure in figures_view(filed.figures)]
    table = SheetTable(heading=("seed", "period", "number", "form", *_COLUMNS), rows=rows, delimiter=",")
    return "".join(csv_lines(table)).encode()


def _json(filed: FiledDeclaration, case: FileCase) -> bytes:
    return json.dumps(filed_view(filed, case.zone), ensure_ascii=False, indent=1).encode() + b"\n"


def _pdf(filed: FiledDeclaration, case: FileCase) -> bytes:
    from esad_gateway.papers.pdf import as_pdf  # noqa: PLC0415 - its library is an extra

    return as_pdf(_paper(filed, case), case.languages)


def _paper(filed: FiledDeclaration, case: FileCase) -> Paper:
    boxes = (
        ("3", Said("declaration.box.payer"), filed.payer_type),
        ("8", Said("declaration.box.number"), filed.box_number),
        ("", Said("declaration.box.entity"), case.entity),
        ("", Said("declaration.box.name"), case.name),
        ("", Said("declaration.column.period"), str(filed.period)),
        ("", Said("declaration.box.correction"), str(filed.number)),
        ("", Said("declaration.column.duty"), f"{filed.duty:f}"),
        ("", Said("declaration.box.set_off"), f"{filed.set_off:f}"),
        ("", Said("declaration.box.to_pay"), f"{filed.to_pay:f}"),
    )
    head = Section(number="", label=Said("declaration.box.head"), cells=tuple(_cell(*one) for one in boxes))
    figures = tuple(
        Section(
            number=one.key,
            label=Said("declaration.column.figure"),
            cells=(
                _cell("", Said("declaration.column.group"), one.group),
                _cell("", Said("declaration.column.quantity"), f"{one.quantity:f} {one.measure}"),
                _cell("", Said("declaration.column.duty"), f"{one.duty:f}"),
            ),
        )
        for one in filed.figures
    )
    return Paper(
        title=said("declaration.box.title", form=filed.form),
        note=Said("declaration.box.note"),
        mark=f"{filed.seed}/{filed.period}/{filed.number}",
        moment=filed.filed_at,
        sections=(head, *figures),
    )


def _cell(number: str, label: Said, value: str) -> Filled:
    return Filled(number=number, label=label, value=value, width=_WIDE)


FILE_FORMATS: Final[Mapping[str, Callable[[FiledDeclaration, FileCase], bytes]]] = MappingProxyType(
    {"ffdata": _ffdata, "csv": _csv, "json": _json, "pdf": _pdf}
)
"""What a declaration is written as, by name."""


@frozen
class FiledFiles:
    """Writes what was filed at a desk as files, by the definitions of forms of the data directory ``root``."""

    desk: DeclarationDesk
    root: Path

    def __call__(
        self, seed: str, period: TaxPeriod, number: int | None, form: str, languages: Sequence[str] = ("lt",)
    ) -> bytes:
        """The file of a declaration. Raises NotFound, NotConfigured, and what :func:`declaration_file` does."""
        month, filed = self.desk.filed(seed, period, number)
        definitions, zone = form_definitions(self.root), self.desk.calendar.zone
        case = FileCase(definitions=definitions, entity=month.entity, name=month.name, zone=zone, languages=languages)
        return declaration_file(filed, form, case)
