"""Doors that answer as they should not: what a good counterpart, our own gateway, makes of each."""

import pytest

from esad_gateway.simulator.injected.catalogue import faults_of
from esad_gateway.simulator.injected.model import FaultKind
from esad_gateway.store.outbox import Standing
from helpers.injecting import between, pair, waiting

LINE, ALONE = Standing.WAITING, Standing.REFUSED
UNANSWERED = {
    "connection-refused": (LINE, "cannot be reached: ConnectionRefusedError"),
    "connection-reset": (LINE, "gave no answer: ConnectionResetError"),
    "no-answer": (LINE, "TimeoutError"),
    "server-fault": (LINE, "out of space"),
    "bad-gateway": (LINE, "HTTP 502"),
    "unavailable": (LINE, "HTTP 503"),
    "too-many-requests": (LINE, "HTTP 429"),
    "garbage": (LINE, "no acknowledgement"),
    "web-page": (LINE, "no acknowledgement"),
    "redirect": (LINE, "HTTP 307"),
    "endless-answer": (LINE, "longer than"),
    "acknowledges-another": (LINE, "acknowledges message 'of-another-message'"),
    "refuses-what-is-right": (ALONE, "not like this"),
}
"""What is not taken: whether the line waits or the document alone, and what stands in the outbox."""

AFTER_COMMIT = {
    "slow-answer": "TimeoutError within",
    "lost-answer": "TimeoutError",
    "cut-answer": "IncompleteReadError",
}
READ_ALL_THE_SAME = "wrong-content-type"


def test_every_fault_of_the_transport_is_shown() -> None:
    """None is left out below."""
    assert {one.name for one in faults_of(FaultKind.TRANSPORT)} == {*UNANSWERED, *AFTER_COMMIT, READ_ALL_THE_SAME}


@pytest.mark.parametrize("name", UNANSWERED)
def test_document_that_was_not_taken_is_sent_again(name: str) -> None:
    """It waits, the reason is told, and once the door is itself again it is taken, once."""
    with pair() as two:
        two.emcs.faults.inject(name, "PL")
        movement = two.dispatch()
        poland, lithuania = two.warsaw.home, two.vilnius.home

        assert movement.state_at_destination == "unknown"
        ((standing, reason),) = waiting(lithuania)
        assert (standing, UNANSWERED[name][1] in reason) == (UNANSWERED[name][0], True), reason

        two.emcs.clock.advance(minutes=5)

        assert movement.state_at_destination == "accepted"
        assert between(poland, lithuania) == [("in", "IE801", "accepted")]
        assert waiting(lithuania) == []


@pytest.mark.parametrize("name", AFTER_COMMIT)
def test_document_that_was_taken_without_an_answer_is_a_duplicate(name: str) -> None:
    """It is there, its sender does not know that and sends it again, and nothing is done twice."""
    with pair() as two:
        two.emcs.faults.inject(name, "PL")
        movement = two.dispatch()
        ((_, reason),) = waiting(two.vilnius.home)

        assert movement.state_at_destination == "accepted"
        assert AFTER_COMMIT[name] in reason
        two.emcs.clock.advance(minutes=5)

        assert waiting(two.vilnius.home) == []
        assert between(two.warsaw.home, two.vilnius.home) == [("in", "IE801", "accepted")]
        assert [type(one).__name__ for one in two.warsaw.inbox()] == ["IE801"]


def test_acknowledgement_is_read_whatever_it_is_called() -> None:
    """What is there counts, and not the name of its type: nothing is sent again."""
    with pair() as two:
        two.emcs.faults.inject(READ_ALL_THE_SAME, "PL")
        movement = two.dispatch()

        assert movement.state_at_destination == "accepted"
        assert waiting(two.vilnius.home) == []
        assert two.outcomes() == ["HTTP 200, whole, committed"]


def test_pause_that_was_asked_for_is_kept() -> None:
    """For two minutes nothing is sent to a state that asks to be left alone."""
    with pair() as two:
        two.emcs.faults.inject("too-many-requests", "PL")
        movement = two.dispatch()

        two.emcs.clock.advance(seconds=119)
        assert movement.state_at_destination == "unknown"
        two.emcs.clock.advance(seconds=1)
        assert movement.state_at_destination == "accepted"


def test_others_go_on_while_a_state_is_silent() -> None:
    """Each state has a line of its own."""
    with pair() as two:
        two.emcs.faults.inject("no-answer", "PL", times=None)
        held = two.dispatch()
        berlin = two.vilnius.dispatch(to=two.emcs.consignee("DE"))

        two.emcs.clock.advance(minutes=1)

        assert (held.state_at_destination, berlin.state_at_destination) == ("unknown", "accepted")
        assert len(two.emcs.faults.journal) > 10
