"""The one switch of the golden files."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``pytest tests/core --update-golden`` writes the golden lists of faults anew instead of comparing them."""
    parser.addoption("--update-golden", action="store_true", help="write the golden lists of faults anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden files are to be written. The option is unknown when pytest was not started on this folder."""
    return bool(request.config.getoption("--update-golden", default=False))
