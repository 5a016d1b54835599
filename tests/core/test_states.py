"""Member states beside each other: what one decides for itself, and from which day on."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Origin, Side
from esad_gateway.emcs.procedure import content
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import CATALOGUE, RULES, Context, case_faults, content_faults
from esad_gateway.emcs.rules.catalogue import OPTIONAL
from esad_gateway.emcs.rules.mechanism import Finding
from esad_gateway.emcs.rules.mechanism import content as rule_on
from esad_gateway.faults import Faults
from esad_gateway.place import at
from esad_gateway.profiles import START, STATES, profile_of
from esad_gateway.texts import say
from helpers.case import setting
from helpers.playbook import ARC, Administration, stamp
from helpers.samples import ACCEPTED, draft, evolve, report

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NEXT_DAY = date(2026, 3, 3)
OWN = {"excise_movement.administrative_reference_code": ARC, "consignee_trader.traderid": "PL00000000201"}
USED = {"ead_esad_draft.local_reference_number": "LT-2026-000001"}


def judged(profile: NationalProfile, message: IE815, now: datetime = NOW) -> list[str]:
    """The rules that the content of a draft breaks, and those that it breaks against the register."""
    context = Context(now=now, profile=profile)
    case = replace(setting().case_of(message), context=context)
    return [fault.rule for fault in content_faults(message, context) + case_faults(message, case)]


def own(**choices: Any) -> NationalProfile:
    """The profile of the fixtures with other choices."""
    return replace(setting().context.profile, **choices)


def leaving(day: date) -> IE815:
    """A draft whose goods leave on a day."""
    return evolve(draft(), {"ead_esad_draft.date_of_dispatch": day, "ead_esad_draft.time_of_dispatch": None})


def always(message: IE815, _context: Context) -> Iterator[Finding]:
    """A rule that every draft breaks."""
    yield Finding(at("EadEsadDraft/LocalReferenceNumber"), message.ead_esad_draft.local_reference_number)


NATIONAL = rule_on("R219", IE815, "EadEsadDraft/LocalReferenceNumber", always)
"""A rule of our state alone; it borrows the number, and so the texts, of another one."""


def test_every_member_state_is_known() -> None:
    """Each has a profile, and its zone; what it leaves out is optional, and what it adds has an entry and texts."""
    assert set(STATES) == set(NATIONAL_ADMINISTRATIONS)
    for code, state in STATES.items():
        assert profile_of(code).time_zone is not None
        assert state.rules_off <= OPTIONAL
        assert all(rule.number in CATALOGUE for rule in state.rules)


def test_optional_rules_are_asked_somewhere() -> None:
    """A rule that can be switched off is one that there is."""
    assert {rule.number for rule in RULES} >= OPTIONAL


def test_optional_rule_is_switched_off() -> None:
    """BR001: a used local reference number is a fault, unless the state has left the rule out."""
    assert judged(own(), evolve(draft(), USED)) == ["BR001"]
    assert judged(own(rules_off=frozenset({"BR001"})), evolve(draft(), USED)) == []


def test_rule_is_switched_off_from_a_day_on() -> None:
    """The day is that on which the draft acts: the day of dispatch."""
    later = own(changes=((NEXT_DAY, own(rules_off=frozenset({"BR001"}))),))

    assert judged(later, evolve(leaving(date(2026, 3, 2)), USED)) == ["BR001"]
    assert judged(later, evolve(leaving(NEXT_DAY), USED)) == []


def test_rule_of_a_single_state_has_its_days() -> None:
    """Our state's own rule is asked beside the rulebook's, from its first day to its last, and nowhere else."""
    rule = replace(NATIONAL, first=NEXT_DAY, last=date(2026, 3, 4))
    days = [date(2026, 3, 2) + timedelta(days=number) for number in range(4)]

    assert [judged(own(rules=(rule,)), leaving(day)) for day in days] == [[], ["R219"], ["R219"], []]
    assert judged(own(), leaving(NEXT_DAY)) == []


def test_rule_of_a_single_state_counts_in_its_releases() -> None:
    """National rules come and go with releases as those of the rulebook do."""
    rule = replace(NATIONAL, until="3.23")
    found = [
        content_faults(draft(), Context(now=NOW, profile=own(rules=(rule,)), release=release))
        for release in ("3.13", "3.23")
    ]
    assert [[fault.rule for fault in faults] for faults in found] == [["R219"], []]


def test_national_maximum_is_that_of_the_day_of_dispatch() -> None:
    """BR007: a maximum that begins on a day binds the goods that leave from then on."""
    later = own(changes=((NEXT_DAY, own(maximum_journey_days={"3": 1})),), maximum_journey_days={})
    journey = {"header_ead_esad.journey_time": "D02"}

    assert judged(later, evolve(leaving(date(2026, 3, 2)), journey)) == []
    assert judged(later, evolve(leaving(NEXT_DAY), journey)) == ["BR007"]


@pytest.mark.parametrize(("day", "held"), [(2, timedelta(0)), (3, timedelta(days=5))])
def test_formalities_are_those_of_the_day_of_the_report(day: int, held: timedelta) -> None:
    """A report of receipt is held for as long as the state says on the day on which it is made."""
    poland = Administration("PL", Side.DESTINATION)
    poland.hears(Administration("LT", Side.DISPATCH).takes(draft()).sends[0].message)
    usual = stamp("PL", now=datetime(2026, 3, day, 10, 0, tzinfo=UTC))
    later = replace(usual.profile, formalities=timedelta(days=5))
    poland.stamp = replace(usual, profile=replace(usual.profile, changes=((NEXT_DAY, later),)))

    (send,) = poland.takes(report({**ACCEPTED, **OWN})).sends

    assert (send.not_before or usual.now) - usual.now == held


def test_days_begin_in_the_state() -> None:
    """What holds from a day on holds from midnight there."""
    profile = profile_of("LT")
    later = replace(profile, changes=((NEXT_DAY, replace(profile, time_to_wait=timedelta(days=9))),))

    moments = [datetime(2026, 3, 2, 21, 59, tzinfo=UTC), datetime(2026, 3, 2, 22, 0, tzinfo=UTC)]

    assert [later.at(moment).time_to_wait.days for moment in moments] == [1, 9]


def readiness(day: date, esad_from: dict[str, date] | None = None) -> Faults:
    """What is wrong with a draft to Northern Ireland, submitted on the day on which its goods leave."""
    profile = profile_of("LT")
    known = replace(profile, esad_from={**profile.esad_from, **(esad_from or {})})
    message = evolve(leaving(day), {"consignee_trader.traderid": "XI00000000202"})
    moment = datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)
    found = content("IE815", message, Origin.TRADER, moment, known)
    return tuple(fault for fault in found if fault.rule == "GW-010")


def test_state_that_does_not_take_part_yet() -> None:
    """Northern Ireland takes part since 19 August 2024; before, a draft is refused with that day, at the consignee."""
    (fault,) = readiness(date(2024, 8, 18))

    assert fault.path.endswith("/ConsigneeTrader/Traderid")
    assert (fault.code, fault.value) == ("12", "XI00000000202")
    assert say(fault.hint).startswith("XI takes part in the e-SAD from 2024-08-19 on")
    assert "2024-08-19" in say(fault.hint, "lt")
    assert readiness(date(2024, 8, 19)) == ()


@pytest.mark.parametrize(("number", "rules"), [("LT00000000102", ["GW-011"]), ("PL00000000201", []), (None, [])])
def test_consignee_in_our_own_state_is_refused(number: str | None, rules: list[str]) -> None:
    """No e-SAD within one state is served yet, so none is left waiting for ever; the fault is at the consignee."""
    draft_to = evolve(draft(), {"consignee_trader.traderid": number})
    found = content("IE815", draft_to, Origin.TRADER, NOW, profile_of("LT"))

    assert [fault.rule for fault in found if fault.rule.startswith("GW-")] == rules
    for fault in found:
        if fault.rule == "GW-011":
            assert (fault.code, fault.value) == ("15", number)
            assert fault.path.endswith("/ConsigneeTrader/Traderid")
            assert "another member state" in say(fault.text)
            assert "kitoje valstybėje narėje" in say(fault.text, "lt")


def test_administration_knows_the_day_better() -> None:
    """What the settings say of another state goes before what is known here."""
    assert readiness(date(2024, 8, 19), {"XI": date(2024, 9, 1)}) != ()


def test_nobody_is_refused_for_a_day_that_is_not_known() -> None:
    """Greece and the Netherlands began late, and until when is not known: no draft is refused for it."""
    unknown = [code for code, state in STATES.items() if state.esad_from is None]
    assert unknown == ["EL", "NL"]
    assert set(profile_of("LT").esad_from) == {"XI"}
    assert date(2023, 2, 13) == START
