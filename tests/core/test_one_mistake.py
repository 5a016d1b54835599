"""One mistake has one fault: what follows from it, by the conditions themselves, is not held against the draft too."""

from collections.abc import Mapping
from typing import Any

import pytest

from esad_gateway.emcs.codes import DestinationTypeCode, GuarantorTypeCode, OriginTypeCode
from esad_gateway.emcs.messages import IE813, IE815
from esad_gateway.emcs.messages.groups import (
    ComplementConsigneeTrader,
    GuarantorTrader,
    ImportCustomsDeclaration,
    MovementGuarantee,
    Office,
)
from helpers.case import FIXTURES, setting
from helpers.fixtures import load
from helpers.samples import draft, evolve

DESTINATION = "header_ead_esad.destination_type_code"
ORIGIN = "ead_esad_draft.origin_type_code"
CONSIGNEE = "consignee_trader"
PLACE = "delivery_place_trader"

_EXEMPTED = ComplementConsigneeTrader(member_state_code="PL", serial_number_of_certificate_of_exemption="PAV-1")
_DECLARATION = ImportCustomsDeclaration(import_customs_declaration_number="26LT00000000000001")

AS_THE_CONDITIONS_WANT: Mapping[DestinationTypeCode, Mapping[str, Any]] = {
    DestinationTypeCode.TAX_WAREHOUSE: {},
    DestinationTypeCode.REGISTERED_CONSIGNEE: {PLACE: None},
    DestinationTypeCode.TEMPORARY_REGISTERED_CONSIGNEE: {PLACE: None},
    DestinationTypeCode.DIRECT_DELIVERY: {f"{PLACE}.traderid": None},
    DestinationTypeCode.EXEMPTED_CONSIGNEE: {
        f"{CONSIGNEE}.traderid": None,
        "complement_consignee_trader": _EXEMPTED,
    },
    DestinationTypeCode.EXPORT: {
        f"{CONSIGNEE}.traderid": "PL5260000000",
        f"{CONSIGNEE}.eori_number": "PL5260000000",
        PLACE: None,
        "delivery_place_customs_office": Office(reference_number="PL002000"),
    },
    DestinationTypeCode.UNKNOWN_DESTINATION: {CONSIGNEE: None, PLACE: None},
}
"""For every destination of duty suspension the draft that C010, C074, C084, C116, C164 and C180 want."""


def rules_broken(message: IE813 | IE815) -> list[str]:
    """The numbers of the rules that a message breaks, with a register and movements to ask."""
    return [fault.rule for fault in setting().faults_of(message)]


@pytest.mark.parametrize("destination", AS_THE_CONDITIONS_WANT, ids=lambda one: one.name)
def test_draft_that_is_right_for_duty_suspension(destination: DestinationTypeCode) -> None:
    """A draft whose one mistake is a destination of duty suspension breaks R196, and is else what that one needs."""
    message = draft({DESTINATION: destination} | dict(AS_THE_CONDITIONS_WANT[destination]))
    assert rules_broken(message) == ["R196"]


@pytest.mark.parametrize("destination", AS_THE_CONDITIONS_WANT, ids=lambda one: one.name)
def test_draft_of_another_destination_and_nothing_else(destination: DestinationTypeCode) -> None:
    """The same mistake in a draft that is else one of duty paid is one fault as well."""
    assert rules_broken(draft({DESTINATION: destination})) == ["R196"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="place of dispatch"),
        pytest.param(
            {
                "place_of_dispatch_trader": None,
                "dispatch_import_office": Office(reference_number="LT002000"),
                "ead_esad_draft.import_customs_declaration": (_DECLARATION,),
            },
            id="import office and declaration",
        ),
    ],
)
def test_draft_of_goods_from_import(changes: Mapping[str, Any]) -> None:
    """Goods from import break R260, whether the draft describes an import or a place of dispatch."""
    assert rules_broken(draft({ORIGIN: OriginTypeCode.IMPORT} | dict(changes))) == ["R260"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"complement_consignee_trader": _EXEMPTED}, "C084"),
        ({f"{CONSIGNEE}.eori_number": "PL5260000000"}, "C180"),
        ({"dispatch_import_office": Office(reference_number="LT002000")}, "C012"),
        ({"ead_esad_draft.import_customs_declaration": (_DECLARATION,)}, "C097"),
    ],
)
def test_item_of_duty_suspension_in_a_draft_of_duty_paid(changes: Mapping[str, Any], rule: str) -> None:
    """What belongs to duty suspension is out of place where destination and origin are those of duty paid."""
    assert rules_broken(draft(changes)) == [rule]


def test_guarantor_of_northern_ireland_in_a_change() -> None:
    """A guarantee does not belong into a change (C210), but its guarantor makes it one of Northern Ireland (R273)."""
    message = load(FIXTURES / "ie813" / "invalid" / "R273-of-other-states.xml")
    guarantor = GuarantorTrader(trader_excise_number="XIPA000000501")
    guarantee = MovementGuarantee(guarantor_type_code=GuarantorTypeCode.TRANSPORTER, guarantor_trader=(guarantor,))
    assert isinstance(message, IE813)
    assert rules_broken(evolve(message, {"destination_changed.movement_guarantee": guarantee})) == ["C210"]


def test_change_to_export() -> None:
    """An exported consignee may have an EORI number: that a duty-paid movement is not exported is the one fault."""
    message = load(FIXTURES / "ie813" / "valid" / "other-place.xml")
    changed = {
        "destination_changed.destination_type_code": DestinationTypeCode.EXPORT,
        "destination_changed.new_consignee_trader.eori_number": "PL5260000000",
        "destination_changed.new_consignee_trader.traderid": "PL5260000000",
        "destination_changed.delivery_place_trader": None,
        "destination_changed.delivery_place_customs_office": Office(reference_number="PL002000"),
    }
    assert isinstance(message, IE813)
    assert rules_broken(evolve(message, changed)) == ["R259"]
