"""A movement as both sides know it, and everything that was written about it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.movement import Movement, Side
from esad_gateway.frozen import frozen
from esad_gateway.ports.reading import Listed
from esad_gateway.simulator.world.states import SimulatedState

if TYPE_CHECKING:
    from esad_gateway.simulator.world.emcs import Emcs
    from esad_gateway.simulator.world.traders import Consignee, Consignor

UNKNOWN: Final = "unknown"
"""The state of a movement at a side that has not heard of it."""


@frozen(kw_only=True)
class TimelineEntry:
    """One message about a movement in a mailbox: when, at which administration, whose, and which way.

    ``arrived`` tells what came to the gateway from what it gave; ``outcome`` is what became of it.
    """

    at: datetime
    state: str
    mailbox: str
    arrived: bool
    message: str
    outcome: str

    def __str__(self) -> str:
        way = "from" if self.arrived else "to"
        told = "" if self.outcome == "accepted" else f" ({self.outcome})"
        return f"{self.at:%Y-%m-%d %H:%M:%S}  {self.state}  {self.message} {way} {self.mailbox}{told}"


@dataclass(frozen=True, slots=True, repr=False)
class SimulatedMovement:
    """A movement between two simulated traders, by its ARC."""

    emcs: "Emcs"
    arc: str
    consignor: "Consignor"
    consignee: "Consignee"

    @property
    def state(self) -> str:
        """Its state at dispatch in words: accepted, delivered, refused, partially_refused or stopped, for example."""
        return self._state(Side.DISPATCH)

    @property
    def state_at_destination(self) -> str:
        """Its state at destination, in the same words; ``unknown`` before the e-SAD has arrived."""
        return self._state(Side.DESTINATION)

    @property
    def delivered(self) -> bool:
        """Whether it has ended well: at dispatch it is known that the goods were received."""
        return self.state == StatusType.DELIVERED.name.lower()

    @property
    def known(self) -> Movement | None:
        """Everything that the administration of dispatch knows of it."""
        return self._known(Side.DISPATCH)

    @property
    def timeline(self) -> tuple[TimelineEntry, ...]:
        """Every message about it at both administrations, in the order of their clocks."""
        return tuple(sorted(self._events(), key=lambda event: event.at))

    def messages(self) -> list[str]:
        """The types of the messages that the consignor and the consignee were given, oldest first."""
        return [one.message for one in self.timeline if not one.arrived]

    def __repr__(self) -> str:
        return f"<movement {self.arc} from {self.consignor.seed} to {self.consignee.seed}>"

    def __str__(self) -> str:
        sides = f"{self.state} at dispatch, {self.state_at_destination} at destination"
        return "\n".join((f"{self.arc}: {sides}", *map(str, self.timeline)))

    def _state(self, side: Side) -> str:
        known = self._known(side)
        return known.state.name.lower() if known else UNKNOWN

    def _known(self, side: Side) -> Movement | None:
        who = self.consignor if side is Side.DISPATCH else self.consignee
        found = who.home.runtime.mailboxes.movement(who.seed, self.arc)
        return next((one for one in found if one.side is side), None)

    def _events(self) -> Iterator[TimelineEntry]:
        homes = {who.home.code: who.home for who in (self.consignor, self.consignee)}
        for home in homes.values():
            for mailbox in (self.consignor.seed, self.consignee.seed):
                yield from (event_of(home, entry) for entry in home.entries(mailbox, self.arc))


def sides_of(states: Mapping[str, SimulatedState], arc: str, events: Iterable[TimelineEntry]) -> dict[str, str]:
    """The state of a movement on each side, as the traders know it to whom ``events`` of it have happened."""
    homes = dict.fromkeys((event.state, event.mailbox) for event in events)
    known = (one for code, seed in homes for one in states[code].runtime.mailboxes.movement(seed, arc))
    return {one.side.value: one.state.name.lower() for one in known}


def event_of(home: SimulatedState, entry: Listed) -> TimelineEntry:
    """An entry of a mailbox as an event."""
    return TimelineEntry(
        at=datetime.fromisoformat(entry.recorded_at),
        state=home.code,
        mailbox=entry.mailbox,
        arrived=entry.direction == "in",
        message=entry.type,
        outcome=entry.outcome,
    )
