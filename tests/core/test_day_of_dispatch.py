"""Which day rules on a draft ask about: that of the moment of dispatch, in the calendar of the state."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.codes import DestinationTypeCode, GuarantorTypeCode
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.groups import GuarantorTrader, MovementGuarantee
from esad_gateway.emcs.moments import in_zone
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.rules import Case, Context, case_faults, content_faults
from esad_gateway.profiles import STATES
from esad_gateway.texts import say
from helpers.case import setting
from helpers.samples import draft, report

VILNIUS = ZoneInfo("Europe/Vilnius")
DISPATCH = "ead_esad_draft.date_of_dispatch"
HOUR = "ead_esad_draft.time_of_dispatch"
DEFERRED = "attributes.deferred_submission_flag"
AFTER_MIDNIGHT = datetime(2026, 3, 2, 23, 48, tzinfo=UTC)
"""Twelve minutes before midnight in UTC, and the next day in Vilnius already."""

CONSIGNOR, TEMPORARY = "LT00000000101", "PL00000000202"
TO_A_TEMPORARY_CONSIGNEE: dict[str, Any] = {
    "header_ead_esad.destination_type_code": DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE,
    "consignee_trader.traderid": TEMPORARY,
    "body_ead_esad": draft().body_ead_esad[:1],
}


def seen(now: datetime, time_zone: tzinfo = VILNIUS, traders: tzinfo = UTC) -> Context:
    """What rules know at a moment, in a state with these clocks whose traders write times in a zone."""
    profile = replace(setting().context.profile, time_zone=time_zone, trader_zone=traders)
    return Context(now=now, profile=profile)


def leaving(moment: datetime, traders: tzinfo = UTC, **changes: Any) -> IE815:
    """A draft of goods that leave at a moment, as its trader writes it."""
    written = in_zone(moment.replace(tzinfo=None), UTC, traders)
    return draft({DISPATCH: written.date(), HOUR: written.time(), **changes})


def broken(message: IE815, context: Context) -> list[str]:
    """The content rules that a draft breaks."""
    return [fault.rule for fault in content_faults(message, context)]


def test_register_is_asked_about_the_day_on_which_a_message_acts() -> None:
    """A draft acts when the goods leave, here next week; everything else on the day it comes."""
    context = seen(AFTER_MIDNIGHT)
    assert context.day_of(leaving(AFTER_MIDNIGHT + timedelta(days=7))) == date(2026, 3, 10)
    assert context.day_of(report()) == date(2026, 3, 3)


def test_draft_dated_today_in_utc_after_local_midnight() -> None:
    """The goods leave in ten minutes: that is today in both calendars, though only one of them writes so."""
    ahead = leaving(AFTER_MIDNIGHT + timedelta(minutes=10))
    assert ahead.ead_esad_draft.date_of_dispatch == date(2026, 3, 2)
    assert broken(ahead, seen(AFTER_MIDNIGHT)) == []


def test_draft_eight_local_days_ahead() -> None:
    """Seven days ahead in UTC, and by the clocks of the state on the eighth day."""
    now = datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert broken(leaving(datetime(2026, 3, 9, 21, 59, tzinfo=UTC)), seen(now)) == []
    assert broken(leaving(datetime(2026, 3, 9, 22, tzinfo=UTC)), seen(now)) == ["IR6"]


def test_hint_names_both_days() -> None:
    """A trader who writes UTC reads on which day of the state the goods leave, and which days there are."""
    (fault,) = content_faults(leaving(datetime(2026, 3, 9, 22, tzinfo=UTC)), seen(AFTER_MIDNIGHT - timedelta(days=1)))
    assert fault.value == "2026-03-09"
    assert say(fault.hint) == (
        "In LT the goods leave on 2026-03-10, and today is 2026-03-02. "
        "That day has to be 2026-03-02 to 2026-03-09, or the draft a deferred one if the goods have left."
    )


@pytest.mark.parametrize("traders", [UTC, VILNIUS], ids=["utc", "local"])
def test_deferred_draft_of_a_few_minutes_ago(traders: tzinfo) -> None:
    """What left today by the calendar of the state may be told of, but not what leaves tomorrow."""
    deferred = {DEFERRED: True}
    assert (
        broken(leaving(AFTER_MIDNIGHT - timedelta(hours=2), traders, **deferred), seen(AFTER_MIDNIGHT, traders=traders))
        == []
    )
    later = leaving(datetime(2026, 3, 3, 22, tzinfo=UTC), traders, **deferred)
    assert broken(later, seen(AFTER_MIDNIGHT, traders=traders)) == ["IR6"]


def test_guarantor_is_asked_about_the_day_of_dispatch() -> None:
    """An authorisation that begins with the local day of dispatch counts, though UTC writes the day before."""
    known = setting().facts
    begun = replace(known.operators[CONSIGNOR], valid_from=date(2026, 3, 3))
    facts = replace(known, operators={**known.operators, CONSIGNOR: begun})
    guarantee = MovementGuarantee(
        guarantor_type_code=GuarantorTypeCode.TRANSPORTER,
        guarantor_trader=(GuarantorTrader(trader_excise_number=CONSIGNOR),),
    )
    message = leaving(AFTER_MIDNIGHT, movement_guarantee=guarantee)

    assert case_faults(message, Case(context=seen(AFTER_MIDNIGHT), movement=None, facts=facts)) == ()


ZONES = st.sampled_from(
    [ZoneInfo(name) for name in (*(one.zone for one in STATES.values()), "Atlantic/Azores", "America/Cayenne")]
)
NIGHTS = [datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC), AFTER_MIDNIGHT]
NOWS = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)) | st.sampled_from(NIGHTS)  # noqa: DTZ001 - hypothesis adds the zone


@settings(max_examples=200, deadline=None)
@given(
    zone=ZONES,
    local=st.booleans(),
    now=NOWS,
    ahead=st.timedeltas(timedelta(days=-9), timedelta(days=9)),
    deferred=st.booleans(),
)
def test_window_is_one_of_local_days(
    zone: ZoneInfo, now: datetime, ahead: timedelta, *, local: bool, deferred: bool
) -> None:
    """Whatever zone a trader writes: the days until the dispatch are those that the calendar of the state shows."""
    traders = zone if local else UTC
    message = leaving(now + ahead, traders, **{DEFERRED: deferred or None})
    days = (_read(message, traders).astimezone(zone).date() - now.astimezone(zone).date()).days

    allowed = days <= 0 if deferred else 0 <= days <= 7
    assert broken(message, seen(now, zone, traders)) == ([] if allowed else ["IR6"])


@settings(max_examples=100, deadline=None)
@given(zone=ZONES, local=st.booleans(), now=NOWS)
def test_register_is_asked_about_the_local_day(zone: ZoneInfo, now: datetime, *, local: bool) -> None:
    """An authorisation that ends on the day of dispatch still holds, and one that ended the day before does not."""
    traders = zone if local else UTC
    message, context = leaving(now, traders), seen(now, zone, traders)
    day = _read(message, traders).astimezone(zone).date()

    assert context.day_of(message) == day
    assert stateful(message, context, valid_to=day) == []
    assert stateful(message, context, valid_to=day - timedelta(days=1)) == ["R044"]


@settings(max_examples=100, deadline=None)
@given(zone=ZONES, local=st.booleans(), now=NOWS, hours=st.integers(0, 24), days=st.integers(0, 3))
def test_journey_ends_with_the_authorisation(
    zone: ZoneInfo, now: datetime, hours: int, days: int, *, local: bool
) -> None:
    """BR055: hours are elapsed hours, days whole days of the calendar; both may last until the last day is over."""
    traders = zone if local else UTC
    context = seen(now, zone, traders)
    start = _read(leaving(now, traders), traders)
    for journey, ends in (
        (f"H{hours:02}", (start + timedelta(hours=hours, microseconds=-1)).astimezone(zone).date()),
        (f"D{days:02}", start.astimezone(zone).date() + timedelta(days=days)),
    ):
        message = leaving(now, traders, **TO_A_TEMPORARY_CONSIGNEE, **{"header_ead_esad.journey_time": journey})
        last = max(ends, start.astimezone(zone).date())
        assert "BR055" not in stateful(message, context, temporary_to=last)
        if last > start.astimezone(zone).date():
            assert "BR055" in stateful(message, context, temporary_to=last - timedelta(days=1))


@pytest.mark.parametrize(
    ("hour", "journey", "expected"),
    [
        (time(4), "H06", []),
        (time(4), "H18", []),
        (time(4), "H19", ["BR055"]),
        (None, "H24", []),
        (None, "D00", []),
        (None, "D01", ["BR055"]),
    ],
    ids=str,
)
def test_journey_on_the_last_day_of_an_authorisation(hour: time | None, journey: str, expected: list[str]) -> None:
    """From six in the morning eighteen hours are left of the day, whatever a day may hold elsewhere."""
    day = date(2026, 3, 3)
    changes = {DISPATCH: day, HOUR: hour, "header_ead_esad.journey_time": journey}
    message = draft(TO_A_TEMPORARY_CONSIGNEE | changes)
    assert stateful(message, seen(datetime(2026, 3, 2, 10, tzinfo=UTC)), temporary_to=day) == expected


@pytest.mark.parametrize(("hour", "expected"), [(time(21, 59), ["R211"]), (time(22), [])], ids=str)
def test_product_code_that_begins_on_the_local_day(hour: time, expected: list[str]) -> None:
    """R211: 27101942 may be declared as E430 from 1 January 2025 on, a day that begins at 22:00 in UTC."""
    line = replace(
        draft().body_ead_esad[0],
        excise_product_code="E430",
        cn_code="27101942",
        alcoholic_strength_by_volume_in_percentage=None,
        density=Decimal("843.5"),
        wine_product=None,
    )
    changes = {DISPATCH: date(2024, 12, 31), HOUR: hour, DEFERRED: True, "body_ead_esad": (line,)}
    assert broken(draft(changes), seen(AFTER_MIDNIGHT)) == expected


def test_arrival_is_compared_with_the_local_day() -> None:
    """BR023: goods that arrive after local midnight may be reported on at once, by their local day."""
    arrived = report({"report_of_receipt_export.date_of_arrival_of_excise_products": date(2026, 3, 3)})
    assert [fault.rule for fault in content_faults(arrived, seen(AFTER_MIDNIGHT))] == []
    assert [fault.rule for fault in content_faults(arrived, seen(AFTER_MIDNIGHT - timedelta(hours=2)))] == ["BR023"]


@pytest.mark.parametrize(("left", "expected"), [(time(21, 59), []), (time(22), ["BR056"])], ids=str)
def test_arrival_on_the_local_day_of_dispatch(left: time, expected: list[str]) -> None:
    """BR056: what left before local midnight may arrive that day, what left after it may not have."""
    arrived = report({"report_of_receipt_export.date_of_arrival_of_excise_products": date(2026, 3, 1)})
    case = setting().case_of(arrived)
    assert case.movement is not None
    movement = replace(case.movement, dispatched_at=datetime.combine(date(2026, 3, 1), left, UTC))
    assert [fault.rule for fault in case_faults(arrived, replace(case, movement=movement))] == expected


def stateful(message: IE815, context: Context, **ends: date) -> list[str]:
    """The stateful rules that a draft breaks when the parties' authorisations end on these days."""
    facts = setting().facts
    known = dict(facts.operators) | {one.seed: one for one in _ending(facts.operators, **ends)}
    case = Case(context=context, movement=None, facts=replace(facts, operators=known))
    return [fault.rule for fault in case_faults(message, case)]


def _ending(operators: Any, valid_to: date | None = None, temporary_to: date | None = None) -> Iterator[Operator]:
    always = date(2000, 1, 1)
    for number, ends in ((CONSIGNOR, valid_to), (TEMPORARY, temporary_to), ("PL00000000201", None)):
        yield replace(operators[number], valid_from=always, valid_to=ends)


def _read(message: IE815, traders: tzinfo) -> datetime:
    """The moment that a draft means, read the long way."""
    entry = message.ead_esad_draft
    assert entry.time_of_dispatch is not None
    return datetime.combine(entry.date_of_dispatch, entry.time_of_dispatch, traders).astimezone(UTC)
