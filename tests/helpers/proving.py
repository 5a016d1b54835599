"""What our own tests have met, and the page that says so: whatever it says is seen again whenever its test runs.

``docs/reference/coverage.md`` is drawn from ``tests/data/coverage.csv``, which runs of the tests have filled. A test
that is named there is watched: when it passes, and gateways have not written down what the table says of it, it fails.
A name that no test has fails the run of its file. So nobody can write anything into the table by hand.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from esad_gateway.simulator.world.watching import WATCHERS

TABLE: Final = Path(__file__).parents[1] / "data" / "coverage.csv"
FIELDS: Final = ("scenario", "message", "way", "rule", "fault", "test")
NARROWING: Final = ("keyword", "markexpr", "lf", "deselect")
"""Options by which a run leaves out tests of a file."""

Claim = tuple[str, ...]


@cache
def claims() -> Mapping[str, frozenset[Claim]]:
    """What the table says of each test, by its name."""
    found: defaultdict[str, set[Claim]] = defaultdict(set)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["test"]].add(tuple(row[name] for name in FIELDS[:-1]))
    return {test: frozenset(cells) for test, cells in found.items()}


class Proving:
    """Watches the tests of which something is claimed, and fails those that do not prove it."""

    def __init__(self, claimed: Mapping[str, frozenset[Claim]] | None = None) -> None:
        self._claimed = claimed
        self._wanted: frozenset[Claim] = frozenset()
        self._seen: set[Claim] = set()
        self._passing = True
        self._reported: set[str] = set()
        self._unknown: list[str] = []

    def pytest_configure(self) -> None:
        """Watch from now on."""
        WATCHERS.append(self)

    def pytest_unconfigure(self) -> None:
        """Watch no longer."""
        WATCHERS.remove(self)

    @property
    def claimed(self) -> Mapping[str, frozenset[Claim]]:
        """What is claimed, by the names of tests."""
        return claims() if self._claimed is None else self._claimed

    def begun(self, world: object) -> None:
        """A world has begun: nothing is to be seen yet."""

    def ending(self, _: object, stores: Sequence[Any], strikes: Sequence[Any]) -> None:
        """A world ends: what it has met is read, if anybody claims something."""
        if self._wanted:
            from esad_gateway.testing.covering.observing import observed  # noqa: PLC0415 - few tests need it

            self._seen |= {tuple(map(str, cell)) for cell in observed(stores, strikes).cells()}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """A test begins."""
        self._wanted, self._seen, self._passing = self.claimed.get(item.nodeid, frozenset()), set(), True

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, call: "pytest.CallInfo[None]") -> Iterator[None]:
        """Fail what ends, has passed, and has not met what is claimed."""
        report: Any = yield
        self._passing &= report.passed
        if call.when == "teardown" and self._passing and (missing := self._wanted - self._seen):
            report.outcome = "failed"
            report.longrepr = _told(missing)
        return report  # type: ignore[no-any-return]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note that there is a test of this name."""
        self._reported.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run where something is claimed of a test that there is not, in a file that was run as a whole."""
        if hasattr(session.config, "workerinput") or session.shouldfail or session.shouldstop or _narrowed(session):
            return
        files = {name.partition("::")[0] for name in self._reported}
        self._unknown = sorted(
            test for test in self.claimed if test.partition("::")[0] in files and test not in self._reported
        )
        if self._unknown:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say which those are."""
        for test in self._unknown:
            terminalreporter.write_line(f"{TABLE.name} names a test that there is not: {test}")


def _narrowed(session: pytest.Session) -> bool:
    options = session.config.option
    return any(getattr(options, name, None) for name in NARROWING) or any("::" in one for one in session.config.args)


def _told(missing: Iterable[Claim]) -> str:
    lines = [" ".join(filter(None, cell)) for cell in sorted(missing)]
    return "\n".join(
        (f"it has not met what {TABLE.name} says of it (tests/helpers/draw_coverage.py fills it anew):", *lines)
    )
