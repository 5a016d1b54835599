"""What has ended: found by reading, in order, from any place on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from esad_gateway.ports.clock import What
from esad_gateway.ports.writing import Document, Ended, Parked, Records
from esad_gateway.store.rows import moment
from helpers.counting import statements
from helpers.gateway import CONSIGNOR, NOW, Box, Station, new_draft

LATER = NOW + timedelta(days=30)


@pytest.fixture
def ended(box: Box, lt: Station) -> list[Ended]:
    """Three clocks that end at one moment, and a parked message whose time ends before them."""
    for _ in range(3):
        assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    clocks = sorted((row["clock_at"], row["arc"]) for row in lt.rows("movement"))
    found = [Ended(datetime.fromisoformat(at), arc) for at, arc in clocks]
    first = Ended(NOW + timedelta(days=1), found[1].arc, "NDEA.PL", 9)
    parked = Parked(arc=first.arc, mailbox="NDEA.PL", seq=9, document=bytes(32), until=first.at)
    with lt.runtime.store.transaction() as transaction:
        transaction.write(Records(at=NOW, documents={bytes(32): Document(b"", "")}, parked=[parked]))
    return [first, *found]


def test_ended_come_in_order(lt: Station, ended: list[Ended]) -> None:
    """By moment, then by ARC; nothing before its time."""
    store = lt.runtime.store

    assert list(store.ended(LATER, 200, None)) == ended
    assert list(store.ended(ended[0].at, 200, None)) == ended[:1]
    assert list(store.ended(NOW, 200, None)) == []


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_ended_go_on_after_any_of_them(lt: Station, ended: list[Ended], limit: int) -> None:
    """However few are taken at a time, each comes once, also those that end at the same moment."""
    found: list[Ended] = []
    while some := lt.runtime.store.ended(LATER, limit, found[-1] if found else None):
        assert len(some) <= limit
        found += some

    assert found == ended


def test_ended_are_only_read(lt: Station, ended: list[Ended]) -> None:
    """The connection that writes is not asked: an idle gateway never takes the lock."""
    with statements(lt.runtime.store.writer) as traced:
        assert len(lt.runtime.store.ended(LATER, 200, None)) == len(ended)

    assert traced == []


def test_what_a_defect_has_stopped_is_left_out(lt: Station, ended: list[Ended]) -> None:
    """By this build only, and only at that moment: a clock that was moved since, and another build, look again."""
    store, (parked, clock, *others) = lt.runtime.store, ended
    with store.transaction() as transaction:
        transaction.write(Records(at=NOW, stopped={parked: "a defect", clock: "a defect"}))

    assert list(store.ended(LATER, 200, None)) == others
    assert [due.at for due in store.upcoming(What.PARKED, What.CLOCK)] == [others[0].at]
    with store.transaction() as transaction:
        assert [one.parked.seq for one in transaction.parked([parked.arc])] == []
        assert [one.parked.seq for one in transaction.parked([parked.arc], stopped=True)] == [9]
    lt.run_sql(f"UPDATE movement SET clock_at = '{moment(NOW)}' WHERE arc = '{clock.arc}'")  # noqa: S608
    assert list(store.ended(LATER, 200, None)) == [replace(clock, at=NOW), *others]
    lt.run_sql("UPDATE stopped SET build = 'another'")
    assert list(store.ended(LATER, 200, None)) == [replace(clock, at=NOW), parked, *others]
