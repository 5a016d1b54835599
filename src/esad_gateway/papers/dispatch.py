"""Table 1 of the regulation's Annex I: the draft, on a fallback document, and the e-SAD, on a printout.

The submission message type and the deferred submission flag have no number: they never stand on such a document.
"""

from typing import Final

from esad_gateway.papers.boxes import Box, BoxGroup, Form, office, text, trader, transport_details, with_eori

_PACKAGE: Final = BoxGroup(
    "17.1",
    "package",
    "package",
    (
        Box("a", "kind_of_packages", "kind_of_packages"),
        Box("b", "number_of_packages", "number_of_packages"),
        Box("c", "commercial_seal_identification", "commercial_seal_identification", 8),
        text("d", "seal_information", "seal_information", "e"),
        Box("f", "shipping_marks", "shipping_marks", 12),
    ),
)
_WINE: Final = BoxGroup(
    "17.2",
    "wine_product",
    "wine_product",
    (
        Box("a", "wine_product_category", "wine_product_category", 3, meaning="wine_category"),
        Box("b", "wine_growing_zone_code", "wine_growing_zone_code", 3),
        Box("c", "third_country_of_origin", "third_country_of_origin", 3),
        text("d", "other_information", "other_information", "e"),
    ),
    (
        BoxGroup(
            "17.2.1", "wine_operation", "wine_operation", (Box("a", "wine_operation_code", "wine_operation_code", 4),)
        ),
    ),
)
_GOODS: Final = BoxGroup(
    "17",
    "goods",
    "body_ead_esad",
    (
        Box("a", "body_record_unique_reference", "body_record_unique_reference"),
        Box("b", "excise_product_code", "excise_product_code"),
        Box("c", "cn_code", "cn_code"),
        Box("d", "quantity", "quantity", meaning="unit"),
        Box("e", "gross_mass", "gross_mass"),
        Box("f", "net_mass", "net_mass"),
        Box("g", "alcoholic_strength_by_volume_in_percentage", "alcoholic_strength", 3),
        Box("h", "degree_plato", "degree_plato"),
        text("i", "fiscal_mark", "fiscal_mark", "j"),
        Box("k", "fiscal_mark_used_flag", "fiscal_mark_used_flag", 3, meaning="flag"),
        text("l", "designation_of_origin", "designation_of_origin", "m"),
        Box("n", "size_of_producer", "size_of_producer", 3),
        Box("o", "density", "density"),
        text("p", "commercial_description", "commercial_description", "q"),
        text("r", "brand_name_of_products", "brand_name_of_products", "s"),
        text("t", "maturation_period_or_age_of_products", "maturation_period", "u"),
        text("v", "independent_small_producers_declaration", "small_producers_declaration", "w"),
    ),
    (_PACKAGE, _WINE),
)


def _excise_movement(*validated: Box) -> BoxGroup:
    return BoxGroup(
        "1",
        "excise_movement",
        "",
        (
            Box("a", "header_ead_esad.destination_type_code", "destination_type_code", 4, meaning="destination"),
            Box("b", "header_ead_esad.journey_time", "journey_time"),
            Box("c", "header_ead_esad.transport_arrangement", "transport_arrangement", 4, meaning="arrangement"),
            *validated,
        ),
    )


def _document(path: str, *validated: Box) -> BoxGroup:
    return BoxGroup(
        "9",
        "document",
        path,
        (
            Box("a", "local_reference_number", "local_reference_number", 4),
            Box("b", "invoice_number", "invoice_number", 5),
            Box("c", "invoice_date", "invoice_date", 3),
            Box("d", "origin_type_code", "origin_type_code", 4, meaning="origin"),
            Box("e", "date_of_dispatch", "date_of_dispatch", 4),
            Box("f", "time_of_dispatch", "time_of_dispatch", 4),
            *validated,
        ),
        (
            BoxGroup(
                "9.1",
                "import_customs_declaration",
                "import_customs_declaration",
                (Box("a", "import_customs_declaration_number", "import_customs_declaration_number", 6),),
            ),
        ),
    )


_BEFORE_THE_DOCUMENT: Final = (
    trader("2", "consignor", "consignor_trader", ("trader_excise_number", "trader_excise_number")),
    trader("3", "place_of_dispatch", "place_of_dispatch_trader", ("reference_of_tax_warehouse", "tax_warehouse")),
    office("4", "dispatch_import_office", "dispatch_import_office"),
    with_eori(trader("5", "consignee", "consignee_trader", ("traderid", "traderid"))),
    BoxGroup(
        "6",
        "complement_consignee",
        "complement_consignee_trader",
        (
            Box("a", "member_state_code", "member_state_code", 3),
            Box("b", "serial_number_of_certificate_of_exemption", "certificate_of_exemption", 9),
        ),
    ),
    trader("7", "place_of_delivery", "delivery_place_trader", ("traderid", "traderid")),
    office("8", "delivery_customs_office", "delivery_place_customs_office"),
)
_BEHIND_THE_DOCUMENT: Final = (
    office("10", "dispatch_office", "competent_authority_dispatch_office"),
    BoxGroup(
        "11",
        "movement_guarantee",
        "movement_guarantee",
        (Box("a", "guarantor_type_code", "guarantor_type_code", 4, meaning="guarantor"),),
    ),
    trader(
        "12",
        "guarantor",
        "movement_guarantee.guarantor_trader",
        ("trader_excise_number", "trader_excise_number"),
        ("vat_number", "vat_number"),
    ),
    BoxGroup(
        "13",
        "transport_mode",
        "transport_mode",
        (
            Box("a", "transport_mode_code", "transport_mode_code", 3, meaning="transport_mode"),
            text("b", "complementary_information", "complementary_information", "c"),
        ),
    ),
    trader("14", "transport_arranger", "transport_arranger_trader", ("vat_number", "vat_number")),
    trader("15", "first_transporter", "first_transporter_trader", ("vat_number", "vat_number")),
    transport_details("16"),
    _GOODS,
    BoxGroup(
        "18",
        "document_certificate",
        "document_certificate",
        (
            text("a", "document_description", "document_description", "b"),
            text("c", "reference_of_document", "reference_of_document", "d"),
            Box("e", "document_type", "document_type", 3),
            Box("f", "document_reference", "document_reference", 6),
        ),
    ),
)


def _table(movement: BoxGroup, document: BoxGroup) -> tuple[BoxGroup, ...]:
    return (movement, *_BEFORE_THE_DOCUMENT, document, *_BEHIND_THE_DOCUMENT)


DRAFT: Final = Form(
    title="dispatch",
    mark=("consignor_trader.trader_excise_number", "ead_esad_draft.local_reference_number"),
    moment=("ead_esad_draft.date_of_dispatch", "ead_esad_draft.time_of_dispatch"),
    home=("consignor_trader.trader_excise_number", 0),
    groups=_table(_excise_movement(), _document("ead_esad_draft")),
)
"""An IE815 as a fallback document at dispatch (Directive (EU) 2020/262, Article 38)."""

ESAD: Final = Form(
    title="esad",
    mark=("excise_movement.administrative_reference_code",),
    moment=("header_ead_esad.date_and_time_of_update_validation",),
    home=("consignor_trader.trader_excise_number", 0),
    groups=_table(
        _excise_movement(
            Box("d", "excise_movement.administrative_reference_code", "arc", 4),
            Box("e", "excise_movement.date_and_time_of_validation_of_ead_esad", "validated", 4),
            Box("f", "header_ead_esad.sequence_number", "sequence_number"),
            Box("g", "header_ead_esad.date_and_time_of_update_validation", "update_validated", 4),
        ),
        _document("ead_esad", Box("g", "upstream_arc", "upstream_arc", 6)),
    ),
)
"""An IE801 on paper: the e-SAD with its ARC, which replaces a fallback document."""
