"""Rules look at the register as it is on the day that a message is about."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from esad_gateway.emcs.procedure import Known
from esad_gateway.emcs.procedure.asked import operators_asked
from esad_gateway.emcs.registry import Operator
from helpers.case import at
from helpers.gateway import FOREIGN_CONSIGNEE, Box, Station
from helpers.protocol import change
from helpers.samples import draft, report
from helpers.scenario import Scenario
from helpers.seed import CONSIGNEE

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
EARLIER = replace(CONSIGNEE, valid_to=date(2025, 12, 31))
LATER = replace(CONSIGNEE, valid_from=date(2026, 3, 3))


@pytest.fixture
def known() -> Known:
    """What is known of a group for which two records of the consignee were found, and none of another number."""
    operators = {CONSIGNEE.seed: (EARLIER, LATER), "PL00000000999": ()}
    return Known(now=NOW, profile=at(NOW).profile, identifiers=iter(()), operators=operators)


@pytest.mark.parametrize(
    ("dispatch", "expected"),
    [(date(2026, 3, 2), EARLIER), (date(2026, 3, 3), LATER), (date(2020, 1, 1), LATER)],
    ids=["before the second", "on its first day", "before both"],
)
def test_draft_is_judged_by_its_day_of_dispatch(known: Known, dispatch: date, expected: Operator) -> None:
    """A draft gets the record of its day of dispatch, whenever it is submitted."""
    message = draft({"ead_esad_draft.date_of_dispatch": dispatch})
    facts = known.facts(message, None, operators_asked(message), at(NOW).day_of(message))
    assert facts.operators == {CONSIGNEE.seed: expected}


def test_other_messages_are_judged_today(known: Known) -> None:
    """A report of receipt gets the record of the present day."""
    message = report({"consignee_trader.traderid": CONSIGNEE.seed})
    for now, expected in ((NOW, EARLIER), (datetime(2026, 3, 2, 22, tzinfo=UTC), LATER)):
        facts = known.facts(message, None, operators_asked(message), at(now).day_of(message))
        assert facts.operators == {CONSIGNEE.seed: expected}


def test_facts_hold_only_the_operators_that_the_message_names(known: Known) -> None:
    """What other messages of a group name costs a message nothing: it is judged by its own traders alone."""
    message = report({"consignee_trader.traderid": "PL00000000999"})
    assert not known.facts(message, None, operators_asked(message), at(NOW).day_of(message)).operators


def test_today_is_the_day_of_our_own_state(box: Box, lt: Station, pl: Station) -> None:
    """At half past midnight in Vilnius a consignee that is registered from that day on may be sent to (R045)."""
    way = Scenario.begin(box, lt, pl)
    found = lt.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    ended, begun = replace(operator, valid_to=date(2026, 3, 1)), replace(operator, valid_from=date(2026, 3, 3))
    lt.runtime.registry.add_operators([(ended, address, ()), (begun, address, ())])

    assert [fault.rule for fault in way.consignor(change()).faults] == ["R045"]
    lt.clock.move(hours=12, minutes=30)
    assert way.consignor(change()).faults == ()
