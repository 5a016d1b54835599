"""The two sides of a movement, over wires that delay, repeat, reorder and lose: what always holds, and how it ends.

Two administrations decide as the gateway does, with the real rules, tables and documents; only signatures, stores and
groups of messages are left out (:mod:`helpers.wire`). The traders and the officers write what is right, what is wrong
in one known way, and what comes at the wrong time; goods have up to three lines with drawn quantities.

Always: states go along the tables, versions only grow, except that dispatch goes back to what destination has, and a
final movement never changes. Of each line, what was received, missing and refused is what was dispatched, and the rules
limit the next report to what is left. Each message has one outcome, after it had waited at most once; each submission
one answer in its trader's mailbox, none while the report is held. Whatever an administration sends or puts into a
mailbox is valid, keeps the rules on its content, and is refused only for its version or its time: never for its
content, its sender or its recipient.

In the end, with everything delivered and every clock fired, both sides have the same state, version and quantities left
(:func:`helpers.agreement.disagreement` says what may differ: only how it ended). That holds when messages overtake each
other, and, after both offices have asked for the status, when messages were lost for good.

Not covered: more than one movement, documents that are malformed, and the content of what officers write.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.messages import (
    IE704,
    IE801,
    IE813,
    IE815,
    IE818,
    IE819,
    IE837,
    IE871,
    Message,
)
from esad_gateway.emcs.movement import TABLES, Movement, Origin, Trigger, trigger_of
from esad_gateway.emcs.movement.tables import CLOSED
from esad_gateway.emcs.rules import Context
from esad_gateway.emcs.rules.catalogue import DUPLICATE, OUT_OF_SEQUENCE
from esad_gateway.ports import Outcome
from helpers.agreement import disagreement
from helpers.emitted import problems
from helpers.ledger import Ledger
from helpers.playbook import NOW
from helpers.protocol import closure, closure_request, event, interruption, status_question
from helpers.samples import evolve
from helpers.traders import (
    ACCEPTED,
    ALERTS,
    CHANGES,
    EXPLANATIONS,
    MISTAKES,
    PARTIALLY_REFUSED,
    REFUSED,
    UNSATISFACTORY,
    Report,
    about,
    drafts,
    mostly_right,
    report_of,
    reports,
)
from helpers.wire import SIDE_OF, Desk, Refusal, Step, final, state_of

ROUNDS = 400
"""How many deliveries and clocks a movement may still need before both sides are quiet."""

PROFILE = settings(
    max_examples=350,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)

STATES = st.sampled_from(["LT", "PL"])
VERSIONS = st.sampled_from([0, 0, 0, 0, 0, 0, -1, 1])
"""Which version a report names, counted from the latest: mostly that one."""

STEPS = {state: {(before, after) for (before, _), after in TABLES[side].items()} for state, side in SIDE_OF.items()}
ANSWERS = {IE815: IE801, IE813: IE813, IE818: IE818, IE819: IE819, IE837: IE837, IE871: IE871}
"""What a trader gets for what it submitted when nothing is wrong: the e-SAD, or the validated copy."""

CAUSED_BY_WIRES = {OUT_OF_SEQUENCE, DUPLICATE, "R255", "BR020"}
"""Out of sequence, duplicate, of an earlier version, about a movement that never came."""


class Protocol(RuleBasedStateMachine):
    """A movement from Lithuania to Poland, with both its traders, both offices, and wires that keep the order."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.names: list[str] = []
        self.patience = 0
        self.desks: dict[str, Desk] = {}
        self.ledgers: dict[str, Ledger] = {}
        self.checked = {"LT": 0, "PL": 0}
        self.submitted: dict[str, list[Message]] = {"LT": [], "PL": []}

    @initialize(draft=drafts(), formalities=st.sampled_from([0, 0, 5, 30]), patience=st.sampled_from([5, 15, 99]))
    def begin(self, draft: IE815, formalities: int, patience: int) -> None:
        """The consignor submits its draft; no officer ends the movement before so many messages were written."""
        self.desks = {"LT": Desk("LT"), "PL": Desk("PL", timedelta(hours=formalities))}
        self.draft, self.patience = draft, patience
        assert self._trader("LT", draft) == []
        quantities = {line.body_record_unique_reference: line.quantity for line in draft.body_ead_esad}
        self.ledgers = {state: Ledger(quantities) for state in self.desks}

    @rule()
    def submit_again(self) -> None:
        """The consignor uses its LRN twice."""
        self._trader("LT", self.draft, "BR001")

    @rule(name=mostly_right(CHANGES))
    def change_destination(self, name: str) -> None:
        """The consignor names another place, or calls the goods back."""
        self._trader("LT", *CHANGES[name])

    @rule(drawn=reports(ACCEPTED, ACCEPTED, UNSATISFACTORY, REFUSED), version=VERSIONS)
    def report_return(self, drawn: Report, version: int) -> None:
        """The consignor reports that the goods are back."""
        movement = self.desks["LT"].movement
        if movement and movement.returning:
            self._report("LT", movement, drawn, version)

    @rule(drawn=reports(ACCEPTED, UNSATISFACTORY, REFUSED, *[PARTIALLY_REFUSED] * 4), version=VERSIONS)
    def report_receipt(self, drawn: Report, version: int) -> None:
        """The consignee reports."""
        if movement := self.desks["PL"].movement:
            self._report("PL", movement, drawn, version)

    @rule(name=mostly_right(ALERTS), version=VERSIONS)
    def send_alert(self, name: str, version: int) -> None:
        """The consignee alerts or rejects, in time or before it has anything."""
        message, refused_by = ALERTS[name]
        known = self.desks["PL"].movement is not None
        self._trader("PL", about(message, self._sequence("PL", version)), refused_by if known else "BR020")

    @rule(state=STATES, data=st.data())
    def explain(self, state: str, data: st.DataObject) -> None:
        """A trader explains a delay or a shortage."""
        message, refused_by = EXPLANATIONS[state][data.draw(mostly_right(EXPLANATIONS[state]))]
        self._trader(state, message, refused_by if self.desks[state].movement else "BR020")

    @rule(state=STATES)
    def office_reports_event(self, state: str) -> None:
        """An office reports an event."""
        self._office(state, event())

    @rule(state=STATES, says=st.none() | st.sampled_from(StatusType))
    def office_asks(self, state: str, says: StatusType | None) -> None:
        """An office asks where the other side stands, and says where its own does, or whatever it believes."""
        self._ask(state, says)

    @rule()
    def office_asks_for_closure(self) -> None:
        """The office of destination asks for a manual closure, and that of dispatch declines."""
        self._office("PL", evolve(closure_request(), {"attributes.sequence_number": self._sequence("PL", 0)}))
        self._answer(accepted=False)

    @precondition(lambda self: self._written() > self.patience)
    @rule(state=st.sampled_from(["LT", "PL", ""]))
    def office_ends(self, state: str) -> None:
        """An office interrupts the movement, or that of dispatch closes it."""
        if state:
            self._office(state, interruption())
        else:
            self._answer(accepted=True)

    @rule(state=STATES, messages=st.integers(1, 4))
    def deliver(self, state: str, messages: int) -> None:
        """The oldest messages arrive."""
        for _ in range(messages):
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
        """States change along the tables, versions only grow but for a roll-back, and what is final stays so.

        Of no line more is received, missing and refused than was dispatched, and the movement knows what is left.
        """
        for state, desk in self.desks.items():
            for step in desk.steps[self.checked[state] :]:
                assert _is_step(state, step), (state, step)
                if isinstance(step.message, IE818) and _counts(step):
                    self.ledgers[state].takes(step.message)
                self.ledgers[state].check(step.after)
            self.checked[state] = len(desk.steps)

    @invariant()
    def every_message_has_one_outcome(self) -> None:
        """What is parked waits, and nothing else does; everything else has come to its end."""
        for desk in self.desks.values():
            waiting = {entry.message.header.message_identifier for entry in desk.waiting}
            for (_, name), outcomes in desk.outcomes.items():
                assert (outcomes == [Outcome.PARKED]) if name in waiting else final(outcomes), (name, outcomes)

    @invariant()
    def every_submission_has_one_answer(self) -> None:
        """A trader gets the validated copy, or the refusal, of each message, once; nothing of what is held."""
        for state, desk in self.desks.items():
            own = [message for message in desk.box if message.header.message_sender == desk.profile.address]
            refused = [str(message.header.correlation_identifier) for message in own if isinstance(message, IE704)]
            copies = [type(message) for message in own if type(message) in ANSWERS.values()]
            copies += [type(send.message) for _, send in desk.held]
            known = {name: outcomes[-1] for (_, name), outcomes in desk.outcomes.items()}
            assert sorted(refused) == sorted(self._submissions(state, known, Outcome.REFUSED)), state
            taken = [ANSWERS[type(one)] for one in self.submitted[state] if known[_name(one)] is Outcome.ACCEPTED]
            assert sorted(copies, key=str) == sorted(taken, key=str), state

    @invariant()
    def every_message_is_right(self) -> None:
        """What leaves an administration, for whomever, is valid, and refused only for what a wire can cause."""
        for desk in self.desks.values():
            context = Context(now=self.now, profile=desk.profile)
            for message in desk.published:
                assert problems(message, context) == [], message
            desk.published.clear()
            for refusal in desk.refusals:
                if refusal.origin is Origin.ADMINISTRATION:
                    assert {fault.rule for fault in refusal.faults} <= CAUSED_BY_WIRES, refusal
                    self.may_be_refused(refusal)
            desk.refusals.clear()

    @invariant()
    def what_is_held_is_not_sent(self) -> None:
        """Whoever asks where a report is, that is held for formalities, does not get it early: it is not lost."""
        for desk in self.desks.values():
            for _, send in desk.held:
                assert all(replace(one, header=send.message.header) != send.message for one in desk.sent)

    @invariant()
    def destination_is_never_ahead(self) -> None:
        """Versions are made at dispatch, and gone back on only where destination will not take them."""
        if self.desks:
            (_, dispatch), (_, destination) = _pair(self.desks)
            assert destination <= dispatch

    def may_be_refused(self, refusal: Refusal) -> None:
        """On wires that keep the order only what crossed something of the receiver is refused, as out of sequence.

        The receiver has ended the movement or sent the goods back, or the message is one that its state has overtaken:
        a reminder of a report that is there, or the explanation of one that is held, or that a change has followed.
        """
        assert {fault.code for fault in refusal.faults} == {FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE}, refusal
        overtaken = {Trigger.REMINDER, Trigger.SHORTAGE_EXPLAINED}
        assert refusal.state in {*CLOSED, StatusType.DIVERTED} or trigger_of(refusal.message) in overtaken, refusal

    def teardown(self) -> None:
        """With everything delivered and every clock fired, both sides are quiet and of one mind."""
        if not self.desks:
            return
        self.run_out()
        assert not any(desk.waiting for desk in self.desks.values())
        difference = disagreement(self.desks["LT"], self.desks["PL"])
        assert not difference, difference

    def run_out(self) -> None:
        """Deliver everything and let every clock fire, until nothing happens any more."""
        for _ in range(ROUNDS):
            if not self._moves_on():
                break
        else:
            raise AssertionError("the exchange does not end")
        self.check_invariants_again()

    def check_invariants_again(self) -> None:
        """What hypothesis asks after every rule, but not after the teardown."""
        self.steps_follow_the_rules()
        self.every_message_has_one_outcome()
        self.every_submission_has_one_answer()
        self.every_message_is_right()
        self.what_is_held_is_not_sent()
        self.destination_is_never_ahead()

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
        before, known = receiver.movement, (receiver.other, _name(message)) in receiver.outcomes
        outcome = receiver.takes(message, Origin.ADMINISTRATION, self.now)
        assert (outcome is None) is known
        assert not known or receiver.movement is before

    def _report(self, state: str, movement: Movement, drawn: Report, version: int) -> None:
        today = self.desks[state].profile.local_date(self.now)
        message = report_of(drawn, movement, today, self._sequence(state, version))
        held, desk = len(self.desks[state].held), self.desks[state]
        refused = self._trader(state, message, MISTAKES[drawn.mistake][0] if drawn.mistake else "")
        # Goods that were refused as a whole owe nothing, and neither does what has come back.
        waits = state == "PL" and desk.formalities and drawn.conclusion is not REFUSED and not refused
        assert len(desk.held) == held + bool(waits)

    def _trader(self, state: str, message: Message, refused_by: str = "") -> list[str]:
        """A trader submits a message, which the rule ``refused_by`` refuses, if any; returns all that refuse it."""
        desk = self.desks[state]
        changes = {"header.message_sender": f"NDEA.{state}", "header.message_identifier": self._new_name()}
        sent = evolve(message, changes)
        self.submitted[state].append(sent)
        outcome = desk.takes(sent, Origin.TRADER, self.now)
        rules = [fault.rule for fault in desk.refusals[-1].faults] if outcome is Outcome.REFUSED else []
        assert not refused_by or refused_by in rules, (refused_by, rules)
        return rules

    def _office(self, state: str, message: Message) -> None:
        desk = self.desks[state]
        header = replace(
            message.header,
            message_sender=f"NDEA.{state}",
            message_recipient=desk.other,
            message_identifier=self._new_name(),
        )
        desk.takes(replace(message, header=header), Origin.OFFICE, self.now)

    def _answer(self, *, accepted: bool) -> None:
        changes = {"attributes.sequence_number": self._sequence("LT", 0), "header.correlation_identifier": "asked"}
        self._office("LT", evolve(closure(accepted=accepted), changes))

    def _ask(self, state: str, says: StatusType | None = None) -> None:
        question = status_question(says or state_of(self.desks[state]))
        self._office(state, evolve(question, {"attributes.sequence_number": self._sequence(state, 0)}))

    def _new_name(self) -> str:
        self.names.append(f"written-{len(self.names)}")
        return self.names[-1]

    def _written(self) -> int:
        return len(self.names)

    def _sequence(self, state: str, version: int) -> int:
        movement = self.desks[state].movement
        return max(1, movement.sequence + version) if movement else 1

    def _submissions(self, state: str, known: dict[str, Outcome], outcome: Outcome) -> list[str]:
        return [_name(one) for one in self.submitted[state] if known[_name(one)] is outcome]


def _name(message: Message) -> str:
    return message.header.message_identifier


def _is_step(state: str, step: Step) -> bool:
    before, after = step.before, step.after
    if before is None:
        return after.state is StatusType.ACCEPTED
    back = before.previous is not None and after.sequence < before.sequence
    if before.state in CLOSED:
        return (after.state, after.sequence, after.lines) == (before.state, before.sequence, before.lines)
    if back:
        return state == "LT"
    return after.sequence >= before.sequence and (
        after.state is before.state or (before.state, after.state) in STEPS[state]
    )


def _counts(step: Step) -> bool:
    """Whether a report changed anything: a copy of one that was there already is only filed."""
    return step.before is not None and (step.before.state, step.before.lines) != (step.after.state, step.after.lines)


def _pair(desks: dict[str, Desk]) -> tuple[tuple[StatusType, int], tuple[StatusType, int]]:
    def view(desk: Desk) -> tuple[StatusType, int]:
        return state_of(desk), desk.movement.sequence if desk.movement else 0

    return view(desks["LT"]), view(desks["PL"])


class Reordering(Protocol):
    """The same, over wires on which messages overtake each other; none is lost, however often its delivery fails."""

    @rule(state=STATES, place=st.integers(1, 3))
    def overtake(self, state: str, place: int) -> None:
        """A later message arrives first."""
        self._deliver(state, place)

    @rule(state=STATES, place=st.integers(1, 3))
    def overtake_twice(self, state: str, place: int) -> None:
        """A later message arrives first, but its receipt is lost: it will come again."""
        self._deliver(state, place, again=True)

    @rule(state=STATES)
    def fail(self, state: str) -> None:
        """A delivery fails, and is tried again after all others."""
        wire = self.desks[state].wire
        wire.extend(wire[:1])
        del wire[:1]

    def may_be_refused(self, refusal: Refusal) -> None:
        """Whatever a wire can cause."""


class Losing(Reordering):
    """The same, over wires on which messages are lost for good; in the end both offices ask where the other stands."""

    @rule(state=STATES, place=st.integers(0, 1))
    def lose(self, state: str, place: int) -> None:
        """A message is lost for ever, although it was delivered: its receiver forgot it."""
        del self.desks[state].wire[place : place + 1]

    def run_out(self) -> None:
        """Deliver everything, and then what the officers' questions show to be lost."""
        super().run_out()
        for state in self.desks:
            self._ask(state)
            super().run_out()


def test_two_sides_over_wires_that_keep_the_order() -> None:
    """Whatever crosses on the wire, however late and often it comes: both sides end in the same place."""
    run_state_machine_as_test(Protocol, settings=PROFILE)


def test_two_sides_over_wires_that_reorder() -> None:
    """Whatever is overtaken, and however late it comes: both sides end in the same place."""
    run_state_machine_as_test(Reordering, settings=PROFILE)


def test_two_sides_over_wires_that_lose() -> None:
    """Whatever is lost: when both offices have asked, both sides are in the same place."""
    run_state_machine_as_test(Losing, settings=PROFILE)
