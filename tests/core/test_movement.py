"""Every pair of state and trigger, on both sides and of every origin, against the tables."""

from datetime import datetime, timedelta

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.documents import validated_document
from esad_gateway.emcs.movement import (
    DESTINATION,
    DISPATCH,
    RECEIPTS,
    SIDES,
    TABLES,
    Decision,
    Origin,
    OutOfSequence,
    Side,
    Trigger,
    decide,
    due_at,
    trigger_of,
)
from helpers.playbook import NOW, Administration, stamp
from helpers.protocol import MESSAGES
from helpers.samples import draft

STATES = [state for state in StatusType if state is not StatusType.NONE]
CLOCKS = {Trigger.JOURNEY_OVER, Trigger.CHANGE_OVERDUE}
ACTS = sorted(
    (origin, side, trigger)
    for trigger, message in MESSAGES.items()
    for (origin, message_type), sides in SIDES.items()
    for side in sides
    if type(message) is message_type
)


def known(side: Side) -> Administration:
    """Lithuania after it accepted a draft, or Poland after the e-SAD arrived."""
    lithuania = Administration("LT", Side.DISPATCH)
    [sent] = lithuania.takes(draft()).sends
    if side is Side.DISPATCH:
        return lithuania
    poland = Administration("PL", Side.DESTINATION)
    poland.hears(sent.message)
    return poland


def only_for_goods_on_the_way_back(origin: Origin, side: Side, trigger: Trigger) -> bool:
    """A consignor reports the receipt only of goods that return, which these are not."""
    return (origin, side) == (Origin.TRADER, Side.DISPATCH) and "RECEIPT" in trigger.name


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name.lower())
@pytest.mark.parametrize(("origin", "side", "trigger"), ACTS, ids=lambda item: item.name.lower())
def test_movement_goes_only_where_the_table_says(
    origin: Origin, side: Side, trigger: Trigger, state: StatusType
) -> None:
    """A pair in the table leads to its state; every other pair is refused, and says from where and why."""
    administration = known(side).in_state(state)
    found = decide(administration.movement, MESSAGES[trigger], side, administration.stamp, origin)
    expected = TABLES[side].get((state, trigger))
    if expected is None or only_for_goods_on_the_way_back(origin, side, trigger):
        assert found == OutOfSequence(state, trigger)
    else:
        assert isinstance(found, Decision)
        assert found.movement is not None
        assert found.movement.state is expected


@pytest.mark.parametrize(("origin", "side", "trigger"), ACTS, ids=lambda item: item.name.lower())
def test_movement_begins_only_with_a_document(origin: Origin, side: Side, trigger: Trigger) -> None:
    """Without a movement nothing is decided, but for the document that begins it and the question for its status."""
    found = decide(None, MESSAGES[trigger], side, stamp("LT"), origin)
    begins = trigger in {Trigger.DRAFT, Trigger.VALIDATED_DOCUMENT}
    asks = trigger is Trigger.STATUS_REQUESTED and side is Side.DESTINATION
    assert isinstance(found, Decision) == (begins or asks)


def test_tables_name_only_states_of_duty_paid_movements() -> None:
    """No table knows a state of duty suspension or export (domain facts, 4)."""
    reachable = {StatusType(code) for code in ("X01", "X03", "X04", "X05", "X07", "X08", "X09", "X10", "X13")}
    assert {state for table in (DISPATCH, DESTINATION) for (state, _), after in table.items()} <= reachable
    assert {*DISPATCH.values(), *DESTINATION.values()} <= reachable


def test_every_trigger_is_a_message_or_a_clock() -> None:
    """Nothing can happen to a movement that no message and no clock brings about."""
    assert set(Trigger) - set(MESSAGES) == CLOCKS
    assert [trigger_of(message) for message in MESSAGES.values()] == list(MESSAGES)
    assert set(RECEIPTS) == set(GlobalConclusionOfReceipt)


@pytest.mark.parametrize("final", [StatusType.DELIVERED, StatusType.MANUALLY_CLOSED, StatusType.STOPPED])
@pytest.mark.parametrize("side", Side)
def test_final_states_are_final(side: Side, final: StatusType) -> None:
    """What is taken in a final state leaves it as it is."""
    assert {after for (state, _), after in TABLES[side].items() if state is final} == {final}


@pytest.mark.parametrize("days", [-1, 0, 1, 400])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name.lower())
def test_clock_fires_once_and_only_in_its_states(state: StatusType, days: int) -> None:
    """A clock that has ended fires; after that there is nothing left to fire."""
    administration = known(Side.DISPATCH).in_state(state)
    assert administration.movement is not None
    due = due_at(administration.movement)
    moment: datetime = (due[0] if due else NOW) + timedelta(days=days)
    fired = administration.at(moment).clock()
    assert (fired is not None) == (due is not None and days >= 0)
    assert fired is None or administration.clock() is None


def test_movement_unknown_to_us_is_answered_with_x09() -> None:
    """A status request about an ARC that never arrived is answered: state None, correlated with the question."""
    request = MESSAGES[Trigger.STATUS_REQUESTED]
    found = decide(None, request, Side.DESTINATION, stamp("PL"), Origin.ADMINISTRATION)
    assert isinstance(found, Decision)
    [answer] = found.sends
    assert found.movement is None
    assert answer.message.attributes.status is StatusType.NONE  # type: ignore[union-attr]
    assert answer.message.header.correlation_identifier == request.header.message_identifier


def test_validated_document_is_addressed_to_the_state_of_destination() -> None:
    """The recipient of an e-SAD follows from its consignee."""
    assert validated_document(draft(), stamp("LT")).header.message_recipient == "NDEA.PL"
