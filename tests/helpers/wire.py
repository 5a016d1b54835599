"""Two administrations and the wires between them: the gateway's own verdict, without signatures, stores and groups."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from esad_gateway.audit.replay import Event
from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import SENT_AGAIN, Act, Movement, Origin, Side, due_at
from esad_gateway.emcs.procedure import Answer, Incoming, Issue, Known, answer_to, clock_ended, content
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.faults import Faults
from esad_gateway.ports.reading import Outcome
from esad_gateway.store.rows import moment
from helpers.playbook import ARC, NOW, ZONES
from helpers.traders import NOBODY, REGISTER

SIDE_OF = {"LT": Side.DISPATCH, "PL": Side.DESTINATION}
OTHER_OF = {"LT": "PL", "PL": "LT"}

TRADERS: Final = frozenset({*REGISTER, NOBODY})
"""One certificate for all traders: whose number a message may name is a question for tests with signatures."""


@dataclass(frozen=True)
class Step:
    """What a message, or a clock, made of a movement."""

    before: Movement | None
    after: Movement
    message: Message | None
    origin: Origin


@dataclass(frozen=True)
class Refusal:
    """A message that was refused, why, and where the receiver stood."""

    message: Message
    origin: Origin
    faults: Faults
    state: StatusType
    sequence: int


@dataclass
class Desk:
    """One administration: what it knows, what waits, what is held, and what it sent.

    ``wire`` is on its way to the other administration, ``sent`` whatever was put there, ``box`` the mailbox of its
    trader, ``held`` what is not sent yet, ``published`` every message that left it, for whomever, ``acts`` the
    log of the movement, ``events`` everything as a store keeps it.
    """

    state: str
    formalities: timedelta = timedelta(0)
    outcomes: dict[tuple[str, str], list[Outcome]] = field(default_factory=dict)
    waiting: list[Incoming] = field(default_factory=list)
    held: list[tuple[datetime, Issue]] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    wire: list[Message] = field(default_factory=list)
    box: list[Message] = field(default_factory=list)
    published: list[Message] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        zone = ZoneInfo(ZONES[self.state])
        self.known = Known(
            now=NOW,
            profile=NationalProfile(state=self.state, time_zone=zone, formalities=self.formalities),
            identifiers=(f"{self.state}-{number}" for number in count(1)),
            operators={seed: (operator,) for seed, operator in REGISTER.items()},
        )

    @property
    def profile(self) -> NationalProfile:
        """The national profile of this administration."""
        return self.known.profile

    @property
    def movement(self) -> Movement | None:
        """Its view of the movement."""
        return self.known.movements.get((ARC, SIDE_OF[self.state]))

    @property
    def other(self) -> str:
        """The address of the other administration."""
        return f"NDEA.{OTHER_OF[self.state]}"

    def takes(self, message: Message, origin: Origin, now: datetime) -> Outcome | None:
        """Take a message and what waited for it; ``None`` for one that was taken before."""
        self.known.now = now
        incoming = self._incoming(message, origin).attributed(self.known.movements)
        key = _key(incoming)
        if key in self.outcomes:
            return None
        self._settle(incoming)
        outcome = self.outcomes[key][-1]
        self._look_again()
        return outcome

    def tick(self, now: datetime) -> None:
        """Let go what was held, fire an ended clock, and refuse what waited for too long."""
        self.known.now = now
        for due, issue in [entry for entry in self.held if entry[0] <= now]:
            self.held.remove((due, issue))
            self._send(issue)
        if (answer := clock_ended(ARC, self.known, ARC)) is not None:
            self._apply(answer, None, Origin.OFFICE)
        for overdue in [entry for entry in self.waiting if entry.until and entry.until <= now]:
            self._settle(overdue)

    def next_due(self) -> datetime | None:
        """When something happens here by itself."""
        clock = due_at(self.movement) if self.movement else None
        moments = [due for due, _ in self.held] + [entry.until for entry in self.waiting if entry.until]
        return min([*moments, *([clock[0]] if clock else [])], default=None)

    def _incoming(self, message: Message, origin: Origin) -> Incoming:
        """A message as room 6 hands it on: an office signs with its own number, and sends through the traders' door."""
        own = self.profile.address
        faults = content(type(message).__name__, message, origin, self.known.now, self.profile)
        door = Origin.ADMINISTRATION if origin is Origin.ADMINISTRATION else Origin.TRADER
        return Incoming.read(message, faults, door=door, holders=self._holders[origin], own=own)

    @property
    def _holders(self) -> Mapping[Origin, frozenset[str]]:
        office = frozenset({f"{self.state}001000"})
        return {Origin.TRADER: TRADERS, Origin.OFFICE: office, Origin.ADMINISTRATION: frozenset({self.other})}

    def _look_again(self) -> None:
        moved = True
        while moved:
            before = list(self.waiting)
            for entry in before:
                self._settle(entry)
            moved = self.waiting != before

    def _settle(self, incoming: Incoming) -> None:
        self.known.sent = [one for one in self.sent if type(one).__name__ in SENT_AGAIN]
        answer = answer_to(incoming, self.known, ARC)
        if incoming.until is None or answer.until is None:
            self._conclude(incoming, answer)

    def _conclude(self, incoming: Incoming, answer: Answer) -> None:
        if incoming.until is not None:
            self.waiting.remove(incoming)
            self.known.wait(ARC, -1)
        if answer.until is not None:
            self.waiting.append(replace(incoming, until=answer.until))
            self.known.wait(ARC)
        if answer.faults and incoming.message:
            sequence = self.movement.sequence if self.movement else 0
            refusal = Refusal(incoming.message, incoming.origin, answer.faults, state_of(self), sequence)
            self.refusals.append(refusal)
        self.outcomes.setdefault(_key(incoming), []).append(_outcome(answer))
        self._keep(incoming, answer)
        self._apply(answer, incoming.message, incoming.origin)

    def _keep(self, incoming: Incoming, answer: Answer) -> None:
        """Keep a message as it came; of one that had waited, what became of it."""
        if incoming.message is None:
            return
        if incoming.until is not None:
            place = next(place for place, one in enumerate(self.events) if one.message is incoming.message)
            self.events[place] = replace(self.events[place], outcome=_outcome(answer))
            return
        event = Event(
            mailbox=incoming.sender,
            seq=len(self.events),
            message=incoming.message,
            at=moment(self.known.now),
            sender=incoming.sender,
            outcome=_outcome(answer),
            sequence=answer.sequence,
            waited=answer.until is not None,
            rule=answer.faults[0].rule if answer.faults else None,
        )
        self.events.append(event)

    def _apply(self, answer: Answer, message: Message | None, origin: Origin) -> None:
        if message is not None:
            self.box.extend(message for _ in answer.forward_to)
        for issue in answer.issues:
            if issue.to and issue.until is not None:
                self.held.append((issue.until, issue))
            else:
                self._send(issue)
        if answer.movement is not None:
            self.steps.append(Step(self.movement, answer.movement, message, origin))
        if answer.act is not None:
            self.acts.append(answer.act)
        self.known.learn(answer)

    def _send(self, issue: Issue) -> None:
        self.published.append(issue.message)
        whose = issue.to or issue.mailboxes[0]
        self.events.append(
            Event(mailbox=whose, seq=len(self.events), message=issue.message, at=moment(self.known.now), sender=None)
        )
        self.box.extend(issue.message for mailbox in issue.mailboxes if mailbox != self.profile.address)
        if issue.to:
            self.sent.append(issue.message)
            self.wire.append(issue.message)


def _key(incoming: Incoming) -> tuple[str, str]:
    return incoming.sender, incoming.identifier


def _outcome(answer: Answer) -> Outcome:
    if answer.until is not None:
        return Outcome.PARKED
    return Outcome.REFUSED if answer.faults else Outcome.ACCEPTED


def state_of(desk: Desk) -> StatusType:
    """Where a side stands; ``NONE`` when it knows of no movement."""
    return desk.movement.state if desk.movement else StatusType.NONE


def final(outcomes: Iterable[Outcome]) -> bool:
    """Whether a message has come to its end: refused or taken, once, at most after it had waited once."""
    *before, last = outcomes
    return last is not Outcome.PARKED and before in ([], [Outcome.PARKED])
