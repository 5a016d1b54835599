"""The command line in this process: no start-up time, and coverage sees it."""

from functools import partial

import pytest

from helpers.command_line import Esad, ran


@pytest.fixture
def esad(capsys: pytest.CaptureFixture[str]) -> Esad:
    """Run ``esad`` with arguments."""
    return partial(ran, capsys)
