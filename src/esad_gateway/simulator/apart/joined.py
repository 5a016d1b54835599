"""What the processes of states tell of themselves, joined to what one simulator tells. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Told: TypeAlias = Mapping[str, Any]


def overview(first: Told, each: Iterable[Told]) -> Told:
    """``GET /sim``; ``first`` is what the simulator in front knows of itself."""
    found = list(each)
    return {
        **first,
        "states": {code: state for one in found for code, state in one["states"].items()},
        "traders": sorted(seed for one in found for seed in one["traders"]),
        "faults": sorted(fault for one in found for fault in one["faults"]),
    }


def movements(each: Iterable[Told]) -> list[Told]:
    """``GET /sim/movements``: what each state knows of a movement, in the order of their clocks."""
    found: dict[str, dict[str, Any]] = {}
    for movement in (one for told in each for one in told["movements"]):
        whole = found.setdefault(movement["arc"], {"arc": movement["arc"], "states": {}, "timeline": []})
        whole["states"] |= movement["states"]
        whole["timeline"] += movement["timeline"]
    for whole in found.values():
        whole["timeline"].sort(key=lambda event: event["at"])
        whole["states"] = dict(sorted(whole["states"].items(), reverse=True))
    return sorted(found.values(), key=lambda one: str(one["timeline"][0]["at"]))


def faults(seed: int, again: str, each: Iterable[Told]) -> Told:
    """``GET /sim/faults``."""
    found = list(each)
    return {
        "seed": seed,
        "injected": [fault for one in found for fault in one["injected"]],
        "journal": sorted((strike for one in found for strike in one["journal"]), key=lambda strike: strike["at"]),
        "again": again,
    }


def unmet(each: Iterable[Told]) -> Told:
    """``GET /sim/scripts``."""
    return {"unmet": [sentence for one in each for sentence in one["unmet"]]}
