"""Clocks and parked messages outlive defects: what fails hurts itself, and is tried again."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from esad_gateway.emcs.movement import Origin
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.timers import Timers
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.ports.writing import Document, Parked, Records
from esad_gateway.store.rows import moment
from helpers.counting import statements
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, Box, Station, new_draft
from helpers.protocol import change
from helpers.scenario import Scenario


def defective_after(good: int, committer: Committer, defects: int = 1) -> Committer:
    """A committer that gets this many ARCs, and then exceptions that nobody expects, once or that many times."""
    left = iter([*[False] * good, *[True] * defects])

    def new_arc(now: datetime) -> str:
        if next(left, False):
            raise RuntimeError("a defect")
        return committer.new_arc(now)

    return replace(committer, new_arc=new_arc)


@pytest.fixture
def late(box: Box, lt: Station, pl: Station) -> Scenario:
    """A movement whose limit has passed."""
    scenario = Scenario.begin(box, lt, pl)
    lt.clock.move(days=30)
    return scenario


def test_clock_that_fails_is_tried_again(late: Scenario) -> None:
    """A defect while a clock fires is not counted, loses nothing, and the clock fires at the next tick."""
    committer = defective_after(0, late.lt.runtime.committer)
    assert committer.tick(late.lt.clock.at) == 0
    assert [kind for _, kind in late.lt.types("NDEA.PL")] == ["IE801"]
    assert committer.tick(late.lt.clock.at) == 1
    assert [kind for _, kind in late.lt.types("NDEA.PL")] == ["IE801", "IE904"]
    assert committer.tick(late.lt.clock.at) == 0


def test_parked_message_that_fails_takes_nothing_with_it(box: Box, lt: Station, pl: Station) -> None:
    """The e-SAD that a parked change waited for is accepted, although deciding the change fails; it goes on waiting."""
    assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
    Scenario(box, lt, pl, lt.last(CONSIGNOR)).consignor(change())
    (_, e_sad), (_, changed) = lt.due()
    pl.take(changed, Origin.ADMINISTRATION)
    committer = defective_after(1, pl.runtime.committer)

    [answer] = committer.commit([pl.intake(e_sad, Origin.ADMINISTRATION)], pl.clock.at)

    assert isinstance(answer, Receipt)
    assert answer.outcome is Outcome.ACCEPTED
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801")]
    assert len(pl.rows("parked")) == 1


def test_every_clock_gets_its_turn(box: Box, lt: Station, pl: Station) -> None:
    """More failing clocks than one transaction looks at do not keep the later ones waiting; they are tried again."""
    for _ in range(6):
        Scenario.begin(box, lt, pl)
    lt.clock.move(days=30)
    committer = replace(defective_after(0, lt.runtime.committer, defects=5), batch=2)

    assert committer.tick(lt.clock.at) == 1
    assert committer.tick(lt.clock.at) == 5
    assert committer.tick(lt.clock.at) == 0
    assert sorted(entry.arc or "" for entry in lt.mailbox("NDEA.PL") if entry.type == "IE904") == sorted(
        row["arc"] for row in lt.rows("movement")
    )


def test_every_parked_message_gets_its_turn(box: Box, lt: Station, pl: Station) -> None:
    """More overdue messages that fail than one transaction looks at do not keep a later one from being refused."""
    for _ in range(4):
        assert lt.take(box.signed(CONSIGNOR, new_draft())).faults == ()
        Scenario(box, lt, pl, lt.last(CONSIGNOR)).consignor(change())
    for _, document in lt.due()[1::2]:
        pl.take(document, Origin.ADMINISTRATION)
    pl.clock.move(days=2)
    committer = replace(defective_after(0, pl.runtime.committer, defects=3), batch=2)

    assert [committer.tick(pl.clock.at), len(pl.rows("parked"))] == [1, 3]
    assert [committer.tick(pl.clock.at), len(pl.rows("parked"))] == [3, 0]
    assert [kind for direction, kind in pl.types("NDEA.LT") if direction == "out"] == ["IE906"] * 4


def test_parked_message_that_cannot_be_read_keeps_no_clock_from_firing(late: Scenario) -> None:
    """What stands garbled in the store is logged and waits; the clock of the movement fires."""
    garbled = Parked(arc=late.arc, mailbox="NDEA.PL", seq=9, document=bytes(32), until=late.lt.clock.at)
    with late.lt.runtime.store.transaction() as transaction:
        transaction.write(Records(at=NOW, documents={bytes(32): Document(b"<x/>", "")}, parked=[garbled]))

    assert late.lt.runtime.committer.tick(late.lt.clock.at) == 1
    assert late.lt.types("NDEA.PL")[-1] == ("out", "IE904")
    assert len(late.lt.rows("parked")) == 1


def test_idle_tick_takes_no_lock(late: Scenario) -> None:
    """When nothing has ended, the connection that writes is not asked; when a clock has, it is asked once."""
    store, committer = late.lt.runtime.store, late.lt.runtime.committer
    with statements(store.writer) as traced:
        assert committer.tick(late.lt.clock.at - timedelta(days=30)) == 0
        assert traced == []
        assert committer.tick(late.lt.clock.at) == 1
    assert [statement for statement in traced if statement.startswith(("BEGIN", "COMMIT"))] == [
        "BEGIN IMMEDIATE",
        "COMMIT",
    ]


def test_timers_outlive_a_defect(late: Scenario) -> None:
    """An exception that nobody expects does not end the timers: they look again, after a pause of their clock."""
    committer = defective_after(0, late.lt.runtime.committer)

    async def playing() -> None:
        fired = asyncio.Event()
        timers = asyncio.create_task(Timers(committer, late.lt.clock, 1, fired.set).run())
        await late.lt.clock.rested(1)
        assert not fired.is_set()
        late.lt.clock.move(seconds=1)
        await late.lt.clock.rested(2)
        assert fired.is_set()
        timers.cancel()

    asyncio.run(playing())


def test_timers_look_when_a_clock_ends(box: Box, lt: Station, pl: Station) -> None:
    """However long their pause is, a clock fires at its moment, and until then nobody looks."""
    limit = lt.runtime.duties.next_due

    async def playing() -> None:
        fired = asyncio.Event()
        due = limit()
        assert due is not None
        timers = asyncio.create_task(Timers(lt.runtime.committer, lt.clock, 10**7, fired.set).run())
        await lt.clock.rested(1)
        lt.clock.move_to(due.at - timedelta(seconds=1))
        await asyncio.sleep(0)
        assert not fired.is_set()
        lt.clock.move_to(due.at)
        await lt.clock.rested(2)
        assert fired.is_set()
        timers.cancel()

    Scenario.begin(box, lt, pl)
    asyncio.run(playing())
    assert [entry.recorded_at for entry in lt.mailbox("NDEA.PL")][-1] == moment(lt.clock.at)
