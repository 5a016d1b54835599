"""How much has to be secured, by the worked values of chapter 2.5."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.guarantees.basis import basis_of
from esad_gateway.ais.guarantees.guarantee import SecuredShare
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from esad_gateway.profiles.lithuania.tariffs import DUTY
from helpers.guarantees import beer, money

DAY = date(2025, 6, 2)


@pytest.mark.parametrize(
    ("share", "required"),
    [(SecuredShare.WHOLE, "548.50"), (SecuredShare.TENTH, "54.85"), (SecuredShare.EXEMPT, "0.00")],
)
def test_share_of_the_duty_on_an_average_month(share: SecuredShare, required: str) -> None:
    """A thousand litres of beer of 5 % in 2025: 548.50 EUR of duty."""
    found = basis_of([beer(1000)], DAY, share, DUTY, GUARANTEES)

    assert (found.basis, found.amount, found.assessment.faults) == (money("548.50"), money(required), ())


def test_goods_are_added_up_over_tariff_groups() -> None:
    """Beer and spirits, each at its own rate, unrounded until the end."""
    spirits = ExciseGoods(product="S200", cn_code="22086011", quantity=Decimal(700), strength=Decimal(40))
    found = basis_of([beer(1000), spirits], DAY, SecuredShare.TENTH, DUTY, GUARANTEES)

    assert (found.basis, found.required, found.amount) == (money("8326.90"), money("832.690"), money("832.69"))


def test_same_goods_by_the_tariffs_of_another_day() -> None:
    """In 2023 the same beer had 430.00 EUR."""
    assert basis_of([beer(1000)], date(2023, 6, 1), SecuredShare.WHOLE, DUTY, GUARANTEES).amount == money(430)


def test_goods_that_cannot_be_assessed_are_told() -> None:
    """With their place; the others count."""
    found = basis_of([beer(1000), ExciseGoods(quantity=Decimal(1))], DAY, SecuredShare.WHOLE, DUTY, GUARANTEES)

    assert found.amount == money("548.50")
    assert [fault.path for fault in found.assessment.faults] == ["goods[2].product"]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=5), st.integers(1, 10**6))
def test_more_goods_need_no_less_security(quantities: list[int], more: int) -> None:
    """And a tenth is a tenth of the whole, to the last digit."""
    goods = [beer(one) for one in quantities]
    few, many = (basis_of(one, DAY, SecuredShare.WHOLE, DUTY, GUARANTEES) for one in (goods, [*goods, beer(more)]))

    assert few.required < many.required
    assert basis_of(goods, DAY, SecuredShare.TENTH, DUTY, GUARANTEES).required * 10 == few.required
