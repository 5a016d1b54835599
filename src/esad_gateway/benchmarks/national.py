"""A month of many numbers with many receipts: its declarations, as ``esad declare all`` makes them, and one board."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, Final

from sqlalchemy import insert

from esad_gateway.ais.declarations.noted import receipt_note
from esad_gateway.ais.declarations.receipt import GoodsReceipt, ReceivedLine, Route
from esad_gateway.benchmarks.material import Material
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.movement import Side
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.national.board import board_of
from esad_gateway.ports.reading import Noted
from esad_gateway.settings import read_settings
from esad_gateway.signing.pki import KeyKind
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, writing
from esad_gateway.store.effects import write_effects
from esad_gateway.store.opening import open_store
from esad_gateway.store.rows import operator_row

SECONDS: Final = 10
"""So long may the declarations of a month take."""

MEGABYTES: Final = 150
"""So much memory may they take at most."""

MILLISECONDS: Final = 20
"""So long may the deadline board of one of these numbers take."""

_MEASURED: Final = """
import resource, subprocess, sys, time
began = time.perf_counter()
ended = subprocess.run(sys.argv[1:]).returncode
took = time.perf_counter() - began
print(took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(ended)
"""
"""Runs a command, and tells its seconds and its most kilobytes: a process begins with the most that the one which
started it has, so a small one does."""

_BOARDS: Final = 200
"""Of how many numbers the board is asked, once each."""

_PERIOD: Final = date(2025, 8, 1)
_AT: Final = datetime(2025, 8, 29, tzinfo=UTC)
_GROUP: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalPlan:
    """How many numbers there are, and how many receipts each has."""

    numbers: int = 2000
    receipts: int = 100
    kind: KeyKind = KeyKind.RSA

    @property
    def ticks(self) -> int:
        """How many steps ``measure_national`` has."""
        return -(-self.numbers * self.receipts // _GROUP) + 1


QUICK_NATIONAL: Final = NationalPlan(numbers=100)


def measure_national(plan: NationalPlan, folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Fill a store in ``folder``, which is empty, and make every declaration of a month.

    Returns the seconds and the most memory (MiB) of one command from its start to its end, the database on disk, and
    the milliseconds of a deadline board among all of them, the calendar being loaded.
    """
    material = Material.make(folder, plan.kind)
    with closing(open_store(material.data.database, "NDEA.LT")) as store:
        with writing(store.writer) as connection:
            Driver(connection).many(insert(tables.operator), [operator_row(_operator(one), {}) for one in _seeds(plan)])
        noted = _noted(plan)
        while group := list(islice(noted, _GROUP)):
            with writing(store.writer) as connection:
                write_effects(Driver(connection), group)
            tick()
    seconds, memory, count = _declared(material.data.root, folder / "declared.jsonl")
    boards = _boards(material.data, plan)
    tick()
    return {
        "numbers": count,
        "receipts": plan.numbers * plan.receipts,
        "seconds": round(seconds, 2),
        "seconds_goal": SECONDS,
        "memory_mib": round(memory, 1),
        "memory_goal": MEGABYTES,
        "board_ms": round(median(boards) * 1000, 2),
        "board_p99_ms": round(quantiles(boards, n=100)[-1] * 1000, 2),
        "board_goal": MILLISECONDS,
    }


def _boards(data: DataDirectory, plan: NationalPlan) -> list[float]:
    """The seconds that the board of each of some numbers takes, every one with a month that nobody has declared."""
    with closing(open_store(data.database, "NDEA.LT")) as store:
        board = board_of(store, read_settings(data.root), SystemClock())
        board.board(next(_seeds(plan)))
        return [_took(partial(board.board, seed)) for seed in islice(cycle(_seeds(plan)), _BOARDS)]


def _took(what: Callable[[], object]) -> float:
    began = perf_counter()
    what()
    return perf_counter() - began


def _declared(root: Path, into: Path) -> tuple[float, float, int]:
    """Run the command; seconds, MiB, and how many declarations it told."""
    month = f"{_PERIOD:%Y-%m}"
    command = [sys.executable, "-m", "esad_gateway", "declare", "all", month, "--data", str(root), "--json"]
    with into.open("wb") as out:
        measured = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-S", "-c", _MEASURED, *command], stdout=out, stderr=subprocess.PIPE, text=True, check=True
        )
    seconds, kilobytes = measured.stderr.splitlines()[-1].split()
    with into.open("rb") as told:
        return float(seconds), int(kilobytes) / 1024, sum(1 for _ in told)


def _seeds(plan: NationalPlan) -> Iterator[str]:
    return (f"LT9{number:010}" for number in range(plan.numbers))


def _operator(seed: str) -> Operator:
    return Operator(
        seed=seed,
        name=f"Trader {seed}",
        operator_type=OperatorType.CERTIFIED_CONSIGNEE,
        office="LT001000",
        valid_from=date(2023, 2, 13),
        products=frozenset({"B000", "W200"}),
    )


def _noted(plan: NationalPlan) -> Iterator[Noted]:
    """Receipts of one or two lines, in turn by number, as messages bring them."""
    for turn in range(plan.receipts):
        for place, seed in enumerate(_seeds(plan)):
            count = turn * plan.numbers + place
            lines = (
                ReceivedLine(1, "B000", Decimal(1000 + count % 977), "22030001", Decimal("5.0")),
                ReceivedLine(2, "W200", Decimal(900 + count % 991), "22042109", Decimal("12.0")),
            )
            receipt = GoodsReceipt(
                seed=seed,
                route=Route.ESAD,
                day=_PERIOD.replace(day=1 + count % 28),
                document=f"25PL{count:017}",
                lines=lines[: 1 + count % 2],
            )
            yield Noted(receipt_note(receipt), _AT, Side.DESTINATION, seed, turn + 1)
