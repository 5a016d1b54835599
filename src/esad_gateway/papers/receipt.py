"""Table 6 of the regulation's Annex I: a report of receipt (Article 9(3)), and what is alike in the SAAD list."""

from typing import Final

from esad_gateway.papers.boxes import Box, BoxGroup, Form, office, text, trader, with_eori

_VALIDATED: Final = "attributes.date_and_time_of_validation_of_report_of_receipt_export"

_REASONS: Final = BoxGroup(
    "7.1",
    "unsatisfactory_reason",
    "unsatisfactory_reason",
    (
        Box("a", "unsatisfactory_reason_code", "unsatisfactory_reason_code", 4, meaning="reason"),
        text("b", "complementary_information", "complementary_information", "c"),
    ),
)

REPORT: Final = Form(
    title="receipt",
    validated=_VALIDATED,
    printout="receipt_validated",
    mark=("excise_movement.administrative_reference_code",),
    moment=("report_of_receipt_export.date_of_arrival_of_excise_products",),
    home=("consignee_trader.traderid", 0),
    groups=(
        BoxGroup("1", "attributes", "", (Box("a", _VALIDATED, "report_validated", 6),)),
        BoxGroup(
            "2",
            "excise_movement",
            "excise_movement",
            (
                Box("a", "administrative_reference_code", "arc", 4),
                Box("b", "sequence_number", "sequence_number"),
            ),
        ),
        with_eori(trader("3", "consignee", "consignee_trader", ("traderid", "traderid"))),
        trader("4", "place_of_delivery", "delivery_place_trader", ("traderid", "traderid")),
        office("5", "destination_office", "destination_office"),
        BoxGroup(
            "6",
            "report",
            "report_of_receipt_export",
            (
                Box("a", "date_of_arrival_of_excise_products", "date_of_arrival", 4),
                Box("b", "global_conclusion_of_receipt", "global_conclusion", 4, meaning="conclusion"),
                text("c", "complementary_information", "complementary_information", "d"),
            ),
        ),
        BoxGroup(
            "7",
            "report_body",
            "body_report_of_receipt_export",
            (
                Box("a", "body_record_unique_reference", "body_record_unique_reference"),
                Box("b", "indicator_of_shortage_or_excess", "indicator_of_shortage_or_excess", 3, meaning="indicator"),
                Box("c", "observed_shortage_or_excess", "observed_shortage_or_excess", 3, meaning="unit"),
                Box("d", "excise_product_code", "excise_product_code"),
                Box("e", "refused_quantity", "refused_quantity", meaning="unit"),
            ),
            (_REASONS,),
        ),
    ),
)
"""An IE818 on paper; the administration has taken it when it says when it was validated."""


_LINE: Final = (
    Box("d", "product", "excise_product_code"),
    Box("", "cn_code", "cn_code"),
    Box("", "quantity", "quantity", meaning="unit"),
    Box("", "strength", "alcoholic_strength", 3),
    Box("", "plato", "degree_plato"),
    Box("", "packages", "number_of_packages"),
    Box("", "package_kind", "kind_of_packages"),
    Box("c", "shortage", "shortage", meaning="unit"),
    Box("c", "excess", "excess", meaning="unit"),
)


def _entered(path: str) -> tuple[BoxGroup, ...]:
    """What an entry of the SAAD list says, with the boxes of Table 6 where there are such."""
    return (
        BoxGroup(
            "",
            "accompanying_document",
            path,
            (
                Box("", "source", "source", 3, meaning="source"),
                Box("", "document", "document_number", 5),
                Box("", "state", "state_of_issue", 4),
                Box("", "consignor", "consignor_of_document", 8),
                Box("", "dispatched", "date_of_dispatch", 4),
            ),
        ),
        BoxGroup(
            "3",
            "consignee",
            path,
            (
                Box("a", "consignee", "traderid", 4),
                Box("", "capacity", "capacity", 4, meaning="operator"),
                Box("", "in_warehouse", "in_warehouse", 4, meaning="flag"),
            ),
        ),
        BoxGroup("6", "report", path, (Box("a", "received", "date_of_arrival", 4),)),
        BoxGroup(
            "7",
            "report_body",
            f"{path}.lines".removeprefix("."),
            _LINE,
        ),
    )


ENTRY: Final = Form(
    title="saad",
    mark=("state", "consignor", "document"),
    moment=("received",),
    home=("consignee", 0),
    groups=_entered(""),
)
"""An entry of the SAAD list on paper."""

RECORD: Final = Form(
    title="saad",
    mark=("entry.state", "entry.consignor", "entry.document"),
    moment=("entry.received",),
    home=("entry.consignee", 0),
    groups=(
        *_entered("entry"),
        BoxGroup(
            "",
            "record",
            "",
            (
                Box("", "version", "version"),
                Box("", "status", "status", 3, meaning="saad_status"),
                Box("", "late", "late", meaning="flag"),
                Box("", "due", "due"),
                Box("", "entered_at", "entered_at", 3),
                Box("", "since", "since", 3),
            ),
        ),
    ),
)
"""A record of the SAAD list on paper, with what the list says of it."""
