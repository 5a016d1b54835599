"""Guarantees of a trader, as tests write them down."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from esad_gateway.ais.duty.goods import ExciseGoods
from esad_gateway.ais.guarantees.guarantee import (
    AmountAct,
    AmountActKind,
    EntryKind,
    Guarantee,
    GuaranteeEntry,
    GuaranteeKind,
)

SEED = "LT00000000201"
ZONE = ZoneInfo("Europe/Vilnius")
NOW = datetime(2026, 3, 20, 9, tzinfo=UTC)
ARC = "26PL00000000000000014"


def money(text: str | int) -> Decimal:
    """An amount."""
    return Decimal(text)


def deposit(amount: str = "1000.00", **more: Any) -> Guarantee:
    """A deposit that counts through the year 2026, with the number 1."""
    usual: dict[str, Any] = {
        "kind": GuaranteeKind.DEPOSIT,
        "reference": "P-1",
        "since": date(2026, 1, 1),
        "until": date(2026, 12, 31),
        "number": 1,
    }
    return Guarantee(seed=SEED, amount=money(amount), **{**usual, **more})


def entry(kind: EntryKind, amount: str | None, at: datetime = NOW, **more: Any) -> GuaranteeEntry:
    """An entry about guarantee 1; reservations and releases are about a movement and no guarantee."""
    of_movement = kind in {EntryKind.RESERVED, EntryKind.RELEASED}
    usual: dict[str, Any] = {"guarantee": 0 if of_movement else 1, "subject": ARC if of_movement else "D-1"}
    return GuaranteeEntry(kind=kind, amount=None if amount is None else money(amount), at=at, **{**usual, **more})


def at(day: int, month: int = 3, hour: int = 9) -> datetime:
    """A moment of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def beer(litres: int | str) -> ExciseGoods:
    """Beer of 5 % vol."""
    return ExciseGoods(product="B000", cn_code="22030001", quantity=Decimal(litres), strength=Decimal(5))


def decided(basis: str | None, amount: str = "1000.00", **more: Any) -> AmountAct:
    """A decision about the amount of the trader, made at the beginning of 2026."""
    usual: dict[str, Any] = {"at": at(2, month=1), "number": 1, "basis": None if basis is None else money(basis)}
    usual["kind"] = AmountActKind.SET
    return AmountAct(seed=SEED, amount=money(amount), **{**usual, **more})
