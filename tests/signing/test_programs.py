from pathlib import Path

import pytest

from helpers.programs import require, require_packages


@pytest.mark.parametrize(
    ("continuous_integration", "outcome"),
    [("true", pytest.fail.Exception), ("", pytest.skip.Exception)],
    ids=["in-ci", "elsewhere"],
)
def test_missing_program_fails_only_in_continuous_integration(
    continuous_integration: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interoperability may stay unproved on somebody's laptop, but not where releases come from."""
    monkeypatch.setenv("CI", continuous_integration)
    with pytest.raises(outcome, match="no-such-program is not installed"):
        require("no-such-program")
    with pytest.raises(outcome, match="the packages of no-such-folder are not installed"):
        require_packages(Path("no-such-folder/node_modules"))


def test_installed_program_is_enough() -> None:
    """Nothing is skipped when the program is there."""
    require("sh")
