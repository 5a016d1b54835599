"""Documents that come twice, late, in another order or not at all: what a good counterpart makes of each."""

from datetime import timedelta

import pytest

from esad_gateway.simulator.injected.catalogue import faults_of
from esad_gateway.simulator.injected.model import FaultKind
from helpers.injecting import between, pair

TWICE = ("duplicate", "duplicate-signed-anew", "duplicate-days-later")
ASTRAY = ("reorder", "lost", "lost-and-sent-later")


def test_every_fault_of_the_order_is_shown() -> None:
    """None is left out below."""
    assert {one.name for one in faults_of(FaultKind.ORDER)} == {*TWICE, *ASTRAY}


@pytest.mark.parametrize("name", TWICE)
def test_second_copy_is_a_duplicate(name: str) -> None:
    """It is acknowledged as the first one was, and nothing is done twice."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject(name, "PL", message="IE818", after=timedelta(days=3))
        two.warsaw.accept(movement)
        two.emcs.clock.advance(days=4)

        assert two.outcomes()[-1] == "acknowledged (duplicate)"
        assert movement.delivered
        received = [one for one in between(two.vilnius.home, two.warsaw.home) if one[0] == "in"]
        assert received == [("in", "IE818", "accepted")]
        assert len(two.vilnius.inbox()) == 2


def test_change_that_overtakes_its_e_sad_waits_for_it() -> None:
    """The change of destination comes first, waits, and counts as soon as the e-SAD is there."""
    with pair() as two:
        two.emcs.faults.inject("reorder", "LT", message="IE801")
        movement = two.dispatch()
        assert movement.state_at_destination == "unknown"

        two.vilnius.send_to_other_place(movement, "PL-OTHER-PLACE")

        received = [one for one in between(two.warsaw.home, two.vilnius.home) if one[0] == "in"]
        assert [one[1] for one in received] == ["IE813", "IE801"]
        known = two.warsaw.home.movement(two.warsaw.seed, movement.arc)
        assert known is not None
        assert (known.sequence, known.delivery_place) == (2, "PL-OTHER-PLACE")
        two.warsaw.accept(movement)
        assert movement.delivered


def test_what_nothing_follows_goes_by_itself_after_a_day() -> None:
    """A document is not behind the next one for ever."""
    with pair() as two:
        two.emcs.faults.inject("reorder", "LT", message="IE801")
        movement = two.dispatch()

        two.emcs.clock.advance(hours=23)
        assert movement.state_at_destination == "unknown"
        two.emcs.clock.advance(hours=1)
        assert movement.state_at_destination == "accepted"
        assert two.outcomes() == ["behind the next one", "acknowledged (accepted)"]


def test_lost_report_is_found_when_it_is_late() -> None:
    """The administration of dispatch asks for the status, and gets what it lacks."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("lost", "PL", message="IE818")
        two.warsaw.accept(movement)
        two.emcs.clock.advance(days=1)
        assert (movement.state, movement.state_at_destination) == ("accepted", "delivered")

        two.emcs.clock.to("journey over + 1 day")

        assert movement.delivered
        assert ("out", "IE904", "accepted") in between(two.vilnius.home, two.warsaw.home)


def test_lost_e_sad_is_found_when_its_report_is_late() -> None:
    """The other side has never heard of the movement, says so, and is given the e-SAD."""
    with pair() as two:
        two.emcs.faults.inject("lost", "LT", message="IE801")
        movement = two.dispatch()

        two.emcs.clock.to("journey over + 1 day")

        assert movement.state_at_destination == "accepted"
        two.warsaw.accept(movement)
        assert movement.delivered


@pytest.mark.parametrize(("state", "message"), [("LT", "IE904"), ("PL", "IE905")])
def test_lost_question_or_answer_is_asked_for_once_more(state: str, message: str) -> None:
    """A day later there is another question; its answer reminds everybody of the report, once."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("lost", state, message=message)

        two.emcs.clock.to("journey over + 2 hours")
        assert "IE802" not in movement.messages()
        two.emcs.clock.to("journey over + 2 days")

        assert movement.messages().count("IE802") == 2
        assert ("out", "IE904", "accepted") in between(two.vilnius.home, two.warsaw.home)
        two.emcs.clock.advance(days=30)
        assert movement.messages().count("IE802") == 2


def test_report_that_was_held_up_is_taken_when_it_comes() -> None:
    """It comes on its day, and no earlier."""
    with pair() as two:
        movement = two.dispatch()
        two.emcs.faults.inject("lost-and-sent-later", "PL", message="IE818", after=timedelta(days=3))
        two.warsaw.accept(movement)

        two.emcs.clock.advance(days=2)
        assert movement.state == "accepted"
        two.emcs.clock.advance(days=1)
        assert movement.delivered
        assert [strike.at.day for strike in two.emcs.faults.journal] == [2, 5]
