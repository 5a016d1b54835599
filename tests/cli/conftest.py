"""The command line in this process: no start-up time, and coverage sees it."""

import pytest

from esad_gateway.cli import main
from helpers.command_line import Ended, Esad


@pytest.fixture
def esad(capsys: pytest.CaptureFixture[str]) -> Esad:
    """Run ``esad`` with arguments."""

    def run(*arguments: object) -> Ended:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, printed.out, printed.err)

    return run
