"""Table 3 of the regulation's Annex I: a change of destination (Article 9(2))."""

from typing import Final

from esad_gateway.papers.boxes import Box, BoxGroup, Form, office, text, trader, transport_details, with_eori

_VALIDATED: Final = "attributes.date_and_time_of_validation_of_change_of_destination"

CHANGE: Final = Form(
    title="change",
    validated=_VALIDATED,
    printout="change_validated",
    mark=("update_ead_esad.administrative_reference_code",),
    moment=(_VALIDATED,),
    home=("update_ead_esad.administrative_reference_code", 2),
    groups=(
        BoxGroup("1", "attributes", "", (Box("a", _VALIDATED, "change_validated", 6),)),
        BoxGroup(
            "2",
            "update",
            "update_ead_esad",
            (
                Box("a", "sequence_number", "sequence_number"),
                Box("b", "administrative_reference_code", "arc", 4),
                Box("c", "journey_time", "journey_time"),
                Box("d", "changed_transport_arrangement", "transport_arrangement", 4, meaning="arrangement"),
                Box("e", "invoice_number", "invoice_number", 5),
                Box("f", "invoice_date", "invoice_date", 3),
                Box("g", "transport_mode_code", "transport_mode_code", 3, meaning="transport_mode"),
                text("h", "complementary_information", "complementary_information", "i"),
            ),
        ),
        BoxGroup(
            "3",
            "changed_destination",
            "destination_changed",
            (Box("a", "destination_type_code", "destination_type_code", 4, meaning="destination"),),
        ),
        with_eori(trader("4", "new_consignee", "destination_changed.new_consignee_trader", ("traderid", "traderid"))),
        trader("5", "place_of_delivery", "destination_changed.delivery_place_trader", ("traderid", "traderid")),
        office("6", "delivery_customs_office", "destination_changed.delivery_place_customs_office"),
        BoxGroup(
            "7",
            "movement_guarantee",
            "destination_changed.movement_guarantee",
            (Box("a", "guarantor_type_code", "guarantor_type_code", 4, meaning="guarantor"),),
        ),
        trader(
            "7.1",
            "guarantor",
            "destination_changed.movement_guarantee.guarantor_trader",
            ("trader_excise_number", "trader_excise_number"),
            ("vat_number", "vat_number"),
        ),
        trader("8", "new_transport_arranger", "new_transport_arranger_trader", ("vat_number", "vat_number")),
        trader("9", "new_transporter", "new_transporter_trader", ("vat_number", "vat_number")),
        transport_details("10"),
    ),
)
"""An IE813 on paper; the administration has taken it when it says when it was validated."""
