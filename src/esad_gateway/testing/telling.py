"""What happened in a world, as people read it below a test that failed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.movements import TimelineEntry, event_of, sides_of

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
    for home, mailbox in emcs.world.mailboxes():
        for entry in home.entries(mailbox):
            found[entry.arc or ""].append(event_of(home, entry))
    return found


def _movement(emcs: Emcs, arc: str, events: Sequence[TimelineEntry]) -> str:
    lines = map(str, sorted(events, key=lambda event: event.at))
    if not arc:
        return "\n".join(("of no movement:", *lines))
    sides = ", ".join(f"{state} at {side}" for side, state in sides_of(emcs.world.states, arc, events).items())
    return "\n".join((f"{arc}: {sides}", *lines))
