"""What is held, and letting it go before its time: as an act that is written down, and whole."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from esad_gateway.store.holds import Hold, Holds
from esad_gateway.store.rows import moment
from helpers.counting import statements
from helpers.gateway import FOREIGN_CONSIGNEE, NOW, Box, HandClock
from helpers.scenario import Scenario, held_report

LATER = NOW + timedelta(days=2)
OTHER_ARC = "26LT000000000000001P2"


@pytest.fixture
def held(box: Box) -> Iterator[Scenario]:
    """A report that is held for thirty days."""
    with held_report(box, HandClock()) as scenario:
        yield scenario


def holds(scenario: Scenario) -> Holds:
    """What Poland holds."""
    return Holds(scenario.pl.runtime.store)


def test_hold_says_what_for_whom_and_until_when(held: Scenario) -> None:
    """Everything that a person needs to decide, and nobody has let it go."""
    expected = Hold(
        arc=held.arc,
        type="IE818",
        to=(FOREIGN_CONSIGNEE, "NDEA.LT"),
        since=moment(NOW),
        until=moment(NOW + timedelta(days=30)),
        released_at=None,
        released_by=None,
    )

    assert holds(held).waiting() == holds(held).every() == holds(held).of(held.arc) == [expected]
    assert holds(held).of(OTHER_ARC) == []


def test_release_goes_as_if_time_had_passed(held: Scenario) -> None:
    """The echo gets the next number of its mailbox, the report is due at once, and the store is whole."""
    held.pl.clock.move(days=2)
    released = holds(held).release(held.arc, LATER, "account anna")

    assert [hold.arc for hold in released] == [held.arc]
    assert [entry.seq for entry in held.pl.mailbox(FOREIGN_CONSIGNEE)] == [1, 2, 3]
    assert [kind for _, kind in held.pl.types("NDEA.LT")] == ["IE801", "IE818"]
    assert [destination for destination, _ in held.pl.due()] == ["NDEA.LT"]
    assert held.pl.checked().problems == ()


def test_release_is_written_down_as_an_act(held: Scenario) -> None:
    """Who and when; it is held no more, and what was held stays known."""
    (before,) = holds(held).release(held.arc, LATER, "account anna")

    assert holds(held).waiting() == []
    assert holds(held).every() == [replace(before, released_at=moment(LATER), released_by="account anna")]


def test_release_by_time_has_no_author(held: Scenario) -> None:
    """What went because its time had come is told apart from an act."""
    held.pl.clock.move(days=30)
    assert held.pl.runtime.store.release_held(held.pl.clock.at) == 1

    (hold,) = holds(held).of(held.arc)
    assert (hold.released_at, hold.released_by) == (moment(held.pl.clock.at), None)
    assert holds(held).release(held.arc, held.pl.clock.at, "account anna") == []
    assert holds(held).of(held.arc) == [hold]


def test_second_release_changes_nothing(held: Scenario) -> None:
    """Neither a second act nor the end of its time sends it again, and the first act is the one that is told."""
    holds(held).release(held.arc, LATER, "account anna")
    before = [held.pl.rows(name) for name in ("held", "message", "outbox")]

    assert holds(held).release(held.arc, LATER + timedelta(days=1), "account jonas") == []
    assert held.pl.runtime.store.release_held(NOW + timedelta(days=99)) == 0
    assert [held.pl.rows(name) for name in ("held", "message", "outbox")] == before


def test_release_of_one_leaves_the_others(held: Scenario) -> None:
    """Only the movement that was named goes."""
    other = Scenario.begin(held.box, held.lt, held.pl)
    other.report()

    holds(held).release(other.arc, LATER, "account anna")

    assert [hold.arc for hold in holds(held).waiting()] == [held.arc]


def test_release_is_one_write_transaction(held: Scenario) -> None:
    """It is read under the lock under which it is written: two who release at once do not send it twice."""
    with statements(held.pl.runtime.store.writer) as traced:
        holds(held).release(held.arc, LATER, "account anna")

    assert (traced[0], traced[-1]) == ("BEGIN IMMEDIATE", "COMMIT")
    assert sum(statement.startswith(("BEGIN", "COMMIT")) for statement in traced) == 2
