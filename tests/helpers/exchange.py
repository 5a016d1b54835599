"""One movement between two administrations as a state machine: what always holds, and how it has to end.

The rules, that is who does what and when, are in the property tests; so is what is covered and what is not.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from esad_gateway.audit.replay import Replay
from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.messages import IE704, IE801, IE813, IE815, IE818, IE819, IE837, IE871, Message
from esad_gateway.emcs.movement import TABLES, Movement, Origin, Trigger, trigger_of
from esad_gateway.emcs.movement.tables import CLOSED
from esad_gateway.emcs.rules import Context
from esad_gateway.emcs.rules.catalogue import DUPLICATE, OUT_OF_SEQUENCE
from esad_gateway.ports.reading import Outcome
from helpers.agreement import disagreement
from helpers.emitted import problems
from helpers.ledger import Ledger
from helpers.playbook import ARC, NOW
from helpers.protocol import closure, status_question
from helpers.samples import evolve
from helpers.traders import MISTAKES, REFUSED, Report, drafts, report_of
from helpers.wire import SIDE_OF, Desk, Refusal, Step, final, state_of

ROUNDS = 400
"""How many deliveries and clocks a movement may still need before both sides are quiet."""

STEPS = {state: {(before, after) for (before, _), after in TABLES[side].items()} for state, side in SIDE_OF.items()}
ANSWERS = {IE815: IE801, IE813: IE813, IE818: IE818, IE819: IE819, IE837: IE837, IE871: IE871}
"""What a trader gets for what it submitted when nothing is wrong: the e-SAD, or the validated copy."""

CAUSED_BY_WIRES = {OUT_OF_SEQUENCE, DUPLICATE, "R255", "BR020"}
"""Out of sequence, duplicate, of an earlier version, about a movement that never came."""


class Exchange(RuleBasedStateMachine):
    """A movement from Lithuania to Poland, and what every step of it must leave intact."""

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
    def log_tells_every_step(self) -> None:
        """Each act begins where the one before it ended, and the last one has led to the movement as it is."""
        for desk in self.desks.values():
            states = [StatusType.NONE, *(act.after for act in desk.acts)]
            assert [act.before for act in desk.acts] == states[:-1]
            last = desk.acts[-1] if desk.acts else None
            said = last and (last.after, last.sequence, last.journey, last.change)
            now = desk.movement
            assert said == (now and (now.state, now.sequence, now.journey, now.change))

    @invariant()
    def every_message_has_one_outcome(self) -> None:
        """What is parked waits, and nothing else does; everything else has come to its end."""
        for desk in self.desks.values():
            waiting = {entry.identifier for entry in desk.waiting}
            for (_, name), outcomes in desk.outcomes.items():
                assert (outcomes == [Outcome.PARKED]) if name in waiting else final(outcomes), (name, outcomes)

    @invariant()
    def every_submission_has_one_answer(self) -> None:
        """A trader gets the validated copy, or the refusal, of each message, once; nothing of what is held."""
        for state, desk in self.desks.items():
            own = [message for message in desk.box if message.header.message_sender == desk.profile.address]
            refused = [str(message.header.correlation_identifier) for message in own if isinstance(message, IE704)]
            copies = [type(message) for message in own if type(message) in ANSWERS.values()]
            copies += [type(issue.message) for _, issue in desk.held]
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
            for _, issue in desk.held:
                assert all(replace(one, header=issue.message.header) != issue.message for one in desk.sent)

    @invariant()
    def destination_is_never_ahead(self) -> None:
        """Versions are made at dispatch, and gone back on only where destination will not take them."""
        if self.desks:
            (_, dispatch), (_, destination) = _pair(self.desks)
            assert destination <= dispatch

    def may_be_refused(self, refusal: Refusal) -> None:
        """On wires that keep the order only what crossed something of the receiver is refused, as out of sequence.

        The receiver has ended the movement or sent the goods back, or the message is one that its state has overtaken:
        a reminder of a report that is there, or the explanation of one that a change of destination has followed.
        """
        assert {fault.code for fault in refusal.faults} == {FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE}, refusal
        trigger = trigger_of(refusal.message)
        overtaken = trigger is Trigger.REMINDER or (trigger is Trigger.SHORTAGE_EXPLAINED and refusal.sequence > 1)
        assert overtaken or refusal.state in {*CLOSED, StatusType.DIVERTED}, refusal

    def teardown(self) -> None:
        """With everything delivered and every clock fired, both sides are quiet and of one mind."""
        if not self.desks:
            return
        self.run_out()
        assert not any(desk.waiting for desk in self.desks.values())
        difference = disagreement(self.desks["LT"], self.desks["PL"])
        assert not difference, difference
        self.check_replay()

    def check_replay(self) -> None:
        """Decided again from its messages, each side is the movement that it is, with the same log."""
        for desk in self.desks.values():
            replay = Replay(ARC, desk.profile.address, lambda _at, profile=desk.profile: profile)  # type: ignore[misc]
            replay.run(desk.events)
            assert replay.problems == []
            assert list(replay.movements.values()) == [one for one in [desk.movement] if one]
            assert [one.act for one in replay.log] == desk.acts

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
        own = f"NDEA.{state}"
        changes = {"header.message_sender": own, "header.message_recipient": own}
        changes["header.message_identifier"] = self._fresh()
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
            message_identifier=self._fresh(),
        )
        desk.takes(replace(message, header=header), Origin.OFFICE, self.now)

    def _answer(self, *, accepted: bool) -> None:
        changes = {"attributes.sequence_number": self._sequence("LT", 0), "header.correlation_identifier": "asked"}
        self._office("LT", evolve(closure(accepted=accepted), changes))

    def _ask(self, state: str, says: StatusType | None = None) -> None:
        question = status_question(says or state_of(self.desks[state]))
        self._office(state, evolve(question, {"attributes.sequence_number": self._sequence(state, 0)}))

    def _fresh(self) -> str:
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
    if before.state in CLOSED:
        return (after.state, after.sequence, after.lines) == (before.state, before.sequence, before.lines)
    if after.sequence < before.sequence:
        then = before.version(after.sequence)
        return state == "LT" and then is not None and after.state in {then.state, StatusType.DELIVERED}
    return after.state is before.state or (before.state, after.state) in STEPS[state]


def _counts(step: Step) -> bool:
    """Whether a report changed anything: a copy of one that was there already is only filed."""
    return step.before is not None and (step.before.state, step.before.lines) != (step.after.state, step.after.lines)


def _pair(desks: dict[str, Desk]) -> tuple[tuple[StatusType, int], tuple[StatusType, int]]:
    def view(desk: Desk) -> tuple[StatusType, int]:
        return state_of(desk), desk.movement.sequence if desk.movement else 0

    return view(desks["LT"]), view(desks["PL"])
