"""Two administrations around the pure core, and the wires between them: what the gateway does, without a store."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import IE815, IE818, IE837, IE871, IE906, IE917, Message
from esad_gateway.emcs.movement import (
    SIDES,
    Decision,
    Early,
    Movement,
    Origin,
    OutOfSequence,
    Send,
    Side,
    decide,
    decide_clock,
    due_at,
    sent_again,
    submitting_side,
    trigger_of,
)
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.refusals import functional_negative_acknowledgement, generic_refusal
from esad_gateway.emcs.registry import Facts
from esad_gateway.emcs.rules import Case, Context, case_faults, content_faults
from esad_gateway.emcs.rules.exchange import (
    not_accepted,
    office_faults,
    out_of_sequence,
    outdated,
    peer_faults,
    unknown,
)
from esad_gateway.faults import Faults
from esad_gateway.ports.reading import Outcome
from helpers.playbook import ARC, ZONES
from helpers.traders import REGISTER

SIDE_OF = {"LT": Side.DISPATCH, "PL": Side.DESTINATION}
OTHER_OF = {"LT": "PL", "PL": "LT"}


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its turn, and until when."""

    message: Message
    until: datetime


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
    """One administration: its view of the movement, what it took, what waits, and what it sent.

    ``wire`` is on its way to the other administration, ``sent`` whatever was put there, ``box`` the mailbox of its
    trader, ``held`` what is not sent yet, ``published`` every message that left it, for whomever.
    """

    state: str
    formalities: timedelta = timedelta(0)
    movement: Movement | None = None
    outcomes: dict[tuple[str, str], list[Outcome]] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    held: list[tuple[datetime, Send]] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    wire: list[Message] = field(default_factory=list)
    box: list[Message] = field(default_factory=list)
    published: list[Message] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    lrns: dict[str, str] = field(default_factory=dict)
    identifiers: Iterator[str] = field(init=False)
    profile: NationalProfile = field(init=False)

    def __post_init__(self) -> None:
        self.identifiers = (f"{self.state}-{number}" for number in count(1))
        zone = ZoneInfo(ZONES[self.state])
        self.profile = NationalProfile(state=self.state, time_zone=zone, formalities=self.formalities)

    @property
    def side(self) -> Side:
        """The side of this administration."""
        return SIDE_OF[self.state]

    @property
    def other(self) -> str:
        """The address of the other administration."""
        return f"NDEA.{OTHER_OF[self.state]}"

    def takes(self, message: Message, origin: Origin, now: datetime) -> Outcome | None:
        """Take a message and what waited for it; ``None`` for one that was taken before."""
        key = self._key(message, origin)
        if key in self.outcomes:
            return None
        self._settle(message, origin, self._verdict(message, origin, now), now)
        outcome = self.outcomes[key][-1]
        self._look_again(now)
        return outcome

    def tick(self, now: datetime) -> None:
        """Let go what was held, fire an ended clock, and refuse what waited for too long."""
        for due, send in [entry for entry in self.held if entry[0] <= now]:
            self.held.remove((due, send))
            self._send(send)
        if self.movement is not None and (decision := decide_clock(self.movement, self._stamp(now))) is not None:
            self._apply(decision, None, Origin.OFFICE, now)
        for waiting in [entry for entry in self.waiting if entry.until <= now]:
            self.waiting.remove(waiting)
            self._refuse(waiting.message, Origin.ADMINISTRATION, self._too_late(waiting.message), now)

    def next_due(self) -> datetime | None:
        """When something happens here by itself."""
        clock = due_at(self.movement) if self.movement else None
        moments = [due for due, _ in self.held] + [entry.until for entry in self.waiting]
        return min([*moments, *([clock[0]] if clock else [])], default=None)

    def _key(self, message: Message, origin: Origin) -> tuple[str, str]:
        sender = self.other if origin is Origin.ADMINISTRATION else origin.value
        return sender, message.header.message_identifier

    def _settle(self, message: Message, origin: Origin, verdict: Decision | Early | Faults, now: datetime) -> None:
        if isinstance(verdict, Decision):
            self._conclude(message, origin, Outcome.ACCEPTED)
            self._apply(verdict, message, origin, now)
        elif isinstance(verdict, Early):
            self._conclude(message, origin, Outcome.PARKED)
            self.waiting.append(Waiting(message, now + self.profile.time_to_wait))
        elif verdict:
            self._refuse(message, origin, verdict, now)
        else:
            self._conclude(message, origin, Outcome.ACCEPTED)

    def _conclude(self, message: Message, origin: Origin, outcome: Outcome) -> None:
        self.outcomes.setdefault(self._key(message, origin), []).append(outcome)

    def _look_again(self, now: datetime) -> None:
        moved = True
        while moved:
            moved = False
            for entry in list(self.waiting):
                verdict = self._verdict(entry.message, Origin.ADMINISTRATION, now)
                if isinstance(verdict, Early):
                    continue
                self.waiting.remove(entry)
                self._settle(entry.message, Origin.ADMINISTRATION, verdict, now)
                moved = True

    def _verdict(self, message: Message, origin: Origin, now: datetime) -> Decision | Early | Faults:
        sides = SIDES.get((origin, type(message)))
        if sides is None:
            return () if isinstance(message, IE917) else not_accepted(message, origin)
        side = self.side if self.side in sides else sides[0]
        movement = self.movement if side is self.side and self._has_part(message, origin) else None
        faults = self._faults(message, movement, origin, now)
        if isinstance(message, IE906) and (faults or movement is None):
            return ()
        if faults:
            return faults
        decision = decide(movement, message, side, self._stamp(now), origin)
        if isinstance(decision, Decision | Early):
            return decision
        late = outdated(message, movement) if origin is Origin.ADMINISTRATION else ()
        return late or out_of_sequence(message, decision, movement)

    def _has_part(self, message: Message, origin: Origin) -> bool:
        """Whether the movement here is the one that the message is about: a draft is about none."""
        if origin is not Origin.TRADER:
            return True
        if isinstance(message, IE837 | IE871):
            return submitting_side(message) is self.side
        if isinstance(message, IE818) and self.side is Side.DISPATCH:
            return self.movement is not None and self.movement.returning
        return not isinstance(message, IE815)

    def _faults(self, message: Message, movement: Movement | None, origin: Origin, now: datetime) -> Faults:
        if origin is Origin.ADMINISTRATION:
            return peer_faults(message, movement, self.other, self.profile)
        context = Context(now=now, profile=self.profile)
        faults = content_faults(message, context)
        if any(fault.code == FunctionalErrorCodes.INVALID_ARC for fault in faults):
            return faults
        if origin is Origin.OFFICE:
            return faults + office_faults(message, movement)
        lrn = message.ead_esad_draft.local_reference_number if isinstance(message, IE815) else ""
        facts = Facts(operators=REGISTER, lrn_taken_by=self.lrns.get(lrn))
        return faults + case_faults(message, Case(context=context, movement=movement, facts=facts))

    def _apply(self, decision: Decision, message: Message | None, origin: Origin, now: datetime) -> None:
        if message is not None:
            self.box.extend(message for _ in decision.forward_to)
        for send in decision.sends:
            held = max((due for due, _ in self.held), default=None)
            until = held if send.after_held else send.not_before
            if send.to and until is not None:
                self.held.append((until, send))
            else:
                self._send(send)
        if message is not None:
            for again in sent_again(self.sent, decision, message, self._stamp(now), self.other):
                self._send(Send(message=again, to=self.other))
        if decision.movement is not None:
            self.lrns[decision.movement.lrn] = decision.movement.arc
            self.steps.append(Step(self.movement, decision.movement, message, origin))
            self.movement = decision.movement

    def _refuse(self, message: Message, origin: Origin, faults: Faults, now: datetime) -> None:
        self._conclude(message, origin, Outcome.REFUSED)
        sequence = self.movement.sequence if self.movement else 0
        self.refusals.append(Refusal(message, origin, faults, state_of(self), sequence))
        stamp = self._stamp(now)
        if origin is Origin.ADMINISTRATION:
            assert not isinstance(message, IE906 | IE917)
            self._send(Send(message=functional_negative_acknowledgement(message, faults, stamp), to=self.other))
        else:
            mailboxes = (origin.value,) if origin is Origin.TRADER else ()
            self._send(Send(message=generic_refusal(message, faults, stamp), to=None, mailboxes=mailboxes))

    def _too_late(self, message: Message) -> Faults:
        if self.movement is None:
            return unknown(message)
        return out_of_sequence(message, OutOfSequence(self.movement.state, trigger_of(message)), self.movement)

    def _send(self, send: Send) -> None:
        self.published.append(send.message)
        self.box.extend(send.message for _ in send.mailboxes)
        if send.to:
            self.sent.append(send.message)
            self.wire.append(send.message)

    def _stamp(self, now: datetime) -> Stamp:
        return Stamp(now=now, profile=self.profile, arc=ARC, identifiers=self.identifiers)


def state_of(desk: Desk) -> StatusType:
    """Where a side stands; ``NONE`` when it knows of no movement."""
    return desk.movement.state if desk.movement else StatusType.NONE


def final(outcomes: Iterable[Outcome]) -> bool:
    """Whether a message has come to its end: refused or taken, once, at most after it had waited once."""
    *before, last = outcomes
    return last is not Outcome.PARKED and before in ([], [Outcome.PARKED])
