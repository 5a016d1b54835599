"""The clock of a world, for tests: it stands still until it is moved, and on the way everything falls due in order."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from esad_gateway.emcs.movement import Movement
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.timed.orders import FASTEST, LONGEST, UNITS, ClockOrder, is_rate

if TYPE_CHECKING:
    from esad_gateway.simulator.world.emcs import Emcs
    from esad_gateway.simulator.world.movements import SimulatedMovement

JOURNEY_OVER: Final = "journey over"
_MOMENT: Final = re.compile(r"(?P<what>[a-z ]+?)\s*(?:(?P<sign>[+-])\s*(?P<number>\d+)\s*(?P<unit>[a-z]+?)s?)?")
_UNITS: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "second": timedelta(seconds=1),
        "minute": timedelta(minutes=1),
        "hour": timedelta(hours=1),
        "day": timedelta(days=1),
        "week": timedelta(weeks=1),
    }
)


@dataclass(frozen=True, slots=True)
class WorldClock:
    """The time of all simulated states; and of a gateway elsewhere that ``EmcsServer`` has been introduced to.

    Of such a gateway, moving raises UnreadableInput when it follows the machine's clock, and PeerError when it answers
    badly or never.
    """

    emcs: "Emcs"

    @property
    def now(self) -> datetime:
        """The moment that it shows (aware, UTC)."""
        return self.emcs.world.clock.now()

    @property
    def rate(self) -> float:
        """How many times as fast as the machine's it runs; 0 while it stands."""
        return self.emcs.world.clock.rate

    def advance(self, span: timedelta | None = None, **step: float) -> datetime:
        """Move forward by a ``timedelta`` or in its words (``days=6``), and return when all that fell due is done.

        Raises UnreadableInput for nothing, for what is no step forward, or is longer than :data:`LONGEST`.
        """
        return self.to(later(self.now, step, span))

    def to(self, moment: datetime | str, movement: "SimulatedMovement | None" = None) -> datetime:
        """Move to a moment (aware), or to one in words about a ``movement``: ``journey over + 1 day``.

        A moment may be written as well, in ISO 8601 with its offset (``2026-03-09T10:00:00Z``).
        Without a movement the only one that there is is meant. Raises UnreadableInput for a moment that has passed, is
        further away than :data:`LONGEST`, or has no offset, and for words that name none.
        """
        at = self._told(moment, movement) if isinstance(moment, str) else moment
        if aware(at) < self.now:
            raise UnreadableInput(said("sim.clock_backwards", now=self.now.isoformat(), moment=at.isoformat()))
        if at - self.now > LONGEST:
            raise UnreadableInput(said("simulate.too_far", days=LONGEST.days, moment=at.isoformat()))
        self._obey(ClockOrder(to=at))
        return self.now

    def _told(self, words: str, movement: "SimulatedMovement | None") -> datetime:
        return _written(words) or moment_of(words, lambda: self._known(movement))

    def run(self, rate: float = 1) -> None:
        """Let it run by itself from now on, so many times as fast as the machine's; what falls due happens as it comes.

        Raises UnreadableInput for a rate that is none, or is higher than :data:`FASTEST`.
        """
        if not is_rate(rate):
            raise UnreadableInput(said("simulate.rate", found=f"{rate!r:.80}", fastest=FASTEST))
        self._obey(ClockOrder(rate=float(rate)))

    def freeze(self) -> None:
        """Let it stand still again, as it does at first."""
        self.run(0)

    def _obey(self, order: ClockOrder) -> None:
        mover = self.emcs.mover
        self.emcs.run(mover.obey(order), mover.within)

    def _known(self, movement: "SimulatedMovement | None") -> Movement | None:
        return (movement or self.emcs.only_movement()).known


def aware(moment: datetime) -> datetime:
    """A moment with its offset, in UTC. Raises UnreadableInput for anything else."""
    with suppress(AttributeError, OverflowError):
        if moment.utcoffset() is not None:
            return moment.astimezone(UTC)
    raise UnreadableInput(said("sim.no_moment", found=f"{moment!r:.80}"))


def _written(words: str) -> datetime | None:
    """A moment in ISO 8601, ``None`` for other words. Raises UnreadableInput for one without its offset."""
    try:
        return aware(datetime.fromisoformat(words.strip()))
    except ValueError:
        return None


def later(now: datetime, step: Mapping[str, float], span: timedelta | None = None) -> datetime:
    """The moment that is a step later, and a ``span`` besides. Raises UnreadableInput for what is no step, or none."""
    try:
        if step or span is not None:
            return now + min((timedelta(0) if span is None else span) + timedelta(**step), 2 * LONGEST)
    except (TypeError, ValueError, OverflowError) as error:
        raise _no_step(step or span) from error
    raise _no_step(None)


def _no_step(found: object) -> UnreadableInput:
    return UnreadableInput(said("sim.no_step", found=f"{found!r:.80}", units=", ".join(UNITS)))


def moment_of(words: str, movement: Callable[[], Movement | None]) -> datetime:
    """A moment in words about a movement, which is asked for where the words are right: ``journey over + 1 day``.

    Raises UnreadableInput for words that name none, and for a movement of which nothing is known.
    """
    found = _MOMENT.fullmatch(words.strip())
    if found is None or found["what"] != JOURNEY_OVER or found["unit"] not in {None, *_UNITS}:
        raise UnreadableInput(said("sim.moment", words=words, units=", ".join(_UNITS)))
    known = movement()
    if known is None:
        raise UnreadableInput(said("sim.moment_unknown", words=words))
    try:
        step = int(found["number"] or 0) * _UNITS[found["unit"] or "day"]
        return known.limit + (-step if found["sign"] == "-" else step)
    except (OverflowError, ValueError) as error:
        raise UnreadableInput(said("sim.moment", words=f"{words:.80}", units=", ".join(_UNITS))) from error
