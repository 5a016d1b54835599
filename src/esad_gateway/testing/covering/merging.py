"""What the tests of a run have met, put together: only what those have met that passed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from esad_gateway.frozen import frozen
from esad_gateway.testing.covering import catalogue
from esad_gateway.testing.covering.met import EndedTests
from esad_gateway.testing.covering.observing import MetCell

_Met = TypeVar("_Met", MetCell, str)

VERSION: Final = 1
"""Of the form of the JSON behind the page."""


@frozen(kw_only=True)
class SuiteCoverage:
    """What a suite has met: each cell with the tests that prove it, by name, and what does not count.

    ``passed`` and ``others`` count the tests of the run, ``met`` those that passed and have opened a world.
    ``failed``, ``shared`` and ``unread`` are the names of tests that have opened one and prove nothing, or not all.
    """

    cells: Mapping[MetCell, Sequence[str]]
    national: Mapping[str, Sequence[str]]
    passed: int
    others: int
    met: int
    failed: Sequence[str]
    shared: Sequence[str]
    unread: Sequence[tuple[str, str]]

    def of(self, what: str) -> dict[str, list[str]]:
        """The tests that have met each value of one field of cells (``rule``), by that value."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for cell, tests in self.cells.items():
            if value := getattr(cell, what):
                found[value].update(tests)
        return {value: sorted(tests) for value, tests in sorted(found.items())}

    def json(self) -> dict[str, Any]:
        """It in plain values."""
        return {
            "version": VERSION,
            "tests": {
                "passed": self.passed,
                "others": self.others,
                "met": self.met,
                "failed": list(self.failed),
                "shared": list(self.shared),
                "unread": dict(self.unread),
            },
            "cells": [{**cell._asdict(), "tests": list(tests)} for cell, tests in self.cells.items()],
            "national": {kind: list(tests) for kind, tests in self.national.items()},
            "never": {what: list(values) for what, values in self.never().items()},
        }

    def never(self) -> dict[str, Sequence[str]]:
        """What there is and was never met, by the field of cells."""
        return {what: [one for one in known if one not in self.of(what)] for what, known in KNOWN.items()}


KNOWN: Final = {
    "scenario": catalogue.SCENARIOS,
    "message": catalogue.MESSAGES,
    "rule": catalogue.RULES,
    "fault": catalogue.FAULTS,
}
"""All that there is, by the field of cells."""


def merged(tests: EndedTests) -> SuiteCoverage:
    """All of it, by the names of tests."""
    passed = [test for test, passes in tests.passing.items() if passes and test in tests.met]
    opened = sorted(test for test, met in tests.met.items() if met["opened"])
    counting = [test for test in opened if tests.passing[test]]
    return SuiteCoverage(
        cells=_by_value((MetCell(*cell), test) for test in counting for cell in tests.met[test]["cells"]),
        national=_by_value((kind, test) for test in counting for kind in tests.met[test]["national"]),
        passed=len(passed),
        others=len(tests.passing) - len(passed),
        met=len(counting),
        failed=[test for test in opened if test not in counting],
        shared=[test for test in counting if tests.met[test]["shared"]],
        unread=[(test, why) for test in counting for why in tests.met[test]["unread"][:1]],
    )


def _by_value(pairs: Iterable[tuple[_Met, str]]) -> dict[_Met, list[str]]:
    found: defaultdict[_Met, set[str]] = defaultdict(set)
    for value, test in pairs:
        found[value].add(test)
    return {value: sorted(found[value]) for value in sorted(found)}
