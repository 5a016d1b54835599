"""Duty by the rates of a day: the worked values of chapter 2.5, the edges of its bands, and what always holds."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.duty.assessing import Assessment, asked_amiss, assess, cents
from esad_gateway.ais.duty.goods import ExciseGoods, GoodsUse, goods_of, goods_of_entry
from esad_gateway.ais.duty.law import DutyLaw, PartKind
from esad_gateway.ais.provenance import Mark
from esad_gateway.ais.saad.record import SaadLine
from esad_gateway.emcs.messages.groups import BodyEadEsad, Package
from esad_gateway.profiles.lithuania.tariffs import DUTY

D = Decimal
IN_2023, IN_2025 = date(2023, 6, 1), date(2025, 6, 1)


def goods(**said: Any) -> ExciseGoods:
    """A line, its numbers written as texts."""
    numbers = {"quantity", "strength", "plato", "net_mass", "litres", "retail_price"}
    values: dict[str, Any] = {name: D(value) if name in numbers else value for name, value in said.items()}
    return ExciseGoods(**values)


def assessed(day: date, **said: Any) -> Assessment:
    """What one line makes on a day in Lithuania."""
    return assess([goods(**said)], day, DUTY)


PACK = {"retail_price": "6.00", "pieces_in_package": 20}


@pytest.mark.parametrize(
    ("day", "said", "duty"),
    [
        pytest.param(IN_2025, {"product": "B000", "quantity": "1000", "strength": "5.0"}, "548.50", id="beer 2025"),
        pytest.param(IN_2025, {"product": "W200", "quantity": "900", "strength": "12"}, "2286.00", id="wine 12 %"),
        pytest.param(IN_2025, {"product": "W200", "quantity": "900", "strength": "8.5"}, "1143.00", id="wine 8.5 %"),
        pytest.param(IN_2025, {"product": "S200", "quantity": "700", "strength": "40"}, "7778.40", id="spirits 40 %"),
        pytest.param(IN_2025, {"product": "I000", "quantity": "100", "strength": "18"}, "370.00", id="intermediate"),
        pytest.param(IN_2025, {"product": "T200", "quantity": "10", **PACK}, "1676.00", id="cigarettes at 6.00"),
        pytest.param(
            IN_2025, {"product": "T200", "quantity": "10", **PACK, "retail_price": "4.00"}, "1497.00", id="minimum"
        ),
        pytest.param(IN_2025, {"tariff_group": "X54", "quantity": "10"}, "6300.00", id="e-liquid"),
        pytest.param(IN_2025, {"product": "E430", "quantity": "10000"}, "5196.00", id="gas oil"),
        pytest.param(IN_2023, {"product": "B000", "quantity": "1000", "strength": "5"}, "430.00", id="beer 2023"),
        pytest.param(IN_2023, {"product": "W200", "quantity": "900", "strength": "12"}, "1791.00", id="wine 2023"),
    ],
)
def test_worked_values_of_chapter_2_5(day: date, said: dict[str, Any], duty: str) -> None:
    """Every value that the requirements reckon, to the cent."""
    made = assessed(day, **said)

    assert made.faults == ()
    assert made.amount == D(duty)
    assert made.exact == D(duty)


@pytest.mark.parametrize(
    ("product", "strength", "rate"),
    [
        ("W200", "8.5", "127"),
        ("W200", "8.51", "254"),
        ("W300", "8.5", "127"),
        ("I000", "15", "292"),
        ("I000", "15.01", "370"),
    ],
)
def test_edge_of_a_band_belongs_to_the_lower_one(product: str, strength: str, rate: str) -> None:
    """8.5 and 15 % vol are the last strengths of the lower bands."""
    made = assessed(IN_2025, product=product, quantity="100", strength=strength)

    assert made.exact == D(rate)


def test_beer_of_a_small_brewery_has_half_the_rate_when_it_is_claimed() -> None:
    """The use is claimed by whoever asks; nothing is derived."""
    full = assessed(IN_2025, product="B000", quantity="1000", strength="5")
    half = assessed(IN_2025, product="B000", quantity="1000", strength="5", use=GoodsUse.SMALL_BREWERY)

    assert half.exact * 2 == full.exact


def test_steps_lead_from_the_quantity_to_the_amount() -> None:
    """Quantity, unit of the tariff, parts with their sources, minimum, amount."""
    (line,) = assessed(IN_2025, product="T200", quantity="10", retail_price="4.00", pieces_in_package=20).lines

    assert (line.group.code, line.goods.product, line.taxed) == ("X50", "T200", D(10))
    assert {one.part.kind: one.amount for one in line.parts} == {
        PartKind.SPECIFIC: D(926),
        PartKind.AD_VALOREM: D(500),
        PartKind.MINIMUM: D(1497),
    }
    assert {one.part.provenance.mark for one in line.parts} == {Mark.VERIFIED}


def test_energy_has_a_second_part_for_carbon_dioxide() -> None:
    """Petrol of 2025: 466 and 47 EUR a thousand litres, each with its source."""
    (line,) = assessed(IN_2025, product="E420", quantity="1000").lines

    assert [(one.part.kind, one.amount) for one in line.parts] == [(PartKind.SPECIFIC, D(466)), (PartKind.CO2, D(47))]


@pytest.mark.parametrize(
    ("said", "duty"),
    [
        pytest.param({"product": "T300", "quantity": "1", "net_mass": "10"}, "1097", id="pieces taxed by mass"),
        pytest.param(
            {"product": "T500", "cn_code": "24041100", "quantity": "5", "pieces": 20000}, "1788", id="mass by pieces"
        ),
        pytest.param({"product": "E500", "quantity": "2000"}, "742", id="kilograms by the tonne"),
        pytest.param({"tariff_group": "X71", "quantity": "100", "use": GoodsUse.BUSINESS}, "52", id="megawatt hours"),
    ],
)
def test_tariff_that_counts_otherwise_than_emcs_asks_for_its_own_measure(said: dict[str, Any], duty: str) -> None:
    """Cigars come by the thousand and are taxed by weight; heated tobacco the other way round."""
    made = assessed(IN_2025, **said)

    assert (made.faults, made.exact) == ((), D(duty))


def test_heavy_fuel_oil_that_does_not_conform_is_taxed_by_the_litre() -> None:
    """The unit belongs to the rate: a tonne for one use, a thousand litres for another."""
    by_mass = assessed(date(2024, 3, 1), product="E470", quantity="1000")
    by_volume = assessed(date(2024, 3, 1), product="E470", quantity="1000", litres="1040", use=GoodsUse.NON_CONFORMING)

    assert (by_mass.exact, by_volume.exact) == (D("15.06"), D("426.4"))


def test_cn_code_alone_finds_the_tariff_where_it_belongs_to_one() -> None:
    """CN 2203 00 01 is beer and nothing else; a CN code of two tariffs is asked about."""
    beer = assessed(IN_2025, cn_code="22030001", quantity="100", strength="5")
    either = assessed(IN_2025, cn_code="22060059", quantity="100", strength="5")

    assert [line.group.code for line in beer.lines] == ["110"]
    assert [fault.text.key for fault in either.faults] == ["duty.several.text"]


NO_GROUP = {"product": "E800", "quantity": "1"}


@pytest.mark.parametrize(
    ("day", "said", "item", "name"),
    [
        (IN_2025, {"product": "W200", "quantity": "0", "strength": "12"}, "quantity", "amount"),
        (IN_2025, {"product": "W200", "quantity": "-1", "strength": "12"}, "quantity", "amount"),
        (IN_2025, {"product": "W200", "quantity": "NaN", "strength": "12"}, "quantity", "amount"),
        (IN_2025, {"product": "W200", "quantity": "sNaN", "strength": "12"}, "quantity", "amount"),
        (IN_2025, {"product": "W200", "quantity": "Infinity", "strength": "12"}, "quantity", "amount"),
        (IN_2025, {"product": "W200", "quantity": "1e400", "strength": "12"}, "quantity", "amount"),
        (IN_2025, {"product": "W200", "quantity": "1e-400", "strength": "12"}, "quantity", "amount"),
        (IN_2025, {"product": "T200", "quantity": "1", **PACK, "pieces_in_package": 0}, "pieces_in_package", "amount"),
        (IN_2025, {"product": "W200", "quantity": "1", "strength": "100.1"}, "strength", "strength"),
        (IN_2025, {"product": "W200", "quantity": "1", "strength": "0"}, "strength", "strength"),
        (IN_2025, {"product": "B000", "quantity": "1", "strength": "5", "plato": "12"}, "plato", "plato"),
        (IN_2025, {"quantity": "1"}, "product", "no_goods"),
        (IN_2025, {"product": "Z999", "quantity": "1"}, "product", "product"),
        (IN_2025, {"product": "B000", "cn_code": "24022090", "quantity": "1", "strength": "5"}, "cn_code", "cn_code"),
        (IN_2025, {"tariff_group": "999", "quantity": "1"}, "tariff_group", "group"),
        (date(2022, 6, 1), {"tariff_group": "110", "quantity": "1"}, "tariff_group", "group"),
        (
            IN_2025,
            {"product": "B000", "tariff_group": "210", "quantity": "1", "strength": "5"},
            "tariff_group",
            "group_product",
        ),
        (IN_2025, NO_GROUP, "product", "no_group"),
        (IN_2025, {"cn_code": "99999999", "quantity": "1"}, "cn_code", "no_group"),
        (IN_2025, {"product": "E420", "quantity": "1", "use": GoodsUse.FARMING}, "use", "use"),
        (IN_2025, {"product": "E440", "quantity": "1"}, "use", "use_missing"),
        (date(2024, 6, 1), {"product": "T200", "quantity": "1", **PACK}, "product", "day"),
        (date(2027, 1, 1), {"product": "B000", "quantity": "1", "strength": "5"}, "product", "day"),
        (date(2026, 7, 1), {"tariff_group": "X54", "quantity": "1"}, "product", "day"),
        (IN_2025, {"product": "W200", "quantity": "1"}, "strength", "missing"),
        (IN_2025, {"product": "T300", "quantity": "1"}, "net_mass", "missing"),
        (IN_2025, {"product": "E420", "quantity": "1", "strength": "5"}, "strength", "needless"),
    ],
)
def test_line_that_cannot_be_assessed_says_why(day: date, said: dict[str, Any], item: str, name: str) -> None:
    """One thing is wrong, and exactly that is told, at its place, whatever else is asked about."""
    good = goods(product="W200", quantity="100", strength="12")
    made = assess([good, goods(**said)], day, DUTY)

    assert [(one.path, one.text.key) for one in made.faults if one.path.startswith("goods[2]")] == [
        (f"goods[2].{item}", f"duty.{name}.text")
    ]
    assert [line.line for line in made.lines] == ([1] if 2023 <= day.year <= 2026 else [])


def test_all_faults_of_all_lines_are_told_at_once() -> None:
    """Two lines with three faults, the values as they were given."""
    wrong = [goods(product="T200", quantity="-3"), goods(product="B000", quantity="1", strength="200", plato="12")]
    faults = assess(wrong, IN_2025, DUTY).faults

    assert [(one.path, one.value) for one in faults] == [
        ("goods[1].quantity", "-3"),
        ("goods[1].retail_price", None),
        ("goods[1].pieces_in_package", None),
        ("goods[2].strength", "200"),
        ("goods[2].plato", "12"),
    ]
    assert {(one.code, one.rule) for one in faults} == {("2.5", "2.5")}


def test_band_without_a_rate_is_told_as_a_day_without_one() -> None:
    """Where only the lower band is known, a stronger wine has no rate, rather than the wrong one."""
    only_low = tuple(rate for rate in DUTY.rates if rate.band.above is None)
    law = DutyLaw(state="LT", groups=DUTY.groups, rates=only_low, tax_point=DUTY.tax_point, cents=DUTY.cents)
    (fault,) = assess([goods(product="W200", quantity="1", strength="12")], IN_2025, law).faults

    assert fault.text.key == "duty.day.text"


def test_question_names_goods_and_not_too_many() -> None:
    """None at all, or a hundred thousand lines, are told before anything is assessed."""
    one = goods(product="W200", quantity="1", strength="12")

    assert asked_amiss([one]) == ()
    assert [fault.text.key for fault in asked_amiss([])] == ["duty.empty.text"]
    assert [(fault.text.key, fault.value) for fault in asked_amiss([one] * 100_000)] == [
        ("duty.too_many.text", "100000")
    ]


def test_half_a_cent_is_rounded_up() -> None:
    """Cents are made once, at the end of a line; what was reckoned stays beside them."""
    (line,) = assessed(IN_2025, product="B000", quantity="1", strength="5", use=GoodsUse.SMALL_BREWERY).lines

    assert (line.exact, line.amount) == (D("0.27425"), D("0.27"))
    assert cents(D("0.275")) == D("0.28")


def test_goods_are_read_from_lines_of_documents() -> None:
    """From an e-SAD, all of it or what was received of it; from the SAAD list likewise."""
    sent = BodyEadEsad(
        body_record_unique_reference=1,
        excise_product_code="T300",
        cn_code="24021000",
        quantity=D(4),
        gross_mass=D(12),
        net_mass=D(10),
        package=(Package(kind_of_packages="BX", number_of_packages=1),),
    )
    entered = SaadLine(product="W200", cn_code="22042112", quantity=D(900), strength=D(12))

    assert goods_of(sent) == goods(product="T300", cn_code="24021000", quantity="4", net_mass="10")
    assert goods_of(sent, D(1)) == goods(product="T300", cn_code="24021000", quantity="1", net_mass="2.5")
    assert goods_of_entry(entered) == goods(product="W200", cn_code="22042112", quantity="900", strength="12")
    assert goods_of_entry(entered, D(90)).quantity == D(90)


AMOUNTS = st.decimals("0.001", "999999", places=3)
STRENGTHS = st.decimals("0.5", "100", places=2)
LINES = st.one_of(
    st.builds(
        ExciseGoods, product=st.sampled_from(["B000", "W200", "I000", "S200"]), quantity=AMOUNTS, strength=STRENGTHS
    ),
    st.builds(
        ExciseGoods,
        product=st.just("T200"),
        quantity=AMOUNTS,
        retail_price=AMOUNTS,
        pieces_in_package=st.sampled_from([10, 20, 25]),
    ),
)


@given(st.lists(LINES, max_size=8), st.randoms(use_true_random=False))
def test_duty_is_additive_whatever_the_order(lines: list[ExciseGoods], chance: Any) -> None:
    """Lines together make what they make one by one, in any order, and never less than nothing."""
    alone = [assess([one], IN_2025, DUTY) for one in lines]
    mixed = list(lines)
    chance.shuffle(mixed)
    together = assess(mixed, IN_2025, DUTY)

    assert together.faults == ()
    assert together.exact == sum(one.exact for one in alone)
    assert together.amount == sum(one.amount for one in alone)
    assert all(one.exact >= 0 for one in alone)


@given(LINES, AMOUNTS)
def test_more_goods_never_have_less_duty(line: ExciseGoods, more: Decimal) -> None:
    """Duty grows with the quantity, also where a minimum counts."""
    larger = ExciseGoods(
        product=line.product,
        quantity=line.quantity + more,
        strength=line.strength,
        retail_price=line.retail_price,
        pieces_in_package=line.pieces_in_package,
    )

    assert assess([larger], IN_2025, DUTY).exact >= assess([line], IN_2025, DUTY).exact
