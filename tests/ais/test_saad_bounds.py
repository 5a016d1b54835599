"""What just fits into an entry is entered; what is one more has a fixture of its rule."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from esad_gateway.ais.saad.deciding import Entered, Refused, decide
from esad_gateway.ais.saad.record import SaadEntry
from helpers.saad_list import entry_named, facts_of, now

WINE = entry_named("mvv-certified")
LINE = WINE.lines[0]


def of(**values: object) -> SaadEntry:
    """The wine with a line of other values."""
    return replace(WINE, lines=(replace(LINE, **values),))  # type: ignore[arg-type]  # any field of a line


@pytest.mark.parametrize(
    "entry",
    [
        replace(WINE, document="9" * 350),
        replace(WINE, document="9"),
        replace(WINE, consignor="D" * 182),
        replace(WINE, lines=(LINE,) * 999),
        of(quantity=Decimal("999999999999.999")),
        of(quantity=Decimal("0.001")),
        of(quantity=Decimal("9.0000000")),
        of(packages=1),
        of(packages=10**15 - 1),
        of(shortage=LINE.quantity),
        of(shortage=Decimal("0.001")),
        of(excess=Decimal("999999999999.999")),
    ],
    ids=lambda entry: entry.document[:10],
)
def test_what_just_fits_is_entered(entry: SaadEntry) -> None:
    """Bounds are included."""
    assert isinstance(decide(entry, None, facts_of(entry), now()), Entered)


@pytest.mark.parametrize(("day", "kind"), [(date(2024, 12, 31), Refused), (date(2025, 1, 1), Entered)])
def test_cn_code_counts_from_its_first_day(day: date, kind: type) -> None:
    """Goods that leave on the day from which a code belongs to their product have it."""
    oil = replace(LINE, product="E430", cn_code="27101942", strength=None, packages=None, package_kind="VL")
    entry = replace(entry_named("paper-greece"), dispatched=day, received=date(2025, 1, 2), lines=(oil,))
    assert isinstance(decide(entry, None, facts_of(entry), now()), kind)


def test_more_packages_than_can_be_written() -> None:
    """A number of packages has fifteen digits at most."""
    decision = decide(of(packages=10**15), None, facts_of(WINE), now())
    assert isinstance(decision, Refused)
    assert [fault.rule for fault in decision.faults] == ["SAAD-25"]
