"""``esad bench simulator`` as scripts and people read it; no test here says how fast anything is."""

from pathlib import Path

import pytest

from esad_gateway.benchmarks.machine import facts
from esad_gateway.benchmarks.simulated import SIMULATOR_GOALS, SimulatorPlan, measure_simulator
from esad_gateway.cli.common.bench_tables import show_simulator


def test_every_goal_has_its_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Suites of pytest run and pass, every step is told, and people read the goals beside the figures."""
    plan = SimulatorPlan(rounds=1, starts=1, tests=4)
    ticks: list[None] = []

    figures = measure_simulator(plan, tmp_path, lambda: ticks.append(None))

    assert set(figures) == set(SIMULATOR_GOALS)
    assert all(set(figure) == {"cpu_ms", "wall_ms"} for figure in figures.values())
    assert all(figures[name]["cpu_ms"] > 0 for name in ("fresh", "test"))
    assert len(ticks) == plan.ticks
    show_simulator(figures, {"keys": "p256", **facts(tmp_path)})
    assert "1,000 of these in two processes" in capsys.readouterr().out
