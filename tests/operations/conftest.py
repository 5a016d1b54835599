"""A gateway behind a real socket for a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.gateway import copy_of_box
from helpers.served import Served, served


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania, for all tests of a module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """The gateway of Lithuania, for one test."""
    with served(copy_of_box(tmp_path)) as running:
        yield running
