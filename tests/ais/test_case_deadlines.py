"""Terms of registration cases, and candidates for their end: pure functions of what happened and the calendar."""

from dataclasses import replace
from datetime import date

import pytest

from esad_gateway.ais.registration.acts import ActKind, EndGround
from esad_gateway.ais.registration.case import RegistrationCase
from esad_gateway.ais.registration.deadlines import TradeFacts, candidates, case_items, open_terms, watched_terms
from esad_gateway.ais.registration.law import CaseTerm
from esad_gateway.emcs.registry import OperatorType
from helpers.registrations import (
    CALENDAR,
    LAW,
    OFFICER,
    SUBMITTED,
    act,
    begun,
    registered,
    secured,
    taken,
)

IMPORTER = OperatorType.REGISTERED_CONSIGNOR
ONE_RECEIPT = OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE


def terms(case: RegistrationCase) -> list[tuple[CaseTerm, str, str]]:
    """What is open in a case: for what, by which rule, and the last day."""
    return [(one.purpose, one.end.term.rule, f"{one.end.day}") for one in open_terms(case, LAW, CALENDAR)]


def test_request_is_decided_within_fifteen_working_days() -> None:
    """RC-4, from the day on which it was received, over the public holiday of 11 March."""
    assert terms(begun(IMPORTER)) == [(CaseTerm.DECISION, "RC-4", "2026-03-24")]


def test_term_waits_for_additions_and_begins_anew_with_them() -> None:
    """RC-4: due = working days after the later of the request and the last action."""
    asked = begun(IMPORTER, ActKind.ASK)

    assert terms(asked) == []
    assert terms(taken(asked, act(ActKind.ADD, date(2026, 3, 16))).case) == [(CaseTerm.DECISION, "RC-4", "2026-04-07")]


def test_term_runs_from_the_day_on_which_an_action_happened() -> None:
    """A letter that is entered later does not give the administration more time."""
    late = act(ActKind.ADD, date(2026, 3, 16), on=date(2026, 3, 13), by=OFFICER)

    assert terms(taken(begun(IMPORTER), late).case) == [(CaseTerm.DECISION, "RC-4", "2026-04-03")]


def test_nothing_is_owed_while_the_applicant_has_to_secure() -> None:
    """A term runs again with the proof of the payment."""
    waiting = begun(IMPORTER, ActKind.SET_AMOUNT)

    assert terms(waiting) == terms(taken(waiting, act(ActKind.PAY)).case) == []
    assert terms(taken(waiting, act(ActKind.PROVE)).case) == [(CaseTerm.DECISION, "RC-4", "2026-03-24")]


def test_surety_is_decided_on_within_four_working_days() -> None:
    """From the day on which the document was handed in."""
    given = begun(IMPORTER, ActKind.SET_AMOUNT, ActKind.GIVE_SECURITY)

    assert terms(given) == [(CaseTerm.SECURITY_DECISION, "RC-7", "2026-03-06")]


def test_temporary_consignee_with_all_of_the_duty_secured_waits_five_working_days() -> None:
    """A part of it leaves the longer term, and so does the permanent status."""
    part = begun(ONE_RECEIPT, act(ActKind.SET_AMOUNT, full=False), ActKind.PAY, ActKind.PROVE)

    assert terms(secured(ONE_RECEIPT)) == [(CaseTerm.SECURED_DECISION, "CCE-4", "2026-03-09")]
    assert terms(part) == [(CaseTerm.DECISION, "CCE-4", "2026-03-24")]
    assert terms(secured()) == [(CaseTerm.DECISION, "CCE-4", "2026-03-24")]


def test_change_is_made_within_five_working_days() -> None:
    """RC-12; the notice of the registration is owed as well, until it has been given."""
    case = taken(registered(IMPORTER), act(ActKind.REQUEST_CHANGE)).case
    informed = taken(registered(IMPORTER), act(ActKind.INFORM)).case

    assert terms(case) == [
        (CaseTerm.REGISTRATION_NOTICE, "RC-4", "2026-03-03"),
        (CaseTerm.CHANGE, "RC-12", "2026-03-09"),
    ]
    assert terms(informed) == []


def test_notice_of_the_end_is_owed_until_it_is_given() -> None:
    """RC-14: five working days after deregistration."""
    ended = taken(taken(registered(IMPORTER), act(ActKind.INFORM)).case, act(ActKind.DEREGISTER)).case

    assert terms(ended) == [(CaseTerm.END_NOTICE, "RC-13", "2026-03-09")]
    assert terms(taken(ended, act(ActKind.INFORM, date(2026, 3, 3))).case) == []


def test_decided_case_owes_nothing_more() -> None:
    """A refusal has gone through Mano VMI, and there is no term for it."""
    assert terms(taken(begun(), act(ActKind.REFUSE)).case) == []


def test_law_without_a_term_has_none() -> None:
    """What a state has not decided is not owed."""
    assert open_terms(begun(), replace(LAW, terms={}), CALENDAR) == ()


def found(case: RegistrationCase, facts: TradeFacts, today: date) -> list[tuple[EndGround, str, str]]:
    """The candidates of a day: ground, rule, and since when."""
    return [(one.ground, one.rule, f"{one.since}") for one in candidates(case, facts, LAW, CALENDAR, today)]


@pytest.mark.parametrize(
    ("last_dispatch", "today", "expected"),
    [
        (None, date(2026, 9, 10), []),
        (None, date(2026, 9, 11), [(EndGround.INACTIVE, "RC-14", "2026-03-10")]),
        (date(2026, 8, 31), date(2027, 2, 28), []),
        (date(2026, 8, 31), date(2027, 3, 1), [(EndGround.INACTIVE, "RC-14", "2026-08-31")]),
    ],
)
def test_six_months_without_dispatch_make_a_candidate(
    last_dispatch: date | None, today: date, expected: object
) -> None:
    """RC-13, RC-14: counted from the registration or the last dispatch; the case stays as it is."""
    assert found(registered(IMPORTER), TradeFacts(last_dispatch=last_dispatch), today) == expected


def test_cover_that_ended_is_a_candidate_after_ten_working_days() -> None:
    """RC-14: cover_due = ten working days after the end of the security."""
    facts = TradeFacts(cover_until=date(2026, 3, 27), last_dispatch=date(2026, 3, 27))

    assert found(registered(IMPORTER), facts, date(2026, 4, 13)) == []
    assert found(registered(IMPORTER), facts, date(2026, 4, 14)) == [(EndGround.NO_COVER, "RC-14", "2026-03-27")]


def test_revoked_licence_and_own_request_are_candidates_from_their_days() -> None:
    """RC-13 (c) and (d)."""
    asked = taken(registered(IMPORTER), act(ActKind.REQUEST_END, date(2026, 3, 12))).case
    case = taken(asked, act(ActKind.NOTE_REVOCATION, date(2026, 3, 12), from_day=date(2026, 3, 20))).case

    assert found(case, TradeFacts(), date(2026, 3, 19)) == [(EndGround.OWN_REQUEST, "RC-13", "2026-03-12")]
    assert (EndGround.LICENCE_REVOKED, "RC-13", "2026-03-20") in found(case, TradeFacts(), date(2026, 3, 20))


def test_only_what_is_registered_can_be_ended() -> None:
    """Neither a request nor what has ended already, and certified traders are not watched for dispatches."""
    ended = taken(registered(IMPORTER), act(ActKind.DEREGISTER)).case
    facts = TradeFacts(cover_until=SUBMITTED)

    assert found(begun(IMPORTER), facts, date(2027, 3, 1)) == found(ended, facts, date(2027, 3, 1)) == []
    assert found(registered(), TradeFacts(), date(2027, 3, 1)) == []
    assert watched_terms(begun(IMPORTER), facts, LAW, CALENDAR) == ()


def test_trader_is_warned_of_terms_before_they_are_over() -> None:
    """The board shows them with their ends; what has no term is no warning."""
    facts = TradeFacts(cover_until=date(2026, 3, 27))
    revoked = taken(registered(IMPORTER), act(ActKind.NOTE_REVOCATION)).case

    ends = watched_terms(revoked, facts, LAW, CALENDAR)

    assert [(one.ground, one.end and f"{one.end.day}") for one in ends] == [
        (EndGround.INACTIVE, "2026-09-10"),
        (EndGround.NO_COVER, "2026-04-13"),
    ]


def test_board_has_what_is_open_in_a_case() -> None:
    """Under the applicant's code until there is a number, and with the terms of the number once it is in use."""
    number = replace(taken(registered(IMPORTER), act(ActKind.INFORM)).case, number="2026-000001")

    before = [(one.seed, one.end.term.rule) for one in case_items(begun(IMPORTER), LAW, CALENDAR)]
    after = [(one.seed, one.about, f"{one.end.day}") for one in case_items(number, LAW, CALENDAR, TradeFacts())]

    assert before == [("100000001", "RC-4")]
    assert after == [("LT0000000C001", "2026-000001", "2026-09-10")]
