"""XML: documents of named values, each with lines of goods if there are any; schema ``gateway/rows.xsd``."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from lxml import etree

from esad_gateway import resources
from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.faults import said
from esad_gateway.place import PlaceStep
from esad_gateway.sheets.documents import Fields, NamedDocument, NamedLine, named_rows
from esad_gateway.sheets.flaws import flaw, refuse
from esad_gateway.sheets.held import LETTERS, HeldSheet
from esad_gateway.sheets.table import FileFormat, Kind
from esad_gateway.xml.parse import Limits, parse

NAMESPACE: Final = "urn:esad-gateway:rows:1"

_IN: Final = f"{{{NAMESPACE}}}"
_LIMITS: Final = Limits(
    max_bytes=128 * 1024 * 1024,
    max_depth=256,
    max_elements=4_000_000,
    max_attributes=64,
    max_all_attributes=4_000_000,
    max_text=1024 * 1024,
)
_TEXT, _NOTHING = LETTERS[Kind.TEXT], LETTERS[Kind.EMPTY]
_LONGEST: Final = 200


def read_xml(path: Path) -> HeldSheet:
    """The rows of an XML file. Raises Unreadable. A signature in it is not verified here."""
    try:
        root = parse(path.read_bytes(), _LIMITS)
    except TooLarge as error:
        refuse(flaw("SHEET-SIZE", size=path.stat().st_size, most=error.limit))
    except MalformedXml as error:
        refuse(flaw("SHEET-XML", reason=error.why), line=error.line, column=error.column)
    _check_schema(root)
    return HeldSheet(FileFormat.XML, {}, (), named_rows(lambda: _documents(root)))


def _check_schema(root: etree._Element) -> None:
    schema = _schema()
    if not schema.validate(root):
        first = schema.error_log[0]
        reason = first.message.replace(_IN, "")[:_LONGEST]
        refuse(flaw("SHEET-SCHEMA", reason=said("said.library", words=reason)), line=first.line)


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(resources.schemas() / "gateway" / "rows.xsd"))


def _documents(root: etree._Element) -> Iterator[NamedDocument]:
    for position, document in enumerate(root.iterchildren(f"{_IN}document"), start=1):
        lines = [NamedLine(_number(one), _fields(one)) for one in document.iterchildren(f"{_IN}line")]
        above = (PlaceStep("document", position),)
        yield NamedDocument(_number(document), _fields(document), lines, above, "line")


def _number(element: etree._Element) -> int:
    return element.sourceline or 1


def _fields(above: etree._Element) -> Fields:
    return [
        (one.get("name", ""), (_TEXT, one.text) if one.text else (_NOTHING, ""))
        for one in above.iterchildren(f"{_IN}value")
    ]
