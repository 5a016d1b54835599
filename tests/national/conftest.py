"""A gateway of Lithuania for the tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.gateway import Box, Station, copy_of_box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Fresh member states."""
    return copy_of_box(tmp_path)


@pytest.fixture
def lt(box: Box) -> Iterator[Station]:
    """The gateway of Lithuania."""
    with box.open("LT") as station:
        yield station
