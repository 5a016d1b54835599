"""Two processes on one store beside one: how much of the work is done without the write lock."""

import asyncio
import json
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from esad_gateway.benchmarks import worker
from esad_gateway.benchmarks.builds import Build
from esad_gateway.errors import NotConfigured
from esad_gateway.signing.pki import KeyKind

ONE: Final = "one"
SHARED: Final = "two"
APART: Final = "apart"
"""Two processes with a store each: what the machine has for two at all, as one core may slow the other down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessesPlan:
    """How much is measured: for each size of groups so many messages a process in each of so many rounds."""

    rounds: int = 8
    messages: Mapping[int, int] = field(default_factory=lambda: {1: 64, 16: 192, 64: 256})
    kind: KeyKind = KeyKind.RSA

    def ticks(self, builds: Sequence[Build]) -> int:
        """How many steps ``measure_processes`` has."""
        return len(builds) * (1 + len(self.messages) * (self.rounds + 1))


QUICK_PROCESSES: Final = ProcessesPlan(rounds=2, messages={1: 8, 64: 64})


def measure_processes(
    plan: ProcessesPlan, builds: Sequence[Build], folder: Path, tick: Callable[[], object]
) -> dict[str, Any]:
    """Measure builds in turn, each with a store below ``folder``, which is empty, that its processes share.

    Returns size of the groups -> name -> messages a second of one process, of two on its store, and of two with a store
    each; how many times the rate of one the others are; and microseconds of CPU a message of one and two. Raises
    NotConfigured when a build does not run, or does not take a message.
    """
    with ExitStack() as ended:
        contenders = {}
        for build in builds:
            contenders[build.name] = ended.enter_context(_contender(build, folder / build.name, plan.kind))
            tick()
        for turn in range(plan.rounds + 1):
            for size, messages in plan.messages.items():
                for one in contenders.values():
                    one.play(size, messages, counts=turn > 0)
                    tick()
        return {str(size): {name: one.figure(size) for name, one in contenders.items()} for size in plan.messages}


@dataclass(slots=True)
class _Took:
    """What a round took: seconds from begin to end, the same in CPU, and how many messages it was."""

    messages: int
    seconds: float
    cpu: float


@dataclass(slots=True)
class _Contender:
    """The processes of one build that work at once, by name, and what they took so far."""

    processes: Mapping[str, Sequence[subprocess.Popen[str]]]
    documents: Iterator[bytes]
    took: dict[tuple[int, str], list[_Took]] = field(default_factory=dict)

    def play(self, size: int, messages: int, *, counts: bool) -> None:
        """Let each of them work, one after the other; a round may only warm up."""
        for name, processes in self.processes.items():
            took = self._played(processes, size, messages)
            if counts:
                self.took.setdefault((size, name), []).append(took)

    def figure(self, size: int) -> dict[str, float]:
        """Rates of the median round, and CPU a message of all; ratios are those of the rates that are told."""
        rates = {name: round(self._rate(size, name), 1) for name in self.processes}
        return {
            **rates,
            "ratio": round(rates[SHARED] / rates[ONE], 2),
            "ratio_apart": round(rates[APART] / rates[ONE], 2),
            "cpu_us_one": self._cpu(size, ONE),
            "cpu_us_two": self._cpu(size, SHARED),
        }

    def _rate(self, size: int, name: str) -> float:
        return statistics.median(took.messages / took.seconds for took in self.took[size, name])

    def _cpu(self, size: int, name: str) -> int:
        took = self.took[size, name]
        return round(sum(one.cpu for one in took) / sum(one.messages for one in took) * 1e6)

    def _played(self, processes: Sequence[subprocess.Popen[str]], size: int, messages: int) -> _Took:
        for process in processes:
            groups = [[one.decode() for one in islice(self.documents, size)] for _ in range(messages // size)]
            _tell(process, json.dumps(groups))
        for process in processes:
            _heard(process)
        begin = time.perf_counter()
        for process in processes:
            _tell(process, "go")
        cpu = sum(float(_heard(process)) for process in processes)
        return _Took(len(processes) * (messages // size) * size, time.perf_counter() - begin, cpu)


@contextmanager
def _contender(build: Build, folder: Path, kind: KeyKind) -> Iterator[_Contender]:
    world = asyncio.run(build.prepare(folder, kind))
    root, other = world.members["LT"].data.root, folder / "another"
    shutil.copytree(root, other)
    with ExitStack() as ended:
        first, second, apart = (ended.enter_context(_begun(build, one)) for one in (root, root, other))
        processes = {ONE: (first,), SHARED: (first, second), APART: (first, apart)}
        yield _Contender(processes, world.documents())


@contextmanager
def _begun(build: Build, root: Path) -> Iterator[subprocess.Popen[str]]:
    # Isolated, as when it is prepared: the build is to find its own modules, and not those beside the script.
    command = (str(build.interpreter), "-I", worker.__file__, str(root))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - a build that the user has named
        try:
            yield process
        finally:
            process.terminate()


def _tell(process: subprocess.Popen[str], line: str) -> None:
    print(line, file=process.stdin, flush=True)


def _heard(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        return line
    raise NotConfigured(f"{process.args!r} has ended before its work was done; its own words stand above")
