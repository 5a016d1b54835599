"""The history of a movement as a store tells it: every message, and the state after it with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.movement import Movement, Origin, Side
from esad_gateway.emcs.movement.history import Reached, Taken, acting_side, retrace
from esad_gateway.explain.answer import Line, bad
from esad_gateway.explain.meanings import state_name
from esad_gateway.explain.wording import how_it_went, report, utc
from esad_gateway.ports.reading import Outcome
from esad_gateway.settings import read_settings
from esad_gateway.store.history import Filed, dossier
from esad_gateway.store.holds import Hold
from esad_gateway.views.json import due_view, report_view
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature


@dataclass(frozen=True, slots=True)
class History:
    """A movement's messages, oldest first, with what each did on each side that the store knows; and its holds."""

    views: tuple[Movement, ...]
    filed: Sequence[Filed]
    reached: Mapping[tuple[Side, int], Reached]
    holds: Sequence[Hold]

    def as_json(self) -> dict[str, Any]:
        """The history as scripts read it."""
        return {
            "sides": [
                {
                    "side": view.side.value,
                    "state": view.state.value,
                    "derived": _value(self.derived(view.side)),
                    "due": due_view(view, UTC),
                    "report": report_view(view.report),
                    "messages": [self._message(view.side, place) for place in range(len(self.filed))],
                }
                for view in self.views
            ],
            "holds": [asdict(hold) for hold in self.holds],
        }

    def _message(self, side: Side, place: int) -> dict[str, Any]:
        filed, reached = self.filed[place], self.reached.get((side, place))
        change = {"state": _value(reached.state), "reason": reached.reason} if reached else None
        names = ("at", "mailbox", "seq", "direction", "type", "outcome", "sequence")
        return {**{name: getattr(filed, name) for name in names}, "after": change}

    def derived(self, side: Side) -> StatusType | None:
        """The state that the messages lead to; ``None`` when it cannot be derived."""
        states = [reached.state for (where, _), reached in self.reached.items() if where is side]
        return states[-1] if states else None

    def lines(self) -> Iterator[Line]:
        """The history as people read it."""
        if not self.views:
            yield (bad("no movement of this ARC in the store"),)
        for view in self.views:
            yield f"at {view.side}, now {_named(view.state)}"
            yield from (self._line(view.side, place) for place in range(len(self.filed)))
            yield from self._doubt(view)
            if awaiting := due_view(view, UTC):
                yield f"  due: {awaiting['what']} until {utc(awaiting['until'])}"
            if view.report is not None:
                yield f"  report of receipt {report(report_view(view.report))}"
        for hold in self.holds:
            until = f"held for formalities from {utc(hold.since)} until {utc(hold.until)} at most"
            yield f"{hold.type} {until}: {how_it_went(hold.released_at, hold.released_by)}"

    def _line(self, side: Side, place: int) -> str:
        filed, reached = self.filed[place], self.reached.get((side, place))
        change = "" if reached is None else f"  -> {_named(reached.state)}: {reached.reason}"
        came = f"from {filed.mailbox}, {filed.outcome}" if filed.direction == "in" else f"to {filed.mailbox}"
        return f"  {utc(filed.at)}  {filed.type} {came}{change}"

    def _doubt(self, view: Movement) -> Iterator[str]:
        derived = self.derived(view.side)
        if derived is not view.state:
            yield f"  the messages lead to {_named(derived)}, the store says {_named(view.state)}: the store decides"


def history(data: Path, arc: str) -> History:
    """What the store of a data directory knows of a movement; nothing is written, and a gateway may run on it.

    Raises NotConfigured, StoreUnavailable.
    """
    own = read_settings(data).profile().address
    found = dossier(DataDirectory(data).database, arc)
    sides = {view.side for view in found.movements}
    reached: dict[tuple[Side, int], Reached] = {}
    acted = _acted(found.filed, sides, own)
    for side in sorted(sides):
        mine = [(place, taken) for place, where, taken in acted if where is side]
        states = retrace(side, [taken for _, taken in mine])
        reached |= {(side, place): state for (place, _), state in zip(mine, states, strict=True)}
    return History(found.movements, found.filed, reached, found.holds)


def _acted(filed: Sequence[Filed], sides: set[Side], own: str) -> list[tuple[int, Side, Taken]]:
    """The messages that were accepted and act on a side, with their place in the history."""
    acted = []
    for place, item in enumerate(filed):
        if item.direction != "in" or item.outcome != Outcome.ACCEPTED:
            continue
        message = read(without_signature(parse(item.body)))
        origin = _origin(item.mailbox, own)
        side = acting_side(message, origin, sides)
        if side is not None:
            acted.append((place, side, Taken(message=message, origin=origin, sequence=item.sequence)))
    return acted


def _origin(mailbox: str, own: str) -> Origin:
    if mailbox == own:
        return Origin.OFFICE
    return Origin.ADMINISTRATION if mailbox.startswith("NDEA.") else Origin.TRADER


def _value(state: StatusType | None) -> str | None:
    return state.value if state else None


def _named(state: StatusType | None) -> str:
    return f"{state.value} {state_name(state)}" if state else "unknown"
