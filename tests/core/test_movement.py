"""Every cell of side, state and trigger, and of every origin, against the transitions typed from the domain facts."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType
from esad_gateway.emcs.documents import validated_document
from esad_gateway.emcs.messages import IE905, Message
from esad_gateway.emcs.movement import (
    DESTINATION,
    DISPATCH,
    RECEIPTS,
    SENT_AGAIN,
    SIDES,
    TABLES,
    Decision,
    Early,
    Origin,
    OutOfSequence,
    Side,
    Timer,
    Trigger,
    decide,
    due_at,
    trigger_of,
)
from esad_gateway.emcs.movement.lacked import LACKED
from helpers.playbook import NOW, Administration, stamp
from helpers.protocol import MESSAGES, change, way_back
from helpers.samples import draft, evolve
from helpers.transitions import OF_CONSIGNOR, REFUSED, RETURNING, TRIGGERS, cells, lacked, senders, table_of

STATES = [state for state in StatusType if state is not StatusType.NONE]
CLOCKS = {Trigger.JOURNEY_OVER, Trigger.CHANGE_OVERDUE}
ACTS = sorted(
    (origin, side, trigger)
    for trigger, message in MESSAGES.items()
    for (origin, message_type), sides in SIDES.items()
    for side in sides
    if type(message).__name__ == message_type
)
CELLS = dict(cells())
WORDS = {trigger: word for word, trigger in TRIGGERS.items() if OF_CONSIGNOR not in word}


def known(side: Side) -> Administration:
    """Lithuania after it accepted a draft, or Poland after the e-SAD arrived."""
    lithuania = Administration("LT", Side.DISPATCH)
    [sent] = lithuania.takes(draft()).sends
    if side is Side.DISPATCH:
        return lithuania
    poland = Administration("PL", Side.DESTINATION)
    poland.hears(sent.message)
    return poland


def in_state(side: Side, state: str) -> Administration:
    """The administration of that side with the movement in a state of the oracle."""
    administration = known(side)
    if state == RETURNING:
        administration.takes(way_back())
    elif state == StatusType.DIVERTED and side is Side.DESTINATION:
        administration.hears(way_back(sequence=2))
    else:
        return administration.in_state(StatusType(state))
    return administration


def in_turn(message: Message, sequence: int) -> Message:
    """The message, about that version of the movement, or beginning the one after it."""
    numbers = {"excise_movement": sequence, "attributes": sequence, "update_ead_esad": sequence + 1}
    named = {
        group: number for group, number in numbers.items() if hasattr(getattr(message, group, None), "sequence_number")
    }
    return evolve(message, {f"{group}.sequence_number": number for group, number in named.items()})


def word_of(origin: Origin, side: Side, trigger: Trigger) -> str:
    """How the oracle calls a trigger; what a consignor says of a receipt it calls by another name."""
    of_consignor = WORDS[trigger] + OF_CONSIGNOR
    return (
        of_consignor
        if (origin, side) == (Origin.TRADER, Side.DISPATCH) and of_consignor in TRIGGERS
        else WORDS[trigger]
    )


def test_oracle_names_every_cell_once() -> None:
    """Both sides, every state and every trigger: nothing is left open, and nothing is said twice."""
    states = [*StatusType, RETURNING]
    named = Counter(cell for cell, _ in cells())
    expected = {
        (side, str(state), trigger)
        for side, state, trigger in product(Side, states, TRIGGERS)
        if (side, state) != (Side.DESTINATION, RETURNING)
    }
    assert set(named) == expected
    assert set(named.values()) == {1}
    assert set(TRIGGERS.values()) == set(Trigger)


@pytest.mark.parametrize("side", Side)
def test_table_is_what_the_domain_facts_say(side: Side) -> None:
    """Cell by cell, both ways: what the facts allow leads where they say, and the table allows nothing else."""
    assert dict(TABLES[side]) == table_of(side)


@pytest.mark.parametrize(
    ("origin", "side", "trigger", "state"),
    [
        pytest.param(origin, side, trigger, state, id=f"{origin.name}-{side.name}-{trigger.name}-{state}".lower())
        for origin, side, trigger in ACTS
        for state in (*STATES, *([RETURNING] if side is Side.DISPATCH else []))
    ],
)
def test_movement_goes_only_where_the_domain_facts_say(
    origin: Origin, side: Side, trigger: Trigger, state: str
) -> None:
    """A cell leads to its state; where the facts name none the message is refused, and it is said from where."""
    administration = in_state(side, state)
    before = administration.movement
    assert before is not None
    found = decide(before, in_turn(MESSAGES[trigger], before.sequence), side, administration.stamp, origin)
    expected = CELLS[side, str(state), word_of(origin, side, trigger)]
    if expected == REFUSED:
        assert found == OutOfSequence(before.state, trigger)
    else:
        assert isinstance(found, Decision)
        assert found.movement is not None
        assert found.movement.state == expected.removesuffix("-returning")
        assert found.movement.returning == (before.returning or trigger is Trigger.RETURN)


def test_what_is_lacked_is_what_the_domain_facts_say() -> None:
    """S15: by both states what the other side lacks, each message once; a pair that is not named lacks nothing."""
    named = Counter(pair for pair, _ in lacked())
    held = {Side.DISPATCH: "X01 X03 X05 X07 X08 X10 X13", Side.DESTINATION: "X01 X03 X04 X05 X07 X08 X10 X13"}
    told = {Side.DISPATCH: f"X09 {held[Side.DESTINATION]}", Side.DESTINATION: held[Side.DISPATCH]}
    assert set(named) == {pair for side in Side for pair in product([side], held[side].split(), told[side].split())}
    assert set(named.values()) == {1}
    found = {
        (side, str(ours), str(theirs)): triggers for side in Side for (ours, theirs), triggers in LACKED[side].items()
    }
    assert {pair: frozenset(triggers) for pair, triggers in found.items()} == {
        pair: triggers for pair, triggers in lacked() if triggers
    }
    assert all(len(triggers) == len(set(triggers)) for triggers in found.values())


def test_only_what_can_be_lacked_is_sent_again() -> None:
    """TR9121: of the messages that it names, those that an e-SAD has and that go to the other administration."""
    types = {type(MESSAGES[trigger]).__name__ for _, triggers in lacked() for trigger in triggers}
    assert types == SENT_AGAIN


@pytest.mark.parametrize(("origin", "side", "trigger"), ACTS, ids=lambda item: item.name.lower())
def test_movement_begins_only_with_a_document(origin: Origin, side: Side, trigger: Trigger) -> None:
    """Without a movement nothing is decided, but for the document that begins it and the question for its status."""
    found = decide(None, MESSAGES[trigger], side, stamp("LT"), origin)
    begins = trigger in {Trigger.DRAFT, Trigger.VALIDATED_DOCUMENT}
    asks = trigger is Trigger.STATUS_REQUESTED and side is Side.DESTINATION
    assert isinstance(found, Decision) == (begins or asks)
    # Sequence numbers and ARCs are given at dispatch: nothing is ever too early there.
    waits = origin is Origin.ADMINISTRATION and side is Side.DESTINATION
    assert isinstance(found, Early) <= waits


def test_tables_name_only_states_of_duty_paid_movements() -> None:
    """No table knows a state of duty suspension or export (domain facts, 4)."""
    reachable = {StatusType(code) for code in ("X01", "X03", "X04", "X05", "X07", "X08", "X09", "X10", "X13")}
    assert {state for table in (DISPATCH, DESTINATION) for (state, _), after in table.items()} <= reachable
    assert {*DISPATCH.values(), *DESTINATION.values()} <= reachable


def test_every_trigger_is_a_message_or_a_clock() -> None:
    """Nothing can happen to a movement that no message and no clock brings about."""
    assert set(Trigger) - set(MESSAGES) == CLOCKS
    assert [trigger_of(message) for message in MESSAGES.values()] == list(MESSAGES)


def test_messages_come_only_from_whom_the_domain_facts_name() -> None:
    """Section 2: every type, who sends it, and the side on which it acts; nobody else may, and nowhere else."""
    named = Counter(senders())
    assert set(named.values()) == {1}
    assert {(of, origin, side) for (origin, of), sides in SIDES.items() for side in sides} == set(named)


def test_conclusions_of_receipt_are_those_of_the_domain_facts() -> None:
    """TC16: 1 and 2 deliver, 3 refuses, 4 refuses in part; 21 to 23 are results of an export, which no e-SAD has."""
    conclusions = {
        Trigger.RECEIPT_ACCEPTED: "1 2",
        Trigger.RECEIPT_REFUSED: "3",
        Trigger.RECEIPT_PARTIALLY_REFUSED: "4",
        Trigger.EXPORT_RESULT: "21 22 23",
    }
    expected = {code: trigger for trigger, codes in conclusions.items() for code in codes.split()}
    assert {conclusion.value: trigger for conclusion, trigger in RECEIPTS.items()} == expected
    assert {conclusion.value for conclusion in GlobalConclusionOfReceipt} == set(expected)


@pytest.mark.parametrize("final", [StatusType.DELIVERED, StatusType.MANUALLY_CLOSED, StatusType.STOPPED])
@pytest.mark.parametrize("side", Side)
def test_final_states_are_final(side: Side, final: StatusType) -> None:
    """What is taken in a final state leaves it as it is."""
    assert {after for (state, _), after in TABLES[side].items() if state is final} == {final}


REACHED: dict[str, Callable[[Administration], object]] = {
    "X01": lambda lithuania: lithuania,
    RETURNING: lambda lithuania: lithuania.takes(way_back()),
    "X03": lambda lithuania: lithuania.hears(MESSAGES[Trigger.RECEIPT_ACCEPTED]),
    "X05": lambda lithuania: lithuania.hears(MESSAGES[Trigger.REJECTION]),
    "X07": lambda lithuania: lithuania.orders(MESSAGES[Trigger.CLOSURE_ACCEPTED]),
    "X08": lambda lithuania: lithuania.hears(MESSAGES[Trigger.RECEIPT_REFUSED]),
    "X10": lambda lithuania: lithuania.hears(MESSAGES[Trigger.RECEIPT_PARTIALLY_REFUSED]),
    "X13": lambda lithuania: lithuania.orders(MESSAGES[Trigger.INTERRUPTION]),
}


@pytest.mark.parametrize("state", REACHED)
def test_clock_runs_only_where_the_domain_facts_say(state: str) -> None:
    """TIM_EAD_ESAD runs as long as a report is owed, TIM_CHS as long as a destination is; neither runs elsewhere."""
    lithuania = known(Side.DISPATCH)
    REACHED[state](lithuania)
    assert lithuania.movement is not None
    assert lithuania.movement.state == state.removesuffix("-returning")
    running = [trigger for trigger in CLOCKS if CELLS[Side.DISPATCH, state, WORDS[trigger]] != REFUSED]
    due = due_at(lithuania.movement)
    assert ([due[1]] if due else []) == running


def test_no_clock_runs_at_destination() -> None:
    """Both timers are those of the state of dispatch (domain facts 4.3)."""
    assert {
        CELLS[side, state, WORDS[clock]] for side, state, _ in CELLS for clock in CLOCKS if side == "destination"
    } == {REFUSED}
    movement = known(Side.DESTINATION).movement
    assert movement is not None
    assert due_at(movement) is None


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


def test_timer_ends_at_a_moment_in_utc() -> None:
    """A time without a zone, or of another one, is no value of a timer: it would sort wrongly in the store."""
    assert Timer(NOW).runs
    for ends in (NOW.replace(tzinfo=None), NOW.astimezone(ZoneInfo("Europe/Vilnius"))):
        with pytest.raises(ValueError, match="is no moment in UTC"):
            Timer(ends)


@pytest.mark.parametrize("numbers", [(2, 1), (1, 1), (1, 3), (4,)])
def test_versions_rise_up_to_the_latest(numbers: tuple[int, ...]) -> None:
    """A movement cannot have gone through its versions in another order, nor through one twice."""
    lithuania = known(Side.DISPATCH)
    lithuania.takes(change())
    latest = lithuania.takes(change()).movement
    assert latest is not None
    assert [version.sequence for version in latest.versions] == [1, 2]
    with pytest.raises(ValueError, match="do not rise"):
        replace(latest, versions=tuple(replace(latest.versions[0], sequence=number) for number in numbers))


def test_movement_unknown_to_us_is_answered_with_x09() -> None:
    """A status request about an ARC that never arrived is answered: state None, correlated with the question."""
    request = MESSAGES[Trigger.STATUS_REQUESTED]
    found = decide(None, request, Side.DESTINATION, stamp("PL"), Origin.ADMINISTRATION)
    assert isinstance(found, Decision)
    [answer] = found.sends
    assert found.movement is None
    assert (answer.to, answer.mailboxes) == (request.header.message_sender, ())
    assert isinstance(answer.message, IE905)
    assert answer.message.attributes.status is StatusType.NONE
    assert answer.message.header.correlation_identifier == request.header.message_identifier


def test_validated_document_is_addressed_to_the_state_of_destination() -> None:
    """The recipient of an e-SAD follows from its consignee."""
    assert validated_document(draft(), stamp("LT")).header.message_recipient == "NDEA.PL"
