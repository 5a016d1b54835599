"""What is asked for at doors becomes the same values at every one of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from esad_gateway.ais.guarantees.asked import AmountWish, EntryAsked, GuaranteeAsked
from esad_gateway.ais.guarantees.guarantee import AmountActKind, EntryKind, GuaranteeKind, Guarantor
from helpers.guarantees import NOW, SEED, money


def test_guarantee_has_what_was_asked_for() -> None:
    """Blanks around its reference are none of it; several may secure a movement together."""
    asked = GuaranteeAsked(
        kind=GuaranteeKind.SURETY,
        amount=Decimal(5),
        reference=" S-1 ",
        since=date(2026, 1, 1),
        guarantors=(Guarantor.OWNER, Guarantor.CONSIGNEE, Guarantor.OWNER),
    )
    made = asked.guarantee(SEED)

    assert (made.seed, made.kind, made.amount, made.reference) == (SEED, GuaranteeKind.SURETY, money(5), "S-1")
    assert sorted(made.guarantors) == [Guarantor.CONSIGNEE, Guarantor.OWNER]
    assert (made.until, made.currency) == (None, "EUR")
    assert replace(made, number=7).content == made.content != replace(made, reference="S-2").content


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (None, NOW),
        (datetime(2026, 3, 1, 8), datetime(2026, 3, 1, 8, tzinfo=UTC)),  # noqa: DTZ001 - as somebody writes it
        (datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=2))), datetime(2026, 3, 1, 6, tzinfo=UTC)),
    ],
)
def test_entry_counts_from_now_on_or_from_a_moment(at: datetime | None, counts: datetime) -> None:
    """One that names no zone is in UTC."""
    made = EntryAsked(kind=EntryKind.USED, amount=Decimal(1), guarantee=2, document=" C-1 ", at=at).entry(NOW)

    assert (made.at, made.subject, made.guarantee) == (counts, "C-1", 2)


def test_every_wish_is_kept_as_one() -> None:
    """And no decision is one."""
    assert {wish.act for wish in AmountWish} == set(AmountActKind) - {AmountActKind.SET}
