"""JSON lines and XML: what programs write, with lines of goods below their document."""

from pathlib import Path

import pytest
from lxml import etree

from esad_gateway import resources
from esad_gateway.sheets.table import BLANK, Cell, Kind
from helpers.sheets import read, refused

JSON = """\ufeff{"document": "A-1", "mass": 1234567890123456.789, "lines": [{"cn": "22042138", "q": 1.50},\
 {"cn": "2203"}]}

{"document": "A-2", "late": true, "note": null}
"""
XML = """<?xml version="1.0" encoding="UTF-8"?>
<rows xmlns="urn:esad-gateway:rows:1">
  <document><value name="document">A-1</value><value name="mass">1.5</value>
    <line><value name="cn">22042138</value></line><line><value name="cn">2203</value><value name="q"/></line>
  </document>
  <document><value name="document">A-2</value></document>
</rows>
"""


def with_text(path: Path, content: str | bytes) -> Path:
    """A file with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: Path) -> list[tuple[int, list[str]]]:
    """The rows of a file by their numbers."""
    return [(row.number, [cell.text for cell in row.cells]) for row in read(path)[1]]


def test_line_of_goods_is_a_row_of_its_document(tmp_path: Path) -> None:
    """With the values of the document before its own, and the number of the line of text where it begins."""
    assert texts(with_text(tmp_path / "rows.jsonl", JSON)) == [
        (1, ["document", "mass", "cn", "q", "late", "note"]),
        (1, ["A-1", "1234567890123456.789", "22042138", "1.50", "", ""]),
        (1, ["A-1", "1234567890123456.789", "2203", "", "", ""]),
        (3, ["A-2", "", "", "", "true", ""]),
    ]


def test_numbers_of_json_keep_their_digits(tmp_path: Path) -> None:
    """None goes through a float; texts stay texts."""
    _, rows = read(with_text(tmp_path / "rows.jsonl", JSON))
    assert rows[1].cells[1:4] == (
        Cell(Kind.NUMBER, "1234567890123456.789"),
        Cell(Kind.TEXT, "22042138"),
        Cell(Kind.NUMBER, "1.50"),
    )
    assert rows[3].cells[4:] == (Cell(Kind.BOOLEAN, "true"), BLANK)


def test_document_of_xml_is_rows(tmp_path: Path) -> None:
    """As JSON lines are; all of it is text."""
    path = with_text(tmp_path / "rows.xml", XML)
    assert texts(path) == [
        (3, ["document", "mass", "cn", "q"]),
        (4, ["A-1", "1.5", "22042138", ""]),
        (4, ["A-1", "1.5", "2203", ""]),
        (6, ["A-2", "", "", ""]),
    ]
    assert read(path)[0].from_programs


def test_xml_may_carry_a_signature(tmp_path: Path) -> None:
    """Who reads the rows does not verify it."""
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/></rows>'
    assert len(texts(with_text(tmp_path / "rows.xml", XML.replace("</rows>", signature)))) == 4


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ('{"a": 1}\n{"a": \n', "SHEET-JSON", 2),
        ('{"a": NaN}\n', "SHEET-JSON", 1),
        ('{"a": 1} {"a": 2}\n', "SHEET-JSON", 1),
        ('{"a":' + "[" * 100_000 + "\n", "SHEET-JSON", 1),
        ('{"a": 1}\n[1]\n', "SHEET-OBJECT", 2),
        ('{"a": 1}\n"x"\n', "SHEET-OBJECT", 2),
        ('{"a": {"b": 1}}\n', "SHEET-NESTED", 1),
        ('{"a": [1]}\n', "SHEET-NESTED", 1),
        ('{"a": [{"b": [1]}]}\n', "SHEET-NESTED", 1),
        ('{"a": [], "b": []}\n', "SHEET-NESTED", 1),
        ('{"a": 1}\n{"a": 1, "a": 2}\n', "SHEET-TWICE", 2),
        ('{"a": 1, "lines": [{"a": 2}]}\n', "SHEET-TWICE", 1),
        (b'{"a": "\xe0"}\n', "SHEET-ENCODING", 1),
        ('{"a": "' + "x" * 5_000_000 + '"}\n', "SHEET-SIZE", 1),
        ('{"a": "' + "x" * 32_768 + '"}\n', "SHEET-CELL", 1),
        ("{}\n", "SHEET-EMPTY", None),
        ('{"a": null}\n', None, None),
    ],
)
def test_json_that_is_no_rows_is_refused(
    tmp_path: Path, content: str | bytes, code: str | None, line: int | None
) -> None:
    """With the line where it is wrong, before any row is told."""
    path = with_text(tmp_path / "rows.jsonl", content)
    if code is None:
        assert len(read(path)[1]) == 1
    else:
        fault = refused(path)
        assert (fault.code, fault.line) == (code, line)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("</rows>", "", "SHEET-XML"),
        ('<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE rows [<!ENTITY a "b">]>', "SHEET-XML"),
        ("<line>", "<lines>", "SHEET-XML"),
        ("urn:esad-gateway:rows:1", "urn:rows", "SHEET-SCHEMA"),
        ('<value name="mass">1.5</value>', "<mass>1.5</mass>", "SHEET-SCHEMA"),
        ('<value name="mass">', "<value>", "SHEET-SCHEMA"),
        ('name="mass"', 'name=""', "SHEET-SCHEMA"),
        ('name="mass"', 'name="cn"', "SHEET-TWICE"),
        (">A-1<", f">{'x' * 32_768}<", "SHEET-CELL"),
    ],
)
def test_xml_that_is_no_rows_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    """It is read as every document is, and then held against its schema."""
    assert old in XML
    assert refused_or_found(with_text(tmp_path / "rows.xml", XML.replace(old, new))) == code


def refused_or_found(path: Path) -> str:
    """The code of a fault, whether it is found before the first row or behind it."""
    try:
        return refused(path).code
    except pytest.fail.Exception:
        with pytest.raises(Exception, match=r"SHEET|longer|twice") as caught:
            read(path)
        return str(getattr(caught.value, "faults")[0].code)  # noqa: B009 - of Unreadable


def test_schema_says_what_it_means() -> None:
    """Every element and attribute that is no structure is documented, and it is a schema."""
    schema = etree.parse(resources.schemas() / "gateway" / "rows.xsd")
    etree.XMLSchema(schema)
    assert len(schema.findall(".//{*}documentation")) >= 3
