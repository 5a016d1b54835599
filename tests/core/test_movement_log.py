"""The log of a movement: what each message and each clock did on a side, and why, noted when it was decided."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType, SubmitterType
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Act, Effect, Origin, Side, Stage, Trigger
from esad_gateway.faults import Faults
from helpers.playbook import NOW
from helpers.protocol import (
    MESSAGES,
    alert,
    change,
    event,
    interruption,
    negative,
    receipt,
    shortage,
    status_answer,
    status_question,
    way_back,
)
from helpers.samples import draft, evolve
from helpers.traders import NOBODY
from helpers.wire import Desk

TRADER, OFFICE, OTHER = Origin.TRADER, Origin.OFFICE, Origin.ADMINISTRATION
REFUSED = receipt(GlobalConclusionOfReceipt.REFUSED)
E_SAD = MESSAGES[Trigger.VALIDATED_DOCUMENT]
RECEIVED = receipt(GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY)
X = StatusType
_NUMBERS = count(1)


def tell(desk: Desk, message: Message, origin: Origin, **later: float) -> Desk:
    """Let an administration take a message of this origin, some time after the first."""
    own = desk.profile.address
    sender, recipient = {TRADER: (own, own), OFFICE: (own, desk.other), OTHER: (desk.other, own)}[origin]
    header = {"message_identifier": f"T{next(_NUMBERS)}", "message_sender": sender, "message_recipient": recipient}
    addressed = evolve(message, {f"header.{name}": value for name, value in header.items()})
    desk.takes(addressed, origin, NOW + timedelta(**later))
    return desk


def last(desk: Desk) -> tuple[Trigger, Effect, StatusType, StatusType, int]:
    """The last act: what happened, what that did, the states before and after, the version."""
    act = desk.acts[-1]
    return act.trigger, act.effect, act.before, act.after, act.sequence


@pytest.fixture
def lt() -> Desk:
    """Dispatch, which has issued the e-SAD."""
    return tell(Desk("LT"), draft(), TRADER)


@pytest.fixture
def pl() -> Desk:
    """Destination, which has it."""
    return tell(Desk("PL"), E_SAD, OTHER)


def test_draft_begins_the_log_of_a_movement(lt: Desk) -> None:
    """The first act leads from no movement to an accepted one, with the timer of the journey."""
    assert lt.movement is not None
    assert lt.acts == [
        Act(
            arc=lt.movement.arc,
            side=Side.DISPATCH,
            at=NOW,
            trigger=Trigger.DRAFT,
            effect=Effect.MOVED,
            before=X.NONE,
            after=X.ACCEPTED,
            sequence=1,
            journey=lt.movement.journey,
            change=None,
            waited=False,
            rule=None,
        )
    ]


def test_change_of_destination_moves_the_version(lt: Desk) -> None:
    """The state is the same, and the version another one: the movement has moved."""
    tell(lt, change(), TRADER)

    assert last(lt) == (Trigger.CHANGE_OF_PLACE, Effect.MOVED, X.ACCEPTED, X.ACCEPTED, 2)


def test_alert_is_taken_and_leaves_the_state(lt: Desk) -> None:
    """What the tables allow without another state is taken."""
    tell(lt, alert(rejected=False), OTHER)

    assert last(lt) == (Trigger.ALERT, Effect.TAKEN, X.ACCEPTED, X.ACCEPTED, 1)


def test_refusal_starts_the_time_to_change_the_destination(lt: Desk) -> None:
    """TIM_CHS stands in the act that began it, until when."""
    tell(lt, REFUSED, OTHER)

    assert lt.movement is not None
    assert last(lt) == (Trigger.RECEIPT_REFUSED, Effect.MOVED, X.ACCEPTED, X.REFUSED, 1)
    assert lt.acts[-1].change == lt.movement.change is not None


@pytest.mark.parametrize(
    ("message", "trigger"),
    [
        pytest.param(REFUSED, Trigger.RECEIPT_REFUSED, id="refusal"),
        pytest.param(alert(rejected=True), Trigger.REJECTION, id="rejection"),
    ],
)
def test_report_that_a_change_crossed_is_noted(lt: Desk, message: Message, trigger: Trigger) -> None:
    """A refusal of the version before is recorded there: the state is that of the new version."""
    tell(tell(lt, change(), TRADER), message, OTHER)

    assert last(lt) == (trigger, Effect.NOTED, X.ACCEPTED, X.ACCEPTED, 2)


def test_explanation_that_a_change_crossed_is_noted(lt: Desk) -> None:
    """A shortage of the version before may still be explained."""
    tell(tell(tell(lt, REFUSED, OTHER), change(), TRADER), shortage(), OTHER)

    assert last(lt) == (Trigger.SHORTAGE_EXPLAINED, Effect.NOTED, X.ACCEPTED, X.ACCEPTED, 2)


def test_receipt_that_a_change_crossed_undoes_it(lt: Desk) -> None:
    """Goods received in the version before: destination never takes the change, and the act says so."""
    tell(tell(lt, change(), TRADER), RECEIVED, OTHER)

    assert last(lt) == (Trigger.RECEIPT_ACCEPTED, Effect.UNDONE, X.ACCEPTED, X.DELIVERED, 1)


def test_status_answer_undoes_changes_that_were_never_taken(lt: Desk) -> None:
    """Both changes go; the state is that of the version which is gone back to."""
    for message, origin in ((REFUSED, OTHER), (change(), TRADER), (way_back(), TRADER)):
        tell(lt, message, origin)
    tell(lt, status_answer(X.STOPPED), OTHER)

    assert last(lt) == (Trigger.STATUS_STOPPED, Effect.UNDONE, X.ACCEPTED, X.REFUSED, 1)


def test_copy_of_what_had_come_is_known(lt: Desk) -> None:
    """TR9121: a report sent again on our question, which was not lost after all, does nothing."""
    tell(lt, REFUSED, OTHER)
    tell(lt, replace(REFUSED, header=replace(REFUSED.header, correlation_identifier="Q")), OTHER)

    assert last(lt) == (Trigger.RECEIPT_REFUSED, Effect.KNOWN, X.REFUSED, X.REFUSED, 1)


def test_refused_message_is_logged_with_its_rule(lt: Desk) -> None:
    """GW-004: a shortage is explained before anything was reported; nothing changes."""
    tell(lt, shortage(SubmitterType.CONSIGNOR), TRADER)

    assert last(lt) == (Trigger.SHORTAGE_EXPLAINED, Effect.REFUSED, X.ACCEPTED, X.ACCEPTED, 1)
    assert (lt.acts[-1].rule, lt.acts[-1].waited) == (faults_of(lt)[0].rule, False)


def faults_of(desk: Desk) -> Faults:
    """Why the last message was refused."""
    return desk.refusals[-1].faults


def test_stranger_leaves_nothing_in_the_log(pl: Desk) -> None:
    """To a trader without a part in it the movement does not exist, so nothing of theirs stands in its log."""
    begun = list(pl.acts)
    tell(pl, evolve(receipt(), {"consignee_trader.traderid": NOBODY}), TRADER)

    assert faults_of(pl)
    assert pl.acts == begun


def test_refusal_without_standing_is_filed(lt: Desk) -> None:
    """An IE906 to another administration fits nothing, and is never refused: two would go on refusing."""
    tell(lt, negative(), OTHER)
    assert last(lt)[:2] == (Trigger.NEGATIVE_ACKNOWLEDGEMENT, Effect.TAKEN)
    wrong = evolve(negative(), {"header.message_identifier": "W", "header.message_recipient": "NDEA.LV"})
    lt.takes(evolve(wrong, {"header.message_sender": lt.other}), OTHER, NOW)

    assert last(lt) == (Trigger.NEGATIVE_ACKNOWLEDGEMENT, Effect.FILED, X.ACCEPTED, X.ACCEPTED, 1)


def test_message_that_waited_acts_when_its_turn_comes() -> None:
    """A change before its e-SAD does nothing; after the e-SAD it acts, and its act says that it had waited."""
    pl = tell(Desk("PL"), change(sequence=2), OTHER)
    assert pl.acts == []
    tell(pl, E_SAD, OTHER, hours=1)

    assert [(act.trigger, act.effect, act.waited) for act in pl.acts] == [
        (Trigger.VALIDATED_DOCUMENT, Effect.MOVED, False),
        (Trigger.CHANGE_OF_PLACE, Effect.MOVED, True),
    ]
    assert pl.acts[-1].at == NOW + timedelta(hours=1)


def test_message_whose_turn_never_comes_is_given_up(pl: Desk) -> None:
    """Version 3 waits for version 2, which does not come: the act names the rule, and that it had waited."""
    tell(pl, change(sequence=3), OTHER)
    end = NOW + pl.profile.time_to_wait
    pl.tick(end)

    assert last(pl) == (Trigger.CHANGE_OF_PLACE, Effect.GIVEN_UP, X.ACCEPTED, X.ACCEPTED, 1)
    assert (pl.acts[-1].at, pl.acts[-1].waited, pl.acts[-1].rule) == (end, True, faults_of(pl)[0].rule)


@pytest.mark.parametrize(
    ("before", "trigger", "stage"),
    [
        pytest.param((), Trigger.JOURNEY_OVER, "journey", id="journey"),
        pytest.param(((REFUSED, OTHER),), Trigger.CHANGE_OVERDUE, "change", id="change"),
    ],
)
def test_clock_acts_at_the_moment_when_it_ended(
    lt: Desk, before: tuple[tuple[Message, Origin], ...], trigger: Trigger, stage: str
) -> None:
    """However late somebody looks: the act stands at the end of the timer, which is not running any more."""
    for message, origin in before:
        tell(lt, message, origin)
    due = lt.next_due()
    assert isinstance(due, datetime)
    lt.tick(due + timedelta(days=3))

    act: Any = lt.acts[-1]
    assert (act.trigger, act.effect, act.at) == (trigger, Effect.TAKEN, due)
    assert getattr(act, stage).stage is not Stage.RUNNING


def test_answer_about_no_movement_has_no_act() -> None:
    """A question about the status of what never came is answered, and there is no log for it."""
    pl = tell(Desk("PL"), status_question(), OTHER)

    assert [type(one).__name__ for one in pl.sent] == ["IE905"]
    assert pl.acts == []


def test_office_acts_on_its_side(lt: Desk, pl: Desk) -> None:
    """An order of an office stands in the log like any other message."""
    tell(lt, interruption(), OFFICE)
    tell(pl, event(), OFFICE)

    assert last(lt) == (Trigger.INTERRUPTION, Effect.MOVED, X.ACCEPTED, X.STOPPED, 1)
    assert (pl.acts[-1].side, last(pl)[:2]) == (Side.DESTINATION, (Trigger.EVENT, Effect.TAKEN))
