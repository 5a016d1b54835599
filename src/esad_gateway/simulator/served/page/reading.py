"""What the stores of simulated states know of movements and messages; each question is asked once a state."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, select

from esad_gateway.emcs.movement import Side
from esad_gateway.frozen import frozen
from esad_gateway.ports.reading import Listed
from esad_gateway.simulator.world.world import SimulatedWorld
from esad_gateway.store import tables
from esad_gateway.store.database import reading
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.rows import listed_of_row

MOST: Final = 300
"""Messages of one movement that are shown, by each state; of more the first."""

_SEARCHED: Final = 500
"""Refused drafts, the newest, among which one is looked for by its LRN."""

_movement = tables.movement.c
_message = tables.message.c


@frozen
class FiledLetter:
    """A message in a mailbox of a state."""

    home: str
    entry: Listed

    @property
    def path(self) -> str:
        """Where it is shown, below ``/sim/messages``."""
        return f"{self.home}/{self.entry.mailbox}/{self.entry.seq}"


@dataclass(slots=True)
class MovementLine:
    """A movement as lists show it; ``states`` are its states (X01) by the side."""

    arc: str
    lrn: str
    dispatched_at: str
    consignor: str
    consignee: str
    states: dict[Side, str] = field(default_factory=dict)


@frozen(kw_only=True)
class StateCounts:
    """How much there is in a state: messages, movements, documents that wait or were not taken."""

    messages: int
    movements: int
    waiting: int
    not_taken: int


class StoreReader:
    """Asks the stores of a world; what a store has said is kept until something is committed there."""

    def __init__(self, world: SimulatedWorld) -> None:
        self._world = world
        self._known: dict[str, tuple[int, list[tuple[str, ...]]]] = {}

    @property
    def opened(self) -> list[str]:
        """The codes of the states that are open, in their order."""
        return sorted(self._world.states)

    def movements(self, name: str = "") -> list[MovementLine]:
        """Every movement, the newest first; those alone that are found by a name, if one is given."""
        found: dict[str, MovementLine] = {}
        for code in self.opened:
            for arc, lrn, dispatched_at, consignor, consignee, side, state in self._rows(code):
                if name and name not in {arc, lrn, consignor, consignee, arc[2:4], consignee[:2]}:
                    continue
                line = found.get(arc)
                if line is None:
                    line = found[arc] = MovementLine(arc, lrn, dispatched_at, consignor, consignee)
                line.states[Side(side)] = state
        return sorted(found.values(), key=lambda line: (line.dispatched_at, line.arc), reverse=True)

    def resting(self, states: Iterable[str], day: date) -> list[str]:
        """Those of some states in which a day is no working day, as their own administrations know."""
        known = [self._world.states[code].runtime.profile for code in states if code in self._world.states]
        return [profile.state for profile in known if not profile.calendar_of(profile.state).works_on(day)]

    def counts(self, code: str) -> StateCounts:
        """How much there is in a state that is open."""
        state = self._world.states[code]
        outbox = Outbox(state.runtime.store).counts()
        return StateCounts(
            messages=sum(state.numbers().values()),
            movements=len(self._rows(code)),
            waiting=outbox.waiting,
            not_taken=outbox.refused + outbox.dead,
        )

    def of_movement(self, arc: str) -> list[FiledLetter]:
        """Every message about a movement, in each mailbox of each state."""
        return list(self._filed(_message.arc == arc, MOST, newest=False))

    def of_draft(self, lrn: str) -> list[FiledLetter]:
        """A refused draft by its LRN, and what was answered to it; nothing where there is none."""
        mark = f">{lrn}<".encode()
        drafts = self._filed(_message.arc.is_(None) & (_message.type == "IE815"), _SEARCHED)
        found = [one for one in drafts if mark in self._world.states[one.home].document(one.entry)]
        names = {one.entry.identifier for one in found}
        return [*found, *self._filed(_message.correlation.in_(names) & _message.arc.is_(None), MOST)]

    def of_no_movement(self, most: int) -> list[FiledLetter]:
        """The newest messages that are of no movement, such as refused drafts."""
        found = self._filed(_message.arc.is_(None), most)
        return sorted(found, key=lambda one: one.entry.recorded_at, reverse=True)[:most]

    def letter(self, home: str, mailbox: str, seq: int) -> FiledLetter | None:
        """One message of a mailbox; ``None`` where there is none."""
        state = self._world.states.get(home)
        entry = state.entry(mailbox, seq) if state else None
        return FiledLetter(home, entry) if entry else None

    def body(self, letter: FiledLetter) -> bytes:
        """The exact bytes of a message."""
        return self._world.states[letter.home].document(letter.entry)

    def _filed(self, which: ColumnElement[bool], most: int, *, newest: bool = True) -> Iterator[FiledLetter]:
        order = _message.recorded_at.desc() if newest else _message.recorded_at
        question = select(tables.message).where(which).order_by(order, _message.mailbox, _message.seq).limit(most)
        for code in self.opened:
            with reading(self._world.states[code].runtime.store.reader) as connection:
                rows = connection.execute(question).mappings().all()
            yield from (FiledLetter(code, listed_of_row(row)) for row in rows)

    def _rows(self, code: str) -> list[tuple[str, ...]]:
        state = self._world.states[code]
        committed = state.commits.count
        known = self._known.get(code)
        if known is None or known[0] != committed:
            with reading(state.runtime.store.reader) as connection:
                known = self._known[code] = committed, [tuple(row) for row in connection.execute(_MOVEMENTS)]
        return known[1]


_MOVEMENTS: Final[Select[Any]] = select(
    _movement.arc,
    _movement.lrn,
    _movement.dispatched_at,
    _movement.consignor,
    _movement.consignee,
    _movement.side,
    _movement.state,
)
