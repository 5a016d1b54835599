"""``esad bench simulator`` as scripts and people read it; no test here says how fast anything is."""

from pathlib import Path

import pytest

from esad_gateway.benchmarks.machine import facts
from esad_gateway.benchmarks.simulated import SIMULATOR_GOALS, SimulatorPlan, measure_simulator
from esad_gateway.benchmarks.simulated_apart import DAY
from esad_gateway.cli.common.bench_tables import show_simulator


def test_every_goal_has_its_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Suites of pytest run and pass, every step is told, and people read the goals beside the figures."""
    plan = SimulatorPlan(rounds=1, starts=1, tests=4, movements=2, idle=0.1)
    ticks: list[None] = []

    figures = measure_simulator(plan, tmp_path, lambda: ticks.append(None))

    took = {name: figure for name, figure in figures.items() if isinstance(figure, dict)}
    assert set(took) == {*SIMULATOR_GOALS, "year", "apart", "opened"}
    assert all(set(figure) == {"cpu_ms", "wall_ms"} for figure in took.values())
    assert all(took[name]["cpu_ms"] > 0 for name in ("fresh", "test", "year", "apart", "ready", "opened"))
    assert took["apart"]["wall_ms"] > 3 * DAY * 1000
    assert figures["memory_mb"] > 0
    assert figures["idle_ms_a_second"] >= 0
    assert figures["apart_to_test"] == pytest.approx(took["apart"]["wall_ms"] / took["test"]["wall_ms"], rel=0.1)
    assert len(ticks) == plan.ticks
    show_simulator(figures, {"keys": "p256", **facts(tmp_path)})
    told = capsys.readouterr().out
    assert all(line in told for line in ("1,000 of these in two processes", "a year of 10,000", "memory of all states"))
