"""FFData, the file format in which the tax administration takes declarations: written, and read back (2.7)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from lxml import etree

from esad_gateway.ais.declarations.filling import FilledPage, FormDefinition
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import listed, said
from esad_gateway.xml.parse import parse

_APP: Final = "esad-gateway"
_GROUP: Final = "Visa forma"


def written_ffdata(pages: Sequence[FilledPage], definition: FormDefinition, login: str, on: date) -> bytes:
    """The file of a filled form; ``login`` is whoever has made it, on a day."""
    root = etree.Element("FFData", Version="1", CreatedByApp=_APP, CreatedByLogin=login, CreatedOn=on.isoformat())
    form = etree.SubElement(root, "Form", FormDefId=definition.guid)
    group = etree.SubElement(etree.SubElement(form, "DocumentPages"), "Group", Name=_GROUP)
    names = etree.SubElement(group, "ListPages")
    for page in pages:
        etree.SubElement(names, "ListPage").text = page.name
    listed_pages = etree.SubElement(form, "Pages", Count=str(len(pages)))
    for page in pages:
        _add(listed_pages, page)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def read_ffdata(body: bytes, definition: FormDefinition) -> tuple[FilledPage, ...]:
    """The pages of a file of this form. Raises MalformedXml, and UnreadableInput with everything that is wrong.

    Wrong are another form, an unknown page, a field that the page does not have, one that is left out, and a count that
    is not that of what follows.
    """
    root = parse(body)
    form = root.find("Form")
    if form is None or form.get("FormDefId") != definition.guid:
        found = "" if form is None else form.get("FormDefId", "")
        raise UnreadableInput(said("declaration.other_form", found=found, form=definition.form, guid=definition.guid))
    pages = [_read(page) for page in form.iterfind("Pages/Page")]
    wrong = [*_wrong_counts(form), *(one for page in pages for one in _wrong_fields(page, definition))]
    if wrong:
        raise UnreadableInput(said("declaration.wrong_file", form=definition.form, found=listed(wrong, "; ")))
    return tuple(pages)


def _add(pages: etree._Element, page: FilledPage) -> None:
    element = etree.SubElement(pages, "Page", PageDefName=page.name, PageNumber=str(page.number))
    fields = etree.SubElement(element, "Fields", Count=str(len(page.fields)))
    for name, value in page.fields:
        etree.SubElement(fields, "Field", Name=name).text = value or None


def _read(page: etree._Element) -> FilledPage:
    fields = tuple((one.get("Name", ""), one.text or "") for one in page.iterfind("Fields/Field"))
    return FilledPage(name=page.get("PageDefName", ""), number=int(page.get("PageNumber", "0")), fields=fields)


def _wrong_counts(form: etree._Element) -> list[str]:
    counted = [(form.find("Pages"), "Page"), *((one, "Field") for one in form.iterfind("Pages/Page/Fields"))]
    return [
        f"Count {within.get('Count')} ({len(within.findall(name))})"
        for within, name in counted
        if within is not None and within.get("Count") != str(len(within.findall(name)))
    ]


def _wrong_fields(page: FilledPage, definition: FormDefinition) -> list[str]:
    known = next((one for one in definition.pages if one.name == page.name), None)
    if known is None:
        return [page.name]
    there = [name for name, _ in page.fields]
    unknown = [f"{page.name}.{name}" for name in there if name not in known.names]
    return unknown + [f"{page.name}.{name} -" for name in known.names if name not in there]
