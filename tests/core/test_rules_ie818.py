"""Rules on the report of receipt: where each one draws its line, and that one mistake gets one fault."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.emcs.codes import DestinationTypeCode, GlobalConclusionOfReceipt, IndicatorOfShortageOrExcess
from esad_gateway.emcs.messages import IE818
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules import Case, case_faults, content_faults
from esad_gateway.texts import say
from helpers.case import at, setting
from helpers.samples import ACCEPTED, report

ARC = "excise_movement.administrative_reference_code"
SEQUENCE = "excise_movement.sequence_number"
ARRIVAL = "report_of_receipt_export.date_of_arrival_of_excise_products"
CONCLUSION = "report_of_receipt_export.global_conclusion_of_receipt"
LINES = "body_report_of_receipt_export"
INDICATOR = f"{LINES}.0.indicator_of_shortage_or_excess"
OBSERVED = f"{LINES}.0.observed_shortage_or_excess"
REFUSED = f"{LINES}.0.refused_quantity"
CONSIGNEE = "consignee_trader.traderid"
ACCEPTED_WITH_REMARKS = {CONCLUSION: GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY, REFUSED: None}


def rules_broken(message: IE818) -> list[str]:
    """The numbers of the rules that ``message`` breaks against the facts of the fixtures, content first."""
    return [fault.rule for fault in setting().faults_of(message)]


def on(movement: Movement, message: IE818) -> list[tuple[str, str | None]]:
    """The stateful rules that ``message`` breaks as a report on ``movement``, with the value at fault."""
    case = Case(context=setting().context, movement=movement, facts=setting().case_of(message).facts)
    return [(fault.rule, fault.value) for fault in case_faults(message, case)]


def movement(**changes: Any) -> Movement:
    """The movement that the sample report is about."""
    found = setting().movement_of(report())
    assert found is not None
    return replace(found, **changes)


def test_report_without_faults() -> None:
    """A report that keeps every rule has no faults, be it a partial refusal or an acceptance."""
    assert rules_broken(report()) == []
    assert rules_broken(report(ACCEPTED)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({CONSIGNEE: None}, ["C010"], id="consignee without number"),
        pytest.param({CONSIGNEE: "LT00000000104"}, ["BR021"], id="other consignee"),
        pytest.param({ARC: "26LT000000000000001P2"}, ["BR020"], id="unknown ARC"),
        pytest.param({SEQUENCE: 2}, ["R255"], id="later sequence"),
        pytest.param({ARRIVAL: date(2026, 3, 3)}, ["BR023"], id="arrival tomorrow"),
        pytest.param({ARRIVAL: date(2026, 2, 24)}, [], id="arrival on the day of dispatch"),
        pytest.param({ARRIVAL: date(2026, 2, 23)}, ["BR056"], id="arrival before dispatch"),
        pytest.param({LINES: ()}, ["C140"], id="no lines"),
        pytest.param({f"{LINES}.1.body_record_unique_reference": 3}, ["R058"], id="unknown line"),
        pytest.param({f"{LINES}.1.excise_product_code": "W200"}, ["BR024"], id="other product"),
        pytest.param({f"{LINES}.1.unsatisfactory_reason": ()}, ["C159"], id="line without reason"),
        pytest.param({OBSERVED: None}, ["C067"], id="indicator without quantity"),
        pytest.param({INDICATOR: None}, ["C067"], id="quantity without indicator"),
        pytest.param({INDICATOR: None, OBSERVED: None}, [], id="neither"),
        pytest.param({CONCLUSION: GlobalConclusionOfReceipt.REFUSED}, ["C095"], id="refused quantity in a refusal"),
        pytest.param(ACCEPTED_WITH_REMARKS, [], id="accepted with remarks"),
        pytest.param(
            ACCEPTED | {CONCLUSION: GlobalConclusionOfReceipt.EXIT_REFUSED, LINES: ()}, ["TC16", "C140"], id="exit"
        ),
        pytest.param(
            ACCEPTED | {LINES: report().body_report_of_receipt_export[1:]}, ["C140"], id="lines, all accepted"
        ),
    ],
)
def test_report_rule(changes: Mapping[str, Any], expected: list[str]) -> None:
    """One change breaks the rule it is about, and no other."""
    assert rules_broken(report(changes)) == expected


@pytest.mark.parametrize("conclusion", GlobalConclusionOfReceipt)
def test_conclusion_of_a_receipt(conclusion: GlobalConclusionOfReceipt) -> None:
    """Conclusions 1 to 4 are those of a receipt, 21 to 23 are not."""
    broken = {fault.rule for fault in content_faults(report({CONCLUSION: conclusion}), setting().context)}
    assert ("TC16" in broken) is (int(conclusion) > 4)


@pytest.mark.parametrize(
    ("arc", "hint"),
    [
        ("26PL000000000000001P8", "expected '9' at the end"),
        ("26GB000000000000001P2", "'GB' is no national administration"),
        ("26GR000000000000001P2", "'GR' is written 'EL'"),
    ],
)
def test_arc_of_a_report(arc: str, hint: str) -> None:
    """R030 refuses a wrong check digit and a wrong state, and says which it is."""
    (fault,) = content_faults(report({ARC: arc}), setting().context)
    assert (fault.rule, fault.code, fault.value) == ("R030", "93", arc)
    assert hint in say(fault.hint)
    assert not say(fault.hint).endswith("..")


@pytest.mark.parametrize(
    ("arc", "hint"),
    [
        ("26PL00000000000000138", "Position 20 of this ARC is 3, not P"),
        ("11DKWT71BMB8AWEY9BHP2", "This ARC is from 2011"),
        ("22PL000000000000001P1", "This ARC is from 2022"),
    ],
)
def test_arc_of_duty_suspension_in_a_report(arc: str, hint: str) -> None:
    """Nothing is wrong with the form of such an ARC, so that it is an unknown one (90) and said once."""
    (fault,) = setting().faults_of(report({ARC: arc}))
    assert (fault.rule, fault.code, fault.value) == ("BR020", "90", arc)
    assert hint in say(fault.hint)


def test_first_year_of_duty_paid_arcs() -> None:
    """From 2023 on a P in position 20 means duty paid: only whether the movement exists is left to ask."""
    message = report({ARC: "23PL000000000000001P3"})
    assert content_faults(message, setting().context) == ()
    assert [fault.rule for fault in setting().faults_of(message)] == ["BR020"]


def test_report_on_no_movement() -> None:
    """Without a movement only BR020 speaks, whatever else would be compared with it."""
    wrong = {
        SEQUENCE: 7,
        CONSIGNEE: "LT00000000104",
        ARRIVAL: date(2020, 1, 1),
        f"{LINES}.0.body_record_unique_reference": 9,
    }
    message = report({ARC: "26LT000000000000001P2"} | wrong)
    (fault,) = case_faults(message, setting().case_of(message))
    assert (fault.rule, fault.code) == ("BR020", "90")


def test_arrival_in_local_days() -> None:
    """Today is the day that the calendar of the member state shows, not the one in UTC."""
    late_evening = at(datetime(2026, 3, 2, 22, 30, tzinfo=UTC))
    assert content_faults(report({ARRIVAL: date(2026, 3, 3)}), late_evening) == ()
    assert [fault.rule for fault in content_faults(report({ARRIVAL: date(2026, 3, 4)}), late_evening)] == ["BR023"]


def test_place_of_delivery_of_a_return() -> None:
    """A place of delivery is needless when the goods have come back; its number is the value, if it has one."""
    returning = movement(destination_type=DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH)
    assert on(returning, report()) == [("C118", "LT00000000102")]
    assert on(returning, report({"delivery_place_trader.traderid": None})) == [("C118", None)]
    assert on(returning, report({"delivery_place_trader": None})) == []


def test_lines_referred_to_twice() -> None:
    """The second reference to a line is the fault, and every unknown one is."""
    lines = report().body_report_of_receipt_export
    message = report({LINES: (lines[0], lines[0], replace(lines[1], body_record_unique_reference=9))})
    body = "/IE818/Body/AcceptedOrRejectedReportOfReceiptExport/BodyReportOfReceiptExport"
    (twice,) = content_faults(message, setting().context)
    (unknown,) = case_faults(message, setting().case_of(message))
    assert (twice.rule, twice.path, twice.value) == ("R058", f"{body}[2]/BodyRecordUniqueReference", "1")
    assert (unknown.rule, unknown.path, unknown.value) == ("R058", f"{body}[3]/BodyRecordUniqueReference", "9")


def test_unknown_line_that_is_referred_to_twice() -> None:
    """A line that the e-SAD does not have is unknown once, and said twice once: two faults, not three."""
    line = replace(report().body_report_of_receipt_export[1], body_record_unique_reference=9)
    faults = setting().faults_of(report({LINES: (report().body_report_of_receipt_export[0], line, line)}))
    places = [fault.path.rpartition("BodyReportOfReceiptExport")[2] for fault in faults]
    assert [fault.rule for fault in faults] == ["R058", "R058"]
    assert places == ["[3]/BodyRecordUniqueReference", "[2]/BodyRecordUniqueReference"]


@pytest.mark.parametrize(
    ("shortage", "refused", "expected"),
    [
        (None, Decimal(900), []),
        (None, Decimal("900.001"), [("BR025", "900.001")]),
        (Decimal(900), None, []),
        (Decimal("900.001"), None, [("BR025", "900.001")]),
        (Decimal("400.5"), Decimal("499.5"), []),
        (Decimal("400.5"), Decimal("499.501"), [("BR025", "499.501")]),
    ],
)
def test_quantity_that_is_not_taken(
    shortage: Decimal | None, refused: Decimal | None, expected: list[tuple[str, str]]
) -> None:
    """Shortage and refused quantity together may be all that was sent, and not more."""
    indicator = None if shortage is None else IndicatorOfShortageOrExcess.SHORTAGE
    assert on(movement(), report({INDICATOR: indicator, OBSERVED: shortage, REFUSED: refused})) == expected


def test_excess_takes_nothing_away() -> None:
    """An excess is no shortage: it may be larger than what was sent."""
    excess = {INDICATOR: IndicatorOfShortageOrExcess.EXCESS, OBSERVED: Decimal(5000), REFUSED: Decimal(900)}
    assert on(movement(), report(excess)) == []


def test_shortage_without_quantity_takes_nothing_away() -> None:
    """A shortage without a quantity is C067's to refuse and adds nothing to BR025."""
    assert on(movement(), report({OBSERVED: None, REFUSED: Decimal(900)})) == []


def test_quantity_after_a_partial_refusal() -> None:
    """After a partial refusal the refused quantity is what is left, and nothing of the lines that were taken."""
    wine, beer = movement().lines
    left = movement(lines=(replace(wine, refused=Decimal(100)), beer))
    assert on(left, report({OBSERVED: Decimal(10), REFUSED: Decimal(90)})) == []
    assert on(left, report({OBSERVED: Decimal(10), REFUSED: Decimal(91)})) == [("BR025", "91")]
    assert on(left, report({f"{LINES}.1.refused_quantity": Decimal(1)})) == [("BR025", "1")]


def test_product_of_an_unknown_line() -> None:
    """An unknown reference is R058's fault alone: there is no product or quantity to compare."""
    unknown = {f"{LINES}.0.body_record_unique_reference": 9, f"{LINES}.0.excise_product_code": "T200"}
    assert on(movement(), report(unknown | {REFUSED: Decimal(10000)})) == [("R058", "9")]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({INDICATOR: None}, "15", id="quantity without indicator"),
        pytest.param({OBSERVED: None}, "12", id="indicator without quantity"),
        pytest.param({CONCLUSION: GlobalConclusionOfReceipt.REFUSED}, "15", id="refused quantity"),
        pytest.param(ACCEPTED | {LINES: report().body_report_of_receipt_export[1:]}, "15", id="needless lines"),
        pytest.param({LINES: ()}, "12", id="no lines"),
    ],
)
def test_needless_elements_have_code_15(changes: Mapping[str, Any], code: str) -> None:
    """What does not belong there is answered with code 15, what is missing with code 12."""
    (fault,) = content_faults(report(changes), setting().context)
    assert fault.code == code
