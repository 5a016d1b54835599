"""What the commands of ``esad batch`` share: how a table is to be read."""

from enum import Enum
from pathlib import Path
from typing import Annotated, Final, TypeAlias, TypeVar

import typer

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.mapping import NO_MAPPING, MappingFile, read_mapping
from esad_gateway.cli.common import paths
from esad_gateway.cli.common.language import wrong
from esad_gateway.faults import Said, listed, said
from esad_gateway.sheets.table import Declared, FileFormat

E = TypeVar("E", bound=Enum)

_TAB: Final = "tab"

File: TypeAlias = Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, ODS, XML or JSON lines.")]
Kind: TypeAlias = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="saad, mvv or dispatch; otherwise the headings tell.")
]
FormatName: TypeAlias = Annotated[
    str | None, typer.Option("--format", metavar="FORMAT", help="csv, xlsx, ods, xml, jsonl; otherwise the file tells.")
]
Encoding: TypeAlias = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help="Of CSV: windows-1257; otherwise UTF-8, never guessed.")
]
Delimiter: TypeAlias = Annotated[
    str | None, typer.Option("--delimiter", metavar="SIGN", help="Of CSV: ; or , or tab; otherwise the headings tell.")
]
SheetName: TypeAlias = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="Of several sheets; otherwise the first is taken.")
]
MappingToml: TypeAlias = Annotated[
    Path | None, typer.Option("--mapping", metavar="TOML", help="What other headings mean: a file of esad batch map.")
]


def declared_of(form: str | None, encoding: str | None, delimiter: str | None, sheet: str | None) -> Declared:
    """How a file is to be read, as the options say. Raises BadParameter."""
    return Declared(
        format=None if form is None else format_of(form),
        encoding=encoding,
        delimiter="\t" if delimiter == _TAB else delimiter,
        sheet=sheet,
    )


def kind_named(told: str | None) -> BatchKind | None:
    """What the rows are, where ``--kind`` says so. Raises BadParameter."""
    return None if told is None else member_of(BatchKind, told, "--kind", "batch_kind")


def format_of(told: str) -> FileFormat:
    """A format by its name. Raises BadParameter."""
    return member_of(FileFormat, told, "--format")


def member_of(of: type[E], told: str, option: str, group: str | None = None) -> E:
    """The member that an option names; what each means has a sentence in ``group``. Raises BadParameter."""
    try:
        return of(told.lower())
    except ValueError:
        known = listed(_meant(one.value, group) for one in of)
        raise wrong(said("check.one_of", told=told, known=known), option) from None


def _meant(code: str, group: str | None) -> str | Said:
    return said("cell.meant", code=code, meaning=Said(f"{group}.{code}")) if group else code


def mapping_of(file: Path | None) -> MappingFile:
    """What a mapping file says, where there is one. Raises UnreadableInput."""
    return NO_MAPPING if file is None else read_mapping(paths.read(str(file)), str(file))
