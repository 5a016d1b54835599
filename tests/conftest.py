"""What holds for all tests.

Of the logs, defects are shown; refusals and failed deliveries are what is tested. What tests write is kept in memory
where the machine has room: a process that is killed loses no more there than on a disk, and nobody waits for that disk
thousands of times. What is compiled is kept, for the hundreds of processes that tests start.
"""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
import structlog
from hypothesis import HealthCheck, settings

from helpers.process import settled
from helpers.proving import Proving

LONG: Final = ("system", "docs", "properties", "benchmarks", "test_package.py", "test_schema_language.py")
"""Folders and files whose tests start processes, or take long for another reason; the longest first."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/core --update-golden`` writes golden files and pages anew instead of comparing them."""
    parser.addoption("--update-golden", action="store_true", help="write golden files and pages anew")


def pytest_configure(config: pytest.Config) -> None:
    """Watch the tests that prove what the page on coverage says."""
    config.pluginmanager.register(Proving(), "proving")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(autouse=True)
def _process_as_it_was() -> Iterator[None]:
    """A test leaves logs and signals as it found them: what it changes would fail others, far away from it."""
    before = settled()
    yield
    assert settled() == before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: a file is played by one worker, and none is to have one before it in the end."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LONG) if name in item.path.parts), len(LONG)))


def _in_memory(folder: Path, room: int) -> bool:
    """Whether so many bytes can be written and programs be run below a folder that is kept in memory."""
    with suppress(OSError, ValueError):
        told = (line.split(":") for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines())
        memory = int(dict(told).get("MemAvailable", "0 kB").split()[0]) * 1024
        found = os.statvfs(folder)
        return min(found.f_bavail * found.f_frsize, memory) > room and not found.f_flag & os.ST_NOEXEC
    return False


if "TMPDIR" not in os.environ and _in_memory(Path("/dev/shm"), 6 << 30):  # noqa: S108 -- folders below it are private
    os.environ["TMPDIR"] = "/dev/shm"  # noqa: S108
    tempfile.tempdir = None  # pytest has asked before

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# How long an example takes says something of the machine, and nothing of the property.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

structlog.configure(
    # The pretty default draws a traceback in half a second.
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
    wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    # A gateway that runs in this process may log while a command's output is captured.
    logger_factory=structlog.PrintLoggerFactory(sys.__stderr__),
)
