"""The page ``docs/reference/tariffs.md``: made of the rows of tariffs and groups that are shipped for Lithuania."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from esad_gateway.ais.duty.law import DutyRate, every_rate_of, groups_on
from esad_gateway.ais.provenance import Mark
from esad_gateway.faults import Said
from esad_gateway.profiles.lithuania.tariffs import DUTY
from esad_gateway.texts import say
from esad_gateway.views.duty import band_text, plain, title_of

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "tariffs.md"
_DAYS: Final = tuple(date(year, month, 1) for year in (2023, 2024, 2025, 2026) for month in (1, 7))
_MARKS: Final = {
    Mark.SOURCE: "stands in a document of the administration",
    Mark.VERIFIED: "stands in another source, which is named",
    Mark.INFERRED: "follows from what is known, and may be otherwise",
    Mark.REMEMBERED: "from memory of the law, unverified",
    Mark.NOT_FOUND: "looked for and not found: chosen, until somebody knows",
    Mark.DECIDED: "decided by the administration, in `tariffs.toml`",
}

_HEAD: Final = """\
# Excise tariffs of Lithuania

What `esad duty` and `POST /v1/duty` reckon with, from 2023 on; [duty.md](../how-to/duty.md) says how to ask.
This page is made from the rows in the code; a test compares them (`pytest tests/ais --update-golden` makes it anew).
`esad duty rates --on 2025-06-01` shows the rates of a day.

The figures of 2026 are computed from percentages that the press has published: take the exact ones from the law before
they are relied on. A figure that was not found has no row; for its days goods are refused with what is known besides.

| Mark | Says of a figure that it |
|---|---|
"""

_TOLD: Final = """\

## What the administration knows better

A file `tariffs.toml` in the data directory is laid over these rows. It is read when it has changed, without a restart.
When anything in it cannot be, everything that is amiss is told at once, and nothing is reckoned by half of it.

```toml
[[rate]]
tariff = "cigarettes"
first = 2024-01-01
last = 2024-12-31
specific = "85"
ad_valorem = "25"
minimum = "140"
source = "the act, and where it was published"

[[group]]
placeholder = "X50"
code = "310"
source = "VMI order 156"
```

| Key of a rate | Says |
|---|---|
| `tariff` | which one, by its name in the tables above |
| `first`, `last` | its days, both included; without `last` it has no end |
| `use` | for goods of that use only |
| `above`, `up_to` | the band of strengths, as the tariff has it |
| `unit` | where it is not as before: `hl_degree`, `hl`, `hl_pure`, `thousand`, `kg`, `ml`, `thousand_l`, `t`, `mwh` |
| `specific`, `co2` | EUR a unit, as text |
| `ad_valorem` | per cent of the maximum retail price |
| `minimum` | EUR a unit that the others together are at least |
| `source` | who says so: it is shown with every figure |

Rows for the same goods may not overlap, and may leave no day between them on which nothing counts.

## How it is reckoned

A quantity in the unit of EMCS becomes one in the unit of the rate; each part of the rate makes its amount; a minimum
counts where the others make less. Nothing is rounded before the amount of a line is: to the nearest cent, half a cent
up [I]. 8.5 % and 15 % vol belong to the lower band. Beer is taxed by its actual strength, not by degree Plato.
For goods with an e-SAD the day is that of receipt in Lithuania [I].

Completely denatured alcohol (S600) and products without a tariff above are refused, rather than taxed with nothing.
"""


def page() -> str:
    """The page as it has to be."""
    return "".join((_HEAD, _rows((f"[{mark}]", _MARKS[mark]) for mark in Mark), *_groups(), *_rates(), _TOLD))


def _groups() -> Iterator[str]:
    yield "\n## Tariff groups\n\nCodes that begin with X are placeholders: the real ones were not found.\n\n"
    yield "| Group | Tariff | Goods | Excise products | CN codes | Source |\n|---|---|---|---|---|---|\n"
    yield _rows(
        (
            group.code,
            f"`{group.tariff}`",
            say(title_of(DUTY, group.tariff)),
            " ".join(sorted(group.products)) or "none",
            " ".join(group.cn_codes),
            f"{group.provenance.source} [{group.provenance.mark}]",
        )
        for group in groups_on(DUTY, _DAYS[-1])
    )


def _rates() -> Iterator[str]:
    yield "\n## Rates\n\n| Tariff | Use | % vol | Unit | From | To | EUR a unit | Source |\n"
    yield "|---|---|---|---|---|---|---|---|\n"
    for tariff in DUTY.tariffs:
        found = dict.fromkeys(rate for day in _DAYS for rate in every_rate_of(DUTY, tariff.name, day))
        yield _rows(map(_rate, found))


def _rate(rate: DutyRate) -> tuple[str, ...]:
    figures = (f"{say(Said(f'duty.step.{part.kind}'))} {plain(part.figure)}" for part in rate.parts)
    sources = dict.fromkeys(f"{part.provenance.source} [{part.provenance.mark}]" for part in rate.parts)
    return (
        f"`{rate.tariff}`",
        f"`{rate.use}`" if rate.use else "",
        band_text(rate.band),
        say(Said(f"duty.unit.{rate.unit}")),
        rate.first.isoformat(),
        rate.last.isoformat() if rate.last else "",
        "; ".join(figures),
        "; ".join(sources),
    )


def _rows(rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
