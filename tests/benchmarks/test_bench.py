"""``esad bench`` as scripts and people read it; no test here says how fast anything is."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.benchmarks.measure import Plan, measure
from esad_gateway.benchmarks.report import GOALS, BenchFigures, Figure
from esad_gateway.cli.bench import show
from esad_gateway.signing.pki import KeyKind

FIGURE = {"floor_us", "ours_us", "usual_us", "ours_to_floor", "usual_to_ours"}
FURTHER = {
    *("validate_with_rules", "store_commit_each", "round_trip_commit_each"),
    *("store_durable_floor", "round_trip_durable_floor"),
    *("validate_usual_lxml", "store_usual_lxml", "round_trip_usual_lxml"),
}
"""What is told beside the figures: more of ours, the floor with a disk, and the usual stack with lxml."""


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What ``esad bench --quick --json`` prints."""
    disk = tmp_path_factory.mktemp("disk")
    command = [sys.executable, "-m", "esad_gateway", "bench", "--quick", "--json", "--disk", str(disk)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert list(disk.iterdir()) == []
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def test_json_has_a_figure_for_every_goal(printed: dict[str, Any]) -> None:
    """The three paths with their five figures each, and everything else apart."""
    assert set(printed) == {*GOALS, "machine"}
    assert all(set(printed[path]) == FIGURE for path in GOALS)
    assert all(value > 0 for path in GOALS for value in printed[path].values())


def test_json_ratios_are_those_of_the_microseconds(printed: dict[str, Any]) -> None:
    """Whoever divides the printed figures gets the printed ratios."""
    for path in GOALS:
        figure = printed[path]
        assert figure["ours_to_floor"] == pytest.approx(figure["ours_us"] / figure["floor_us"], abs=0.005)
        assert figure["usual_to_ours"] == pytest.approx(figure["usual_us"] / figure["ours_us"], abs=0.005)


def test_json_says_what_was_measured_on(printed: dict[str, Any]) -> None:
    """Processor, interpreter, libraries, keys and the price of a sync."""
    machine = printed["machine"]

    assert machine["python"] == ".".join(map(str, sys.version_info[:3]))
    assert (machine["keys"], machine["group"]) == ("rsa", 64)
    assert {"libxml2", "openssl", "sqlite", "xmlschema", "signxml", "sqlalchemy"} <= set(machine["libraries"])
    assert machine["processor"]
    assert machine["sync_us"] > 0
    assert set(machine["further_us"]) == FURTHER
    assert all(value > 0 for value in machine["further_us"].values())
    assert set(machine["spread"]) == set(GOALS)


def test_measure_ticks_as_often_as_the_plan_says(tmp_path: Path) -> None:
    """A progress bar that reaches its end, also with EC keys."""
    plan = Plan(rounds=2, kind=KeyKind.P256)
    ticks: list[bool] = []

    report = measure(plan, tmp_path, lambda: ticks.append(True))

    assert len(ticks) == plan.ticks
    assert (report.machine["keys"], report.machine["rounds"]) == ("p256", 2)


def test_missing_usual_stack_is_told_with_the_way_out(tmp_path: Path) -> None:
    """A sentence and exit code 2, where what only the comparison needs is not installed."""
    without = "import sys; sys.modules['signxml.signer'] = None; from esad_gateway.cli import main; main()"
    command = [sys.executable, "-c", without, "bench", "--quick", "--json", "--disk", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert "needs signxml.signer, and that is not installed: pip install 'esad-gateway[bench]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_goals_stand_beside_the_ratios(capsys: pytest.CaptureFixture[str]) -> None:
    """People see the goal, and whether it is met, at its very bound."""
    figures = {
        "validate": Figure(floor_us=100.0, ours_us=115.0, usual_us=3000.0),
        "store": Figure(floor_us=100.0, ours_us=300.1, usual_us=4501.4),
        "round_trip": Figure(floor_us=100.0, ours_us=401.0, usual_us=6015.0),
    }
    machine = {
        "keys": "rsa",
        "sync_us": 250.0,
        "processor": "Some Processor",
        "cores": 2,
        "load": [0.5, 0.4, 0.3],
        "python": "3.11.7",
        "libraries": {"lxml": "6.1.3"},
    }

    show(BenchFigures(figures=figures, further={}, spread=dict.fromkeys(figures, 0.07), machine=machine))

    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "parse + XSD 100.0 115.0 7% 3000.0 1.15 (goal at most 1.15: met) 26.09" in rows
    assert any(row.endswith("4501.4 3.0 (goal at most 3: met) 15.0 (goal at least 15: met)") for row in rows)
    assert any(row.endswith("6015.0 4.01 (goal at most 4: not met) 15.0 (goal at least 15: met)") for row in rows)
