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
    """The tests of a run: whether each passes so far, and what those have met that have ended, the last time."""

    passing: dict[str, bool] = field(default_factory=dict)
    met: dict[str, MetByTest] = field(default_factory=dict)

    def begin(self, test: str) -> None:
        """A test begins, or is run once more: what it met before counts no longer."""
        self.passing[test] = True
        self.met.pop(test, None)

    def failed(self, test: str) -> None:
        """A part of a test did not pass."""
        self.passing[test] = False

    def end(self, test: str, met: MetByTest) -> None:
        """A test has ended, and has met this."""
        self.met[test] = met
