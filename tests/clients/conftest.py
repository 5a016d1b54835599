"""Clients and verifiers of others, built once a run."""

import pytest

from helpers import soap_clients
from helpers.soap_clients import Built


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Everything that had to be generated and compiled."""
    return soap_clients.built(tmp_path_factory)
