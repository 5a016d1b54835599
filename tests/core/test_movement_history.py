"""The states of a movement, derived again from its messages; what cannot be derived is not guessed."""

from dataclasses import replace

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType, SubmitterType
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Origin, Side, Trigger
from esad_gateway.emcs.movement.history import Taken, acting_side, retrace
from helpers.protocol import (
    MESSAGES,
    alert,
    change,
    delay,
    interruption,
    receipt,
    shortage,
    status_answer,
    this,
    way_back,
)
from helpers.samples import draft

TRADER, OTHER = Origin.TRADER, Origin.ADMINISTRATION
REFUSED = receipt(GlobalConclusionOfReceipt.REFUSED)


def states(side: Side, *taken: tuple[Message, Origin, int]) -> list[StatusType | None]:
    """The states after messages of these origins, each recorded with a version."""
    items = [Taken(message=message, origin=origin, sequence=sequence) for message, origin, sequence in taken]
    return [reached.state for reached in retrace(side, items)]


def test_states_follow_the_tables() -> None:
    """Each message leads to the state that the table gives, or leaves it."""
    assert states(
        Side.DISPATCH,
        (draft(), TRADER, 1),
        (alert(rejected=False), OTHER, 1),
        (REFUSED, OTHER, 1),
        (change(), TRADER, 2),
        (replace(alert(rejected=True), excise_movement=this(2)), OTHER, 2),
    ) == [StatusType.ACCEPTED, StatusType.ACCEPTED, StatusType.REFUSED, StatusType.ACCEPTED, StatusType.REJECTED]


def test_change_that_was_never_taken_is_undone() -> None:
    """A lower version written beside a status answer brings back the state before the change."""
    taken = ((draft(), TRADER, 1), (REFUSED, OTHER, 1), (way_back(), TRADER, 2), (status_answer(), OTHER, 1))

    assert states(Side.DISPATCH, *taken)[-1] is StatusType.REFUSED


def test_answer_about_our_version_changes_nothing() -> None:
    """A status answer beside the version that we are at leaves the state."""
    taken = ((draft(), TRADER, 1), (change(), TRADER, 2), (status_answer(), OTHER, 2))

    assert states(Side.DISPATCH, *taken)[-1] is StatusType.ACCEPTED


@pytest.mark.parametrize("side", Side)
def test_explanation_acts_on_the_side_of_who_explains(side: Side) -> None:
    """S16: of a store that has both sides it is the submitter's; of a store without that side it is none."""
    submitter = SubmitterType.CONSIGNOR if side is Side.DISPATCH else SubmitterType.CONSIGNEE
    assert acting_side(delay(submitter), TRADER, Side) is side
    assert acting_side(delay(submitter), TRADER, set(Side) - {side}) is None
    assert acting_side(delay(submitter), Origin.OFFICE, Side) is None


def test_answer_ends_goods_that_went_back() -> None:
    """A status answer that shows the end at dispatch is the end of what was diverted at destination."""
    e_sad = MESSAGES[Trigger.VALIDATED_DOCUMENT]
    taken = ((e_sad, OTHER, 1), (way_back(2), OTHER, 2), (status_answer(StatusType.DELIVERED, 2), OTHER, 2))

    assert states(Side.DESTINATION, *taken) == [StatusType.ACCEPTED, StatusType.DIVERTED, StatusType.DELIVERED]


def test_report_sent_again_changes_nothing() -> None:
    """A report that answers our question, after it had come before, leaves the state."""
    again = replace(REFUSED, header=replace(REFUSED.header, correlation_identifier="Q"))

    assert states(Side.DISPATCH, (draft(), TRADER, 1), (REFUSED, OTHER, 1), (again, OTHER, 1))[-1] is StatusType.REFUSED


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param(change(sequence=2), id="change"),
        pytest.param(MESSAGES[Trigger.VALIDATED_DOCUMENT], id="e-SAD"),
    ],
)
def test_document_sent_again_changes_nothing(copy: Message) -> None:
    """A copy of the e-SAD, or of a change, that was not lost after all leaves the state at destination."""
    first = MESSAGES[Trigger.VALIDATED_DOCUMENT]
    again = replace(copy, header=replace(copy.header, correlation_identifier="Q"))
    taken = ((first, OTHER, 1), (change(sequence=2), OTHER, 2), (REFUSED, TRADER, 2), (again, OTHER, 2))

    assert states(Side.DESTINATION, *taken)[-1] is StatusType.REFUSED


def test_interruption_sent_again_changes_nothing() -> None:
    """A copy of what stopped the movement leaves it stopped."""
    again = replace(interruption(), header=replace(interruption().header, correlation_identifier="Q"))

    assert states(Side.DISPATCH, (draft(), TRADER, 1), (interruption(), OTHER, 1), (again, OTHER, 1))[-1] is (
        StatusType.STOPPED
    )


def test_refusal_that_a_change_crossed_leaves_the_state() -> None:
    """A refusal of the version before, written beside the version of the change, was only noted."""
    taken = ((draft(), TRADER, 1), (change(), TRADER, 2), (REFUSED, OTHER, 2), (receipt(sequence=2), OTHER, 2))

    assert states(Side.DISPATCH, *taken)[2:] == [StatusType.ACCEPTED, StatusType.PARTIALLY_REFUSED]


@pytest.mark.parametrize("crossed", [True, False], ids=["crossed", "before the changes"])
def test_every_change_that_was_never_taken_is_undone(*, crossed: bool) -> None:
    """The version that is gone back to has its own state, that of a refusal which the changes crossed as well."""
    changes = ((change(), TRADER, 2), (way_back(), TRADER, 3))
    refused = (REFUSED, OTHER, 3 if crossed else 1)
    taken = (*changes, refused) if crossed else (refused, *changes)
    answer = (status_answer(StatusType.STOPPED), OTHER, 1)

    assert states(Side.DISPATCH, (draft(), TRADER, 1), *taken, answer)[-1] is StatusType.REFUSED


def test_explanation_that_a_change_crossed_leaves_the_state() -> None:
    """What explains the version before is taken, and what comes after it is still known."""
    taken = ((draft(), TRADER, 1), (REFUSED, OTHER, 1), (change(), TRADER, 2), (shortage(), OTHER, 2))

    assert states(Side.DISPATCH, *taken)[-1] is StatusType.ACCEPTED


def test_receipt_that_a_change_crossed_undoes_it() -> None:
    """A report of goods received in the version before brings that version back, and closes it."""
    received = receipt(GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY)

    assert states(Side.DISPATCH, (draft(), TRADER, 1), (change(), TRADER, 2), (received, OTHER, 1))[-1] is (
        StatusType.DELIVERED
    )


@pytest.mark.parametrize(
    "waited",
    [
        pytest.param((receipt(sequence=1), OTHER, 1), id="about the version before"),
        pytest.param((change(), TRADER, 4), id="two versions ahead"),
    ],
)
def test_message_that_waited_ends_what_is_known(waited: tuple[Message, Origin, int]) -> None:
    """When it acted cannot be seen, so neither its state nor any after it is claimed."""
    taken = ((draft(), TRADER, 1), (change(), TRADER, 2), waited, (alert(rejected=True), OTHER, 2))

    assert states(Side.DISPATCH, *taken)[2:] == [None, None]


def test_message_before_its_e_sad_is_not_derived() -> None:
    """At destination a change that came before the e-SAD waited for it."""
    assert states(Side.DESTINATION, (change(), OTHER, 2)) == [None]


def test_side_is_that_of_the_sender() -> None:
    """A message acts where its origin may act, and only on sides that the store has."""
    both = (Side.DISPATCH, Side.DESTINATION)

    assert acting_side(draft(), TRADER, both) is Side.DISPATCH
    assert acting_side(REFUSED, OTHER, both) is Side.DISPATCH
    assert acting_side(REFUSED, OTHER, (Side.DESTINATION,)) is None
    assert acting_side(alert(rejected=True), TRADER, both) is Side.DESTINATION
