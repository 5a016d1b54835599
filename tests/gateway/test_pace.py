"""What is due happens in order: at its moment while the clock passes, and dated truly when nobody looked for a week."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import OwnError
from esad_gateway.faults import said
from esad_gateway.gateway.delivery import Delivery
from esad_gateway.gateway.pace import Duties
from esad_gateway.gateway.retries import RetryPolicy
from esad_gateway.identities import header
from esad_gateway.ports.clock import What
from esad_gateway.ports.outbox import Reception, Transport, Tried
from esad_gateway.simulator.clock import advance_to
from esad_gateway.store.holds import Holds
from esad_gateway.store.rows import moment
from esad_gateway.store.undecided import UndecidedMessages
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, THE_ONE, Box, HandClock, Loopback, Station, new_draft
from helpers.protocol import change
from helpers.samples import evolve
from helpers.scenario import Scenario, held_report
from helpers.undecided import again


def journeys(box: Box, lt: Station, *times: str) -> list[str]:
    """The ARCs of movements whose journeys take so long."""
    drafts = [evolve(new_draft(), {"header_ead_esad.journey_time": time}) for time in times]
    return [lt.take(box.signed(CONSIGNOR, draft)).arc or "" for draft in drafts]


def parked(box: Box, lt: Station) -> str:
    """The ARC of a movement of Poland of which Lithuania gets a change, and never the e-SAD."""
    arc = ARC.issue(NOW.year, MemberState("PL"), "0" * 15).value
    early = evolve(change(), {"update_ead_esad.administrative_reference_code": arc})
    sent = replace(early, header=replace(header("PL", NOW), message_recipient="NDEA.LT"))
    lt.take(box.administration("PL").sign(Binder("V3.23").write(sent)), Origin.ADMINISTRATION)
    return arc


def duties(station: Station, transport: Transport) -> Duties:
    """What a gateway has to do, with another way to the others."""
    store, clock = station.runtime.store, station.clock
    delivery = Delivery(store, transport, clock, RetryPolicy(), 1, holder=THE_ONE)
    return Duties(store, station.runtime.committer, delivery, station.runtime.webhooks.notifier, clock)


def advance(days: float, clock: HandClock, *gateways: Duties) -> None:
    """Move the clock of some gateways so far."""
    asyncio.run(advance_to(clock.at + timedelta(days=days), clock, gateways))


def sent_to(station: Station, mailbox: str) -> list[tuple[str, str, datetime]]:
    """What a gateway has put into a mailbox: type, ARC, and when."""
    return [
        (entry.type, entry.arc or "", datetime.fromisoformat(entry.recorded_at))
        for entry in station.mailbox(mailbox)
        if entry.direction == "out"
    ]


def end_of(day: int) -> datetime:
    """The limit of a journey of so many days, by the clocks of Vilnius."""
    return datetime(2026, 3, 2 + day, 21, 59, 59, tzinfo=UTC)


def test_what_ended_while_nobody_looked_happens_in_order_and_is_dated_now(box: Box, lt: Station) -> None:
    """After a week off, clocks and messages that waited for too long act in the order in which their times ended.

    Their messages say when they were prepared, which is now: nobody dates a document back.
    """
    late, soon, sooner = journeys(box, lt, "D05", "D02", "H12")
    waited = parked(box, lt)
    lt.clock.move(days=7)

    assert lt.runtime.committer.tick(lt.clock.at) == 4

    done = sent_to(lt, "NDEA.PL")[3:]
    assert [(kind, arc) for kind, arc, _ in done] == [
        ("IE904", sooner),
        ("IE906", waited),
        ("IE904", soon),
        ("IE904", late),
    ]
    assert {at for *_, at in done} == {lt.clock.at}
    prepared = lt.message("NDEA.PL", lt.mailbox("NDEA.PL")[-1].seq).header
    assert datetime.combine(prepared.date_of_preparation, prepared.time_of_preparation, UTC) == lt.clock.at


@pytest.mark.parametrize("batch", [1, 2, 200])
def test_order_is_kept_over_several_transactions(box: Box, lt: Station, batch: int) -> None:
    """However few ended clocks one transaction looks at."""
    arcs = journeys(box, lt, "D04", "D01", "D03", "D02")
    lt.clock.move(days=7)

    assert replace(lt.runtime.committer, batch=batch).tick(lt.clock.at) == 4
    assert [arc for kind, arc, _ in sent_to(lt, "NDEA.PL") if kind == "IE904"] == [
        arcs[place] for place in (1, 3, 2, 0)
    ]


def test_clock_that_is_moved_lets_everything_happen_at_its_moment(box: Box, lt: Station, pl: Station) -> None:
    """Two gateways, six days at once: each question, answer and reminder is dated with the end of its journey."""
    arcs = journeys(box, lt, "D05", "D02", "D03")
    loopback = Loopback(lt, pl)
    both = duties(lt, loopback), duties(pl, loopback)

    advance(6, lt.clock, *both)

    ends = [(arcs[1], end_of(2)), (arcs[2], end_of(3)), (arcs[0], end_of(5))]
    asked = [(kind, arc, at) for kind, arc, at in sent_to(lt, "NDEA.PL") if kind != "IE801"]
    assert asked == [(kind, arc, at) for arc, at in ends for kind in ("IE904", "IE802")]
    assert [(kind, arc, at) for kind, arc, at in sent_to(pl, "NDEA.LT")] == [("IE905", arc, at) for arc, at in ends]
    reminded = [one for one in sent_to(pl, FOREIGN_CONSIGNEE) if one[0] == "IE802"]
    assert reminded == [("IE802", arc, at) for arc, at in ends]
    assert lt.clock.at == NOW + timedelta(days=6)
    assert [one.next_due() for one in both] == [None, None]


def test_hold_ends_at_its_moment(box: Box) -> None:
    """A report of receipt that is held for two days leaves after two days, however far the clock goes."""
    clock = HandClock()
    with held_report(box, clock, days=2) as scenario:
        loopback = Loopback(scenario.lt, scenario.pl)
        both = duties(scenario.lt, loopback), duties(scenario.pl, loopback)
        due = both[1].next_due()
        assert due is not None
        assert (due.at, due.what) == (clock.at + timedelta(days=2), What.HELD)

        advance(30, clock, *both)

        [hold] = Holds(scenario.pl.runtime.store).every()
        assert hold.released_at == moment(due.at)
        assert sent_to(scenario.lt, CONSIGNOR)[-1][::2] == ("IE818", due.at)


def test_peer_that_is_down_is_tried_at_its_moments(box: Box, lt: Station) -> None:
    """The next try is due when its pause is over; a clock by hand goes from try to try."""
    journeys(box, lt, "D05")
    tries: list[timedelta] = []

    class Down:
        """``ports.Transport`` to nobody."""

        async def deliver(self, _destination: str, _document: bytes, _identifier: str) -> Tried:
            """Note the moment."""
            tries.append(lt.clock.at - NOW)
            return Tried(Reception.UNREACHABLE, said("said.as_it_is", text="down"))

    one = duties(lt, Down())
    advance(14 / 86_400, lt.clock, one)

    assert tries == [timedelta(seconds=second) for second in (0, 1, 3, 7, 11)]
    due = one.next_due()
    assert due is not None
    assert (due.what, due.at) == (What.WAITING, NOW + timedelta(seconds=15))


def test_clock_that_runs_into_a_defect_keeps_no_time_from_passing(box: Box, lt: Station, pl: Station) -> None:
    """It is kept as undecided, everything else goes on, and the reminder is sent when it is tried again."""
    scenario = Scenario.begin(box, lt, pl)

    def defect(_: datetime) -> str:
        raise RuntimeError("a defect")

    one = duties(lt, Loopback(pl))
    broken = replace(one, committer=replace(one.committer, new_arc=defect))
    advance(30, lt.clock, broken)
    assert lt.clock.at == NOW + timedelta(days=30)
    [kept] = UndecidedMessages(lt.runtime.store.reader).waiting()
    assert kept.what == f"clock of movement {scenario.arc}"
    assert again(lt).decide(kept.reference, "me") is not None
    assert sent_to(lt, "NDEA.PL")[-1] == ("IE904", scenario.arc, lt.clock.at)


def test_what_is_due_and_cannot_be_done_stops_the_clock(box: Box, lt: Station, pl: Station) -> None:
    """What fails for now is not passed over: the clock of all stands where a movement's clock ended."""
    scenario = Scenario.begin(box, lt, pl)

    def no_room(_: datetime) -> str:
        raise OwnError("there is no room on the disk")

    one = duties(lt, Loopback(pl))
    broken = replace(one, committer=replace(one.committer, new_arc=no_room))
    with pytest.raises(OwnError, match="a clock of a movement was due at"):
        advance(30, lt.clock, broken)
    assert lt.clock.at == scenario_limit(scenario)
    advance(30, lt.clock, one)
    # Nobody answers, since nothing is delivered: the question is asked once more a day later.
    asked = [at for kind, _, at in sent_to(lt, "NDEA.PL") if kind == "IE904"]
    assert asked == [scenario_limit(scenario), scenario_limit(scenario) + timedelta(days=1)]


def scenario_limit(scenario: Scenario) -> datetime:
    """When the journey of a movement ends."""
    [row] = scenario.lt.rows("movement")
    return datetime.fromisoformat(row["limit_at"])


def test_what_is_due_next_is_the_earliest_of_everything(box: Box, lt: Station) -> None:
    """Clocks, messages that wait, the outbox: one look tells which comes first."""
    one = duties(lt, Loopback())
    seen: list[What | None] = []

    def look() -> None:
        due = one.next_due()
        seen.append(due.what if due else None)

    look()
    parked(box, lt)
    look()
    arcs: Sequence[str] = journeys(box, lt, "H12", "D05")
    look()
    lt.run_sql("UPDATE outbox SET delivered_at = next_attempt_at, attempts = 1")
    look()
    lt.run_sql("UPDATE outbox SET delivered_at = NULL, refusals = 1")
    look()

    assert arcs
    assert seen == [None, What.PARKED, What.WAITING, What.CLOCK, What.REFUSED]
