"""Playbooks: a test reads as the sequence diagram of a scenario; events go in, decisions come out."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import (
    Act,
    Decision,
    Early,
    Movement,
    Occasion,
    Origin,
    OutOfSequence,
    Side,
    Trigger,
    decide,
    decide_clock,
    due_at,
    trigger_of,
)
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.profiles.calendars import calendars

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ARC = "26LT000000000000001P2"
ZONES = {"LT": "Europe/Vilnius", "PL": "Europe/Warsaw"}


def stamp(state: str, now: datetime = NOW, formalities: timedelta = timedelta(0)) -> Stamp:
    """A stamp of ``state`` with numbered message identifiers."""
    profile = NationalProfile(
        state=state, time_zone=ZoneInfo(ZONES[state]), formalities=formalities, calendars=calendars({})
    )
    return Stamp(now=now, profile=profile, arc=ARC, identifiers=(f"{state}-{number}" for number in count(1)))


@dataclass
class Administration:
    """One administration's view of one movement; every message it takes must be decided, or refused, as expected."""

    state: str
    side: Side
    formalities: timedelta = timedelta(0)
    movement: Movement | None = None
    stamp: Stamp = field(init=False)
    acts: list[Act] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.stamp = stamp(self.state, formalities=self.formalities)

    def takes(self, message: Message) -> Decision:
        """Take a message of a trader of this state."""
        return self._takes(message, Origin.TRADER)

    def hears(self, message: Message) -> Decision:
        """Take a message of the other administration."""
        return self._takes(message, Origin.ADMINISTRATION)

    def orders(self, message: Message) -> Decision:
        """Take a message of this state's own excise office."""
        return self._takes(message, Origin.OFFICE)

    def refuses(self, message: Message, origin: Origin = Origin.TRADER) -> OutOfSequence:
        """Decide a message that the state forbids; the movement stays as it is."""
        found = decide(self.movement, message, self.side, self.stamp, origin)
        assert isinstance(found, OutOfSequence), found
        return found

    def parks(self, message: Message) -> Early:
        """Take a message of the other administration that has to wait."""
        found = decide(self.movement, message, self.side, self.stamp, Origin.ADMINISTRATION)
        assert isinstance(found, Early), found
        return found

    def at(self, now: datetime) -> "Administration":
        """The same administration, at another moment."""
        self.stamp = replace(self.stamp, now=now)
        return self

    def clock(self) -> Decision | None:
        """Let the clock of the movement fire, if it has ended."""
        assert self.movement is not None
        due, decision = due_at(self.movement), decide_clock(self.movement, self.stamp)
        if decision is not None and due is not None:
            self._log(due[1], decision)
        return decision

    def _takes(self, message: Message, origin: Origin) -> Decision:
        decision = decide(self.movement, message, self.side, self.stamp, origin)
        assert isinstance(decision, Decision), decision
        self._log(trigger_of(message), decision)
        return decision

    def _log(self, trigger: Trigger, decision: Decision) -> None:
        """Note what was done, and go on from there."""
        act = Occasion(self.side, self.movement, trigger, self.stamp.now).act(decision.effect, decision.movement)
        self.acts += [act] if act else []
        self.movement = decision.movement

    def is_now(self, state: StatusType) -> "Administration":
        """That the movement is in this state."""
        assert self.movement is not None
        assert self.movement.state is state
        return self

    def in_state(self, state: StatusType) -> "Administration":
        """The same administration with its movement put into a state."""
        assert self.movement is not None
        return replace_movement(self, replace(self.movement, state=state))


def replace_movement(administration: Administration, movement: Movement) -> Administration:
    """A copy of an administration with another movement."""
    return Administration(administration.state, administration.side, administration.formalities, movement)
