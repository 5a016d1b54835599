"""What each test of a run has met, as it ends. Nothing of EMCS is loaded here: there may be no test that uses it."""

from dataclasses import dataclass, field
from typing import TypedDict


class MetByTest(TypedDict):
    """What one test has met, in a form that workers of pytest-xdist can hand on.

    ``opened`` counts the worlds that it has opened, ``shared`` those that it has not closed again, and ``unread`` says
    why those could not be read of which nothing is known.
    """

    cells: list[list[str]]
    national: list[str]
    opened: int
    shared: int
    unread: list[str]


def nothing_met() -> MetByTest:
    """What a test has met that has not begun."""
    return MetByTest(cells=[], national=[], opened=0, shared=0, unread=[])


@dataclass(slots=True)
class EndedTests:
    """The tests of a run: whether each passes so far, and what those have met that have ended, the last time.

    A test may run at several places, each a worker of pytest-xdist: it passes where it passes at all of them.
    """

    passing: dict[str, bool] = field(default_factory=dict)
    met: dict[str, MetByTest] = field(default_factory=dict)

    _places: dict[str, dict[str, bool]] = field(default_factory=dict)

    def begin(self, test: str, place: str = "") -> None:
        """A test begins, or is run once more: what it met before counts no longer."""
        self._passes(test, place, passes=True)
        self.met.pop(test, None)

    def failed(self, test: str, place: str = "") -> None:
        """A part of a test did not pass."""
        self._passes(test, place, passes=False)

    def end(self, test: str, met: MetByTest) -> None:
        """A test has ended, and has met this."""
        self.met[test] = met

    def _passes(self, test: str, place: str, *, passes: bool) -> None:
        places = self._places.setdefault(test, {})
        places[place] = passes
        self.passing[test] = all(places.values())
