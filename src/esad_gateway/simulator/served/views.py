"""What a simulator shows of itself in JSON: its states, its clock, its movements as they went on both sides."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from esad_gateway import profiles
from esad_gateway.simulator.served.simulation import Simulation
from esad_gateway.simulator.world.emcs import Emcs
from esad_gateway.simulator.world.movements import TimelineEntry, event_of, sides_of


def overview(simulation: Simulation, base: str) -> Mapping[str, Any]:
    """Everything in short: seed, clock, states with their addresses, faults that were injected."""
    emcs, clock = simulation.emcs, simulation.clock
    return {
        "seed": emcs.seed,
        "now": clock.now().isoformat(),
        "rate": clock.rate,
        "states": {code: _state(simulation, code, base) for code in codes(emcs)},
        "outside": {address: one.url for address, one in emcs.world.outside.items()},
        "traders": sorted(emcs.traders),
        "faults": [str(strike) for strike in emcs.faults.journal],
    }


def codes(emcs: Emcs) -> list[str]:
    """The states that are simulated, open or not, in the order of their codes."""
    outside = {address.removeprefix("NDEA.") for address in emcs.world.outside}
    return sorted((emcs.world.only or set(profiles.STATES)) - outside)


def movements(emcs: Emcs) -> list[Mapping[str, Any]]:
    """Every movement of which a trader of this world has a message, the oldest first, with all messages about it."""
    found: defaultdict[str, list[TimelineEntry]] = defaultdict(list)
    for home, seed in emcs.world.mailboxes():
        for entry in home.entries(seed):
            if entry.arc:
                found[entry.arc].append(event_of(home, entry))
    told = [_movement(emcs, arc, sorted(events, key=lambda event: event.at)) for arc, events in found.items()]
    return sorted(told, key=lambda one: str(one["timeline"][0]["at"]))


def movement(emcs: Emcs, arc: str) -> Mapping[str, Any] | None:
    """One of them; ``None`` where no trader of this world has a message about it."""
    events = [event_of(home, entry) for home, seed in emcs.world.mailboxes() for entry in home.entries(seed, arc)]
    return _movement(emcs, arc, sorted(events, key=lambda event: event.at)) if events else None


def _movement(emcs: Emcs, arc: str, events: Iterable[TimelineEntry]) -> Mapping[str, Any]:
    return {
        "arc": arc,
        "states": sides_of(emcs.world.states, arc, events),
        "timeline": [_event(one) for one in events],
    }


def _event(event: TimelineEntry) -> Mapping[str, Any]:
    return {
        "at": event.at.isoformat(),
        "state": event.state,
        "mailbox": event.mailbox,
        "way": "in" if event.arrived else "out",
        "message": event.message,
        "outcome": event.outcome,
    }


def _state(simulation: Simulation, code: str, base: str) -> Mapping[str, Any]:
    own = profiles.STATES[code]
    return {
        "url": simulation.base(base, code),
        "open": code in simulation.emcs.world.states,
        "zone": own.zone,
        "esad_from": own.esad_from and own.esad_from.isoformat(),
        "esad_source": own.esad_source,
    }
