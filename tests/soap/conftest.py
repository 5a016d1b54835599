"""Gateways behind real sockets, and SOAP by hand in both versions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from esad_gateway.soap.envelope import SOAP_1_1, SOAP_1_2
from helpers.gateway import copy_of_box
from helpers.served import Served, served
from helpers.soap import ByHand


def loaded(gateway: Served) -> Served:
    """A gateway whose framework is loaded: while it is, pytest must not change the filters of warnings, as it does."""
    assert gateway.get("/v1/nothing").status == 404
    return gateway


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania, for all tests of a module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield loaded(running)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Served]:
    """The gateway of Lithuania, for one test."""
    with served(copy_of_box(tmp_path)) as running:
        yield loaded(running)


@pytest.fixture(params=[SOAP_1_1, SOAP_1_2], ids=["1.1", "1.2"])
def by_hand(request: pytest.FixtureRequest, gateway: Served) -> ByHand:
    """A client of the module's gateway, in either version."""
    return ByHand(gateway, request.param)


@pytest.fixture(params=[SOAP_1_1, SOAP_1_2], ids=["1.1", "1.2"])
def at_fresh(request: pytest.FixtureRequest, fresh: Served) -> ByHand:
    """A client of a fresh gateway, in either version."""
    return ByHand(fresh, request.param)
