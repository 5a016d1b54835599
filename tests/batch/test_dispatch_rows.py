"""Rows of dispatches under a fallback document become deferred drafts, judged by the schema and the rules of EMCS."""

from decimal import Decimal

import pytest

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.emcs.codes import DestinationTypeCode, OriginTypeCode, SubmissionType
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import DocumentCertificate, PlaceOfDispatchTrader
from esad_gateway.sheets.table import Cell, cell_name
from esad_gateway.texts import languages, say
from helpers.tables import columns, example, read, sheet, sheet_of, told

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
