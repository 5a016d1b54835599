"""Places in JSON lines and XML, which know no cells: the way to a value and its line of text."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.corrections import corrections
from esad_gateway.batch.tables.mapping import matched
from esad_gateway.batch.tables.reading import Document, documents
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared
from esad_gateway.sheets.writing import write_sheet
from esad_gateway.texts import languages, say
from helpers.tables import example, making

SAAD = BatchKind.SAAD
LINE = ("product", "cn_code", "quantity", "packages")
Value = dict[str, Any]


def _document(*lines: Value, **changed: str) -> Value:
    """A document of the SAAD list with its lines of goods below it."""
    first = {name: str(getattr(one, "text", one)) for name, one in example(SAAD).items()}
    own = {name: text for name, text in first.items() if name not in LINE and text}
    own = {name: text for name, text in {**own, **changed}.items() if name not in {"strength", "plato", "package_kind"}}
    return {**own, "lines": [{**{name: first[name] for name in LINE}, **one} for one in lines]}


def _jsonl(folder: Path, *found: Value) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
    return path


def _xml(folder: Path, *found: Value, between: str = "\n") -> Path:
    def values(of: Value) -> str:
        return "".join(f'<value name="{name}">{one}</value>' for name, one in of.items() if name != "lines")

    parts = ['<rows xmlns="urn:esad-gateway:rows:1">']
    for one in found:
        lines = (f"<line>{values(line)}</line>" for line in one["lines"])
        parts += [f"<document>{values(one)}", *lines, "</document>"]
    path = folder / "rows.xml"
    path.write_text(between.join([*parts, "</rows>"]), encoding="utf-8")
    return path


def _read(path: Path) -> list[Document]:
    with open_sheet(path, Declared()) as sheet:
        return list(documents(sheet, matched(sheet.heading, SAAD), making(SAAD)))


def _told(document: Document) -> list[tuple[str, int | None, int | None, str]]:
    return [(fault.path, fault.line, fault.column, fault.rule) for fault in document.faults]


def _mended(path: Path) -> list[list[str]]:
    """What is said of each row in the corrections of a file."""
    written = io.BytesIO()
    with open_sheet(path, Declared()) as sheet:
        table = corrections(sheet, matched(sheet.heading, SAAD), making(SAAD))
        write_sheet(written, sheet.format, table)
    again = path.with_stem("mend")
    again.write_bytes(written.getvalue())
    with open_sheet(again, Declared()) as sheet:
        assert sheet.heading.cells[-1].text == "What to mend"
        return [row.cells[-1].text.split("; ") for row in sheet.rows()]


BAD = (
    _document({}, document="1"),
    _document({}, {"packages": "many"}, document="2", received="soon"),
    _document({}, {"cn_code": ""}, document="3"),
)


def test_place_in_json_lines_is_the_way_from_the_document(tmp_path: Path) -> None:
    """And the line of text is that of the document; a value that is missing has a place as well."""
    good, second, third = _read(_jsonl(tmp_path, *BAD))
    assert good.faults == ()
    assert _told(second) == [("received", 2, None, "CELL-DAY"), ("lines[2].packages", 2, None, "CELL-NUMBER")]
    assert _told(third) == [("lines[2].cn_code", 3, None, "VALUE-MISSING")]


def test_place_in_xml_is_the_way_from_the_root(tmp_path: Path) -> None:
    """And the line of text is that of the element."""
    good, second, third = _read(_xml(tmp_path, *BAD))
    assert good.rows == (3,)
    assert second.rows == (6, 7)
    assert _told(second) == [
        ("document[2].received", 5, None, "CELL-DAY"),
        ("document[2].line[2].packages", 7, None, "CELL-NUMBER"),
    ]
    assert _told(third) == [("document[3].line[2].cn_code", 11, None, "VALUE-MISSING")]


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.xml", "one line of xml"])
def test_corrections_tell_each_line_its_own(tmp_path: Path, name: str) -> None:
    """What is wrong with the document is told in its first row, and nothing twice, also where all is in one line."""
    write = {"rows.jsonl": _jsonl, "rows.xml": _xml}.get(name)
    path = write(tmp_path, *BAD) if write else _xml(tmp_path, *BAD, between="")
    first, second, third, fourth = _mended(path)
    assert [len(told) for told in (first, second, third, fourth)] == [1, 1, 1, 1]
    assert "received (CELL-DAY)" in first[0]
    assert "packages (CELL-NUMBER)" in second[0]
    assert third == ["Another row of this document has to be mended."]
    assert "cn_code (VALUE-MISSING)" in fourth[0]


def test_value_is_told_where_it_stands(tmp_path: Path) -> None:
    """A value of the document that stands in a line is told there, and one of the goods in the document as well."""
    inside = _document({"consignee": "LT1"}, document="1")
    del inside["consignee"]
    outside = _document({}, {}, document="2", packages="many")
    for line in outside["lines"]:
        del line["packages"]
    first, second = _read(_jsonl(tmp_path, inside, outside))
    assert [place for place, *_ in _told(first)] == ["lines[1].consignee"]
    assert [place for place, *_ in _told(second)] == ["packages", "packages"]


def test_flat_objects_have_names_for_places(tmp_path: Path) -> None:
    """A document of several lines names the other one by its line of text."""
    rows = [_document({}, document="1") for _ in range(2)]
    flat = [{**{name: one for name, one in row.items() if name != "lines"}, **row["lines"][0]} for row in rows]
    (document,) = _read(_jsonl(tmp_path, flat[0], {**flat[1], "received": "2026-03-01"}))
    (fault,) = document.faults
    assert (fault.path, fault.line, fault.rule) == ("received", 2, "ROW-DIFFERS")
    assert dict(fault.hint.values)["cell"] == "rows[1].received"


def test_name_that_nobody_knows_has_no_line(tmp_path: Path) -> None:
    """It stands in some of the documents, and is told by itself."""
    path = _jsonl(tmp_path, _document({}, document="1"), _document({"colour": "red"}, document="2"))
    with open_sheet(path, Declared()) as sheet:
        (fault,) = matched(sheet.heading, SAAD).faults
    assert (fault.path, fault.line, fault.rule) == ("colour", None, "COLUMN-UNKNOWN")


@pytest.mark.parametrize("between", ["\n", ""], ids=["in lines", "in one line"])
def test_document_of_xml_that_comes_again_is_told_by_its_place(tmp_path: Path, between: str) -> None:
    """Where it stood before is an element, as XML has it: many documents may stand in one line of text."""
    one, other = _document({}), _document({}, document="another")

    found = _read(_xml(tmp_path, other, one, other, one, between=between))

    assert [[fault.rule for fault in document.faults] for document in found] == [[], [], ["ROW-AGAIN"], ["ROW-AGAIN"]]
    for language in languages():
        hints = [say(document.faults[0].hint, language) for document in found[2:]]
        assert ["document[1]" in hints[0], "document[2]" in hints[1]] == [True, True]


def test_document_of_json_lines_that_comes_again_is_told_by_its_line(tmp_path: Path) -> None:
    """There a document is a line of text."""
    one, other = _document({}), _document({}, document="another")

    found = _read(_jsonl(tmp_path, other, one, other))

    assert "row 1 " in say(found[2].faults[0].hint)
