"""Two administrations around the pure core, and the wires between them: what the gateway does, without a store."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import IE906, IE917, Message
from esad_gateway.emcs.movement import (
    SIDES,
    Decision,
    Early,
    Movement,
    Origin,
    OutOfSequence,
    Side,
    decide,
    decide_clock,
    due_at,
    trigger_of,
)
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.refusals import functional_negative_acknowledgement
from esad_gateway.emcs.rules.exchange import (
    not_accepted,
    office_faults,
    out_of_sequence,
    outdated,
    peer_faults,
    unknown,
)
from esad_gateway.faults import Faults
from esad_gateway.ports import Outcome
from helpers.playbook import ARC, ZONES

SIDE_OF = {"LT": Side.DISPATCH, "PL": Side.DESTINATION}
OTHER_OF = {"LT": "PL", "PL": "LT"}


@dataclass(frozen=True)
class Waiting:
    """A message that waits for its turn, and until when."""

    message: Message
    until: datetime


@dataclass
class Desk:
    """One administration: its view of the movement, what it took, what waits, and what it sent."""

    state: str
    formalities: timedelta = timedelta(0)
    movement: Movement | None = None
    outcomes: dict[tuple[str, str], Outcome] = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    held: list[tuple[datetime, Message]] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    wire: list[Message] = field(default_factory=list)
    history: list[tuple[Movement | None, Movement | None]] = field(default_factory=list)
    given_up: list[Message] = field(default_factory=list)
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
        key = self._sender(message, origin), message.header.message_identifier
        if key in self.outcomes:
            return None
        self.outcomes[key] = self._settle(message, origin, now)
        self._look_again(now)
        return self.outcomes[key]

    def tick(self, now: datetime) -> None:
        """Let go what was held, fire an ended clock, and refuse what waited for too long."""
        for due, message in [entry for entry in self.held if entry[0] <= now]:
            self.held.remove((due, message))
            self._send(message)
        if self.movement is not None and (decision := decide_clock(self.movement, self._stamp(now))) is not None:
            self._apply(decision, None, now)
        for waiting in [entry for entry in self.waiting if entry.until <= now]:
            self.waiting.remove(waiting)
            self.given_up.append(waiting.message)
            self.outcomes[self.other, waiting.message.header.message_identifier] = Outcome.REFUSED
            self._refuse(waiting.message, self._too_late(waiting.message), Origin.ADMINISTRATION, now)

    def next_due(self) -> datetime | None:
        """When something happens here by itself."""
        clock = due_at(self.movement) if self.movement else None
        moments = [due for due, _ in self.held] + [entry.until for entry in self.waiting]
        return min([*moments, *([clock[0]] if clock else [])], default=None)

    def _sender(self, message: Message, origin: Origin) -> str:
        return self.other if origin is Origin.ADMINISTRATION else message.header.message_sender

    def _settle(self, message: Message, origin: Origin, now: datetime) -> Outcome:
        verdict = self._verdict(message, origin, now)
        if isinstance(verdict, Decision):
            self._apply(verdict, message, now)
            return Outcome.ACCEPTED
        if isinstance(verdict, Early):
            self.waiting.append(Waiting(message, now + self.profile.time_to_wait))
            for send in verdict.sends:
                self._send(send.message)
            return Outcome.PARKED
        if not verdict:
            return Outcome.ACCEPTED
        self._refuse(message, verdict, origin, now)
        return Outcome.REFUSED

    def _look_again(self, now: datetime) -> None:
        moved = True
        while moved:
            moved = False
            for entry in list(self.waiting):
                verdict = self._verdict(entry.message, Origin.ADMINISTRATION, now)
                if isinstance(verdict, Early):
                    continue
                self.waiting.remove(entry)
                key = self.other, entry.message.header.message_identifier
                assert self.outcomes[key] is Outcome.PARKED
                self.outcomes[key] = self._settle(entry.message, Origin.ADMINISTRATION, now)
                moved = True

    def _verdict(self, message: Message, origin: Origin, now: datetime) -> Decision | Early | Faults:
        sides = SIDES.get((origin, type(message)))
        if sides is None:
            return () if isinstance(message, IE917) else not_accepted(message, origin)
        side = self.side if self.side in sides else sides[0]
        movement = self.movement if side is self.side else None
        faults = self._stateful_faults(message, movement, origin)
        if isinstance(message, IE906) and (faults or movement is None):
            return ()
        if faults:
            return faults
        decision = decide(movement, message, side, self._stamp(now), origin)
        if isinstance(decision, Early):
            return decision
        late = outdated(message, movement) if origin is Origin.ADMINISTRATION else ()
        return late or (out_of_sequence(message, decision) if isinstance(decision, OutOfSequence) else decision)

    def _stateful_faults(self, message: Message, movement: Movement | None, origin: Origin) -> Faults:
        if origin is Origin.ADMINISTRATION:
            return peer_faults(message, movement, self.other, self.profile)
        if origin is Origin.OFFICE:
            return office_faults(message, movement)
        # Of the rules on traders' messages only the one that names the version counts here (R255).
        return outdated(message, movement)

    def _apply(self, decision: Decision, message: Message | None, now: datetime) -> None:
        if decision.relay_to and message is not None:
            self._send(message)
        for send in decision.sends:
            if send.to and send.not_before is not None:
                self.held.append((send.not_before, send.message))
            elif send.to:
                self._send(send.message)
        for name in decision.resend:
            self._send_again(name, message, now)
        if decision.movement is not None:
            self.history.append((self.movement, decision.movement))
            self.movement = decision.movement

    def _send_again(self, name: str, message: Message | None, now: datetime) -> None:
        sent = [one for one in self.sent if type(one).__name__ == name]
        correlation = message.header.message_identifier if message else None
        if sent:
            self._send(replace(sent[-1], header=self._stamp(now).header(self.other, correlation)))

    def _refuse(self, message: Message, faults: Faults, origin: Origin, now: datetime) -> None:
        if origin is Origin.ADMINISTRATION:
            assert not isinstance(message, IE906 | IE917)
            self._send(functional_negative_acknowledgement(message, faults, self._stamp(now)))

    def _too_late(self, message: Message) -> Faults:
        if self.movement is None:
            return unknown(message)
        return out_of_sequence(message, OutOfSequence(self.movement.state, trigger_of(message)))

    def _send(self, message: Message) -> None:
        self.sent.append(message)
        self.wire.append(message)

    def _stamp(self, now: datetime) -> Stamp:
        return Stamp(now=now, profile=self.profile, arc=ARC, identifiers=self.identifiers)


def state_of(desk: Desk) -> StatusType:
    """Where a side stands; ``NONE`` when it knows of no movement."""
    return desk.movement.state if desk.movement else StatusType.NONE
