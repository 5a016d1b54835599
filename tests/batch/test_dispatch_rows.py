"""Rows of dispatches under a fallback document become deferred drafts, judged by the schema and the rules of EMCS."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.dispatch_rows import dispatch_making
from esad_gateway.batch.tables.mapping import matched
from esad_gateway.batch.tables.readers import Unfit
from esad_gateway.batch.tables.reading import documents
from esad_gateway.emcs.codes import DestinationTypeCode, OriginTypeCode, SubmissionType
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import DocumentCertificate, PlaceOfDispatchTrader
from esad_gateway.emcs.rules.places import class_at, steps
from esad_gateway.identities import header
from esad_gateway.sheets.table import Cell, Kind, cell_name
from esad_gateway.texts import languages, say
from helpers.tables import NOW, columns, example, read, sheet, sheet_of, told

DISPATCH = BatchKind.DISPATCH
PLACES = columns(DISPATCH)


def _draft(**changed: str | Cell) -> IE815:
    (document,) = read(sheet(DISPATCH, changed), DISPATCH)
    assert told(document) == []
    assert isinstance(document.entry, IE815)
    return document.entry


def test_row_is_a_deferred_draft() -> None:
    """It has the deferred flag and what duty paid always has; the goods left in the past."""
    draft = _draft(fallback_document="FAD-7", brand="Vilnia")

    assert draft.attributes.deferred_submission_flag is True
    assert draft.attributes.submission_message_type is SubmissionType.DUTY_PAID_B2B
    assert draft.ead_esad_draft.origin_type_code is OriginTypeCode.DUTY_PAID
    assert draft.header_ead_esad.destination_type_code is DestinationTypeCode.CERTIFIED_CONSIGNEE
    assert draft.document_certificate == (DocumentCertificate(document_type="13", document_reference="FAD-7"),)
    (line,) = draft.body_ead_esad
    assert (line.quantity, line.brand_name_of_products) == (Decimal(900), Text("Vilnia", "lt"))


def test_rows_of_one_number_are_one_draft() -> None:
    """Its lines of goods are numbered from 1 in the order of the rows."""
    beer = {"product": "B000", "cn_code": "22030009", "strength": "5,2", "plato": "12", "wine_category": ""}

    (document,) = read(sheet(DISPATCH, {}, beer), DISPATCH)

    assert told(document) == []
    assert [(line.body_record_unique_reference, line.excise_product_code) for line in document.entry.body_ead_esad] == [
        (1, "W200"),
        (2, "B000"),
    ]


def test_arranger_is_described_where_it_is_another() -> None:
    """Parts of its address that are missing are told by their columns."""
    other = {"transport_arrangement": "4", "arranger_name": "UAB Vežėjas", "arranger_street": "Kelio g."}

    (document,) = read(sheet(DISPATCH, {**other, "arranger_city": "Kaunas"}), DISPATCH)

    assert told(document) == [(cell_name(2, PLACES["arranger_postcode"]), "XSD", "")]
    arranger = _draft(**other, arranger_city="Kaunas", arranger_postcode="01103").transport_arranger_trader
    assert arranger is not None
    assert (arranger.trader_name, arranger.postcode, arranger.language) == ("UAB Vežėjas", "01103", "lt")


def test_places_that_are_left_out_are_the_traders_own() -> None:
    """Most goods leave from where the consignor is and go to where the consignee is."""
    empty = {name: "" for name in PLACES if name.startswith("place_of_")}

    draft = _draft(**empty)

    assert draft.place_of_dispatch_trader == PlaceOfDispatchTrader(
        trader_name="UAB Pavyzdys",
        street_name="Pavyzdžio g.",
        street_number="1",
        postcode="LT-01001",
        city="Vilnius",
        language="lt",
    )
    assert draft.delivery_place_trader is not None
    assert draft.delivery_place_trader.street_name == "ul. Przykładowa"


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("cn_code", "22030009", "R211"),
        ("product", "X999", "BC36"),
        ("package_kind", "??", "VALUE-FORM"),
        ("package_kind", "11", "BC17"),
        ("strength", "0,1", "R237"),
        ("gross_mass", "1", "R219"),
        ("quantity", "0", "XSD"),
        ("strength", "", "C047"),
        ("journey_time", "D92", "R054"),
        ("dispatched", "2026-03-09", "IR6"),
        ("transport_identity", "", "C156"),
        ("consignee", "LT00000000999", "GW-011"),
        ("language", "xx", "VALUE-FORM"),
    ],
)
def test_rule_is_told_in_its_cell(column: str, value: str, rule: str) -> None:
    """What schema or rules find in the draft stands in the cell that it came from, with what that cell says."""
    (document,) = read(sheet(DISPATCH, {}, {column: value, "local_reference_number": "LT-2"}), DISPATCH)[1:]

    assert (cell_name(3, PLACES[column]), rule, value or None) in told(document)
    assert all(say(fault.hint, language) for fault in document.faults for language in languages())


def test_fault_of_a_line_stands_in_its_row() -> None:
    """The second line of goods is the second row of the document."""
    (document,) = read(sheet(DISPATCH, {}, {"gross_mass": "1"}), DISPATCH)

    assert {path for path, _, _ in told(document)} == {cell_name(3, PLACES["gross_mass"])}


def test_fault_of_a_column_that_is_not_there_is_told_by_its_name() -> None:
    """The row is told as well; there is no cell."""
    first = example(DISPATCH)
    heading = [name for name in first if name != "strength"]

    (document,) = read(sheet_of(heading, [[first[name] for name in heading]]), DISPATCH)

    (fault,) = document.faults
    assert (fault.path, fault.rule, fault.line, fault.column) == ("strength", "C047", 2, None)


EVERYTHING = {
    "fallback_document": "FAD-7",
    "document_type": "18",
    "document_reference": "MG-2026/15",
    "document_description_3": "Laisvos formos pažyma",
    "reference_of_document_3": "Aplankas 7",
    "transport_arrangement": "4",
    **{
        f"{party}_{part}": text
        for party in ("arranger", "transporter", "guarantor")
        for part, text in (
            ("name", f"UAB {party}"),
            ("street", "Kelio g."),
            ("postcode", "01103"),
            ("city", "Kaunas"),
            ("vat", "LT123456715"),
        )
    },
    "guarantor_type": "23",
    "guarantor_number_2": "LT00000000103",
    "place_of_delivery": "PL-7",
    "transport_unit": "4",
    "transport_seal": "S-1",
    "transport_seal_information": "Nepažeista",
    "transport_unit_3": "3",
    "transport_identity_3": "BBB 002",
    "transport_unit_information_3": "Šaldoma",
    "package_seal": "P-1",
    "package_seal_information": "Geltona",
    "packages_2": "4",
    "package_kind_2": "PX",
    "shipping_marks_2": "EKO 4",
    "maturation": "3 metai",
    "wine_category": "4",
    "third_country": "CL",
    "wine_zone": "1",
    "wine_operations": "4, 7 8",
    "wine_information": "Ekologiškas",
}


def test_everything_that_an_e_sad_of_duty_paid_has_can_be_told() -> None:
    """Further packages, units, documents and guarantors, transporter, seals, and what is said of wine and its age."""
    draft = _draft(**EVERYTHING)

    assert [one.document_type for one in draft.document_certificate] == ["13", "18", None]
    assert draft.document_certificate[2].reference_of_document == Text("Aplankas 7", "lt")
    assert draft.first_transporter_trader is not None
    assert (draft.first_transporter_trader.trader_name, draft.first_transporter_trader.vat_number) == (
        "UAB transporter",
        "LT123456715",
    )
    named, numbered = draft.movement_guarantee.guarantor_trader
    assert (named.city, numbered.trader_excise_number) == ("Kaunas", "LT00000000103")
    assert draft.delivery_place_trader is not None
    assert draft.delivery_place_trader.traderid == "PL-7"
    tractor, trailer = draft.transport_details
    assert (tractor.commercial_seal_identification, tractor.seal_information) == ("S-1", Text("Nepažeista", "lt"))
    assert (trailer.identity_of_transport_units, trailer.complementary_information) == (
        "BBB 002",
        Text("Šaldoma", "lt"),
    )
    (line,) = draft.body_ead_esad
    assert [(one.number_of_packages, one.kind_of_packages, one.shipping_marks) for one in line.package] == [
        (200, "BX", None),
        (4, "PX", "EKO 4"),
    ]
    assert (line.package[0].commercial_seal_identification, line.package[0].seal_information) == (
        "P-1",
        Text("Geltona", "lt"),
    )
    assert line.maturation_period_or_age_of_products == Text("3 metai", "lt")
    assert line.wine_product is not None
    assert [one.wine_operation_code for one in line.wine_product.wine_operation] == ["4", "7", "8"]
    assert line.wine_product.other_information == Text("Ekologiškas", "lt")


POOL = (
    *("EE00000000777", "S500", "22082000", "BO", "7", "77.5", "D03", "LT002000", "2026-03-01", "09:15", "lv", "00-777"),
    *("LT00000000777", "1", "2", "3", "10", "C658", "Kita"),
)
"""Texts of which every column takes at least two."""


def test_every_column_is_written_into_the_draft() -> None:
    """Whatever a cell says changes the draft: nothing that a table tells is lost."""
    head = header("LT", NOW)
    making = dispatch_making(lambda: head, "lt")
    filled = {**EVERYTHING, **{one.name: _taken(one)[0] for one in LAYOUTS[DISPATCH].columns if one.number}}

    def draft(told: Mapping[str, str]) -> Any:
        table = sheet(DISPATCH, told)
        (document,) = documents(table, matched(table.heading, DISPATCH), making)
        assert document.faults == ()
        return document.entry

    before = draft(filled)
    for column in LAYOUTS[DISPATCH].columns:
        changed = [draft({**filled, column.name: text}) != before for text in _taken(column)]
        assert any(changed) == bool(column.way), column.name


def _taken(column: Column) -> Sequence[str]:
    """Two texts that a column takes."""
    return [text for text in (*column.reader.choices, *POOL) if _reads(column, text)][:2]


def _reads(column: Column, text: str) -> bool:
    try:
        column.reader.read(Cell(Kind.TEXT, text))
    except Unfit:
        return False
    return True


@pytest.mark.parametrize(
    ("changed", "column", "rule"),
    [
        ({"packages_3": "2"}, "package_kind_3", "XSD"),
        ({"package_kind_2": "PX", "package_kind_4": "11"}, "package_kind_4", "BC17"),
        ({"package_kind_3": "BX"}, "packages_3", "C073"),
        ({"package_kind_2": "BX", "packages_2": "0"}, "shipping_marks_2", "C203"),
        ({"transport_unit_2": "3"}, "transport_identity_2", "C156"),
        ({"transport_seal_3": "S-1"}, "transport_unit_3", "XSD"),
        ({"document_type": "77", "document_reference": "1"}, "document_type", "BC106"),
        (
            {"fallback_document": "F-1", "document_type_2": "77", "document_reference_2": "1"},
            "document_type_2",
            "BC106",
        ),
        ({"document_type_4": "18"}, "document_reference_4", "C202"),
        ({"fallback_document": "F-1", "document_reference_5": "18"}, "document_type_5", "C006"),
        ({"guarantor_type": "2"}, "guarantor_number", "C017"),
        ({"guarantor_number": "LT00000000103"}, "guarantor_number", "C017"),
        ({"guarantor_type": "2", "guarantor_vat": "LT1"}, "guarantor_name", "C101"),
        ({"transporter_vat": "LT1"}, "transporter_name", "XSD"),
        ({"wine_category": "", "wine_zone": "1"}, "wine_category", "XSD"),
        ({"wine_operations": "4, 13"}, "wine_operations", "BC41"),
        ({"wine_operations": "four"}, "wine_operations", "VALUE-FORM"),
        ({"wine_operations": ", ".join(["4"] * 100)}, "wine_operations", "VALUE-FORM"),
        ({"third_country": "CL"}, "third_country", "C045"),
        ({"place_of_delivery": "PL" * 9}, "place_of_delivery", "VALUE-LENGTH"),
    ],
)
def test_fault_of_one_of_several_stands_in_its_cell(changed: dict[str, str], column: str, rule: str) -> None:
    """Groups that are left empty become nothing, and the place of the others is still that of their columns."""
    (document,) = read(sheet(DISPATCH, changed), DISPATCH)

    assert (cell_name(2, PLACES[column]), rule) in [(path, found) for path, found, _ in told(document)]


def test_numbered_columns_are_as_many_as_are_told() -> None:
    """The first may have its number as well; more than there are are refused with how many there may be."""
    first = {**example(DISPATCH)}
    heading = ["Kind of packages 1" if name == "package_kind" else name for name in first]
    assert matched(sheet_of(heading, []).heading, DISPATCH).faults == ()

    (fault,) = matched(sheet_of([*heading, "Pakuočių rūšis 6"], []).heading, DISPATCH).faults

    assert (fault.rule, dict(fault.hint.values)["most"]) == ("COLUMN-COUNT", "5")


@pytest.mark.parametrize("way", sorted({"/".join(one.group) for one in LAYOUTS[DISPATCH].columns if one.number}))
def test_no_group_has_more_columns_than_the_schema_takes(way: str) -> None:
    """The numbers go from 1 without a gap; a fallback document is one of the documents."""
    above, _, name = way.rpartition("/")
    group = [one.number for one in LAYOUTS[DISPATCH].columns if "/".join(one.group) == way]
    (field,) = (one for one in fields(class_at(IE815, above)) if one.name == steps(IE815, way)[-1].field)

    assert name
    assert {*group, 0} == set(range(max(group) + 1))
    assert max(group) + (0 in group) <= field.metadata["occurs"][1]


def test_operations_come_from_number_cells_and_not_from_dates() -> None:
    """One code is a number in a spreadsheet; two are easily a date there or a decimal, which are refused."""
    assert _draft(wine_operations=Cell(Kind.NUMBER, "7")).body_ead_esad[0].wine_product is not None
    for kind, text, rule in ((Kind.NUMBER, "4.7", "VALUE-LOST"), (Kind.DATE, "2026-07-04", "VALUE-DATE")):
        (document,) = read(sheet(DISPATCH, {"wine_operations": Cell(kind, text)}), DISPATCH)
        assert told(document) == [(cell_name(2, PLACES["wine_operations"]), rule, text)]


READ = [one for one in LAYOUTS[DISPATCH].columns if one.way and one.number <= 2]


@pytest.mark.parametrize("column", READ, ids=lambda one: one.name)
def test_cell_that_cannot_be_read_hides_no_other_fault(column: Column) -> None:
    """What the rules find in the other cells is told beside it, and of the cell itself nothing but that."""
    wrong = "long" * 400 if column.reader.kind == "text" else "\u20ac"
    row = {**example(DISPATCH), **EVERYTHING, "transport_unit_2": "2", "gross_mass": "1", column.name: wrong}

    (document,) = read(sheet_of(list(row), [list(row.values())]), DISPATCH)

    cells = [cell for cell, _, _ in told(document)]
    assert cells.count(cell_name(2, list(row).index(column.name) + 1)) == 1
    rules = {fault.rule for fault in document.faults}
    assert "R219" in rules or column.name in {"gross_mass", "net_mass"}
    assert "XSD" not in rules
