"""How often the crash test kills."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/system --kills 500`` goes on for longer than the continuous integration has time for."""
    parser.addoption("--kills", type=int, default=30, help="how often the crash test kills the gateway of Lithuania")


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """How often to kill. The option is unknown when pytest was not started on this folder."""
    return int(request.config.getoption("--kills", default=30))
