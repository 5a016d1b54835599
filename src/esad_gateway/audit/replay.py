"""A movement decided again: every message that was accepted about it, in the order in which they came.

What is decided is pure, so the same messages at the same moments under the same settings lead to the same movement, and
to the same log of it. A clock has fired where a message of ours shows that it has.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Final, NamedTuple

from esad_gateway.audit import findings
from esad_gateway.audit.notes import Asked, Memory, nothing_noted
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.emcs.movement import Movement, Origin, Side, parties_in
from esad_gateway.emcs.procedure import Answer, Incoming, Issue, Known, answer_to, clock_ended
from esad_gateway.emcs.procedure.answer import reports_in
from esad_gateway.emcs.procedure.verdict import act_of_refusal
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.faults import Said, listed, said
from esad_gateway.ports.reading import Noted, Outcome
from esad_gateway.ports.writing import Acted

_OF_CLOCKS: Final = frozenset({"IE802", "IE904"})
_NEVER: Final = datetime.max.replace(tzinfo=UTC)

Profiles = Callable[[str], NationalProfile]
"""The national profile by which the gateway worked at a moment, as stored."""


class Hold(NamedTuple):
    """A message of ours of a type, held since ``at`` (as stored) until ``due``: for whom, and into whose mailboxes."""

    at: str
    due: datetime | None
    to: str | None
    mailboxes: tuple[str, ...]
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A document about a movement, when it was recorded, and what became of it.

    It stands in ``mailbox`` under the number ``seq``. ``sender`` is whose mailbox it came into, ``None`` for one of our
    own. ``waited`` says that it was parked at first, ``rule`` is that by which it was refused at once, ``release`` is
    that in which it was written.
    """

    mailbox: str
    seq: int
    message: Message
    at: str
    sender: str | None
    outcome: str = Outcome.ACCEPTED
    sequence: int | None = None
    waited: bool = False
    rule: str | None = None
    release: str | None = None

    @property
    def place(self) -> Said:
        """Where it stands, in words."""
        return findings.message(self.seq, self.mailbox)

    @property
    def refused(self) -> bool:
        """Whether it was refused, at once or after it had waited."""
        return self.outcome == Outcome.REFUSED


@dataclass(slots=True)
class Replay:
    """What the events about one ARC lead to, side by side; ``changed`` is when each side was written last.

    ``log`` has what each of them did, in the order in which they did it; ``held`` are messages of ours that were held
    back, ``behind`` those that wait behind one that is, as long as it is, ``reports`` the numbers of event and control
    reports, ``parties`` the mailboxes of everybody who ever took part, ``noted`` what national law keeps, and
    ``problems`` what could not have happened. ``memory`` tells what that law had noted of other movements.
    What the register said then is not known any more, so that rules that ask it are left out.
    """

    arc: str
    own: str
    profiles: Profiles
    memory: Memory = nothing_noted
    changed: dict[Side, str] = field(default_factory=dict)
    log: list[Acted] = field(default_factory=list)
    held: list[Hold] = field(default_factory=list)
    behind: list[Hold] = field(default_factory=list)
    reports: set[str] = field(default_factory=set)
    parties: set[str] = field(default_factory=set)
    noted: list[Noted] = field(default_factory=list)
    problems: list[Said] = field(default_factory=list)
    _known: Known = field(init=False)
    _turn: Event = field(init=False)
    _waiting: list[Event] = field(default_factory=list)
    _announced: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        identifiers = (f"{number}" for number in count(1))
        self._known = Known(now=_NEVER, profile=self.profiles(""), identifiers=identifiers, operators=None)

    @property
    def movements(self) -> dict[Side, Movement]:
        """What the movement is now on each side."""
        return {side: movement for (_, side), movement in self._known.movements.items()}

    def run(self, events: Sequence[Event]) -> None:
        """Take every event, in this order."""
        for event in events:
            self._turn = event
            self._known.now, self._known.profile = datetime.fromisoformat(event.at), self.profiles(event.at)
            if event.sender is None:
                self._sent(event)
            elif event.refused and not event.waited:
                self._refused(event)
            else:
                self._received(event)
        for event in self._waiting:
            if event.outcome == Outcome.ACCEPTED:
                self.problems.append(findings.placed(event.place, Said("found.never_came")))

    def _sent(self, event: Event) -> None:
        """A message of ours: announced by what was decided before it, or what a clock did.

        Its number is taken from the document: the one that was reserved for it is not known any more.
        """
        self.reports |= {number for number, _ in reports_in(event.message)}
        name = type(event.message).__name__
        if name not in _OF_CLOCKS:
            self._give_up(event)
            return
        if not self._announced[name] and (answer := clock_ended(self.arc, self._known, self.arc)) is not None:
            self._apply(event, answer, event.at)
        # It is what the answer before it, or the clock, has announced.
        self._announced[name] -= 1 if self._announced[name] else 0

    def _give_up(self, event: Event) -> None:
        """A message of ours may be the refusal of one that has waited for too long."""
        answered = event.message.header.correlation_identifier
        for waiting in [one for one in self._waiting if one.refused and one.sender == event.mailbox]:
            if waiting.message.header.message_identifier == answered:
                self._waiting.remove(waiting)
                overdue = replace(self._incoming(waiting), until=self._known.now)
                self._take(waiting, self._answer(overdue), event.at)

    def _refused(self, event: Event) -> None:
        """A message that was refused at once did nothing; by which rule is known from its receipt."""
        act = act_of_refusal(self._incoming(event), self._known, event.rule) if event.rule else None
        if act is not None:
            self.log.append(Acted(event.mailbox, event.seq, act))

    def _received(self, event: Event) -> None:
        answer = self._answer(self._incoming(event))
        if answer.until is not None:
            self._waiting.append(event)
            return
        self._take(event, answer, event.at)
        if answer.movement is not None and not event.waited and event.sequence != answer.movement.sequence:
            version = said("found.beside_version", there=str(event.sequence), made=answer.movement.sequence)
            self.problems.append(findings.placed(event.place, version))
        self._look_again(event.at)

    def _look_again(self, at: str) -> None:
        """What waited acts as soon as it can, in the order in which it came."""
        going_on = True
        while going_on:
            going_on = False
            for event in list(self._waiting):
                answer = self._answer(replace(self._incoming(event), until=_NEVER))
                if answer.until is None:
                    self._waiting.remove(event)
                    self._take(event, answer, at)
                    going_on = True

    def _answer(self, incoming: Incoming) -> Answer:
        """The verdict on a message, by what national law had noted when it was its turn."""
        known, turn = self._known, self._turn
        known.notes.clear()
        if keys := known.notes_asked((incoming.message,)):
            others = self.memory(Asked(keys, self.arc, known.now, turn.mailbox, turn.seq))
            noted = sorted([*others, *self.noted], key=lambda one: one.at)
            known.note(one.effect for one in noted if one.effect.key in keys)
        return answer_to(incoming, known, self.arc)

    def _take(self, event: Event, answer: Answer, at: str) -> None:
        if event.refused and not answer.faults:
            self.problems.append(findings.placed(event.place, Said("found.refused_for_nothing")))
            return
        if answer.faults and not event.refused:
            told = (said("found.fault", rule=one.rule, text=one.text, hint=one.hint) for one in answer.faults)
            why = said("found.not_acceptable", why=listed(told))
            self.problems.append(findings.placed(event.place, why))
            return
        self._apply(event, answer, at)
        self.reports |= {number for number, _ in reports_in(event.message) & answer.reports}

    def _apply(self, event: Event, answer: Answer, at: str) -> None:
        self._announced.update(
            type(message).__name__
            for issue in answer.issues
            for message in (issue.message, issue.for_traders)
            if message is not None
        )
        self.held += [_hold(issue, at) for issue in answer.issues if issue.until is not None and not issue.after_held]
        self.behind += [_hold(issue, at)._replace(due=None) for issue in answer.issues if issue.after_held]
        self._known.learn(answer)
        if answer.act is not None:
            self.log.append(Acted(event.mailbox, event.seq, answer.act))
        if (movement := answer.movement) is not None:
            self.changed[movement.side] = at
            self.parties |= {movement.consignor, movement.consignee, movement.other}
            place = (self._known.now, movement.side, event.mailbox, event.seq)
            self.noted += [Noted(one, *place) for one in answer.effects]

    def _incoming(self, event: Event) -> Incoming:
        """The event as it came; a trader's certificate is taken to be for every number that has a part here."""
        sender, header = event.sender or "", event.message.header
        origin, named = self._origin(sender), movement_of(event.message)
        parties = frozenset[str]().union(*map(parties_in, self._known.movements.values()))
        return Incoming(
            origin=origin,
            sender=sender,
            holders=parties | {sender} if origin is Origin.TRADER else frozenset({sender}),
            type=type(event.message).__name__,
            identifier=header.message_identifier,
            message=event.message,
            arc=named.administrative_reference_code if named else None,
            sequence=named.sequence_number if named else None,
            release=event.release,
        )

    def _origin(self, sender: str) -> Origin:
        if sender == self.own:
            return Origin.OFFICE
        return Origin.ADMINISTRATION if sender.startswith("NDEA.") else Origin.TRADER


def _hold(issue: Issue, at: str) -> Hold:
    return Hold(at, issue.until, issue.to, issue.mailboxes, type(issue.message).__name__)
