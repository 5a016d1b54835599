"""A movement decided again: every message that was accepted about it, in the order in which they came.

What is decided is pure, so the same messages at the same moments under the same settings lead to the same movement. A
clock has fired where a message of ours shows that it has.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Final, NamedTuple

from esad_gateway.emcs.documents import Stamp, report_of
from esad_gateway.emcs.local_time import moved
from esad_gateway.emcs.messages import IE818, IE837, IE871, IE906, IE917, Message
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
    submitting_side,
)
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules.exchange import peer_faults
from esad_gateway.ports.reading import Outcome

_OF_CLOCKS: Final = frozenset({"IE802", "IE904"})

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

    ``sender`` is whose mailbox it came into, ``None`` for one of our own. ``waited`` says that it was parked at first.
    """

    place: str
    message: Message
    at: str
    sender: str | None
    outcome: str = Outcome.ACCEPTED
    sequence: int | None = None
    waited: bool = False


@dataclass(slots=True)
class Replay:
    """What the events about one ARC lead to, side by side; ``changed`` is when each side was written last.

    ``held`` are messages of ours that were held back, ``behind`` those that wait behind one that is, as long as it is,
    ``reports`` the numbers of event and control reports, ``parties`` the mailboxes of everybody who ever took part, and
    ``problems`` what could not have happened.
    """

    arc: str
    own: str
    profiles: Profiles
    movements: dict[Side, Movement] = field(default_factory=dict)
    changed: dict[Side, str] = field(default_factory=dict)
    held: list[Hold] = field(default_factory=list)
    behind: list[Hold] = field(default_factory=list)
    reports: set[str] = field(default_factory=set)
    parties: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    _waiting: list[Event] = field(default_factory=list)
    _announced: Counter[str] = field(default_factory=Counter)

    def run(self, events: Sequence[Event]) -> None:
        """Take every event, in this order."""
        for event in events:
            if event.sender is None:
                self._sent(event)
            elif event.outcome != Outcome.REFUSED:
                self._received(event)
        for event in self._waiting:
            if event.outcome != Outcome.PARKED:
                self.problems.append(f"{event.place}: what it waited for never came, and it was not refused")

    def _sent(self, event: Event) -> None:
        """A message of ours: announced by what was decided before it, or what a clock did."""
        self._note_report(event.message)
        name = type(event.message).__name__
        if name not in _OF_CLOCKS:
            return
        if self._announced[name]:
            self._announced[name] -= 1
            return
        now = datetime.fromisoformat(event.at)
        for movement in list(self.movements.values()):
            due = due_at(movement)
            if due and due[0] <= now and (decision := decide_clock(movement, self._stamp(event.at))):
                self._apply(decision, event.at)

    def _received(self, event: Event) -> None:
        origin = self._origin(event)
        sides = SIDES.get((origin, type(event.message)))
        if sides is None:
            return
        if origin is Origin.ADMINISTRATION:
            self._note_report(event.message)
        decided = self._decided(event, event.at, origin, sides)
        if isinstance(decided, Early):
            self._waiting.append(event)
        elif isinstance(decided, Decision):
            self._apply(decided, event.at)
            self._compare_sequence(event, decided)
        elif isinstance(decided, OutOfSequence):
            self.problems.append(f"{event.place}: in state {decided.state} it could not have been accepted")
        self._look_again(event.at)

    def _look_again(self, at: str) -> None:
        """What waited acts as soon as it can, in the order in which it came."""
        going_on = True
        while going_on:
            going_on = False
            for event in list(self._waiting):
                origin = self._origin(event)
                decided = self._decided(event, at, origin, SIDES[origin, type(event.message)])
                if not isinstance(decided, Early):
                    self._waiting.remove(event)
                    going_on = True
                if isinstance(decided, Decision):
                    self._apply(decided, at)

    def _decided(
        self, event: Event, at: str, origin: Origin, sides: Sequence[Side]
    ) -> Decision | OutOfSequence | Early | None:
        """What was decided; ``None`` for what was only filed."""
        side, movement = self._movement_for(event, origin, sides)
        stamp, message = self._stamp(at), event.message
        if isinstance(message, IE906 | IE917):
            faults = peer_faults(message, movement, event.sender or "", stamp.profile)
            if faults or movement is None:
                return None
        zone = stamp.profile.trader_zone if origin is Origin.TRADER else UTC
        return decide(movement, moved(message, zone, UTC), side, stamp, origin)

    def _movement_for(self, event: Event, origin: Origin, sides: Sequence[Side]) -> tuple[Side, Movement | None]:
        for side in sides:
            movement = self.movements.get(side)
            if movement and _acts(event, origin, movement):
                return side, movement
        issued = event.sender == f"NDEA.{self.arc[2:4]}"
        return Side.DESTINATION if issued and Side.DESTINATION in sides else sides[0], None

    def _apply(self, decision: Decision, at: str) -> None:
        self._announced = Counter(type(send.message).__name__ for send in decision.sends)
        for send in decision.sends:
            hold = Hold(at, send.not_before, send.to, send.mailboxes, type(send.message).__name__)
            self.held += [hold] if hold.due else []
            self.behind += [hold] if send.after_held else []
        if decision.movement is not None:
            self.movements[decision.movement.side] = decision.movement
            self.changed[decision.movement.side] = at
            self.parties |= {decision.movement.consignor, decision.movement.consignee, decision.movement.other}

    def _compare_sequence(self, event: Event, decision: Decision) -> None:
        if decision.movement is not None and not event.waited and event.sequence != decision.movement.sequence:
            self.problems.append(
                f"{event.place}: it stands beside version {event.sequence}, and led to {decision.movement.sequence}"
            )

    def _note_report(self, message: Message) -> None:
        report = report_of(message)
        if report is not None:
            self.reports.add(report[0])

    def _origin(self, event: Event) -> Origin:
        if event.sender == self.own:
            return Origin.OFFICE
        return Origin.ADMINISTRATION if (event.sender or "").startswith("NDEA.") else Origin.TRADER

    def _stamp(self, at: str) -> Stamp:
        identifiers: Iterator[str] = (f"{number}" for number in count(1))
        return Stamp(now=datetime.fromisoformat(at), profile=self.profiles(at), arc=self.arc, identifiers=identifiers)


def _acts(event: Event, origin: Origin, movement: Movement) -> bool:
    """Whether a message acts on this side of its movement."""
    if origin is Origin.OFFICE:
        return True
    if origin is Origin.ADMINISTRATION:
        return event.sender == movement.other
    if isinstance(event.message, IE837 | IE871):
        return submitting_side(event.message) is movement.side
    return not (isinstance(event.message, IE818) and movement.side is Side.DISPATCH and not movement.returning)
