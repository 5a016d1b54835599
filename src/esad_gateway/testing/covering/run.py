"""The part of the plugin of pytest that is there with ``--emcs-coverage``: it watches worlds, and writes the page."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from esad_gateway.simulator.world.watching import WATCHERS
from esad_gateway.testing.covering.met import EndedTests, MetByTest, nothing_met

if TYPE_CHECKING:
    from esad_gateway.simulator.injected.journal import Strike
    from esad_gateway.store.store import SqlStore

PAGE: Final = "index.html"

_MET: Final = "emcs_met"
"""Where the report of the end of a test carries what it has met."""

_NAMED: Final = "emcs_test"
"""Where it carries the name of the test, which pytest-xdist may change."""


class CoverageRun:
    """Watches the worlds of each test, and keeps what those have met that pass.

    A world counts for a test that has opened it and closed it again; what is done after its scripts were checked, and
    by tests that fail, are skipped or are expected to fail, counts for nothing.
    """

    def __init__(self, folder: Path, *, writes: bool) -> None:
        self.folder = folder
        self.writes = writes
        self.told: list[str] = []
        self._open: dict[int, object] = {}
        self._test: object = None
        self._met: MetByTest | None = None
        self._ended = EndedTests()

    def begun(self, world: object) -> None:
        """A world has begun in the test that runs."""
        self._open[id(world)] = self._test
        if self._met is not None:
            self._met["opened"] += 1

    def ending(self, world: object, stores: "Sequence[SqlStore]", strikes: "Sequence[Strike]") -> None:
        """It is about to be closed: what it has met is read, if it belongs to this test alone."""
        if self._open.pop(id(world), None) is not self._test or self._met is None:
            return
        from esad_gateway.testing.covering.observing import observed  # noqa: PLC0415 - nothing before it is needed

        try:
            found = observed(stores, strikes)
            cells, national = found.cells(), found.national
        except Exception as error:  # noqa: BLE001 - a test may leave whatever it likes, and is none of ours to fail
            self._met["unread"].append(f"{type(error).__name__}: {error}"[:200])
            return
        self._met["cells"] += [list(map(str, cell)) for cell in cells]
        self._met["national"] += sorted(national)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """A test begins, or begins once more."""
        self._test, self._met = object(), nothing_met()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: "pytest.CallInfo[None]") -> Iterator[None]:
        """Give what was met to the report of the end of a test, which goes from a worker to where the page is made."""
        report: Any = yield
        setattr(report, _NAMED, _name(item))
        if call.when == "teardown" and self._met is not None:
            self._met["shared"] = sum(one is self._test for one in self._open.values())
            setattr(report, _MET, self._met)
        return report  # type: ignore[no-any-return]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what became of each part of a test; where tests are run by workers, of all of them."""
        ended, test = self._ended, getattr(report, _NAMED, report.nodeid)
        place = str(getattr(report, "worker_id", ""))
        if report.when == "setup":
            ended.begin(test, place)
        if not report.passed or hasattr(report, "wasxfail"):
            ended.failed(test, place)
        if report.when == "teardown" and hasattr(report, _MET):
            ended.end(test, getattr(report, _MET))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the page, once all tests are over. Where that fails, the run has failed."""
        if not self.writes or session.config.option.collectonly:
            return
        from esad_gateway.testing.covering.folder import unwritten, write  # noqa: PLC0415
        from esad_gateway.testing.covering.merging import merged  # noqa: PLC0415
        from esad_gateway.testing.covering.page import files, summary  # noqa: PLC0415

        coverage = merged(self._ended)
        try:
            write(self.folder, files(coverage))
            self.told = [*summary(coverage), str(self.folder / PAGE)]
        except OSError as error:
            self.told = [unwritten(self.folder, error)]
            if session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
                session.exitstatus = pytest.ExitCode.INTERNAL_ERROR

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what was met, and where the page is."""
        for line in self.told:
            terminalreporter.write_line(line)

    def pytest_unconfigure(self) -> None:
        """Watch no longer."""
        if self in WATCHERS:
            WATCHERS.remove(self)


def begin(config: pytest.Config, folder: Path) -> None:
    """Watch from now on. Raises pytest.UsageError for a folder in which the page cannot be."""
    from esad_gateway.testing.covering.folder import check  # noqa: PLC0415

    writes = not hasattr(config, "workerinput")
    if writes and (wrong := check(folder)):
        raise pytest.UsageError(wrong)
    run = CoverageRun(folder, writes=writes)
    WATCHERS.append(run)
    config.pluginmanager.register(run, "emcs-coverage")


def _name(item: pytest.Item) -> str:
    """The name of a test as it is without workers: pytest-xdist puts the group of a test behind it."""
    marked = item.get_closest_marker("xdist_group")
    group = marked and (marked.kwargs.get("name") or next(iter(marked.args), "default"))
    return item.nodeid.removesuffix(f"@{group}") if group else item.nodeid
