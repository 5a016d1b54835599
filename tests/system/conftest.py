"""How often the crash test kills, and how much is submitted meanwhile."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/system --kills 200 --acknowledged 20000`` goes on for longer than continuous integration may."""
    parser.addoption("--kills", type=int, default=30, help="how often the crash test kills the gateway of Lithuania")
    parser.addoption("--acknowledged", type=int, default=0, help="how many submissions it has taken at least")


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """How often to kill. The option is unknown when pytest was not started on this folder."""
    return int(request.config.getoption("--kills", default=30))


@pytest.fixture(scope="session")
def acknowledged(request: pytest.FixtureRequest) -> int:
    """How many different submissions must be acknowledged at least."""
    return int(request.config.getoption("--acknowledged", default=0))
