"""What just fits into an entry is entered; what is one more has a fixture of its rule."""

from dataclasses import replace
from decimal import Decimal

import pytest

from esad_gateway.ais.saad.deciding import Entered, decide
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
