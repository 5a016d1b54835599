"""Rules on the draft e-SAD: where each one draws its line, and that one mistake gets one fault."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.codes import DestinationTypeCode, GuarantorTypeCode, OriginTypeCode, SubmissionType
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import GuarantorTrader, MovementGuarantee, Office
from esad_gateway.emcs.rules import Context, case_faults, content_faults
from esad_gateway.texts import say
from helpers.case import at, setting
from helpers.samples import draft, evolve

MODE = "transport_mode.transport_mode_code"
JOURNEY = "header_ead_esad.journey_time"
DESTINATION = "header_ead_esad.destination_type_code"
DISPATCH = "ead_esad_draft.date_of_dispatch"
DEFERRED = "attributes.deferred_submission_flag"
SUBMISSION = "attributes.submission_message_type"
CONSIGNEE = "consignee_trader.traderid"
CONSIGNOR = "consignor_trader.trader_excise_number"


def rules_broken(message: IE815) -> list[str]:
    """The numbers of the rules that ``message`` breaks against the facts of the fixtures, content first."""
    return [fault.rule for fault in setting().faults_of(message)]


def test_draft_without_faults() -> None:
    """A draft that keeps every rule has no faults."""
    assert rules_broken(draft()) == []


@pytest.mark.parametrize("submission", [SubmissionType.STANDARD, SubmissionType.RESERVED])
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="otherwise duty paid"),
        pytest.param({DESTINATION: DestinationTypeCode.TAX_WAREHOUSE}, id="to a tax warehouse"),
        pytest.param({DESTINATION: DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH}, id="return"),
        pytest.param({"ead_esad_draft.origin_type_code": OriginTypeCode.IMPORT}, id="from import"),
        pytest.param({JOURNEY: "D92"}, id="long journey"),
        pytest.param({JOURNEY: "D30", MODE: "5"}, id="journey beyond the national maximum"),
        pytest.param({CONSIGNOR: "LT00000000999"}, id="unknown consignor"),
    ],
)
def test_draft_of_another_submission_type(submission: SubmissionType, changes: Mapping[str, Any]) -> None:
    """A draft that is no duty-paid one breaks R261, and what follows from duty paid is not held against it too."""
    assert rules_broken(draft({SUBMISSION: submission} | dict(changes))) == ["R261"]


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        (DestinationTypeCode.TAX_WAREHOUSE, ["R196"]),
        (DestinationTypeCode.REGISTERED_CONSIGNEE, ["R196"]),
        (DestinationTypeCode.EXPORT, ["R196"]),
        (DestinationTypeCode.UNKNOWN_DESTINATION, ["R196"]),
        (DestinationTypeCode.CERTIFIED_CONSIGNEE, []),
        (DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH, ["R196"]),
    ],
)
def test_destination_of_a_draft(destination: DestinationTypeCode, expected: list[str]) -> None:
    """R196 refuses every destination of a draft but 9 and 10; R258 is for the validated document."""
    assert rules_broken(draft({DESTINATION: destination})) == expected


def test_destination_that_is_temporary() -> None:
    """A temporary certified consignee takes a draft of destination 10, of the products of its authorisation."""
    temporary = {DESTINATION: DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE, CONSIGNEE: "PL00000000202"}
    assert rules_broken(draft(temporary | {"body_ead_esad": draft().body_ead_esad[:1]})) == []
    assert rules_broken(draft(temporary)) == ["BR049"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"consignee_trader": None}, ["C116"], id="no consignee"),
        pytest.param({CONSIGNEE: None}, ["C010"], id="consignee without number"),
        pytest.param({"delivery_place_trader": None}, ["C164"], id="no place of delivery"),
        pytest.param(
            {"delivery_place_customs_office": Office(reference_number="PL002000")}, ["C164"], id="customs office"
        ),
        pytest.param({"ead_esad_draft.origin_type_code": OriginTypeCode.TAX_WAREHOUSE}, ["R260"], id="tax warehouse"),
        pytest.param({"body_ead_esad.1.cn_code": "00000000"}, ["R232"], id="CN code of zeros"),
        pytest.param({"body_ead_esad.1.gross_mass": Decimal("1010.249999")}, ["R219"], id="gross below net"),
        pytest.param({"body_ead_esad.1.gross_mass": Decimal("1010.25")}, [], id="gross equal to net"),
        pytest.param({"ead_esad_draft.local_reference_number": "LT-2026-000001"}, ["BR001"], id="LRN used"),
    ],
)
def test_draft_rule(changes: Mapping[str, Any], expected: list[str]) -> None:
    """One change breaks the rule it is about, and no other."""
    assert rules_broken(draft(changes)) == expected


@pytest.mark.parametrize(
    "destination", [DestinationTypeCode.UNKNOWN_DESTINATION, DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH]
)
def test_place_of_delivery_of_another_destination(destination: DestinationTypeCode) -> None:
    """Whether a place of delivery belongs there is asked for destinations 9 and 10 only."""
    message = draft({DESTINATION: destination, "delivery_place_trader": None})
    assert "C164" not in rules_broken(message)


def test_consignee_of_an_unknown_destination() -> None:
    """Without a duty-paid destination neither the consignee nor its number is missed."""
    unknown = {DESTINATION: DestinationTypeCode.UNKNOWN_DESTINATION}
    assert rules_broken(draft(unknown | {"consignee_trader": None})) == ["R196"]
    assert rules_broken(draft(unknown | {CONSIGNEE: None})) == ["R196"]


@pytest.mark.parametrize(
    ("mode", "journey", "expected"),
    [
        ("3", "D65", []),
        ("3", "D66", ["R054"]),
        ("4", "D50", []),
        ("4", "D51", ["R054"]),
        ("7", "D46", ["R054"]),
        ("0", "D75", []),
        ("0", "D76", ["R054"]),
        ("3", "H24", []),
        ("5", "D20", []),
        ("5", "D21", ["BR007"]),
        ("5", "D60", ["BR007"]),
        ("5", "D61", ["R054"]),
        ("6", "D92", ["BC67"]),
    ],
)
def test_journey_time(mode: str, journey: str, expected: list[str]) -> None:
    """The EU maximum is R054's, a lower national one BR007's; a mode outside the list has no maximum."""
    text = Text("By road and ferry", "en") if mode == "0" else None
    changes = {MODE: mode, JOURNEY: journey, "transport_mode.complementary_information": text}
    assert rules_broken(draft(changes)) == expected


def test_national_maximum_for_a_mode_outside_the_list() -> None:
    """A national maximum for a code that is no transport mode is not applied."""
    profile = replace(setting().context.profile, maximum_journey_days={"6": 1})
    context = Context(now=setting().context.now, profile=profile)
    faults = content_faults(draft({MODE: "6", JOURNEY: "D92"}), context)
    assert [fault.rule for fault in faults] == ["BC67"]


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("LT00000000101", None),
        ("PL00000000201", None),
        ("PL00000000202", "is the reference of a temporary authorisation"),
        ("PL00000000206", "is the reference of a temporary authorisation"),
        ("LT00000000103", "but not on 2026-03-03"),
        ("LT00000000999", "SEED knows no LT00000000999"),
    ],
)
def test_guarantor_by_its_number(number: str, hint: str | None) -> None:
    """R027 wants an excise number that holds on the day of dispatch, in whatever capacity; no temporary reference."""
    guarantee = MovementGuarantee(
        guarantor_type_code=GuarantorTypeCode.TRANSPORTER,
        guarantor_trader=(GuarantorTrader(trader_excise_number=number),),
    )
    faults = setting().faults_of(draft({"movement_guarantee": guarantee}))
    assert [fault.rule for fault in faults] == (["R027"] if hint else [])
    assert all(hint and hint in say(fault.hint) for fault in faults)


@given(st.permutations([1, 2, 3, 4]))
@settings(max_examples=15)
def test_lines_in_any_order(references: list[int]) -> None:
    """Lines numbered 1 to n are in order, whatever their order is."""
    assert rules_broken(_numbered(references)) == []


@pytest.mark.parametrize(
    ("references", "positions"),
    [([1, 1], [2]), ([1, 3], [2]), ([2, 3], [2]), ([2, 2], [2]), ([7, 1], [1]), ([1, 1, 1], [2, 3]), ([2], [1])],
)
def test_lines_out_of_number(references: list[int], positions: list[int]) -> None:
    """Every line with a number that is taken or beyond the number of lines is a fault of its own."""
    faults = setting().faults_of(_numbered(references))
    body = "/IE815/Body/SubmittedDraftOfEADESAD"
    expected = [f"{body}/BodyEadEsad[{position}]/BodyRecordUniqueReference" for position in positions]
    assert [fault.path for fault in faults] == expected
    assert {fault.rule for fault in faults} == {"R060"}


@pytest.mark.parametrize(
    ("dispatch", "deferred", "expected"),
    [
        (date(2026, 3, 2), None, []),
        (date(2026, 3, 9), None, []),
        (date(2026, 3, 10), None, ["IR6"]),
        (date(2026, 3, 1), None, ["IR6"]),
        (date(2026, 3, 1), False, ["IR6"]),
        (date(2026, 3, 9), False, []),
        (date(2026, 3, 2), True, []),
        (date(2025, 3, 1), True, []),
        (date(2026, 3, 3), True, ["IR6"]),
        (date(9999, 12, 31), None, ["IR6"]),
    ],
)
def test_draft_window(dispatch: date, *, deferred: bool | None, expected: list[str]) -> None:
    """A draft looks 7 days ahead and not back, a deferred one back and not ahead."""
    faults = content_faults(draft({DISPATCH: dispatch, DEFERRED: deferred}), setting().context)
    assert [fault.rule for fault in faults] == expected


def test_draft_window_in_local_days() -> None:
    """Today is the day that the calendar of the member state shows, not the one in UTC."""
    late_evening = at(datetime(2026, 3, 2, 22, 30, tzinfo=UTC))
    assert content_faults(draft({DISPATCH: date(2026, 3, 10)}), late_evening) == ()
    assert [fault.rule for fault in content_faults(draft({DISPATCH: date(2026, 3, 2)}), late_evening)] == ["IR6"]


def test_draft_window_hint_for_deferred_drafts() -> None:
    """What to do about a date outside the window depends on the deferred flag."""
    (ahead,) = setting().faults_of(draft({DISPATCH: date(2026, 3, 20)}))
    (deferred,) = setting().faults_of(draft({DISPATCH: date(2026, 3, 20), DEFERRED: True}))
    assert "or the draft a deferred one" in say(ahead.hint)
    assert "today or earlier" in say(deferred.hint)


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("LT00000000999", "SEED knows no LT00000000999"),
        ("LT00000000102", "registered as certified consignee; give the number of a certified consignor or temporary"),
        ("LT00000000103", "valid from 2023-02-13 to 2025-12-31, but not on 2026-03-03"),
    ],
)
def test_consignor_not_registered(number: str, hint: str) -> None:
    """R044 says whether the consignor is unknown, registered as something else, or not valid that day."""
    (fault,) = setting().faults_of(draft({CONSIGNOR: number}))
    assert (fault.rule, fault.value) == ("R044", number)
    assert hint in say(fault.hint)


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("PL00000000999", "SEED knows no PL00000000999"),
        ("PL00000000202", "registered as temporary certified consignee; give the number of a certified consignee"),
        ("PL00000000204", "valid from 2026-04-01, but not on 2026-03-03"),
    ],
)
def test_consignee_not_registered(number: str, hint: str) -> None:
    """R045 says the same of the consignee, and BR048 then asks no more about its products."""
    (fault,) = setting().faults_of(draft({CONSIGNEE: number}))
    assert (fault.rule, fault.value) == ("R045", number)
    assert hint in say(fault.hint)


def test_consignor_whose_authorisation_ended_after_a_deferred_dispatch() -> None:
    """The day of dispatch counts: what was dispatched while the authorisation held may be submitted after it."""
    deferred = {DEFERRED: True, CONSIGNOR: "LT00000000103"}
    assert rules_broken(draft(deferred | {DISPATCH: date(2025, 12, 31)})) == []
    assert rules_broken(draft(deferred | {DISPATCH: date(2026, 1, 1)})) == ["R044"]


def test_products_of_the_consignee() -> None:
    """BR048 names every line whose product the certified consignee may not receive, and what it may."""
    message = draft({"body_ead_esad.0.excise_product_code": "I000", "body_ead_esad.1.excise_product_code": "T200"})
    faults = case_faults(message, setting().case_of(message))
    assert [(fault.rule, fault.value) for fault in faults] == [("BR048", "I000"), ("BR048", "T200")]
    assert "covers B000, E430, S200, W200." in say(faults[0].hint)


def test_products_of_a_consignee_without_any() -> None:
    """An authorisation without products covers none, and the hint says so."""
    case = setting().case_of(draft())
    bare = replace(case.facts.operators["PL00000000201"], products=frozenset())
    facts = replace(case.facts, operators=dict(case.facts.operators) | {bare.seed: bare})
    faults = case_faults(draft(), replace(case, facts=facts))
    assert [say(fault.hint) for fault in faults] == ["The authorisation of PL00000000201 covers no product."] * 2


def test_needless_customs_office_has_code_15() -> None:
    """A missing place of delivery is answered with code 12, a needless customs office with code 15."""
    neither = {"delivery_place_trader": None, "delivery_place_customs_office": Office(reference_number="PL002000")}
    faults = setting().faults_of(draft(neither))
    assert [(fault.rule, fault.code, fault.value) for fault in faults] == [
        ("C164", "12", None),
        ("C164", "15", "PL002000"),
    ]


def test_faults_are_collected_in_document_order() -> None:
    """Every fault is told, in the order in which a reader meets the places, whichever rule found it."""
    message = draft(
        {
            "body_ead_esad.0.gross_mass": Decimal(1),
            "body_ead_esad.1.cn_code": "00000000",
            "body_ead_esad.1.body_record_unique_reference": 9,
            "ead_esad_draft.origin_type_code": OriginTypeCode.IMPORT,
            DISPATCH: date(2026, 1, 1),
            "consignee_trader": None,
            JOURNEY: "D92",
        }
    )
    faults = content_faults(message, setting().context)
    assert [(fault.rule, fault.path.split("/", 4)[4], fault.value) for fault in faults] == [
        ("C116", "ConsigneeTrader", None),
        ("R054", "HeaderEadEsad/JourneyTime", "D92"),
        ("R219", "BodyEadEsad[1]/GrossMass", "1"),
        ("R060", "BodyEadEsad[2]/BodyRecordUniqueReference", "9"),
        ("R232", "BodyEadEsad[2]/CnCode", "00000000"),
        ("R260", "EadEsadDraft/OriginTypeCode", "2"),
        ("IR6", "EadEsadDraft/DateOfDispatch", "2026-01-01"),
    ]


def _numbered(references: list[int]) -> IE815:
    line = draft().body_ead_esad[0]
    lines = tuple(evolve(line, {"body_record_unique_reference": reference}) for reference in references)
    return draft({"body_ead_esad": lines})
