"""Draws the page of metrics: ``python tests/helpers/draw_metrics.py`` writes it anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from esad_gateway.gateway.tally import MOST_NAMES
from esad_gateway.operations.metrics import METRICS, MetricKind, Of

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"

INTRODUCTION: Final = f"""# Metrics

`GET /metrics` gives what a gateway counts to Prometheus, in its text format, or in OpenMetrics where `Accept` asks for
that. This page is made of the table in `esad_gateway.operations.metrics`: `python tests/helpers/draw_metrics.py`.

**Who may read them** stands in the setting `watchers`: addresses and networks, at first those of the machine itself. To
all others they are not there (404). A request that a reverse proxy has passed on is refused until the setting `fronts`
names that proxy: without it everybody would have the proxy's address. No metric names a trader, a message or a
movement.

**What is counted is counted by one process** since it began, so a restart begins at 0, as Prometheus expects it. Where
several processes work on one store, ask each of them and sum *process* values; values of the *store* are the same
whichever process tells them. Workers on batches are processes of their own and answer nobody: what they enter shows in
values of the store alone.

**Labels are bounded**: {MOST_NAMES} combinations a metric, and what comes beyond them is counted as `other`. Counting
costs a message a few additions; what stands in the store is looked up when it is asked for, by indexes, one reader at a
time. `process_…` of Prometheus' own library (memory, processor, open files) comes with it.

What to watch, with rules to be alerted by: [operate.md](../how-to/operate.md).
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_table(), *_bounds()])


def _table() -> Iterator[str]:
    yield "| Metric | MetricKind | Labels | Of | What it tells |\n|---|---|---|---|---|"
    for metric in METRICS:
        labels = ", ".join(f"`{label}`" for label in metric.labels)
        yield f"| `{metric.shown}` | {metric.kind} | {labels} | {metric.of} | {metric.text} |"


def _bounds() -> Iterator[str]:
    names = ", ".join(f"`{metric.name}`" for metric in METRICS if metric.kind is MetricKind.HISTOGRAM)
    own = sum(metric.of is Of.STORE for metric in METRICS)
    yield f"\nHistograms come as `_bucket`, `_sum` and `_count`: {names}.\n"
    yield f"{own} metrics are read from the store. While it cannot be read they are left out, and `esad_store_answers`"
    yield "is 0: their absence is no zero.\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
