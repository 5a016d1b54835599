"""A gateway that may call this machine, and receivers on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.gateway import copy_of_box
from helpers.receiver import Receiver, receiver
from helpers.served import Served, served
from helpers.webhooks import ALLOWED


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania, for all tests of a module."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", **ALLOWED)
    with served(box) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """The same, for one test."""
    box = copy_of_box(tmp_path)
    box.set("LT", **ALLOWED)
    with served(box) as running:
        yield running


@pytest.fixture
def hook() -> Iterator[Receiver]:
    """A receiver, for one test."""
    with receiver() as one:
        yield one
