"""What happened in a world, as people read it below a test that failed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.movements import TimelineEntry, event_of

MOST: Final = 20
"""Movements that are told; of more the newest."""


def told(emcs: Emcs) -> str:
    """Every movement with its state and its messages on both sides, the faults, the seed, and how to have it again.

    Messages without an ARC, such as refused drafts, stand first. ``emcs`` has to be open.
    """
    movements = _movements(emcs)
    newest = sorted(movements, key=lambda arc: (arc != "", min(event.at for event in movements[arc])))
    before = len(newest) - MOST
    return "\n\n".join(
        (
            f"the clock stands at {emcs.clock.now:%Y-%m-%d %H:%M:%S} UTC",
            *([f"{before} movements before these are not shown"] if before > 0 else []),
            *(_movement(emcs, arc, movements[arc]) for arc in newest[-MOST:]),
            str(emcs.faults),
        )
    )


def _movements(emcs: Emcs) -> Mapping[str, list[TimelineEntry]]:
    """Every message of every mailbox at every state, by its ARC."""
    found: defaultdict[str, list[TimelineEntry]] = defaultdict(list)
    for home in emcs.world.states.values():
        for mailbox in emcs.world.operators:
            for entry in home.entries(mailbox):
                found[entry.arc or ""].append(event_of(home, entry))
    return found


def _movement(emcs: Emcs, arc: str, events: Iterable[TimelineEntry]) -> str:
    lines = map(str, sorted(events, key=lambda event: event.at))
    if not arc:
        return "\n".join(("of no movement:", *lines))
    sides = ", ".join(f"{state} at {side}" for side, state in _sides(emcs, arc).items())
    return "\n".join((f"{arc}: {sides}", *lines))


def _sides(emcs: Emcs, arc: str) -> Mapping[str, str]:
    """The state of a movement on each side, as its administration there knows it."""
    homes = ((emcs.world.states.get(seed[:2]), seed) for seed in emcs.world.operators)
    known = [one for home, seed in homes if home for one in home.runtime.mailboxes.movement(seed, arc)]
    return {one.side.value: one.state.name.lower() for one in known}
