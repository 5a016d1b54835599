"""The two sides of a movement, over wires that delay, repeat, reorder and lose: what always holds, and how it ends.

Wires that keep the order, as the outbox does, leave both sides of one mind. When messages overtake each other or are
lost for good, only a lost e-SAD and a lost report of receipt are found out and sent again (S14, S15), and only where
the journey time ends; a lost change, interruption or closure leaves the two sides apart, until their officers ask.
What holds then as well: the exchange ends, what is final stays so, and destination is never ahead of dispatch.
The rules on the content of traders' messages are not part of this, and so nor are the quantities.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from esad_gateway.emcs.codes import GlobalConclusionOfReceipt, StatusType, SubmitterType
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import TABLES, Movement, Origin
from esad_gateway.emcs.movement.tables import CLOSED
from esad_gateway.ports import Outcome
from helpers.playbook import NOW
from helpers.protocol import (
    alert,
    change,
    closure,
    closure_request,
    delay,
    event,
    interruption,
    receipt,
    returned,
    shortage,
    status_question,
    this,
    way_back,
)
from helpers.samples import draft
from helpers.wire import SIDE_OF, Desk, state_of

ROUNDS = 200
"""How many deliveries and clocks a movement may still need before both sides are quiet."""

PROFILE = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

ACCEPTED = GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY
CONCLUSIONS = st.sampled_from([ACCEPTED, GlobalConclusionOfReceipt.REFUSED, None])
STATES = st.sampled_from(["LT", "PL"])
VERSIONS = st.sampled_from([0, 0, 0, 0, -1, 1])
"""Which version a report names, counted from the latest: mostly that one."""

SUBMITTERS = {"LT": SubmitterType.CONSIGNOR, "PL": SubmitterType.CONSIGNEE}
STEPS = {state: {(before, after) for (before, _), after in TABLES[side].items()} for state, side in SIDE_OF.items()}


class Protocol(RuleBasedStateMachine):
    """A movement from Lithuania to Poland, with both its traders, both offices, and wires that keep the order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.numbers = count(1)

    @initialize(formalities=st.sampled_from([0, 0, 5]))
    def begin(self, formalities: int) -> None:
        """The consignor submits its draft."""
        self.desks = {"LT": Desk("LT"), "PL": Desk("PL", timedelta(hours=formalities))}
        assert self._trader("LT", draft()) is Outcome.ACCEPTED

    @rule(journey_time=st.sampled_from([None, "D20"]))
    def change_place(self, journey_time: str | None) -> None:
        """The consignor names another place."""
        self._trader("LT", change(journey_time=journey_time))

    @rule()
    def turn_back(self) -> None:
        """The consignor calls the goods back."""
        self._trader("LT", way_back())

    @rule(version=VERSIONS)
    def report_return(self, version: int) -> None:
        """The consignor reports that the goods are back."""
        if self._returning():
            self._trader("LT", returned(self._sequence("LT", version)))

    @rule(conclusion=CONCLUSIONS, version=VERSIONS)
    def report_receipt(self, conclusion: GlobalConclusionOfReceipt | None, version: int) -> None:
        """The consignee reports."""
        if self._movement("PL"):
            self._trader("PL", receipt(conclusion, self._sequence("PL", version)))

    @rule(rejected=st.booleans(), version=VERSIONS)
    def send_alert(self, rejected: bool, version: int) -> None:  # noqa: FBT001  drawn
        """The consignee alerts or rejects."""
        if self._movement("PL"):
            self._trader("PL", replace(alert(rejected=rejected), excise_movement=this(self._sequence("PL", version))))

    @rule(state=STATES, late=st.booleans())
    def explain(self, state: str, late: bool) -> None:  # noqa: FBT001  drawn
        """A trader explains a delay or a shortage."""
        if self._movement(state):
            self._trader(state, delay(SUBMITTERS[state]) if late else shortage(SUBMITTERS[state]))

    @rule(state=STATES, message=st.sampled_from([interruption(), event(), status_question()]))
    def office_writes(self, state: str, message: Message) -> None:
        """An office interrupts, reports an event, or asks for the status."""
        self._office(state, message)

    @rule()
    def office_asks_for_closure(self) -> None:
        """The office of destination asks for a manual closure."""
        self._office("PL", closure_request())

    @rule(accepted=st.booleans())
    def office_answers_closure(self, accepted: bool) -> None:  # noqa: FBT001  drawn
        """The office of dispatch closes the movement, or does not."""
        self._office("LT", closure(accepted=accepted))

    @rule(state=STATES)
    def deliver(self, state: str) -> None:
        """The oldest message arrives."""
        self._deliver(state, 0)

    @rule(state=STATES)
    def deliver_twice(self, state: str) -> None:
        """The oldest message arrives, but its receipt is lost: it will come again."""
        self._deliver(state, 0, again=True)

    @rule(hours=st.sampled_from([1, 6, 25, 24 * 12, 24 * 35]))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self._tick(timedelta(hours=hours))

    @invariant()
    def steps_follow_the_rules(self) -> None:
        """States change along the tables, versions shrink in a roll-back only, and what is final stays so."""
        for state, desk in getattr(self, "desks", {}).items():
            for before, after in desk.history:
                assert _is_step(state, before, after), (state, before, after)
            desk.history.clear()

    @invariant()
    def every_message_has_one_outcome(self) -> None:
        """What is parked waits, and nothing else does."""
        for desk in getattr(self, "desks", {}).values():
            parked = sorted(name for (_, name), outcome in desk.outcomes.items() if outcome is Outcome.PARKED)
            assert parked == sorted(entry.message.header.message_identifier for entry in desk.waiting)

    @invariant()
    def destination_is_never_ahead(self) -> None:
        """Versions are made at dispatch, and gone back on only where destination will not take them."""
        if desks := getattr(self, "desks", None):
            (_, dispatch), (_, destination) = _pair(desks)
            assert destination <= dispatch

    def teardown(self) -> None:
        """With everything delivered and every clock fired, both sides are quiet and of one mind."""
        if not hasattr(self, "desks"):
            return
        for _ in range(ROUNDS):
            if not self._moves_on():
                break
        else:
            raise AssertionError("the exchange does not end")
        self.steps_follow_the_rules()
        self.every_message_has_one_outcome()
        self.destination_is_never_ahead()
        assert not any(desk.waiting for desk in self.desks.values())
        self.agree()

    def agree(self) -> None:
        """How the two sides have to stand in the end."""
        assert _agree(self.desks), _pair(self.desks)

    def _moves_on(self) -> bool:
        for state, desk in self.desks.items():
            if desk.wire:
                self._deliver(state, 0)
                return True
        due = min((moment for desk in self.desks.values() if (moment := desk.next_due())), default=None)
        if due is None:
            return False
        self._tick(max(due - self.now, timedelta(0)))
        return True

    def _tick(self, time: timedelta) -> None:
        self.now += time
        for desk in self.desks.values():
            desk.tick(self.now)

    def _deliver(self, state: str, place: int, *, again: bool = False) -> None:
        wire = self.desks[state].wire
        if place >= len(wire):
            return
        message = wire[place] if again else wire.pop(place)
        receiver = self.desks["PL" if state == "LT" else "LT"]
        before, known = receiver.movement, (receiver.other, message.header.message_identifier) in receiver.outcomes
        outcome = receiver.takes(message, Origin.ADMINISTRATION, self.now)
        assert (outcome is None) is known
        assert not known or receiver.movement is before

    def _trader(self, state: str, message: Message) -> Outcome | None:
        header = replace(message.header, message_sender=f"NDEA.{state}", message_identifier=f"T-{next(self.numbers)}")
        return self.desks[state].takes(replace(message, header=header), Origin.TRADER, self.now)

    def _office(self, state: str, message: Message) -> Outcome | None:
        desk = self.desks[state]
        header = replace(
            message.header,
            message_sender=f"NDEA.{state}",
            message_recipient=desk.other,
            message_identifier=f"O-{next(self.numbers)}",
        )
        return desk.takes(replace(message, header=header), Origin.OFFICE, self.now)

    def _movement(self, state: str) -> Movement | None:
        return self.desks[state].movement

    def _returning(self) -> bool:
        movement = self.desks["LT"].movement
        return movement is not None and movement.returning

    def _sequence(self, state: str, version: int) -> int:
        movement = self.desks[state].movement
        return max(1, movement.sequence + version) if movement else 1


def _is_step(state: str, before: Movement | None, after: Movement | None) -> bool:
    if before is None or after is None:
        return after is not None and after.state is StatusType.ACCEPTED
    back = before.previous is not None and after.sequence < before.sequence
    if before.state in CLOSED:
        return after.state is before.state and (back or after.sequence == before.sequence)
    if back:
        return state == "LT"
    return after.sequence >= before.sequence and (
        after.state is before.state or (before.state, after.state) in STEPS[state]
    )


def _pair(desks: dict[str, Desk]) -> tuple[tuple[StatusType, int], tuple[StatusType, int]]:
    def view(desk: Desk) -> tuple[StatusType, int]:
        return state_of(desk), desk.movement.sequence if desk.movement else 0

    return view(desks["LT"]), view(desks["PL"])


def _agree(desks: dict[str, Desk]) -> bool:
    dispatch, destination = desks["LT"].movement, desks["PL"].movement
    assert dispatch is not None
    assert destination is not None
    if destination.state is StatusType.DIVERTED:
        # The goods go back: destination has nothing more to say about them.
        return dispatch.returning and dispatch.state in {StatusType.ACCEPTED, StatusType.DELIVERED}
    if dispatch.state in CLOSED and destination.state in CLOSED:
        # Two endings that crossed on the wire: each side keeps its own, the officers settle it.
        return True
    return dispatch.state is destination.state and dispatch.sequence == destination.sequence


class Disturbed(Protocol):
    """The same, over wires on which messages overtake each other and are lost."""

    @rule(state=STATES, place=st.integers(1, 3))
    def overtake(self, state: str, place: int) -> None:
        """A later message arrives first."""
        self._deliver(state, place)

    @rule(state=STATES)
    def lose(self, state: str) -> None:
        """A message is lost for ever, although it was delivered: its receiver forgot it."""
        del self.desks[state].wire[:1]

    def agree(self) -> None:
        """Nothing: what was lost may keep the two sides apart (see the top of this module)."""


def test_two_sides_over_wires_that_keep_the_order() -> None:
    """Whatever crosses on the wire, however late and often it comes: both sides end in the same place."""
    run_state_machine_as_test(Protocol, settings=PROFILE)


def test_two_sides_over_wires_that_lose() -> None:
    """Whatever is lost or overtaken: nothing final is undone, nothing waits for ever, and the exchange ends."""
    run_state_machine_as_test(Disturbed, settings=PROFILE)
