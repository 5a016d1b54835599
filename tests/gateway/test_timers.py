"""Clocks and parked messages outlive defects: what fails hurts itself, and is tried again."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from esad_gateway.emcs.movement import Origin
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.timers import Timers
from esad_gateway.ports import Outcome, Receipt
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, Station, new_draft
from helpers.protocol import change
from helpers.scenario import Scenario


def defective_after(good: int, committer: Committer) -> Committer:
    """A committer that gets this many ARCs, and then an exception that nobody expects, once."""
    left = iter([*[False] * good, True])

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
    committer = defective_after(0, late.lt.runtime.gateway.writer.committer)
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
    committer = defective_after(1, pl.runtime.gateway.writer.committer)

    [answer] = committer.commit([pl.intake(e_sad, Origin.ADMINISTRATION)], pl.clock.at)

    assert isinstance(answer, Receipt)
    assert answer.outcome is Outcome.ACCEPTED
    assert pl.types(FOREIGN_CONSIGNEE) == [("out", "IE801")]
    assert len(pl.rows("parked")) == 1


def test_timers_outlive_a_defect(late: Scenario) -> None:
    """An exception that nobody expects does not end the timers: they look again."""
    committer = late.lt.runtime.gateway.writer.committer
    failing = iter([True])

    class Clock:
        """A clock that fails the first time."""

        def now(self) -> datetime:
            """The moment, or the defect."""
            if next(failing, False):
                raise RuntimeError("a defect")
            return late.lt.clock.at

    assert asyncio.run(_fired(lambda fired: Timers(committer, Clock(), 0.01, fired))) is True


async def _fired(timers: Callable[[Callable[[], object]], Timers]) -> bool:
    fired = asyncio.Event()
    task = asyncio.create_task(timers(fired.set).run())
    try:
        return await asyncio.wait_for(fired.wait(), 10)
    finally:
        task.cancel()
