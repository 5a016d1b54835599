"""Clocks and parked messages outlive defects: what fails hurts itself, is kept, and is tried when somebody asks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import OwnError
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.timers import Timers
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.ports.writing import Document, Ended, Parked, Records
from esad_gateway.simulator.drafts import read
from esad_gateway.store.database import Database
from esad_gateway.store.rows import moment
from esad_gateway.store.store import SqlStore
from esad_gateway.store.undecided import UndecidedMessages
from helpers.counting import statements
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, Box, Station, new_draft
from helpers.protocol import change
from helpers.scenario import Scenario
from helpers.undecided import again, waiting


def defective_after(good: int, committer: Committer, defects: int = 1) -> Committer:
    """A committer that gets this many ARCs, and then exceptions that nobody expects, once or that many times."""
    left = iter([*[False] * good, *[True] * defects])

    def new_arc(now: datetime) -> str:
        if next(left, False):
            raise RuntimeError("a defect")
        return committer.new_arc(now)

    return replace(committer, new_arc=new_arc)


class Faltering(SqlStore):
    """A store that fails as nobody expects, the first time it is asked what has ended."""

    looked = False

    def ended(self, now: datetime, limit: int, after: Ended | None) -> Sequence[Ended]:
        """What has ended, but for the first time."""
        if self.looked:
            return super().ended(now, limit, after)
        self.looked = True
        raise RuntimeError("a defect")


@pytest.fixture
def late(box: Box, lt: Station, pl: Station) -> Scenario:
    """A movement whose limit has passed."""
    scenario = Scenario.begin(box, lt, pl)
    lt.clock.move(days=30)
    return scenario


def test_clock_that_fails_is_kept_and_not_tried_again(late: Scenario) -> None:
    """It stands in the list and loses nothing; no tick of this build looks at it again, and another build does."""
    lt, committer = late.lt, defective_after(0, late.lt.runtime.committer)

    assert [committer.tick(lt.clock.at) for _ in range(2)] == [0, 0]
    [one] = waiting(lt)
    assert (one.reference, one.what) == (f"clock-{late.arc}", f"clock of movement {late.arc}")
    assert (one.arc, one.reason) == (late.arc, "RuntimeError: a defect")
    assert [kind for _, kind in lt.types("NDEA.PL")] == ["IE801"]

    lt.run_sql("UPDATE stopped SET build = 'another'")
    assert [committer.tick(lt.clock.at) for _ in range(2)] == [1, 0]
    assert [kind for _, kind in lt.types("NDEA.PL")] == ["IE801", "IE904"]
    assert waiting(lt) == []


def test_clock_that_was_kept_fires_when_somebody_asks(late: Scenario) -> None:
    """As of the moment at which it ended; who asked is kept. While the defect is there, it stays where it is."""
    lt = late.lt
    defective_after(0, lt.runtime.committer).tick(lt.clock.at)
    [one] = waiting(lt)

    failed = replace(again(lt), committer=defective_after(0, lt.runtime.committer)).decide(one.reference, "me")
    assert isinstance(failed, OwnError)
    assert f"the clock of movement {late.arc} runs into a defect" in str(failed)
    assert [left.reference for left in waiting(lt)] == [one.reference]

    assert str(again(lt).decide(one.reference, "me")) == f"clock of movement {late.arc}"
    assert lt.types("NDEA.PL")[-1] == ("out", "IE904")
    assert waiting(lt) == []
    [done] = UndecidedMessages(lt.runtime.store.reader).every()
    assert (done.reference, done.decided_by) == (one.reference, "me")
    assert again(lt).decide(one.reference, "me") is None


def test_clock_that_news_have_moved_is_not_undecided_any_more(late: Scenario, pl: Station) -> None:
    """The report of receipt arrives: there is nothing left to ask about, and nothing to decide."""
    lt = late.lt
    defective_after(0, lt.runtime.committer).tick(lt.clock.at)
    assert len(waiting(lt)) == 1

    assert late.report().faults == ()
    pl.deliver_to(lt)

    assert waiting(lt) == []
    assert lt.runtime.committer.tick(lt.clock.at) == 0


def test_row_that_cannot_be_read_stops_its_clock_alone(box: Box, lt: Station, pl: Station) -> None:
    """What cannot even be looked up fails as a group; then each clock goes by itself, and the others fire."""
    ways = [Scenario.begin(box, lt, pl) for _ in range(3)]
    lt.clock.move(days=30)
    lt.run_sql(f"UPDATE movement SET lines = 'garbled' || lines WHERE arc = '{ways[1].arc}'")  # noqa: S608

    assert [lt.runtime.committer.tick(lt.clock.at) for _ in range(2)] == [2, 0]

    [one] = UndecidedMessages(lt.runtime.store.reader).waiting()
    assert one.reference == f"clock-{ways[1].arc}"
    lt.run_sql("UPDATE movement SET lines = substr(lines, length('garbled') + 1)", "UPDATE stopped SET build = ''")
    assert lt.runtime.committer.tick(lt.clock.at) == 1
    assert waiting(lt) == []


def test_clock_waits_for_what_passes(late: Scenario) -> None:
    """Nothing is kept as undecided for want of room: the next tick tries it."""
    lt = late.lt

    def no_room(_: datetime) -> str:
        raise OwnError("there is no room on the disk")

    assert replace(lt.runtime.committer, new_arc=no_room).tick(lt.clock.at) == 0
    assert waiting(lt) == []
    assert lt.runtime.committer.tick(lt.clock.at) == 1


def test_parked_message_that_fails_takes_nothing_with_it(box: Box, lt: Station, pl: Station) -> None:
    """The e-SAD that a parked change waited for is accepted, although deciding the change fails; it is kept."""
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
    [one] = waiting(pl)
    assert (one.what, one.sender, one.type) == ("parked message", "NDEA.LT", "IE813")
    assert one.identifier == read(changed).header.message_identifier
    assert str(again(pl).decide(one.reference, "me")) == "parked message 1 of NDEA.LT"
    assert (pl.rows("parked"), waiting(pl)) == ([], [])
    assert pl.checked().problems == ()


def test_every_clock_gets_its_turn(box: Box, lt: Station, pl: Station) -> None:
    """More failing clocks than one transaction looks at do not keep the later ones waiting; each is kept."""
    for _ in range(6):
        Scenario.begin(box, lt, pl)
    lt.clock.move(days=30)
    committer = replace(defective_after(0, lt.runtime.committer, defects=5), batch=2)

    assert [committer.tick(lt.clock.at) for _ in range(2)] == [1, 0]
    stopped = waiting(lt)
    assert len(stopped) == 5
    assert [again(lt).decide(one.reference, "me") is not None for one in stopped] == [True] * 5
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
    assert [committer.tick(pl.clock.at), len(pl.rows("parked"))] == [0, 3]
    for one in waiting(pl):
        again(pl).decide(one.reference, "me")
    assert (pl.rows("parked"), waiting(pl)) == ([], [])
    assert [kind for direction, kind in pl.types("NDEA.LT") if direction == "out"] == ["IE906"] * 4


def test_parked_message_that_cannot_be_read_keeps_no_clock_from_firing(late: Scenario) -> None:
    """What stands garbled in the store is kept as undecided; the clock of the movement fires."""
    garbled = Parked(arc=late.arc, mailbox="NDEA.PL", seq=9, document=bytes(32), until=late.lt.clock.at)
    with late.lt.runtime.store.transaction() as transaction:
        transaction.write(Records(at=NOW, documents={bytes(32): Document(b"<x/>", "")}, parked=[garbled]))

    assert late.lt.runtime.committer.tick(late.lt.clock.at) == 1
    assert late.lt.types("NDEA.PL")[-1] == ("out", "IE904")
    [one] = UndecidedMessages(late.lt.runtime.store.reader).waiting()
    assert (one.reference, one.arc) == ("parked-NDEA.PL-9", late.arc)


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
    faltering = Faltering(Database.in_file(late.lt.member.data.database))
    committer = replace(late.lt.runtime.committer, store=faltering)

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
    faltering.close()


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
