"""Scenario S15: what was lost for good is found out by a status, and sent again, correlated (TR9121)."""

from dataclasses import replace

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.documents import history
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Decision, Origin, Side, Trigger, sent_again
from helpers.playbook import Administration, stamp
from helpers.protocol import (
    alert,
    change,
    closure,
    interruption,
    negative,
    receipt,
    status_answer,
    status_question,
    way_back,
)
from helpers.samples import draft, evolve

ACCEPTED = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
REFUSED = GlobalConclusionOfReceipt.REFUSED
CHANGES = (Trigger.CHANGE_OF_PLACE, Trigger.RETURN)
ASKED = {"header.correlation_identifier": "asked"}


def on_the_way() -> tuple[Administration, Administration]:
    """Dispatch and destination after S1."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    return lithuania, poland


@pytest.mark.parametrize(
    ("endings", "lacked"),
    [
        pytest.param((), (), id="accepted"),
        pytest.param((interruption(),), (Trigger.INTERRUPTION,), id="stopped"),
        pytest.param((closure(accepted=True),), (Trigger.CLOSURE_ACCEPTED,), id="manually closed"),
    ],
)
def test_destination_that_knows_nothing_gets_everything(
    endings: tuple[Message, ...], lacked: tuple[Trigger, ...]
) -> None:
    """The e-SAD, every change of destination, and what has ended the movement since."""
    lithuania, _ = on_the_way()
    for ending in endings:
        lithuania.orders(ending)
    assert lithuania.hears(status_answer(StatusType.NONE)).resend == (Trigger.VALIDATED_DOCUMENT, *CHANGES, *lacked)


@pytest.mark.parametrize(
    ("size", "count", "packed"),
    [
        pytest.param(10_000, 120, 99, id="as many as the schema has room for"),
        pytest.param(1_000_000, 6, 4, id="as much as a receiver takes"),
        pytest.param(5_000_000, 2, 0, id="nothing that fits"),
    ],
)
def test_history_is_the_latest_that_can_be_received(size: int, count: int, packed: int) -> None:
    """A package that is too large would be refused by everybody, and tried again for days."""
    exchanged = [("IE813", bytes([number]) * size) for number in range(count)]
    package = history(exchanged, status_question(), stamp("LT"))
    kept = [body.message_data for body in package.message_body] if package else []
    assert kept == [document for _, document in exchanged[count - packed :]]


def test_destination_that_is_behind_gets_the_changes() -> None:
    """Whoever names an earlier version, and can take a change, gets the changes; who has the latest gets none."""
    lithuania, _ = on_the_way()
    lithuania.takes(change())
    assert lithuania.hears(status_answer(StatusType.REFUSED, sequence=1)).resend == CHANGES
    assert lithuania.hears(status_question(StatusType.ACCEPTED)).resend == CHANGES
    assert lithuania.hears(status_answer(StatusType.ACCEPTED, sequence=2)).resend == ()


@pytest.mark.parametrize("theirs", [StatusType.ACCEPTED, StatusType.REJECTED, StatusType.DIVERTED])
def test_destination_that_goes_on_gets_the_ending(theirs: StatusType) -> None:
    """A movement that was stopped at dispatch is still open at destination: the interruption was lost."""
    lithuania, _ = on_the_way()
    lithuania.orders(interruption())
    assert lithuania.hears(status_answer(theirs)).resend == (Trigger.INTERRUPTION,)
    assert lithuania.hears(status_answer(StatusType.DELIVERED)).resend == ()


@pytest.mark.parametrize(
    ("message", "origin", "lacked"),
    [
        pytest.param(receipt(ACCEPTED), Origin.TRADER, Trigger.RECEIPT_ACCEPTED, id="delivered"),
        pytest.param(receipt(REFUSED), Origin.TRADER, Trigger.RECEIPT_REFUSED, id="refused"),
        pytest.param(alert(rejected=True), Origin.TRADER, Trigger.REJECTION, id="rejected"),
        pytest.param(interruption(), Origin.OFFICE, Trigger.INTERRUPTION, id="stopped"),
    ],
)
def test_dispatch_that_goes_on_gets_the_report(message: Message, origin: Origin, lacked: Trigger) -> None:
    """What brought destination into its state was lost; partial refusals before it may have been lost too."""
    _, poland = on_the_way()
    _ = poland.takes(message) if origin is Origin.TRADER else poland.orders(message)
    expected = (Trigger.RECEIPT_PARTIALLY_REFUSED, lacked)
    assert poland.hears(status_question(StatusType.ACCEPTED)).resend == expected
    assert poland.hears(status_answer(StatusType.ACCEPTED)).resend == expected
    assert poland.hears(status_answer(StatusType.STOPPED)).resend == ()


def test_dispatch_that_lacks_a_partial_refusal_gets_it_after_the_change() -> None:
    """Both sides are Accepted again, and no state shows it: what was refused in part is sent again anyway."""
    lithuania, poland = on_the_way()
    [report] = poland.takes(receipt()).sends
    [changed] = lithuania.takes(change()).sends
    poland.hears(changed.message)
    assert poland.hears(status_question(StatusType.ACCEPTED)).resend == (Trigger.RECEIPT_PARTIALLY_REFUSED,)
    lithuania.hears(evolve(report.message, ASKED))
    assert lithuania.movement is not None
    assert [str(line.refused) for line in lithuania.movement.lines] == ["90", "None"]
    assert poland.hears(status_question(StatusType.PARTIALLY_REFUSED)).resend == (Trigger.RECEIPT_PARTIALLY_REFUSED,)


def test_both_sides_partially_refused_lack_nothing() -> None:
    """The report is there, and so is every one before it."""
    _, poland = on_the_way()
    poland.takes(receipt())
    assert poland.hears(status_question(StatusType.PARTIALLY_REFUSED)).resend == ()


def test_every_lacked_message_is_sent_once_with_a_new_identity() -> None:
    """Copies of copies are not sent, nor what is not lacked; each names the status that showed the loss."""
    first, second = change(sequence=2), change(place="PL-THIRD-PLACE", sequence=3)
    sent = (draft(), first, alert(rejected=False), second, evolve(first, ASKED), status_question())
    decision = Decision(movement=None, resend=CHANGES)
    again = sent_again(sent, decision, status_answer(), stamp("LT"), "NDEA.PL")
    assert [replace(one, header=first.header) for one in again] == [first, second]
    headers = [one.header for one in again]
    assert {one.correlation_identifier for one in headers} == {status_answer().header.message_identifier}
    assert [(one.message_identifier, one.message_recipient) for one in headers] == [
        ("LT-1", "NDEA.PL"),
        ("LT-2", "NDEA.PL"),
    ]


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(change(sequence=2), id="change"),
        pytest.param(interruption(), id="interruption"),
    ],
)
def test_copy_of_what_is_there_is_filed(message: Message) -> None:
    """What was not lost after all is filed when it comes again; what comes late, and is no copy, is refused."""
    _, poland = on_the_way()
    poland.hears(message)
    before = poland.movement
    decision = poland.hears(evolve(message, ASKED))
    assert (decision.movement, decision.forward_to, decision.sends) == (before, (), ())
    poland.refuses(message, Origin.ADMINISTRATION)


def test_copy_of_the_e_sad_is_filed() -> None:
    """An e-SAD that was not lost after all changes nothing when it comes again."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    [sent] = lithuania.takes(draft()).sends
    poland.hears(sent.message)
    poland.hears(change(sequence=2))
    assert poland.hears(evolve(sent.message, ASKED)).forward_to == ()
    assert poland.movement is not None
    assert poland.movement.sequence == 2


def test_ending_that_is_refused_is_asked_about() -> None:
    """Destination gave up waiting for the e-SAD before the interruption: dispatch asks what else it lacks."""
    lithuania, _ = on_the_way()
    assert lithuania.hears(negative()).sends == ()
    lithuania.orders(interruption())
    assert len(lithuania.hears(negative()).sends) == 1


def test_return_that_is_lost_is_sent_again() -> None:
    """The goods are back and reported so, and destination never heard of it."""
    lithuania, _ = on_the_way()
    lithuania.takes(way_back())
    assert lithuania.in_state(StatusType.DELIVERED).hears(status_answer(StatusType.ACCEPTED)).resend == CHANGES
