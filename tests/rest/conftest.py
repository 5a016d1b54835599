"""Gateways behind real sockets: one for a whole module, or a fresh one for a test that looks at everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.gateway import copy_of_box
from helpers.served import Served, served


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania, for all tests of a module; it may call a host that there is not."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", webhook_hosts=["hooks.example"], webhook_timeout=1)
    with served(box) as running:
        yield running


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """The gateway of Lithuania, for one test."""
    with served(copy_of_box(tmp_path)) as running:
        yield running
