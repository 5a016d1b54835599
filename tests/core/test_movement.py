"""Every pair of state and trigger, on both sides, against the tables."""

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.documents import validated_document
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import (
    DESTINATION,
    DISPATCH,
    RECEIPTS,
    TABLES,
    Decision,
    Side,
    Trigger,
    decide,
    trigger_of,
)
from helpers.playbook import Administration, replace_movement, stamp
from helpers.samples import ACCEPTED, draft, report

CONCLUSION = "report_of_receipt_export.global_conclusion_of_receipt"
MESSAGES: dict[Trigger, Message] = {
    Trigger.DRAFT: draft(),
    Trigger.VALIDATED_DOCUMENT: validated_document(draft(), stamp("LT")),
    Trigger.RECEIPT_ACCEPTED: report(ACCEPTED),
    Trigger.RECEIPT_REFUSED: report({CONCLUSION: GlobalConclusionOfReceipt.REFUSED}),
    Trigger.RECEIPT_PARTIALLY_REFUSED: report(),
    Trigger.EXPORT_RESULT: report({CONCLUSION: GlobalConclusionOfReceipt.EXIT_REFUSED}),
}
STATES = [state for state in StatusType if state is not StatusType.NONE]


def dispatch() -> Administration:
    """Lithuania, after it accepted a draft."""
    administration = Administration("LT", Side.DISPATCH)
    administration.takes(draft())
    return administration


def destination() -> Administration:
    """Poland, after the e-SAD arrived."""
    administration = Administration("PL", Side.DESTINATION)
    administration.takes(MESSAGES[Trigger.VALIDATED_DOCUMENT])
    return administration


@pytest.mark.parametrize("trigger", Trigger, ids=lambda trigger: trigger.name.lower())
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name.lower())
@pytest.mark.parametrize("side", Side)
def test_movement_goes_only_where_the_table_says(side: Side, state: StatusType, trigger: Trigger) -> None:
    """A pair in the table leads to its state; every other pair is refused and changes nothing."""
    known = {Side.DISPATCH: dispatch, Side.DESTINATION: destination}[side]().in_state(state)
    expected = TABLES[side].get((state, trigger))
    if expected is None:
        found = known.refuses(MESSAGES[trigger])
        assert (found.state, found.trigger) == (state, trigger)
    else:
        known.takes(MESSAGES[trigger])
        known.is_now(expected)


@pytest.mark.parametrize("trigger", Trigger, ids=lambda trigger: trigger.name.lower())
@pytest.mark.parametrize("side", Side)
def test_movement_begins_only_with_a_document(side: Side, trigger: Trigger) -> None:
    """Without a movement, dispatch takes a draft and destination a validated document, and neither anything else."""
    first = {Side.DISPATCH: Trigger.DRAFT, Side.DESTINATION: Trigger.VALIDATED_DOCUMENT}[side]
    decision = decide(None, MESSAGES[trigger], side, stamp("LT"))
    assert isinstance(decision, Decision) == (trigger is first)


def test_tables_name_states_that_duty_paid_movements_reach() -> None:
    """No table leads to a state that belongs to duty suspension or export (domain facts, 4)."""
    reachable = {"X01", "X03", "X04", "X05", "X07", "X08", "X09", "X10", "X13"}
    assert {*DISPATCH.values(), *DESTINATION.values()} <= {StatusType(code) for code in reachable}


def test_every_conclusion_of_a_report_is_a_trigger() -> None:
    """No report of receipt that the schema accepts is without a meaning for the tables."""
    assert set(RECEIPTS) == set(GlobalConclusionOfReceipt)
    assert [trigger_of(message) for message in MESSAGES.values()] == list(MESSAGES)


def test_final_state_stays_whatever_comes() -> None:
    """Delivered is final: nothing in either table leads out of it."""
    assert not [pair for table in TABLES.values() for pair in table if pair[0] is StatusType.DELIVERED]


def test_partial_refusal_remembers_the_refused_quantities() -> None:
    """After a partial refusal each line knows what was refused of it, because later reports are limited by that."""
    known = destination()
    known.takes(report())
    assert known.movement is not None
    assert [str(line.refused) for line in known.movement.lines] == ["90", "None"]


def test_report_leaves_the_rest_of_the_movement_alone() -> None:
    """An accepted receipt changes the state and nothing else."""
    known = destination()
    before = known.movement
    known.takes(report(ACCEPTED))
    assert before is not None
    assert known.movement == replace_movement(known, before).in_state(StatusType.DELIVERED).movement
