"""``esad bench``: what this machine needs for a message, next to the floor, a usual pipeline and another build."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from esad_gateway.benchmarks.batch import QUICK_BATCH, BatchPlan, measure_batch
from esad_gateway.benchmarks.builds import Build
from esad_gateway.benchmarks.cold import QUICK_COLD, ColdPlan, measure_cold
from esad_gateway.benchmarks.deliveries import DeliveriesPlan, measure_deliveries
from esad_gateway.benchmarks.filled import FEW, FilledPlan, measure_filled
from esad_gateway.benchmarks.http import QUICK_HTTP, HttpPlan, measure_http
from esad_gateway.benchmarks.machine import facts
from esad_gateway.benchmarks.measure import GROUP, Plan, measure
from esad_gateway.benchmarks.national import QUICK_NATIONAL, NationalPlan, measure_national
from esad_gateway.benchmarks.processes import QUICK_PROCESSES, ProcessesPlan, measure_processes
from esad_gateway.benchmarks.report import GOALS, BenchFigures, Figure
from esad_gateway.benchmarks.simulated import QUICK_SIMULATOR, SimulatorPlan, measure_simulator
from esad_gateway.benchmarks.space import QUICK_SPACE, SpacePlan, measure_space
from esad_gateway.cli.common import output
from esad_gateway.cli.common.bench_tables import (
    at_least,
    at_most,
    draw,
    show_batch,
    show_cold,
    show_deliveries,
    show_filled,
    show_http,
    show_machine,
    show_national,
    show_processes,
    show_simulator,
    show_space,
)
from esad_gateway.signing.pki import KeyKind

ROUNDS: Final = 20
QUICK_ROUNDS: Final = 4
POURED: Final = 1500
QUICK_POURED: Final = 100

_PATHS: Final = {
    "validate": "parse + XSD",
    "store": "verify + validate + store",
    "round_trip": "IE815 in, signed IE801 out",
}
_FURTHER: Final = {
    "validate_with_rules": "ours: parse + XSD + binding + rules of content",
    "store_commit_each": "ours: verify + validate + store, one commit each",
    "round_trip_commit_each": "ours: IE815 in, signed IE801 out, one commit each",
    "store_durable_floor": "floor with a file that is synced: verify + validate + store",
    "round_trip_durable_floor": "floor with a file that is synced: IE815 in, signed IE801 out",
    "validate_usual_lxml": "usual with lxml for xmlschema: parse + XSD",
    "store_usual_lxml": "usual with lxml for xmlschema: verify + validate + store",
    "round_trip_usual_lxml": "usual with lxml for xmlschema: IE815 in, signed IE801 out",
}


class Subject(StrEnum):
    """What can be measured."""

    PATHS = "paths"
    HTTP = "http"
    DELIVERIES = "deliveries"
    FILLED = "filled"
    SPACE = "space"
    COLD = "cold"
    PROCESSES = "processes"
    BATCH = "batch"
    SIMULATOR = "simulator"
    NATIONAL = "national"


_ALONE: Final = frozenset(
    {Subject.PATHS, Subject.FILLED, Subject.SPACE, Subject.BATCH, Subject.SIMULATOR, Subject.NATIONAL}
)
"""What runs in this process, or by parts that no other build has."""

What: TypeAlias = Annotated[
    Subject,
    typer.Argument(
        help="Paths in one process, a served gateway, two, a filled store, bytes, starts, two on one, batches, tests."
    ),
]
Against: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        exists=True,
        file_okay=False,
        help="Measure another build in turn: a virtual environment that has it, or a checkout with one (.venv).",
    ),
]
Messages: TypeAlias = Annotated[
    int, typer.Option(min=1, max=1_000_000_000, help="How many messages a filled store has, at least.")
]
Disk: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="Keep the databases on this disk.")
]


def bench(
    *,
    what: What = (Subject.PATHS),
    quick: Annotated[bool, typer.Option("--quick", help="Fewer rounds: some seconds, less certain.")] = False,
    p256: Annotated[bool, typer.Option("--p256", help="EC keys on P-256 instead of RSA.")] = False,
    against: Against = None,
    messages: Messages = FEW,
    disk: Disk = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure this machine: microseconds a message of ours, of the floor, and of a usual stack, in one run.

    The floor is what the C libraries take, the usual stack is of the extra bench. They take turns in short rounds;
    figures are first quartiles. Other work on the machine falsifies them: look at the spread.

    http: a served gateway over 1, 16 and 64 connections, by REST and by SOAP, a usual SOAP stack, and requests that
    wait. deliveries: how soon what one takes has reached another one. filled: a store of --messages (a million is worth
    an hour). space: bytes of database. cold: starts. processes: two on one store. batch: rows of batches, their memory,
    and messages beside them, with keys on P-256 in any case. simulator: member states in a test of pytest. national:
    declarations of a month. What each measures stands in docs/reference/bench.md.

    With --against, all of these but filled, space, batch, simulator and national measure another build beside this one,
    each with gateways of its own.
    """
    if what in _ALONE and against is not None:
        raise typer.BadParameter(
            "is for http, deliveries, cold and processes: all else runs in this process", param_hint="--against"
        )
    builds = (Build.ours(), *((Build.against(against),) if against else ()))
    with tempfile.TemporaryDirectory(prefix="esad-bench-", dir=disk) as folder:
        kind = KeyKind.P256 if p256 else KeyKind.RSA
        run = _Run(quick=quick, kind=kind, builds=builds, folder=Path(folder), messages=messages)
        data, tell = _MEASURED[what](run)
    if as_json:
        output.result_json(data)
    else:
        tell()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """What was asked for."""

    quick: bool
    kind: KeyKind
    builds: tuple[Build, ...]
    folder: Path
    messages: int

    @property
    def machine(self) -> dict[str, Any]:
        """What is measured on."""
        return {"keys": self.kind.value, **facts(self.folder)}


_Measured = tuple[dict[str, Any], Callable[[], None]]
"""The figures as scripts read them, and what tells them to people."""


def _paths(run: _Run) -> _Measured:
    plan = Plan(rounds=QUICK_ROUNDS if run.quick else ROUNDS, kind=run.kind)
    with _bar(plan.ticks) as tick:
        report = measure(plan, run.folder, tick)
    return report.as_json(), partial(show, report)


def _http(run: _Run) -> _Measured:
    plan = replace(QUICK_HTTP if run.quick else HttpPlan(), kind=run.kind)
    with _bar(plan.ticks(run.builds)) as tick:
        figures = measure_http(plan, run.builds, run.folder, tick)
    return {"http": figures, "machine": run.machine}, partial(show_http, figures, run.machine)


def _deliveries(run: _Run) -> _Measured:
    plan = DeliveriesPlan(messages=QUICK_POURED if run.quick else POURED, kind=run.kind)
    with _bar(plan.ticks(run.builds)) as tick:
        figures = measure_deliveries(plan, run.builds, run.folder, tick)
    return {"deliveries": figures, "machine": run.machine}, partial(show_deliveries, figures, run.machine)


def _filled(run: _Run) -> _Measured:
    plan = FilledPlan(messages=run.messages, rounds=QUICK_ROUNDS if run.quick else ROUNDS, kind=run.kind)
    with _bar(plan.ticks) as tick:
        figures = measure_filled(plan, run.folder, tick)
    return {"filled": figures, "machine": run.machine}, partial(show_filled, figures, run.machine)


def _space(run: _Run) -> _Measured:
    plan = replace(QUICK_SPACE if run.quick else SpacePlan(), kind=run.kind)
    with _bar(plan.ticks) as tick:
        figures = measure_space(plan, run.folder, tick)
    return {"space": figures, "machine": run.machine}, partial(show_space, figures, run.machine)


def _cold(run: _Run) -> _Measured:
    plan = replace(QUICK_COLD if run.quick else ColdPlan(), kind=run.kind)
    with _bar(plan.ticks(run.builds)) as tick:
        figures = measure_cold(plan, run.builds, run.folder, tick)
    return {"cold": figures, "machine": run.machine}, partial(show_cold, figures, run.machine)


def _processes(run: _Run) -> _Measured:
    plan = replace(QUICK_PROCESSES if run.quick else ProcessesPlan(), kind=run.kind)
    with _bar(plan.ticks(run.builds)) as tick:
        figures = measure_processes(plan, run.builds, run.folder, tick)
    return {"processes": figures, "machine": run.machine}, partial(show_processes, figures, run.machine)


def _batch(run: _Run) -> _Measured:
    plan = QUICK_BATCH if run.quick else BatchPlan()
    with _bar(plan.ticks) as tick:
        figures = measure_batch(plan, run.folder, tick)
    machine = {**run.machine, "keys": KeyKind.P256.value}
    return {"batch": figures, "machine": machine}, partial(show_batch, figures, machine)


def _simulator(run: _Run) -> _Measured:
    plan = QUICK_SIMULATOR if run.quick else SimulatorPlan()
    with _bar(plan.ticks) as tick:
        figures = measure_simulator(plan, run.folder, tick)
    machine = {**run.machine, "keys": KeyKind.P256.value}
    return {"simulator": figures, "machine": machine}, partial(show_simulator, figures, machine)


def _national(run: _Run) -> _Measured:
    plan = replace(QUICK_NATIONAL if run.quick else NationalPlan(), kind=run.kind)
    with _bar(plan.ticks) as tick:
        figures = measure_national(plan, run.folder, tick)
    return {"national": figures, "machine": run.machine}, partial(show_national, figures, run.machine)


_MEASURED: Final = {
    Subject.PATHS: _paths,
    Subject.HTTP: _http,
    Subject.DELIVERIES: _deliveries,
    Subject.FILLED: _filled,
    Subject.SPACE: _space,
    Subject.COLD: _cold,
    Subject.PROCESSES: _processes,
    Subject.BATCH: _batch,
    Subject.SIMULATOR: _simulator,
    Subject.NATIONAL: _national,
}


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], object]]:
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("bench", total=total)
        yield lambda: progress.advance(task)


def show(report: BenchFigures) -> None:
    """Print a report for people: the goals beside the ratios, then the machine."""
    draw(_table(report))
    for name, took in report.further.items():
        output.result(f"{_FURTHER[name]}: {took} us")
    output.result(f"groups of {GROUP} messages")
    show_machine(report.machine)


def _table(report: BenchFigures) -> Table:
    table = Table("us a message", box=SIMPLE)
    for name in ("floor", "ours", "spread", "usual", "ours / floor", "usual / ours"):
        table.add_column(name, justify="right")
    for name, figure in report.figures.items():
        table.add_row(*_row(name, figure, report.spread[name]))
    return table


def _row(name: str, figure: Figure, spread: float) -> tuple[str, ...]:
    goal = GOALS[name]
    return (
        _PATHS[name],
        f"{figure.floor_us}",
        f"{figure.ours_us}",
        f"{spread:.0%}",
        f"{figure.usual_us}",
        f"{figure.ours_to_floor} {at_most(figure.ours_to_floor, goal.ours_to_floor)}",
        f"{figure.usual_to_ours} {at_least(figure.usual_to_ours, goal.usual_to_ours)}",
    )


COMMANDS = (bench,)
