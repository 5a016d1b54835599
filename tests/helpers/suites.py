"""Suites of somebody else: tests in a folder of their own, run by a pytest of their own that has our plugin."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Final

import pytest

from esad_gateway import pytest_plugin

OPTIONS: Final = ("-p", "no:cacheprovider", "-W", "error", "--no-header", "--import-mode=importlib")
ALONE: Final = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Our plugin is named by its module: whether an entry point of this checkout is installed says nothing of it."""

_PATIENCE = 600  # seconds


@dataclass
class Ran:
    """What came of a suite: its output, and the reports of its tests."""

    output: str = ""
    reports: list[pytest.TestReport] = field(default_factory=list)

    @pytest.hookimpl
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what pytest reports."""
        self.reports.append(report)

    @property
    def passed(self) -> int:
        """How many tests passed; none where anything else did not."""
        calls = [report for report in self.reports if report.when == "call"]
        return len(calls) if all(report.passed for report in self.reports) else 0

    @property
    def errors(self) -> int:
        """How many tests failed before they began, or after they had ended."""
        return len([report for report in self.reports if report.failed and report.when != "call"])

    @property
    def sections(self) -> list[str]:
        """What our plugin tells about failures."""
        return [text for report in self.reports for name, text in report.sections if name == "EMCS"]

    def words(self, pattern: str) -> list[str]:
        """What the output says at every place of a pattern."""
        return re.findall(pattern, self.output)


@dataclass(frozen=True)
class Suite:
    """A folder with one file of tests."""

    folder: Path

    def run(self, tests: str, *options: str, plugins: Sequence[object] = ()) -> Ran:
        """Run tests in this process, which has loaded everything already; with further ``plugins``."""
        ran, output, before = Ran(), StringIO(), dict(os.environ)
        os.environ |= ALONE
        try:
            with redirect_stdout(output), redirect_stderr(output):
                pytest.main([*self._arguments(tests), *options], plugins=[ran, pytest_plugin, *plugins])
        finally:
            os.environ.clear()
            os.environ |= before  # pytest tells in it which test runs
            sys.modules.pop("test_it", None)
        ran.output = output.getvalue()
        return ran

    def apart(self, tests: str, *options: str) -> str:
        """Run tests in a process of their own, and return what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-p", pytest_plugin.__name__, *self._arguments(tests), *options],
            cwd=self.folder,
            env={**os.environ, **ALONE},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE,
            check=False,
        ).stdout

    def _arguments(self, tests: str) -> list[str]:
        settings, file = self.folder / "pytest.ini", self.folder / "test_it.py"
        settings.write_text("[pytest]\n", encoding="ascii")
        file.write_text(dedent(tests), encoding="utf-8")
        return [str(file), "--rootdir", str(self.folder), "-c", str(settings), *OPTIONS]
