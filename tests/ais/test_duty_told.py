"""What an administration tells of rates and codes is laid over what is shipped, or all that is amiss is said."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from esad_gateway.ais.duty.assessing import assess
from esad_gateway.ais.duty.ending import tariffs_that_end
from esad_gateway.ais.duty.goods import ExciseGoods, GoodsUse
from esad_gateway.ais.duty.law import DutyLaw, DutyUnit
from esad_gateway.ais.duty.told import ToldGroup, ToldRate, ToldTariffs, laid_over
from esad_gateway.ais.provenance import Mark
from esad_gateway.profiles.lithuania.tariffs import DUTY

D = Decimal
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
CIGARETTES = ExciseGoods(product="T200", quantity=D(10), retail_price=D(5), pieces_in_package=20)
WINE = ExciseGoods(product="W200", quantity=D(100), strength=D(12))


def rate(**said: Any) -> ToldRate:
    """A rate of beer in 2024, but for what is said."""
    known = {"tariff": "beer", "first": FIRST, "last": LAST, "specific": D("9.5"), "source": "TAR 2023-1"}
    return ToldRate(**{**known, **said})


def with_told(*rates: ToldRate, groups: tuple[ToldGroup, ...] = ()) -> DutyLaw:
    """The law of Lithuania with some rows told, in which nothing is amiss."""
    law = laid_over(DUTY, ToldTariffs(rate=rates, group=groups))
    assert isinstance(law, DutyLaw)
    return law


def amiss(*rates: ToldRate, groups: tuple[ToldGroup, ...] = ()) -> list[tuple[str, str]]:
    """Place and name of every fault of some rows."""
    faults = laid_over(DUTY, ToldTariffs(rate=rates, group=groups))
    assert not isinstance(faults, DutyLaw)
    return [(one.path, one.text.key.split(".")[1]) for one in faults]


def test_figure_that_was_not_found_is_told() -> None:
    """Cigarettes of 2024, of which nothing was found: now they can be assessed, and the source is shown."""
    told = rate(tariff="cigarettes", specific=D(85), ad_valorem=D(25), minimum=D(140))
    made = assess([CIGARETTES], date(2024, 6, 1), with_told(told))

    assert made.exact == D(1475)
    assert {part.part.provenance.mark for part in made.lines[0].parts} == {Mark.DECIDED}
    assert {part.part.provenance.source for part in made.lines[0].parts} == {"TAR 2023-1"}


@pytest.mark.parametrize(
    ("first", "last", "before", "within", "after"),
    [
        pytest.param(date(2025, 3, 1), date(2025, 3, 31), 254, 300, 254, id="in the midst"),
        pytest.param(date(2025, 3, 1), None, 254, 300, None, id="to the end and beyond"),
        pytest.param(date(2024, 1, 1), date(2025, 3, 31), 300, 300, 254, id="from before"),
    ],
)
def test_told_rate_counts_on_its_days_instead_of_what_stood_there(
    first: date, last: date | None, before: int, within: int, after: int | None
) -> None:
    """What is left of a row goes on before and after; other bands and tariffs are as they were."""
    law = with_told(rate(tariff="wine", above=D("8.5"), first=first, last=last, specific=D(300)))
    found = [assess([WINE], day, law).exact for day in (date(2025, 2, 28), date(2025, 3, 15), date(2025, 4, 1))]

    assert found == [before, within, 300 if after is None else after]
    assert assess([WINE], date(2026, 5, 1), law).exact == (300 if last is None else 296)
    weak = ExciseGoods(product="W200", quantity=D(100), strength=D(8))
    assert assess([weak], date(2025, 3, 15), law).exact == 127


def test_open_row_is_ended_by_the_one_that_is_told_next() -> None:
    """A row without an end, told before, ends where another one begins, in a later telling."""
    open_ended = with_told(rate(first=date(2027, 1, 1), last=None, specific=D(14)))
    law = laid_over(open_ended, ToldTariffs(rate=(rate(first=date(2028, 1, 1), last=date(2028, 12, 31)),)))
    beer = ExciseGoods(product="B000", quantity=D(100), strength=D(1))

    assert isinstance(law, DutyLaw)
    assert [assess([beer], date(year, 5, 1), law).exact for year in (2027, 2028, 2029)] == [D(14), D("9.5"), D(14)]


def test_unit_is_that_of_the_tariff_unless_it_is_told() -> None:
    """Heated tobacco went from kilograms to pieces, so a row may have a unit of its own."""
    law = with_told(
        rate(tariff="heated_tobacco", specific=D(113), unit=DutyUnit.KILOGRAM),
        rate(tariff="natural_gas", use=GoodsUse.BUSINESS, specific=D(1)),
    )
    told = [one for one in law.rates if one.parts[0].provenance.mark is Mark.DECIDED]

    assert [one.unit for one in told] == [DutyUnit.KILOGRAM, DutyUnit.MEGAWATT_HOUR]


def test_real_code_of_a_group_takes_the_place_of_the_placeholder() -> None:
    """Where the classifier is known, the code is told, with its source."""
    law = with_told(groups=(ToldGroup(placeholder="X30", code="310", source="VMI order 156"),))
    (line,) = assess([ExciseGoods(product="I000", quantity=D(100), strength=D(18))], date(2025, 1, 1), law).lines

    assert (line.group.code, line.group.placeholder, line.group.provenance.mark) == ("310", False, Mark.DECIDED)


@pytest.mark.parametrize(
    ("said", "item", "name"),
    [
        ({"tariff": "bear"}, "tariff", "told_tariff"),
        ({"tariff": "wine", "above": D(9)}, "above", "told_band"),
        ({"first": LAST, "last": FIRST}, "last", "told_days"),
        ({"source": " "}, "source", "told_source"),
        ({"specific": None}, "specific", "told_figure"),
        ({"specific": D("-0.01")}, "specific", "told_negative"),
        ({"minimum": D("NaN")}, "minimum", "told_negative"),
    ],
)
def test_rate_that_cannot_be_is_refused(said: dict[str, Any], item: str, name: str) -> None:
    """One thing is amiss, and that is said."""
    assert amiss(rate(**said)) == [(f"rate[1].{item}", name)]


def test_days_overlap_or_leave_a_gap() -> None:
    """Both are said of the later row; days between two rows on which a shipped one counts are no gap."""
    early, late = rate(last=date(2024, 6, 30)), rate(first=date(2024, 6, 30))
    of_2026 = rate(first=date(2026, 1, 1), last=date(2026, 12, 31))
    beyond = rate(first=date(2028, 1, 1), last=None)

    assert amiss(late, early) == [("rate[1].first", "told_overlap")]
    assert amiss(of_2026, beyond) == [("rate[2].first", "told_gap")]
    assert len(with_told(rate(), of_2026).rates) == len(DUTY.rates)


def test_group_that_cannot_be_named_so_is_refused() -> None:
    """All at once: no such placeholder, told twice, a code that is none or taken, no source."""
    assert amiss(
        groups=(
            ToldGroup(placeholder="110", code="310", source="VMI order 156"),
            ToldGroup(placeholder="X30", code="31A", source=""),
            ToldGroup(placeholder="X40", code="210", source="VMI order 156"),
            ToldGroup(placeholder="X40", code="320", source="VMI order 156"),
        )
    ) == [
        ("group[1].placeholder", "told_placeholder"),
        ("group[2].code", "told_code"),
        ("group[2].source", "told_source"),
        ("group[3].placeholder", "told_twice"),
        ("group[3].code", "told_twice"),
        ("group[4].placeholder", "told_twice"),
    ]


def test_tariffs_end_with_their_last_rate() -> None:
    """A rate that follows, or has no end, lets its tariff last; the earliest end is told first."""
    known = with_told(rate(tariff="beer", first=date(2027, 1, 1), last=None))
    ended = tariffs_that_end(known, date(2026, 12, 31))

    assert "beer" in tariffs_that_end(DUTY, date(2026, 12, 31))[date(2026, 12, 31)]
    assert not any("beer" in names for names in ended.values())
    assert list(ended) == sorted(ended)
    assert ended[date(2025, 12, 31)] == ("cigarettes", "leaded_petrol")
    assert date(2026, 12, 31) not in tariffs_that_end(DUTY, date(2026, 12, 30))
