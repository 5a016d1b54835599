"""``esad bench``: what this machine needs for a message, next to the floor and to a usual pipeline."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress

from esad_gateway.benchmarks.measure import GROUP, Plan, measure
from esad_gateway.benchmarks.report import GOALS, Figure, Report
from esad_gateway.cli import output
from esad_gateway.signing.pki import KeyKind

ROUNDS: Final = 25
QUICK_ROUNDS: Final = 4

_PATHS: Final = {
    "validate": "parse + XSD",
    "store": "verify + validate + store",
    "round_trip": "IE815 in, signed IE801 out",
}
_FURTHER: Final = {
    "validate_with_rules": "ours: parse + XSD + binding + rules of content",
    "store_commit_each": "ours: verify + validate + store, one commit each",
    "round_trip_commit_each": "ours: IE815 in, signed IE801 out, one commit each",
}


def bench(
    *,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer rounds: some seconds, less certain.")] = False,
    p256: Annotated[bool, typer.Option("--p256", help="EC keys on P-256 instead of RSA.")] = False,
    disk: Annotated[
        Path | None, typer.Option(metavar="DIR", exists=True, file_okay=False, help="Keep the databases on this disk.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Measure this machine: microseconds a message of ours, of the floor, and of a usual stack, in one run.

    The floor is what the C libraries take for parsing, schema, canonical forms, digests, keys and one insert, without
    any disk. The usual stack is xmlschema, signxml and an ORM with a commit a message. They take turns in short rounds;
    figures are medians. Other work on the machine falsifies them: look at the spread.
    """
    plan = Plan(rounds=QUICK_ROUNDS if quick else ROUNDS, kind=KeyKind.P256 if p256 else KeyKind.RSA)
    with tempfile.TemporaryDirectory(prefix="esad-bench-", dir=disk) as folder, _bar(plan.ticks) as tick:
        report = measure(plan, Path(folder), tick)
    if as_json:
        output.result_json(report.as_json())
    else:
        _print(report)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], object]]:
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("bench", total=total)
        yield lambda: progress.advance(task)


def _print(report: Report) -> None:
    columns = ("microseconds a message", "floor", "ours", "usual", "ours / floor", "usual / ours", "spread")
    output.table(columns, [_row(name, figure, report.spread[name]) for name, figure in report.figures.items()])
    for name, took in report.further.items():
        output.result(f"{_FURTHER[name]}: {took}")
    machine = report.machine
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    output.result(f"ours and floor in groups of {GROUP}; {machine['keys']} keys; a sync takes {machine['sync_us']} us")
    output.result(f"{machine['processor']}, {machine['cores']} cores, load {machine['load'][0]}")
    output.result(f"Python {machine['python']}, {libraries}")


def _row(name: str, figure: Figure, spread: float) -> tuple[str, ...]:
    goal = GOALS[name]
    to_floor, to_ours = figure.ours_to_floor, figure.usual_to_ours
    return (
        _PATHS[name],
        f"{figure.floor_us}",
        f"{figure.ours_us}",
        f"{figure.usual_us}",
        f"{to_floor} {_verdict(f'at most {goal.ours_to_floor}', met=to_floor <= goal.ours_to_floor)}",
        f"{to_ours} {_verdict(f'at least {goal.usual_to_ours}', met=to_ours >= goal.usual_to_ours)}"
        if goal.usual_to_ours
        else f"{to_ours}",
        f"{spread:.0%}",
    )


def _verdict(goal: str, *, met: bool) -> str:
    return output.good(f"(goal {goal}: met)") if met else output.bad(f"(goal {goal}: not met)")


COMMANDS = (bench,)
