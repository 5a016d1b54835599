"""A gateway of Lithuania among fresh member states, and where its batches are handed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.batches import Office, keep_key, office_of
from helpers.gateway import Box, Station, copy_of_box


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Fresh member states."""
    return copy_of_box(tmp_path)


@pytest.fixture
def kept_key(box: Box) -> None:
    """The gateway keeps the key of the consignor, to sign dispatches with."""
    keep_key(box)


@pytest.fixture
def lt(box: Box) -> Iterator[Station]:
    """The gateway of Lithuania; whatever was done to it, its check finds nothing."""
    with box.open("LT") as station:
        yield station
        assert station.checked().problems == ()


@pytest.fixture
def office(lt: Station) -> Office:
    """Where its batches are handed in."""
    return office_of(lt)
