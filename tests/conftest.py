"""What holds for all tests: of the logs, defects are shown; refusals and failed deliveries are what is tested."""

import logging
import sys
from typing import Final

import pytest
import structlog

LONG: Final = ("system", "docs", "properties", "benchmarks", "test_package.py", "test_schema_language.py")
"""Folders and files whose tests start processes, or take long for another reason; the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: a file is played by one worker, and none is to have one before it in the end."""
    items.sort(key=lambda item: next((at for at, name in enumerate(LONG) if name in item.path.parts), len(LONG)))


structlog.configure(
    # The pretty default draws a traceback in half a second.
    processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()],
    wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
    # A gateway that runs in this process may log while a command's output is captured.
    logger_factory=structlog.PrintLoggerFactory(sys.__stderr__),
)
