"""What came out, against what was promised (design section 8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Goal:
    """At most so many times the floor; at least so many times faster than the usual pipeline, ``None`` for no goal."""

    ours_to_floor: float
    usual_to_ours: float | None = None


GOALS: Final[Mapping[str, Goal]] = MappingProxyType(
    {"validate": Goal(1.15), "store": Goal(3, 15), "round_trip": Goal(4, 15)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One path in microseconds a document; ratios are those of the printed figures."""

    floor_us: float
    ours_us: float
    usual_us: float

    @property
    def ours_to_floor(self) -> float:
        """How many times the floor we take."""
        return round(self.ours_us / self.floor_us, 2)

    @property
    def usual_to_ours(self) -> float:
        """How many times as long the usual pipeline takes."""
        return round(self.usual_us / self.ours_us, 2)

    def as_json(self) -> dict[str, float]:
        """The figure as scripts read it."""
        return {
            "floor_us": self.floor_us,
            "ours_us": self.ours_us,
            "usual_us": self.usual_us,
            "ours_to_floor": self.ours_to_floor,
            "usual_to_ours": self.usual_to_ours,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchFigures:
    """The three paths, what else was measured beside them (microseconds), and on which machine.

    ``spread`` is how far the middle half of our rounds lies apart, as a part of their median: the noise of the run.
    """

    figures: Mapping[str, Figure]
    further: Mapping[str, float]
    spread: Mapping[str, float]
    machine: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The report as scripts read it."""
        figures = {name: figure.as_json() for name, figure in self.figures.items()}
        return {**figures, "machine": {**self.machine, "further_us": dict(self.further), "spread": dict(self.spread)}}
