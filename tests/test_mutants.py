"""What ``make mutants`` says of its results; the mutants themselves take hours and are not made here."""

import json
import tomllib
from pathlib import Path

import pytest

from helpers.mutants import problems, results

ROOT = Path(__file__).parents[1]
NINETEEN = {f"m{number}": False for number in range(19)}


def test_mutants_that_were_not_run_are_not_counted(tmp_path: Path) -> None:
    """A sample leaves most of them out; one that no test reaches survives."""
    codes = {"killed": 1, "survived": 0, "reached by no test": 33, "timed out": 36, "not run": None}
    (tmp_path / "module.py.meta").write_text(json.dumps({"exit_code_by_key": codes}))
    assert results(tmp_path) == {"killed": False, "survived": True, "reached by no test": True, "timed out": False}


@pytest.mark.parametrize(
    ("survived", "listed", "said"),
    [
        pytest.param({**NINETEEN, "x": True}, {"x": "the same"}, [], id="95 % killed, the other one listed"),
        pytest.param(
            {**NINETEEN, "x": True}, {}, ["x survives, and no reason is listed"], id="a survivor that nobody knows"
        ),
        pytest.param(
            NINETEEN, {"m1": "the same"}, ["m1 is listed as a survivor, and was killed"], id="a reason that is none"
        ),
        pytest.param(
            {"a": False, "x": True},
            {"x": "the same"},
            ["1 of 2 mutants were killed: fewer than 95%"],
            id="too many survivors",
        ),
    ],
)
def test_survivors_are_the_listed_ones(survived: dict[str, bool], listed: dict[str, str], said: list[str]) -> None:
    """A reason for every survivor, none for what is killed, and at least 95 % killed."""
    assert list(problems(survived, listed)) == said


def test_mutants_are_made_of_what_there_is() -> None:
    """Every pattern of what is mutated, and every test that is to kill it, exists."""
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    for pattern in configured["only_mutate"]:
        assert list(ROOT.glob(pattern)), pattern
    for path in [*configured["pytest_add_cli_args_test_selection"], *configured["also_copy"]]:
        assert (ROOT / path).exists(), path
