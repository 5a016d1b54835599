"""The walk of one message through room 7: the gateway asks the pure verdict once, and that calls nobody back."""

from collections.abc import Callable

import pytest

from esad_gateway.emcs.codes import StatusRequestMessageType, StatusType
from esad_gateway.ports.reading import Receipt
from helpers.gateway import CONSIGNOR, Box, Station, new_draft
from helpers.protocol import change, status_question
from helpers.samples import evolve
from helpers.scenario import Scenario
from helpers.walking import walks

MOST_STAYS = 15
"""From the look-ups to the signature; may only be lowered."""


@pytest.fixture
def way(box: Box, lt: Station, pl: Station) -> Scenario:
    """An e-SAD that has arrived."""
    return Scenario.begin(box, lt, pl)


def refused_draft(way: Scenario) -> Receipt:
    """A draft with a mistake."""
    return way.consignor(evolve(new_draft(), {"transport_mode.transport_mode_code": "6"}))


def asked_for_history(way: Scenario) -> Receipt:
    """Another administration asks for all that was exchanged, and lacks the e-SAD."""
    question = evolve(
        status_question(StatusType.NONE),
        {"attributes.status_request_message_type": StatusRequestMessageType.MOVEMENT_HISTORY},
    )
    return way.peer("PL", question)


MESSAGES: dict[str, Callable[[Scenario], Receipt]] = {
    "draft": lambda way: way.lt.take(way.box.signed(CONSIGNOR, new_draft())),
    "refused draft": refused_draft,
    "change of destination": lambda way: way.consignor(change()),
    "report of receipt": lambda way: way.report(),
    "change of another administration": lambda way: way.peer("LT", change(sequence=2)),
    "change that has to wait": lambda way: way.peer("LT", change(sequence=3)),
    "question for the history": asked_for_history,
}


@pytest.mark.parametrize("kind", MESSAGES)
def test_gateway_asks_the_verdict_once(way: Scenario, kind: str) -> None:
    """Whatever the message: one question down, few stays, and nothing of the gateway is called from the pure core."""
    with walks("Committer._answered") as found:
        MESSAGES[kind](way)

    [walk] = found
    assert walk.asked.count("answer_to") == 1
    assert walk.climbs == []
    assert len(walk.stays) <= MOST_STAYS, walk.stays
