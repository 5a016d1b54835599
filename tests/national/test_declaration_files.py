"""Declarations as files: FFData by a definition that can be replaced, CSV, JSON and PDF."""

import csv
import json
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import etree
from pypdf import PdfReader

from esad_gateway.ais.declarations.filing import FiledDeclaration, FilingAsked, decide_filing
from esad_gateway.ais.declarations.filling import definition_of, number_in_file
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.national.declaration_files import FileCase, declaration_file
from esad_gateway.national.ffdata import read_ffdata
from esad_gateway.national.form_definitions import FORMS_FILE, form_definitions
from helpers.declared import CERTIFIED, NEW, OLD, TEMPORARY, TRADER, beer, case_on, draft_of, received, taken, wine

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "data/national/ffdata.xsd"))
CASE = FileCase(
    definitions=form_definitions(None), entity="100000001", name="Trader & Sons", zone=ZoneInfo("Europe/Vilnius")
)


def filed(status: OperatorType = CERTIFIED, period: TaxPeriod = OLD) -> FiledDeclaration:
    """Beer and wine of a month, filed."""
    draft = draft_of(received(beer("1000.5"), wine(number=2), period=period), status=status, period=period)
    return taken(decide_filing(draft, FilingAsked(), case_on(date(2025, 11, 12))))


def fields_of(body: bytes) -> dict[str, dict[str, str]]:
    """The fields that have something in them, by page."""
    pages = etree.fromstring(body).iterfind("Form/Pages/Page")
    return {
        page.get("PageDefName", ""): {one.get("Name", ""): one.text for one in page.iter("Field") if one.text}
        for page in pages
    }


@pytest.mark.parametrize(
    ("status", "period", "pages"),
    [
        (CERTIFIED, OLD, ["FR0630", "FR0630D", "FR0630R"]),
        (TEMPORARY, OLD, ["FR0630A", "FR0630AD"]),
        (CERTIFIED, NEW, ["AKC430", "AKC430D", "AKC430R"]),
    ],
)
def test_ffdata_has_every_field_of_every_page(status: OperatorType, period: TaxPeriod, pages: list[str]) -> None:
    """Counts are right, it fits the schema, and read back it is what was written."""
    one = filed(status, period)
    body = declaration_file(one, "ffdata", CASE)
    definition = definition_of(CASE.definitions, one)

    SCHEMA.assertValid(etree.fromstring(body))
    assert definition is not None
    assert [page.name for page in read_ffdata(body, definition)] == pages
    for page, known in zip(read_ffdata(body, definition), definition.pages, strict=False):
        assert tuple(name for name, _ in page.fields) == known.names


def test_ffdata_says_what_was_declared() -> None:
    """Box 3 and box 8, comma in numbers, days as ISO has them, and the figures by tariff group."""
    fields = fields_of(declaration_file(filed(), "ffdata", CASE))

    assert fields["FR0630"]["E3"] == "Registruotas asmuo"
    assert fields["FR0630"]["E8"] == TRADER
    assert fields["FR0630"]["B_UzpildData"] == "2025-11-12"
    assert (fields["FR0630"]["B_ML_Metai"], fields["FR0630"]["B_ML_Menuo"]) == ("2025", "08")
    assert fields["FR0630"]["B_MM_Pavad"] == "Trader & Sons"
    assert (fields["FR0630D"]["D3_1"], fields["FR0630D"]["D4_1"], fields["FR0630D"]["D6_1"]) == (
        "110",
        "1000,5",
        "548,77",
    )
    assert "E8" not in fields_of(declaration_file(filed(TEMPORARY), "ffdata", CASE))["FR0630A"]
    assert number_in_file(filed().duty) == fields["FR0630"]["E20"]


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text.replace('Name="E3"', 'Name="E33"'),
        lambda text: text.replace('<Field Name="E3">Registruotas asmuo</Field>', ""),
        lambda text: text.replace('PageDefName="FR0630R"', 'PageDefName="FR0630X"'),
        lambda text: text.replace('<Pages Count="3">', '<Pages Count="4">'),
        lambda text: text.replace("000000630110}", "000000630111}"),
    ],
    ids=["unknown field", "field left out", "unknown page", "count", "form"],
)
def test_file_that_is_not_of_the_form_is_refused(harm: Callable[[str], str]) -> None:
    """With the name of what is wrong."""
    one = filed()
    definition = definition_of(CASE.definitions, one)
    body = harm(declaration_file(one, "ffdata", CASE).decode()).encode()

    assert definition is not None
    with pytest.raises(UnreadableInput, match="FR0630"):
        read_ffdata(body, definition)


def test_csv_and_json_have_the_figures() -> None:
    """A row a figure, and the object that REST shows."""
    one = filed()
    rows = list(csv.DictReader(StringIO(declaration_file(one, "csv", CASE).decode())))
    told = json.loads(declaration_file(one, "json", CASE))

    assert [(row["figure"], row["duty"]) for row in rows] == [
        (figure.key, f"{figure.duty:f}") for figure in one.figures
    ]
    assert told["figures"][0]["tariffGroup"] == "110"
    assert told["duty"] == f"{one.duty:f}"


def test_pdf_has_boxes_and_figures() -> None:
    """For people, in Lithuanian; the same declaration is the same file."""
    one = filed()
    body = declaration_file(one, "pdf", CASE)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(body)).pages)

    assert body == declaration_file(one, "pdf", CASE)
    for part in ("FR0630", TRADER, "Registruotas asmuo", "D/110", "548.77"):
        assert part in text


def test_unknown_format_and_form_without_definition_are_told() -> None:
    """With what there is."""
    with pytest.raises(UnreadableInput, match="ffdata"):
        declaration_file(filed(), "docx", CASE)
    less = FileCase(definitions=CASE.definitions[1:], entity="", name="", zone=CASE.zone)
    with pytest.raises(UnreadableInput, match="FR0630A"):
        declaration_file(filed(), "ffdata", less)


def _plain() -> dict[str, Any]:
    shipped = Path(__file__).parents[2] / "src/esad_gateway/profiles/lithuania/forms/fictitious.json"
    found: dict[str, Any] = json.loads(shipped.read_text(encoding="utf-8"))
    return found


def test_own_definitions_take_the_place_of_those_that_are_shipped(tmp_path: Path) -> None:
    """With its own identifier and fields; a form that has no page for a figure is refused."""
    plain = _plain()
    plain["fictitious"] = False
    plain["forms"][0]["pages"][0]["fields"].append(["E99", "duty"])
    plain["forms"][0]["pages"] = plain["forms"][0]["pages"][:2]
    (tmp_path / FORMS_FILE).write_text(json.dumps(plain), encoding="utf-8")
    own = FileCase(definitions=form_definitions(tmp_path), entity="", name="", zone=CASE.zone)

    assert not own.definitions[0].fictitious
    assert own.definitions[0].pages[0].names[-1] == "E99"
    with pytest.raises(UnreadableInput, match="R/110"):
        declaration_file(filed(), "ffdata", own)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", FORMS_FILE),
        ('{"forms": []}', ""),
        ('{"forms": [{"form": "X"}], "fictitious": true, "source": ""}', "version"),
        (json.dumps(_plain()).replace('"payer_type"', '"colour"', 1), "FR0630.E3: colour"),
    ],
)
def test_definitions_that_cannot_be_are_refused_by_name(text: str, told: str, tmp_path: Path) -> None:
    """No JSON, something left out, a field that is to have what is not known."""
    (tmp_path / FORMS_FILE).write_text(text, encoding="utf-8")
    if not told:
        assert form_definitions(tmp_path) == ()
        return
    with pytest.raises(NotConfigured, match=told):
        form_definitions(tmp_path)
