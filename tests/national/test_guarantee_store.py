"""Guarantees in a store: added once, never changed, and read as they were written."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Connection, update

from esad_gateway.ais.guarantees.checking import GuaranteeStanding
from esad_gateway.ais.guarantees.guarantee import (
    AmountAct,
    AmountActKind,
    EntryKind,
    Guarantor,
    SecuredShare,
)
from esad_gateway.ais.guarantees.ledger import balance
from esad_gateway.audit.check import check
from esad_gateway.errors import NationalRefused
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from esad_gateway.store.database import Driver, looking, writing
from esad_gateway.store.national.guarantee_tables import guarantee
from esad_gateway.store.national.guarantees import (
    add_amount_act,
    add_entry,
    add_guarantee,
    amount_acts_of,
    entries_of,
    guarantees_of,
    holders,
    settle,
    standing_of,
)
from esad_gateway.store.opening import store_in_memory
from esad_gateway.store.store import SqlStore
from helpers.gateway import Station
from helpers.guarantees import ARC, NOW, SEED, ZONE, at, deposit, entry, money

LAW = GUARANTEES


@pytest.fixture
def store() -> Iterator[SqlStore]:
    """An empty store, in memory."""
    store = store_in_memory("NDEA.LT")
    yield store
    store.close()


def test_guarantee_is_read_as_it_was_added(store: SqlStore) -> None:
    """With its number; the same one again is the same."""
    full = deposit(number=0, until=None, guarantors=frozenset(Guarantor))
    other = deposit("0.01", number=0, reference="P-2")
    with writing(store.writer) as connection:
        first, again, second = (add_guarantee(connection, one, LAW, NOW) for one in (full, full, other))

    assert (first, second) == (replace(full, number=1), replace(other, number=2))
    assert again == first
    with looking(store.reader) as driver:
        assert guarantees_of(driver, SEED) == (first, second)
        assert guarantees_of(driver, "LT00000000301") == ()
        assert holders(driver) == [SEED]


def test_guarantee_with_faults_is_not_added(store: SqlStore) -> None:
    """Nothing is half done."""
    broken = deposit("5.001", number=0, until=date(2025, 1, 1))
    with writing(store.writer) as connection, pytest.raises(NationalRefused) as refused:
        add_guarantee(connection, broken, LAW, NOW)

    assert [fault.path for fault in refused.value.faults] == ["amount", "until"]
    with looking(store.reader) as driver:
        assert guarantees_of(driver, SEED) == ()


def test_entries_are_added_once_and_a_contradiction_is_refused(store: SqlStore) -> None:
    """Two officials at once: one entry, and the other one is told which."""
    used = entry(EntryKind.USED, "10.00", at(2), why="claim")
    with writing(store.writer) as connection:
        add_guarantee(connection, deposit(number=0), LAW, NOW)
        for _ in range(2):
            assert add_entry(connection, SEED, used, _standing(connection), LAW) == replace(used, number=1)
        with pytest.raises(NationalRefused, match="Entry 1 answers to this document already"):
            add_entry(connection, SEED, replace(used, amount=money("11.00")), _standing(connection), LAW)
        with pytest.raises(NationalRefused, match=r"left of it: 990\.00"):
            add_entry(connection, SEED, entry(EntryKind.USED, "990.01", subject="D-2"), _standing(connection), LAW)

    with looking(store.reader) as driver:
        assert entries_of(driver, SEED) == (replace(used, number=1),)


def test_settled_movements_are_released_once(store: SqlStore) -> None:
    """One that has nothing reserved is none of them, and neither is one that was settled before."""
    reserved = entry(EntryKind.RESERVED, "300.00", at(2))
    with writing(store.writer) as connection:
        add_guarantee(connection, deposit(number=0), LAW, NOW)
        add_entry(connection, SEED, reserved, _standing(connection), LAW)
        settled = [settle(connection, SEED, [ARC, "another"], NOW, "2026-03") for _ in range(2)]
        lines = _standing(connection).lines

    assert settled == [[ARC], []]
    assert balance(lines[:-1]).available == money(1000)
    assert [(one.subject, one.amount, one.why) for one in lines if one.kind is EntryKind.RELEASED] == [
        (ARC, money(300), "2026-03")
    ]


def test_what_was_asked_and_decided_is_read_as_it_was_added(store: SqlStore) -> None:
    """A basis keeps every digit."""
    asked = AmountAct(seed=SEED, kind=AmountActKind.ASKED_TENTH, at=at(1), why="few losses")
    decided = AmountAct(
        seed=SEED,
        kind=AmountActKind.SET,
        at=at(2),
        basis=money("1000.123456789"),
        amount=money("100.01"),
        share=SecuredShare.TENTH,
        forecast="[]",
    )
    with writing(store.writer) as connection:
        added = [add_amount_act(connection, one) for one in (asked, decided)]

    assert added == [replace(asked, number=1), replace(decided, number=2)]
    with looking(store.reader) as driver:
        assert amount_acts_of(driver, SEED) == tuple(added)
        assert holders(driver) == [SEED]


def test_guarantee_that_is_changed_behind_the_gateway_is_told(lt: Station) -> None:
    """No document determines it, so the seal holds it."""
    with writing(lt.runtime.store.writer) as connection:
        add_guarantee(connection, deposit(number=0), LAW, NOW)
    lt.runtime.checkpoints.write()
    assert check(lt.member.data).problems == ()

    with writing(lt.runtime.store.writer) as connection:
        connection.execute(update(guarantee).values(amount="9999.00"))

    assert any("register" in one for one in check(lt.member.data).problems)


def _standing(connection: Connection) -> GuaranteeStanding:
    return standing_of(Driver(connection), SEED, ZONE, lambda: NOW)
