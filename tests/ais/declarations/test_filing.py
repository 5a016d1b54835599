"""Filing: what stands in the boxes, when it may be filed, what a second time is, and how it is paid."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.ais.declarations.filing import (
    DeclarationState,
    DutySecured,
    FilingAsked,
    FilingRefused,
    FilingTaken,
    decide_filing,
    declaration_due,
    declaration_state,
)
from esad_gateway.ais.declarations.forms import Settling
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.declarations.receipt import Route
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.profiles.calendars import calendars
from esad_gateway.profiles.lithuania.declarations import DECLARATIONS
from helpers.declared import CERTIFIED, NEW, OLD, TEMPORARY, TRADER, beer, case_on, draft_of, received, taken, wine

IN_TIME, LATE = date(2025, 9, 10), date(2025, 9, 16)
AS_IT_IS = FilingAsked()


def refused(answer: object) -> list[tuple[str, str, str | None]]:
    """Rule, place and value of every fault."""
    assert isinstance(answer, FilingRefused)
    return [(fault.rule, fault.path, fault.value) for fault in answer.faults]


@pytest.mark.parametrize(
    ("period", "due"),
    [
        ("2023-02", date(2023, 3, 15)),
        ("2023-03", date(2023, 4, 17)),
        ("2026-01", date(2026, 2, 17)),
        ("2026-07", date(2026, 8, 17)),
        ("2026-10", date(2026, 11, 16)),
    ],
)
def test_due_on_the_fifteenth_or_the_next_working_day(period: str, due: date) -> None:
    """DEC-2, by the vectors of 2.8."""
    assert declaration_due(TaxPeriod.read(period), DECLARATIONS, calendars({})["LT"]).day == due


def test_permanent_status_names_its_number_and_pays() -> None:
    """DEC-3, DEC-5."""
    filed = taken(decide_filing(draft_of(received()), AS_IT_IS, case_on(IN_TIME)))

    assert (filed.form, filed.payer_type, filed.box_number) == ("FR0630", "Registruotas asmuo", TRADER)
    assert (filed.number, filed.late) == (0, False)
    assert (filed.settling, filed.set_off, filed.to_pay) == (Settling.PAID, Decimal(0), Decimal("548.50"))


@pytest.mark.parametrize(("deposit", "rest"), [("1000", "0.00"), ("500.00", "48.50"), ("0", "548.50")])
def test_temporary_status_leaves_the_number_out_and_is_set_off(deposit: str, rest: str) -> None:
    """DEC-4, DEC-5: as far as the deposit goes."""
    case = case_on(IN_TIME, secured=DutySecured(available=Decimal(deposit)))
    filed = taken(decide_filing(draft_of(received(), status=TEMPORARY), AS_IT_IS, case))

    assert (filed.form, filed.payer_type, filed.box_number) == ("FR0630A", "Laikinai registruotas asmuo", "")
    assert (filed.settling, filed.to_pay) == (Settling.SET_OFF, Decimal(rest))
    assert filed.set_off + filed.to_pay == filed.duty


def test_surety_in_place_of_a_deposit_is_left_to_an_official() -> None:
    """DEC-5: no source says what happens then."""
    case = case_on(IN_TIME, secured=DutySecured(surety=True))
    filed = taken(decide_filing(draft_of(received(), status=TEMPORARY), AS_IT_IS, case))

    assert (filed.settling, filed.set_off, filed.to_pay) == (Settling.OFFICIAL, Decimal(0), Decimal(0))


@pytest.mark.parametrize(
    ("status", "period", "asked", "fault"),
    [
        (CERTIFIED, OLD, {"number": ""}, ("DEC-3", "number", "")),
        (CERTIFIED, OLD, {"number": "LT00000000999"}, ("DEC-3", "number", "LT00000000999")),
        (TEMPORARY, OLD, {"number": TRADER}, ("DEC-4", "number", TRADER)),
        (CERTIFIED, OLD, {"form": "AKC430"}, ("DEC-1", "form", "AKC430")),
        (CERTIFIED, NEW, {"form": "FR0630"}, ("DEC-1", "form", "FR0630")),
        (CERTIFIED, OLD, {"payer_type": "Kitas"}, ("DEC-3", "payerType", "Kitas")),
        (TEMPORARY, OLD, {"payer_type": "Registruotas asmuo"}, ("DEC-4", "payerType", "Registruotas asmuo")),
    ],
)
def test_box_that_says_something_else_is_refused(
    status: OperatorType, period: TaxPeriod, asked: dict[str, Any], fault: tuple[str, str, str]
) -> None:
    """FR0630A with box 8 filled, FR0630 without its number, the form of another time."""
    draft = draft_of(received(period=period), status=status, period=period)
    answer = decide_filing(draft, FilingAsked(**asked), case_on(date(2025, 11, 10)))

    assert refused(answer) == [fault]


def test_box_that_says_what_it_has_to_is_no_fault() -> None:
    """Whoever writes everything out is right as well."""
    asked = FilingAsked(form="FR0630", payer_type="Registruotas asmuo", number=TRADER)
    assert taken(decide_filing(draft_of(received()), asked, case_on(IN_TIME))).form == "FR0630"
    empty = decide_filing(draft_of(received(), status=TEMPORARY), FilingAsked(number=""), case_on(IN_TIME))
    assert taken(empty).box_number == ""


@pytest.mark.parametrize(("day", "name"), [(date(2025, 7, 31), "future"), (date(2025, 8, 31), "running")])
def test_period_that_is_not_over_is_not_filed(day: date, name: str) -> None:
    """DEC-2: neither one that lies ahead, nor on its last day."""
    answer = decide_filing(draft_of(received()), AS_IT_IS, case_on(day))

    assert refused(answer) == [("DEC-2", "period", "2025-08")]
    assert isinstance(answer, FilingRefused)
    assert answer.faults[0].text.key == f"declaration.{name}.text"


def test_all_faults_are_told_at_once() -> None:
    """Those of receipts, of the period and of boxes."""
    draft = draft_of(received(wine(), route=Route.MVV, document="r1"), status=TEMPORARY)
    answer = decide_filing(draft, FilingAsked(form="AKC430", number=TRADER), case_on(date(2025, 8, 1)))

    assert [rule for rule, _, _ in refused(answer)] == ["MVV-3", "DEC-2", "DEC-1", "DEC-4"]


def test_same_again_is_the_same_and_anything_else_a_correction() -> None:
    """The second one has the next number, the form of its period, and what is there now."""
    first = taken(decide_filing(draft_of(received()), AS_IT_IS, case_on(IN_TIME)))
    again = decide_filing(draft_of(received()), AS_IT_IS, case_on(LATE, [first]))
    assert again == FilingTaken(declaration=first, again=True)

    more = draft_of(received(), received(wine(), document="OTHER"))
    corrected = taken(decide_filing(more, AS_IT_IS, case_on(date(2025, 12, 1), [first])))
    assert (corrected.number, corrected.form, corrected.duty) == (1, "FR0630", Decimal("2834.50"))
    assert corrected.late


def test_correction_is_set_off_with_what_was_set_off_before() -> None:
    """What the deposit has paid is not paid twice; what was too much is an official's to give back."""
    first = taken(
        decide_filing(
            draft_of(received(), status=TEMPORARY),
            AS_IT_IS,
            case_on(IN_TIME, secured=DutySecured(available=Decimal(600))),
        )
    )
    less = draft_of(received(beer("500")), status=TEMPORARY)
    rest = DutySecured(available=Decimal(600) - first.set_off)
    corrected = taken(decide_filing(less, AS_IT_IS, case_on(IN_TIME, [first], rest)))

    assert (corrected.set_off, corrected.to_pay) == (Decimal("548.50"), Decimal("-274.25"))


def test_nothing_is_filed_only_on_demand() -> None:
    """DEC-7; and a month whose receipts were all withdrawn is corrected to nothing."""
    nothing = draft_of()
    assert refused(decide_filing(nothing, AS_IT_IS, case_on(IN_TIME))) == [("DEC-7", "period", "2025-08")]
    assert taken(decide_filing(nothing, FilingAsked(zero=True), case_on(IN_TIME))).figures == ()
    first = taken(decide_filing(draft_of(received()), AS_IT_IS, case_on(IN_TIME)))
    assert taken(decide_filing(nothing, AS_IT_IS, case_on(IN_TIME, [first]))).duty == 0


def test_status_that_declares_nothing_is_told_so() -> None:
    """With or without goods."""
    draft = draft_of(status=OperatorType.CERTIFIED_CONSIGNOR)
    assert refused(decide_filing(draft, AS_IT_IS, case_on(IN_TIME))) == [("DEC-6", "period", "2025-08")]
    goods = draft_of(received(), status=OperatorType.CERTIFIED_CONSIGNOR)
    assert refused(decide_filing(goods, AS_IT_IS, case_on(IN_TIME))) == [("DEC-6", "period", "2025-08")]


def test_state_of_a_period_follows_from_what_was_received_and_filed() -> None:
    """Open, due, late, filed, to be corrected, or empty."""
    draft, nothing = draft_of(received()), draft_of()
    first = taken(decide_filing(draft, AS_IT_IS, case_on(IN_TIME)))
    more = draft_of(received(), received(wine(), document="OTHER"))

    assert declaration_state(draft, case_on(date(2025, 8, 20))) is DeclarationState.OPEN
    assert declaration_state(draft, case_on(IN_TIME)) is DeclarationState.DUE
    assert declaration_state(draft, case_on(LATE)) is DeclarationState.LATE
    assert declaration_state(nothing, case_on(LATE)) is DeclarationState.EMPTY
    assert declaration_state(draft, case_on(LATE, [first])) is DeclarationState.FILED
    assert declaration_state(more, case_on(LATE, [first])) is DeclarationState.TO_BE_CORRECTED


def test_day_is_that_of_the_state() -> None:
    """At 22:00 UTC of the last day it is the next month in Vilnius."""
    case = replace(case_on(IN_TIME), now=datetime(2025, 8, 31, 22, tzinfo=UTC))
    assert taken(decide_filing(draft_of(received()), AS_IT_IS, case)).number == 0
