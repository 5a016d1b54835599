"""Member states in a test: what the plugin adds to the start of pytest, a fresh EMCS, a whole test, and many."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.errors import NotConfigured
from esad_gateway.frozen import frozen
from esad_gateway.testing import Emcs, wine

PLUGIN: Final = "plugin"
FRESH: Final = "fresh"
TEST: Final = "test"
TESTS: Final = "tests"

SIMULATOR_GOALS: Final[Mapping[str, int]] = MappingProxyType({PLUGIN: 300, FRESH: 30, TEST: 100, TESTS: 60_000})
"""Milliseconds at most: of the start of pytest, of a fresh EMCS, of a whole test, and of a thousand on two cores."""

THOUSAND: Final = 1000
FEW: Final = 2
"""Tests that have made what is made once a process, one in each of two."""

_SUITE: Final = dedent('''
    """Tests as integrators write them."""

    import pytest

    from esad_gateway.testing import wine


    @pytest.mark.parametrize("number", range({tests}))
    def test_refused_wine_comes_home(emcs, number):
        vilnius = emcs.consignor("LT")
        warsaw = emcs.consignee("PL", will="refuse", reason="goods damaged")
        movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])
        emcs.clock.advance(days=3)
        assert movement.state == "refused"
        vilnius.return_to_dispatch(movement)
        assert movement.delivered
''')

_Took = tuple[float, float]
"""Seconds of the processor, and by the clock."""


@frozen(kw_only=True)
class SimulatorPlan:
    """How often each thing is played, and how many tests are many, more than two; in two processes."""

    rounds: int = 20
    starts: int = 7
    tests: int = THOUSAND

    @property
    def ticks(self) -> int:
        """How many steps ``measure_simulator`` has."""
        return 2 * self.starts + 2 * (self.rounds + 1) + 1


QUICK_SIMULATOR: Final = SimulatorPlan(rounds=4, starts=2, tests=20)


def measure_simulator(plan: SimulatorPlan, folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Measure with suites of tests below ``folder``, which is empty; ``tick`` is called after every step.

    Returns CPU and wall time in milliseconds: medians, and of ``tests`` what a thousand of them take. What is made
    once a process does not count. Raises NotConfigured where pytest is not installed, or a suite fails.
    """
    if find_spec("pytest") is None:
        raise NotConfigured("esad bench simulator needs pytest")
    bare, with_plugin = (_starts(plan, folder, options, tick) for options in ((), ("-p", "esad_gateway.pytest_plugin")))
    fresh, test = _rounds(plan, _fresh, tick), _rounds(plan, _test, tick)
    many = _thousand(plan, _tests(FEW, folder / "few"), _tests(plan.tests, folder / "many"))
    tick()
    added = tuple(one - other for one, other in zip(with_plugin, bare, strict=True))
    return {name: _figure(took) for name, took in ((PLUGIN, added), (FRESH, fresh), (TEST, test), (TESTS, many))}


def _figure(took: Sequence[float]) -> dict[str, float]:
    cpu, wall = took
    return {"cpu_ms": round(cpu * 1000, 1), "wall_ms": round(wall * 1000, 1)}


def _medians(every: Sequence[_Took]) -> _Took:
    cpu, wall = (statistics.median(one) for one in zip(*every, strict=True))
    return cpu, wall


def _rounds(plan: SimulatorPlan, play: Callable[[], object], tick: Callable[[], object]) -> _Took:
    took: list[_Took] = []
    for _ in range(plan.rounds + 1):
        cpu, wall = time.process_time(), time.perf_counter()
        play()
        took.append((time.process_time() - cpu, time.perf_counter() - wall))
        tick()
    return _medians(took[1:])


def _fresh() -> None:
    with Emcs():
        pass


def _test() -> None:
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="refuse", reason="goods damaged")
        movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])
        emcs.clock.advance(days=3)
        vilnius.return_to_dispatch(movement)
        if not movement.delivered:
            raise NotConfigured(str(movement))


def _starts(plan: SimulatorPlan, folder: Path, options: Sequence[str], tick: Callable[[], object]) -> _Took:
    """What pytest takes from its first word until it has found that there is no test."""
    took: list[_Took] = []
    for _ in range(plan.starts):
        took.append(_ended(_pytest(folder, "--collect-only", *options), NO_TESTS))
        tick()
    return _medians(took)


def _thousand(plan: SimulatorPlan, few: _Took, many: _Took) -> _Took:
    """What a thousand tests take, where only some were run: what the first ones make is made once."""
    times = (THOUSAND - FEW) / (plan.tests - FEW)
    cpu, wall = (first + (all_of_them - first) * times for first, all_of_them in zip(few, many, strict=True))
    return cpu, wall


def _tests(tests: int, folder: Path) -> _Took:
    """What tests take in two processes: their processors together, and the clock from the first to the last."""
    suites = [folder / f"suite{number}" for number in range(2)]
    for suite in suites:
        suite.mkdir(parents=True)
        (suite / "test_many.py").write_text(_SUITE.format(tests=tests // len(suites)), encoding="utf-8")
    begun = time.perf_counter()
    processes = [_pytest(suite, "-p", "esad_gateway.pytest_plugin") for suite in suites]
    cpu = sum(_ended(process, 0)[0] for process in processes)
    return cpu, time.perf_counter() - begun


NO_TESTS: Final = 5
"""How pytest ends when it has found none."""


def _pytest(folder: Path, *options: str) -> "tuple[subprocess.Popen[bytes], float]":
    """A pytest of its own that has begun in a folder, and when."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, str(folder)]
    quiet, environment = subprocess.DEVNULL, {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    begun = time.perf_counter()
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=folder, env=environment), begun  # noqa: S603


def _ended(began: "tuple[subprocess.Popen[bytes], float]", code: int) -> _Took:
    process, begun = began
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != code:
        raise NotConfigured(f"pytest ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, time.perf_counter() - begun
