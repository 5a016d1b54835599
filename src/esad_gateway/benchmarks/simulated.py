"""Member states in tests: the start of pytest, a fresh EMCS, a whole test, many, a year of movements, states served.

The same test is played with its states apart as well: :mod:`esad_gateway.benchmarks.simulated_apart`.
"""

import os
import resource
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

from esad_gateway.benchmarks.simulated_apart import Apart
from esad_gateway.benchmarks.simulated_states import measure_states
from esad_gateway.errors import NotConfigured
from esad_gateway.frozen import frozen
from esad_gateway.testing import Emcs, wine

PLUGIN: Final = "plugin"
FRESH: Final = "fresh"
TEST: Final = "test"
TESTS: Final = "tests"
YEAR: Final = "year"
APART: Final = "apart"
READY: Final = "ready"
OPENED: Final = "opened"

SIMULATOR_GOALS: Final[Mapping[str, int]] = MappingProxyType(
    {PLUGIN: 300, FRESH: 30, TEST: 100, TESTS: 60_000, READY: 3000}
)
"""Milliseconds at most: of the start of pytest, of a fresh EMCS, of a whole test, of a thousand on two cores, and until
all states of ``esad simulate`` can be asked."""

MEMORY: Final = "memory_mb"
IDLE: Final = "idle_ms_a_second"
TIMES: Final = "apart_to_test"
MEMORY_GOAL: Final = 300
"""MiB at most, of all states."""
IDLE_GOAL: Final = 10
"""Milliseconds of the processor a second at most, of all states when none is asked."""
TIMES_GOAL: Final = 50
"""How many times as long as the test lasts, it is to last at least with its states apart."""

THOUSAND: Final = 1000
OPEN: Final = 10_000
"""Movements that are open for a year."""

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
    """How often each thing is played, and how many tests are many, more than two; in two processes.

    ``movements`` are open for a year, and states are left alone for ``idle`` seconds.
    """

    rounds: int = 20
    starts: int = 7
    tests: int = THOUSAND
    movements: int = 500
    idle: float = 10.0

    @property
    def ticks(self) -> int:
        """How many steps ``measure_simulator`` has."""
        return 2 * self.starts + 2 * (self.rounds + 1) + 4


QUICK_SIMULATOR: Final = SimulatorPlan(rounds=4, starts=2, tests=20, movements=20, idle=2.0)


def measure_simulator(plan: SimulatorPlan, folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Measure with suites of tests below ``folder``, which is empty; ``tick`` is called after every step.

    Returns CPU and wall time in milliseconds: medians, of ``tests`` what a thousand of them take, and of ``year`` what
    ten thousand movements do; then memory and idle time of all states, and the ratio of both ways to play the test.
    What is made once a process does not count. Raises NotConfigured where pytest is not installed, or a suite fails.
    """
    if find_spec("pytest") is None:
        raise NotConfigured("esad bench simulator needs pytest")
    bare, with_plugin = (_starts(plan, folder, options, tick) for options in ((), ("-p", "esad_gateway.pytest_plugin")))
    fresh, test = _rounds(plan, _fresh, tick), _rounds(plan, _test, tick)
    many = _thousand(plan, _tests(FEW, folder / "few"), _tests(plan.tests, folder / "many"))
    tick()
    year = _year(plan.movements)
    tick()
    apart = _timed(Apart.made(folder / "apart").play)
    tick()
    states = measure_states(plan.idle)
    tick()
    added = (with_plugin[0] - bare[0], with_plugin[1] - bare[1])
    took = {PLUGIN: added, FRESH: fresh, TEST: test, TESTS: many, YEAR: year, APART: apart}
    took |= {READY: states.ready, OPENED: states.opened}
    return {name: _figure(one) for name, one in took.items()} | {
        MEMORY: states.memory,
        IDLE: round(states.idle * 1000, 1),
        TIMES: round(apart[1] / test[1], 1),
    }


def _figure(took: Sequence[float]) -> dict[str, float]:
    cpu, wall = took
    return {"cpu_ms": round(cpu * 1000, 1), "wall_ms": round(wall * 1000, 1)}


def _medians(every: Sequence[_Took]) -> _Took:
    cpu, wall = (statistics.median(one) for one in zip(*every, strict=True))
    return cpu, wall


def _rounds(plan: SimulatorPlan, play: Callable[[], object], tick: Callable[[], object]) -> _Took:
    took: list[_Took] = []
    for _ in range(plan.rounds + 1):
        took.append(_timed(play))
        tick()
    return _medians(took[1:])


def _timed(play: Callable[[], object]) -> _Took:
    """What something takes, the processes that it starts and ends included."""
    cpu, wall = _cpu(), time.perf_counter()
    play()
    return _cpu() - cpu, time.perf_counter() - wall


def _cpu() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _year(movements: int) -> _Took:
    """A year of many open movements, from what some take: each is reminded of, signed, delivered and kept twice."""
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        for _ in range(movements):
            vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])
        cpu, wall = _timed(lambda: emcs.clock.advance(days=365))
    return cpu * OPEN / movements, wall * OPEN / movements


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
