"""How many bits are flipped: few in CI, and more where somebody asks for it."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/audit --flips 1000`` goes on for longer."""
    parser.addoption("--flips", type=int, default=15, help="how many flipped bits the check must notice")


@pytest.fixture
def flips(request: pytest.FixtureRequest) -> int:
    """How many bits that change what is read are flipped."""
    return int(request.config.getoption("--flips"))
