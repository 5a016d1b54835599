"""``esad bench``: what this machine needs for a message, next to the floor and to a usual pipeline."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from esad_gateway.benchmarks.measure import GROUP, Plan, measure
from esad_gateway.benchmarks.report import GOALS, Figure, Report
from esad_gateway.cli import output
from esad_gateway.signing.pki import KeyKind

ROUNDS: Final = 20
QUICK_ROUNDS: Final = 4

_WIDTH: Final = 150  # columns where nobody's terminal says

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
    any disk. The usual stack is xmlschema, signxml and an ORM with a commit a message. Ours also binds every signed
    message, checks all rules on its content and looks for duplicates; it commits in groups. They take turns in short
    rounds; figures are first quartiles. Other work on the machine falsifies them: look at the spread.
    """
    plan = Plan(rounds=QUICK_ROUNDS if quick else ROUNDS, kind=KeyKind.P256 if p256 else KeyKind.RSA)
    with tempfile.TemporaryDirectory(prefix="esad-bench-", dir=disk) as folder, _bar(plan.ticks) as tick:
        report = measure(plan, Path(folder), tick)
    if as_json:
        output.result_json(report.as_json())
    else:
        show(report)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], object]]:
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("bench", total=total)
        yield lambda: progress.advance(task)


def show(report: Report) -> None:
    """Print a report for people: the goals beside the ratios, then the machine."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    console.print(_table(report))
    for name, took in report.further.items():
        output.result(f"{_FURTHER[name]}: {took} us")
    machine = report.machine
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    output.result(f"{machine['keys']} keys, groups of {GROUP} messages; a sync takes {machine['sync_us']} us")
    output.result(f"{machine['processor']}, {machine['cores']} cores, load {machine['load'][0]}")
    output.result(f"Python {machine['python']}, {libraries}")


def _table(report: Report) -> Table:
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
        f"{figure.ours_to_floor} {_at_most(figure.ours_to_floor, goal.ours_to_floor)}",
        f"{figure.usual_to_ours} {_at_least(figure.usual_to_ours, goal.usual_to_ours)}",
    )


def _at_most(value: float, goal: float) -> str:
    return _verdict(f"at most {goal}", met=value <= goal)


def _at_least(value: float, goal: float | None) -> str:
    return "" if goal is None else _verdict(f"at least {goal}", met=value >= goal)


def _verdict(goal: str, *, met: bool) -> str:
    return f"[green](goal {goal}: met)[/green]" if met else f"[red](goal {goal}: not met)[/red]"


COMMANDS = (bench,)
