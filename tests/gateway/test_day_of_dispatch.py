"""Goods that leave between midnight here and midnight in UTC: signed drafts at a gateway, in both kinds of times."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from esad_gateway.emcs.codes import DestinationTypeCode
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.views.json import movement_view
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, HandClock, Station, new_draft
from helpers.protocol import change
from helpers.scenario import Scenario

AFTER_MIDNIGHT = datetime(2026, 3, 2, 23, 48, tzinfo=UTC)
"""01:48 on the third in Vilnius."""

BOTH = pytest.mark.parametrize("trader_times", ["utc", "local"])


@pytest.fixture
def night(box: Box, trader_times: str) -> Iterator[Station]:
    """The gateway of Lithuania, a quarter of an hour before midnight in UTC."""
    box.set("LT", trader_times=f'"{trader_times}"')
    with box.open("LT", HandClock(AFTER_MIDNIGHT)) as station:
        yield station


def profile_of(station: Station) -> NationalProfile:
    """What the state of a station decides for itself."""
    return station.runtime.profile


def leaving(moment: datetime, station: Station, *, deferred: bool = False) -> Any:
    """A draft of goods that leave at a moment, in the times of the station's traders."""
    written = moment.astimezone(profile_of(station).trader_zone)
    draft = new_draft(at=AFTER_MIDNIGHT)
    return replace(
        draft,
        attributes=replace(draft.attributes, deferred_submission_flag=deferred or None),
        ead_esad_draft=replace(
            draft.ead_esad_draft, date_of_dispatch=written.date(), time_of_dispatch=written.time().replace(tzinfo=None)
        ),
    )


@BOTH
def test_goods_that_leave_in_ten_minutes(box: Box, night: Station) -> None:
    """Tomorrow here, today in UTC, and accepted; everybody sees the day of our own calendar."""
    receipt = night.take(box.signed(CONSIGNOR, leaving(AFTER_MIDNIGHT + timedelta(minutes=10), night)))

    assert receipt.faults == ()
    [movement] = night.runtime.mailboxes.movement(CONSIGNOR, receipt.arc or "")
    assert movement.dispatched_at == AFTER_MIDNIGHT + timedelta(minutes=10)
    assert movement_view(movement, profile_of(night).time_zone)["dateOfDispatch"] == "2026-03-03"
    assert night.problems_of_documents(box) == []


@BOTH
def test_goods_that_left_before_midnight(box: Box, night: Station) -> None:
    """Two hours ago it was yesterday here: that is a deferred draft, though UTC shows one day."""
    left = AFTER_MIDNIGHT - timedelta(hours=2)

    late, deferred = leaving(left, night), leaving(left, night, deferred=True)

    assert [fault.rule for fault in night.take(box.signed(CONSIGNOR, late)).faults] == ["IR6"]
    assert night.take(box.signed(CONSIGNOR, deferred)).faults == ()


@BOTH
def test_authorisation_that_ended_with_the_local_day(box: Box, night: Station) -> None:
    """The consignee was registered until the second; goods that leave on the third here are not for it (R045)."""
    found = night.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    night.runtime.registry.add_operators([(replace(operator, valid_to=date(2026, 3, 2)), address, ())])

    after, before = leaving(AFTER_MIDNIGHT, night), leaving(AFTER_MIDNIGHT - timedelta(hours=2), night, deferred=True)

    assert [fault.rule for fault in night.take(box.signed(CONSIGNOR, after)).faults] == ["R045"]
    assert night.take(box.signed(CONSIGNOR, before)).faults == ()


@BOTH
def test_successor_of_an_authorisation_begins_with_the_local_day(box: Box, night: Station) -> None:
    """Of two records of a number the one counts that holds on the day of dispatch here: the second has no products."""
    found = night.runtime.registry.operator(FOREIGN_CONSIGNEE)
    assert found is not None
    operator, address = found
    ended = replace(operator, valid_to=date(2026, 3, 2))
    begun = replace(operator, valid_from=date(2026, 3, 3), products=frozenset(), categories=frozenset())
    night.runtime.registry.add_operators([(ended, address, ()), (begun, address, ())])

    after, before = leaving(AFTER_MIDNIGHT, night), leaving(AFTER_MIDNIGHT - timedelta(hours=2), night, deferred=True)

    assert {fault.rule for fault in night.take(box.signed(CONSIGNOR, after)).faults} == {"BR048"}
    assert night.take(box.signed(CONSIGNOR, before)).faults == ()


def test_limit_after_a_change_of_destination(box: Box, lt: Station, pl: Station) -> None:
    """H24 for a departure at 18:00Z ends at 18:00Z the next day, on both sides, also when a change says so."""
    drafted = new_draft()
    evening = replace(drafted.ead_esad_draft, time_of_dispatch=time(18))
    lt.take(box.signed(CONSIGNOR, replace(drafted, ead_esad_draft=evening)))
    way = Scenario(box, lt, pl, lt.last(CONSIGNOR))
    way.deliver()

    assert way.consignor(change(DestinationTypeCode.CERTIFIED_CONSIGNEE, journey_time="H24")).faults == ()
    way.deliver()

    limit = datetime(2026, 3, 3, 18, tzinfo=UTC)
    [ours], [theirs] = (
        station.runtime.mailboxes.movement(trader, way.arc)
        for station, trader in ((lt, CONSIGNOR), (pl, FOREIGN_CONSIGNEE))
    )
    assert (ours.limit, theirs.limit) == (limit, limit)
    assert (ours.dispatched_at, theirs.dispatched_at) == (limit - timedelta(days=1),) * 2
