"""What is undecided at a station, and trying it again."""

from collections.abc import Sequence

from esad_gateway.gateway.reconsideration import Reconsideration
from esad_gateway.store.undecided import Trouble, UndecidedMessages
from helpers.gateway import Station


def again(station: Station) -> Reconsideration:
    """What ``esad undecided retry`` asks."""
    runtime = station.runtime
    kept = UndecidedMessages(runtime.store.reader)
    return Reconsideration(kept, runtime.gateway.intake, runtime.committer, runtime.clock)


def waiting(station: Station) -> Sequence[Trouble]:
    """What waits for an operator; the check of the store names the same, each with its command."""
    undecided = UndecidedMessages(station.runtime.store.reader)
    found, told = undecided.waiting(), station.checked().undecided
    assert len(found) == undecided.count() == len(told)
    assert all(any(f"esad undecided retry {one.reference} " in line for line in told) for one in found)
    return found
