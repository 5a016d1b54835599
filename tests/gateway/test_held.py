"""A report of receipt that is held for formalities (S5, S7), and let go by the administration."""

from collections.abc import Iterator

import pytest

from esad_gateway.store.holds import Holds
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, HandClock
from helpers.scenario import Scenario, held_report


@pytest.fixture
def held(box: Box, clock: HandClock) -> Iterator[Scenario]:
    """A report that is held for ninety days: longer than the journey may take."""
    with held_report(box, clock, days=90) as scenario:
        yield scenario


def let_go(scenario: Scenario) -> None:
    """Poland's administration lets the report go."""
    assert Holds(scenario.pl.runtime.store).release(scenario.arc, scenario.pl.clock.at, "account anna")


def test_held_report_reaches_dispatch_when_it_is_let_go(held: Scenario) -> None:
    """Dispatch stays Accepted until the act; then both sides are Delivered and both traders have the report, once."""
    held.deliver()
    assert (held.states(), held.boxes()) == (("X01", "X03"), ([], []))

    let_go(held)
    held.deliver()
    assert (held.states(), held.boxes()) == (("X03", "X03"), (["IE818"], ["IE818"]))

    held.pl.clock.move(days=90)
    assert held.deliver() == []
    assert held.boxes() == (["IE818"], ["IE818"])


def test_echo_is_the_report_that_was_sent(held: Scenario) -> None:
    """Consignee and consignor read the same signed document."""
    let_go(held)
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

    let_go(held)
    held.deliver()
    assert (held.states(), held.boxes()) == (("X03", "X03"), (["IE818"], ["IE818"]))
