"""The page on tariffs shows every row that is shipped, and no row contradicts another."""

from collections import defaultdict

from esad_gateway.ais.duty.law import DutyRate
from esad_gateway.ais.provenance import Mark, overlapping
from esad_gateway.profiles.lithuania.tariffs import DUTY
from helpers.tariffs_page import PAGE, page


def test_page_of_tariffs(*, update_golden: bool) -> None:
    """Every group and rate, as it is."""
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_rate_is_on_the_page() -> None:
    """Also one that counts for half a year only."""
    text = page()

    assert [rate for rate in DUTY.rates if f"| {rate.first} | {rate.last} |" not in text] == []
    assert text.count("\n| `") - text.count("\n| `tariff`") >= len(DUTY.rates)


def test_no_two_rates_of_one_thing_count_on_one_day() -> None:
    """Each tariff, use and band has one rate at a time; every tariff has a name, and every figure a source."""
    rows: defaultdict[object, list[DutyRate]] = defaultdict(list)
    for rate in DUTY.rates:
        rows[rate.tariff, rate.use, rate.band].append(rate)

    assert [pair for one in rows.values() for pair in overlapping(one)] == []
    assert {rate.tariff for rate in DUTY.rates} == {one.name for one in DUTY.tariffs}
    assert all(part.provenance.source for rate in DUTY.rates for part in rate.parts)


def test_computed_figures_are_marked_as_inferred() -> None:
    """Nothing of 2026 is verified, and nothing that was not found has a figure."""
    of_2026 = [part for rate in DUTY.rates if rate.first.year == 2026 for part in rate.parts]

    assert {part.provenance.mark for part in of_2026} == {Mark.INFERRED, Mark.REMEMBERED}
    assert Mark.NOT_FOUND not in {part.provenance.mark for rate in DUTY.rates for part in rate.parts}
