"""A report of receipt that is held for formalities (S5, S7), and released by the administration."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from esad_gateway.drafting.reports import report
from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.store.holds import Holds
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, HandClock
from helpers.protocol import shortage
from helpers.scenario import Scenario, held_report

SHORTAGES = {1: Decimal(10)}


@pytest.fixture
def held(box: Box, clock: HandClock) -> Iterator[Scenario]:
    """A report that is held for ninety days: longer than the journey may take."""
    with held_report(box, clock, days=90) as scenario:
        yield scenario


@pytest.fixture
def short(box: Box, clock: HandClock) -> Iterator[Scenario]:
    """A report of a shortage that is held for ninety days."""
    with held_report(box, clock, days=90, shortages=SHORTAGES) as scenario:
        yield scenario


def release_held(scenario: Scenario) -> None:
    """Poland's administration lets the report go."""
    assert Holds(scenario.pl.runtime.store).release(scenario.arc, scenario.pl.clock.at, "account anna")


def test_held_report_reaches_dispatch_when_it_is_released(held: Scenario) -> None:
    """Dispatch stays Accepted until the act; then both sides are Delivered and both traders have the report, once."""
    held.deliver()
    assert (held.states(), held.boxes()) == (("X01", "X03"), ([], []))

    release_held(held)
    held.deliver()
    assert (held.states(), held.boxes()) == (("X03", "X03"), (["IE818"], ["IE818"]))

    held.pl.clock.move(days=90)
    assert held.deliver() == []
    assert held.boxes() == (["IE818"], ["IE818"])


def test_echo_is_the_report_that_was_sent(held: Scenario) -> None:
    """Consignee and consignor read the same signed document."""
    release_held(held)
    held.deliver()

    echo = held.pl.document(FOREIGN_CONSIGNEE, held.pl.mailbox(FOREIGN_CONSIGNEE)[-1].seq)
    assert echo == held.lt.document(CONSIGNOR, held.lt.mailbox(CONSIGNOR)[-1].seq)


def test_status_request_does_not_fetch_a_held_report(held: Scenario) -> None:
    """S14: asked meanwhile, destination says Delivered and sends nothing; the act sends the report, once."""
    held.lt.clock.move(days=30)
    held.tick()
    held.deliver()
    assert held.lt.last("NDEA.PL").attributes.status == "X03"
    assert (held.states(), held.boxes()) == (("X01", "X03"), ([], []))

    release_held(held)
    held.deliver()
    assert (held.states(), held.boxes()) == (("X03", "X03"), (["IE818"], ["IE818"]))


@pytest.mark.parametrize("by", ["the administration", "time"])
def test_explanation_of_a_shortage_follows_the_report_that_is_held(short: Scenario, by: str) -> None:
    """S18: dispatch cannot take an explanation before the report; both go together, the report first."""
    assert short.consignee(shortage(SubmitterType.CONSIGNEE)).faults == ()
    short.deliver()
    assert (short.states(), short.boxes()) == (("X01", "X03"), ([], []))

    if by == "time":
        short.pl.clock.move(days=90)
    else:
        release_held(short)
    short.deliver()

    assert (short.states(), short.boxes()) == (("X03", "X03"), (["IE818", "IE871"], ["IE818", "IE871"]))


def test_explanation_of_a_shortage_goes_at_once_when_nothing_is_held(short: Scenario) -> None:
    """What was released holds nothing up any more."""
    release_held(short)

    explained = short.consignee(shortage(SubmitterType.CONSIGNEE))

    assert [reply.type for reply in explained.replies] == ["IE871"]


def test_report_and_explanation_of_one_group_stay_in_order(box: Box, clock: HandClock) -> None:
    """What is held by the same commit is not overtaken either."""
    box.set("PL", formalities_days=1)
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
        messages = (report(way.e_sad, clock.at, "PL001000", SHORTAGES), shortage(SubmitterType.CONSIGNEE))
        pl.commit(*(box.signed(FOREIGN_CONSIGNEE, way.about(message, "PL")) for message in messages))
        assert way.boxes() == ([], [])

        clock.move(days=1)
        way.deliver()

        assert way.boxes() == (["IE818", "IE871"], ["IE818", "IE871"])
