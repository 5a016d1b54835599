"""Batches: deferred dispatches and receipts beside floor and usual stack, memory, and messages beside a batch."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from esad_gateway import resources
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.benchmarks.batch_beside import BesidePlan, beside
from esad_gateway.benchmarks.batch_floor import DraftFloor
from esad_gateway.benchmarks.batch_material import SEED, BatchMaterial
from esad_gateway.benchmarks.batch_ours import OursOfBatches, Took, ours_of
from esad_gateway.benchmarks.builds import environment
from esad_gateway.benchmarks.measure import usual_installed
from esad_gateway.benchmarks.ours import NotTaken
from esad_gateway.ports.batches import Mode
from esad_gateway.signing.canonical import canonical
from esad_gateway.xml.parse import parse

if TYPE_CHECKING:
    from esad_gateway.benchmarks.batch_usual import UsualBatches

DRAFTS_TO_FLOOR: Final = 1.5
USUAL_TO_DRAFTS: Final = 20
USUAL_TO_ENTRIES: Final = 10
MEMORY_MB: Final = 60
FLAT_MB: Final = 8
BESIDE: Final = 2.0
"""The goals: at most, at least, at least, at most (all in comparison), and how much memory may grow with the rows."""

FORMATS: Final = ("csv", "xlsx")

Tick = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """How much is measured: rows of ours in each of so many rounds, and those of which the usual stack takes a sample.

    ``memory`` are the rows of CSV files for which memory is told, ``sheet`` those of a workbook.
    """

    rounds: int = 3
    dispatches: int = 10_000
    usual_dispatches: int = 200
    receipts: int = 100_000
    usual_receipts: int = 2_000
    memory: Sequence[int] = (100_000, 1_000_000)
    sheet: int = 100_000
    beside: BesidePlan = field(default_factory=BesidePlan)

    @property
    def ticks(self) -> int:
        """How many steps ``measure_batch`` has."""
        entered = len(FORMATS) * (self.rounds + 2)
        return self.rounds + 1 + entered + 1 + len(self.memory) + 1 + len(self.beside.rows) * self.beside.ticks


QUICK_BATCH: Final = BatchPlan(
    rounds=2,
    dispatches=1_000,
    usual_dispatches=20,
    receipts=4_000,
    usual_receipts=200,
    memory=(2_000, 10_000),
    sheet=2_000,
    beside=BesidePlan(rounds=1, messages=100, rows={BatchKind.SAAD: 30_000, BatchKind.DISPATCH: 3_000}),
)


def measure_batch(plan: BatchPlan, folder: Path, tick: Tick) -> dict[str, Any]:
    """Measure with data directories below ``folder``, which is empty; ``tick`` is called after every step.

    Raises NotTaken when rows are not taken, and NotConfigured when what only the comparison needs is not installed.
    """
    usual = _usual_stack()
    material = BatchMaterial.make(folder / "rows")
    with ours_of(material.root) as ours:
        rows = _Rows(plan, material, ours, tick)
        drafts = rows.dispatched()
        with closing(_usual(usual, material, drafts[0])) as stack:
            dispatch = rows.dispatch_figures(stack)
            saad = {name: rows.entered(stack, name) for name in FORMATS}
    return {
        "dispatch": dispatch,
        "saad": saad,
        "memory_mb": _memory(plan, folder / "memory", tick),
        "beside": {kind.value: beside(plan.beside, kind, folder / kind.value, tick) for kind in plan.beside.rows},
        "seed": SEED,
    }


def _usual_stack() -> "type[UsualBatches]":
    with usual_installed():
        from esad_gateway.benchmarks.batch_usual import UsualBatches  # noqa: PLC0415 - an extra: it may be missing
    return UsualBatches


def _schema(material: BatchMaterial) -> Path:
    return resources.schemas() / "emcs" / material.material.settings.release / "ie815.xsd"


def _usual(usual: "type[UsualBatches]", material: BatchMaterial, draft: bytes) -> "UsualBatches":
    path = material.material.root / "usual.db"
    return usual(path, _schema(material), draft, material.material.agent, material.operators)


class _Rows:
    """Rows of both kinds through our worker and through the others, and what each took."""

    def __init__(self, plan: BatchPlan, material: BatchMaterial, ours: OursOfBatches, tick: Tick) -> None:
        self._plan = plan
        self._material = material
        self._ours = ours
        self._tick = tick
        self._took: dict[str, list[Took]] = {}

    def dispatched(self) -> Sequence[bytes]:
        """Dispatches through the worker and the floor, in turn; some drafts, unsigned."""
        material, plan, drafts = self._material, self._plan, list[bytes]()
        for turn in range(plan.rounds):
            path = self._file(BatchKind.DISPATCH, f"D{turn}", plan.dispatches)
            batch = self._ours.hand_in(path, BatchKind.DISPATCH, material.consignor, Mode.WHOLE)
            drafted, submitted, signed = self._ours.dispatched(batch, plan.dispatches)
            drafts = [_unsigned(one) for one in signed]
            self._note("ours", drafted, plan.dispatches)
            self._note("submitted", submitted, len(signed))
            with closing(DraftFloor(path.with_suffix(".floor"), _schema(material), material.key)) as floor:
                self._note("floor", _timed(partial(floor.sign, drafts)), len(drafts))
            self._tick()
        return drafts

    def dispatch_figures(self, usual: "UsualBatches") -> dict[str, Any]:
        """What a dispatch takes, with what the usual stack takes for a sample."""
        count = self._plan.usual_dispatches
        path = self._file(BatchKind.DISPATCH, "DU", count)
        self._note("usual", _timed(partial(usual.dispatch, path)), count)
        self._tick()
        figures = {name: self._least(name) for name in ("floor", "ours", "usual", "submitted")}
        return {**figures, **_ratios("ours_to_floor", figures, "ours", "floor"), **_usual_ratios(figures)}

    def entered(self, usual: "UsualBatches", name: str) -> dict[str, Any]:
        """What a receipt takes in a file of a format."""
        from esad_gateway.benchmarks.batch_usual import csv_rows, xlsx_rows  # noqa: PLC0415 - it is there

        read = csv_rows if name == "csv" else xlsx_rows
        plan = self._plan
        for turn in range(plan.rounds):
            path = self._file(BatchKind.SAAD, f"S{turn}", plan.receipts, name)
            batch = self._ours.hand_in(path, BatchKind.SAAD, self._material.trader(BatchKind.SAAD))
            self._note(f"ours {name}", self._ours.entered(batch), plan.receipts)
            self._tick()
        for way, enter in (("usual", usual.enter), ("together", usual.enter_together)):
            path = self._file(BatchKind.SAAD, f"U{way}{name}", plan.usual_receipts, name)
            self._note(f"{way} {name}", _timed(partial(enter, read(path))), plan.usual_receipts)
            self._tick()
        figures = {way: self._least(f"{way} {name}") for way in ("ours", "usual", "together")}
        together = _ratios("usual_in_one_commit_to_ours", figures, "together", "ours")
        return {**figures, **_usual_ratios(figures), **together}

    def _file(self, kind: BatchKind, begin: str, count: int, name: str = "csv") -> Path:
        path = self._material.material.root / f"{begin}-{name}.{name}"
        self._material.write(kind, path, count, f"{begin}{name[0].upper()}")
        return path

    def _note(self, name: str, took: Took, count: int) -> None:
        self._took.setdefault(name, []).append(Took(took.seconds / count, took.cpu / count))

    def _least(self, name: str) -> dict[str, float]:
        """Of the quiet round: what else runs can only add."""
        rounds = self._took[name]
        return Took(min(one.seconds for one in rounds), min(one.cpu for one in rounds)).each_us(1)


def _timed(work: Callable[[], None]) -> Took:
    begin = Took.so_far()
    work()
    return Took.so_far().since(begin)


def _ratios(name: str, figures: Mapping[str, Mapping[str, float]], upper: str, lower: str) -> dict[str, float]:
    """How many times as long one takes: by the clock, and by the processor."""
    return {
        name: round(figures[upper]["us"] / figures[lower]["us"], 2),
        f"{name}_cpu": round(figures[upper]["cpu_us"] / figures[lower]["cpu_us"], 2),
    }


def _usual_ratios(figures: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    return _ratios("usual_to_ours", figures, "usual", "ours")


def _unsigned(signed: bytes) -> bytes:
    root = parse(signed)
    root.remove(root[-1])
    return canonical(root)


def _memory(plan: BatchPlan, folder: Path, tick: Tick) -> dict[str, Any]:
    """MiB that a worker of its own holds at most: with nothing to do, and with files of receipts."""
    material = BatchMaterial.make(folder)
    idle = _peak(material.root)["own"]
    tick()
    peaks = {}
    for count in plan.memory:
        peaks[count] = _worked(material, count, "csv")["own"]
        tick()
    sheet = _worked(material, plan.sheet, "xlsx")
    tick()
    rows = {str(count): round(peak - idle, 1) for count, peak in peaks.items()}
    least, most = peaks[min(peaks)], peaks[max(peaks)]
    return {
        "idle": idle,
        "above_idle": rows,
        "growth": round(most - least, 1),
        "sheet": {"rows": plan.sheet, "above_idle": round(sheet["own"] - idle, 1), "reader": sheet["children"]},
    }


def _worked(material: BatchMaterial, count: int, name: str) -> dict[str, float]:
    path = material.material.root / f"{count}.{name}"
    material.write(BatchKind.SAAD, path, count, f"M{count}{name[0].upper()}")
    with ours_of(material.root) as ours:
        batch = ours.hand_in(path, BatchKind.SAAD, material.trader(BatchKind.SAAD))
    peak = _peak(material.root)
    with ours_of(material.root) as ours:
        ours.expect_all(batch)
    return peak


def _peak(root: Path) -> dict[str, float]:
    command = (sys.executable, "-m", "esad_gateway.benchmarks.batch_process", str(root))
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment(), text=True, check=False)  # noqa: S603 - this very program
    if done.returncode:
        raise NotTaken(f"the worker has ended with {done.returncode}; its own words stand above")
    peak: dict[str, float] = json.loads(done.stdout)
    return peak
