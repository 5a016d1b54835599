"""Gateways for the tests of national procedures; one clock for all gateways of a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.gateway import Box, HandClock, Station, copy_of_box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Fresh member states."""
    return copy_of_box(tmp_path)


@pytest.fixture
def clock() -> HandClock:
    """The clock of all gateways of a test."""
    return HandClock()


@pytest.fixture
def lt(box: Box, clock: HandClock) -> Iterator[Station]:
    """The gateway of Lithuania."""
    with box.open("LT", clock) as station:
        yield station


@pytest.fixture
def pl(box: Box, clock: HandClock) -> Iterator[Station]:
    """The gateway of Poland."""
    with box.open("PL", clock) as station:
        yield station
