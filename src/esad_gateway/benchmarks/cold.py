"""Cold starts: what a command takes from its first word to its last, and a gateway until it answers."""

import asyncio
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

from esad_gateway.benchmarks.builds import Build, World, cpu_seconds, environment
from esad_gateway.errors import NotConfigured
from esad_gateway.frozen import frozen
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import running

ONE: Final = "validate_one"
MANY: Final = "validate_many"
SERVE: Final = "serve_ready"

_Took = tuple[float, float]
"""Seconds of the processor, of all processes together, and seconds by the clock."""


@frozen(kw_only=True)
class ColdPlan:
    """How often each start is played, and how many files are many."""

    rounds: int = 7
    files: int = 1000
    kind: KeyKind = KeyKind.RSA

    def ticks(self, builds: Sequence[Build]) -> int:
        """How many steps ``measure_cold`` has."""
        return len(builds) * (self.rounds + 2)


QUICK_COLD: Final = ColdPlan(rounds=1, files=500)


def measure_cold(plan: ColdPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Start commands and gateways of the builds in turn, with data directories below ``folder``, which is empty.

    Returns start -> build -> median CPU and wall time in milliseconds. A first round, which compiles what Python keeps
    compiled, does not count. Raises NotConfigured when a command fails.
    """
    starts = {build.name: _Starts.of(plan, build, folder / build.name, tick) for build in builds}
    took: dict[str, dict[str, list[_Took]]] = {start: {name: [] for name in starts} for start in (ONE, MANY, SERVE)}
    for turn in range(plan.rounds + 1):
        for name, one in starts.items():
            for start, seconds in one.play().items():
                if turn:
                    took[start][name].append(seconds)
            tick()
    return {start: {name: _figure(every) for name, every in of.items()} for start, of in took.items()}


def _figure(took: Iterable[_Took]) -> dict[str, float]:
    cpu, wall = (statistics.median(seconds) for seconds in zip(*took, strict=True))
    return {"cpu_ms": round(cpu * 1000), "wall_ms": round(wall * 1000)}


@frozen
class _Starts:
    """The starts of one build: signed drafts in files, and a data directory."""

    world: World
    files: Sequence[Path]

    @classmethod
    def of(cls, plan: ColdPlan, build: Build, folder: Path, tick: Callable[[], object]) -> "_Starts":
        world = asyncio.run(build.prepare(folder, plan.kind))
        files = [folder / f"{number}.xml" for number in range(plan.files)]
        for file, document in zip(files, islice(world.documents(), plan.files), strict=True):
            file.write_bytes(document)
        tick()
        return cls(world, files)

    def play(self) -> Mapping[str, _Took]:
        """What each start takes now."""
        return {
            ONE: self._validate(self.files[:1]),
            MANY: self._validate(self.files),
            SERVE: asyncio.run(self._ready()),
        }

    def _validate(self, files: Sequence[Path]) -> _Took:
        command = [str(self.world.build.interpreter), "-m", "esad_gateway", "validate", *map(str, files)]
        begun = time.perf_counter()
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environment())  # noqa: S603 - a build of ours
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise NotConfigured(f"{' '.join(command[:4])} ended with {process.returncode}")
        return used.ru_utime + used.ru_stime, time.perf_counter() - begun

    async def _ready(self) -> _Took:
        """Until the gateway has answered; it is stopped then."""
        lithuania, begun = self.world.members["LT"], time.perf_counter()
        async with running([lithuania], self.world.build.spawn) as gateways:
            return cpu_seconds(gateways.pid(lithuania)), time.perf_counter() - begun
