"""Moments: what a document writes as a day and a time of day, and which day of a calendar a moment is.

A document leaves the zone out; its reader knows that (traders: ``NationalProfile.trader_zone``, administrations:
UTC). A day alone, without a time, is a day of the calendar, wherever it is read.
"""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache


def in_zone(moment: datetime, source: tzinfo, target: tzinfo) -> datetime:
    """A moment without a zone, as it is written in ``target`` instead of ``source``.

    One that does not exist in ``target``, at the very ends of time, stays as it is. In the hour in which clocks are put
    back the first of the two moments is meant; one that clocks put forward have left out is read as if they had not
    been yet.
    """
    try:
        return moment.replace(tzinfo=source).astimezone(target).replace(tzinfo=None)
    except OverflowError:
        return moment


@lru_cache(maxsize=1024)  # a dozen rules ask one draft
def moment_of(day: date, at: time | None, written_in: tzinfo, calendar: tzinfo) -> datetime:
    """The moment (aware, in UTC) that a document means by a day and a time of day written in a zone.

    Without a time it is the beginning of that day in the ``calendar``, whatever the document is written in. At the very
    ends of time, where a zone has no such moment, the hour is taken for one in UTC.
    """
    zone = calendar if at is None else written_in
    return in_zone(datetime.combine(day, at or time()), zone, UTC).replace(tzinfo=UTC)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """A moment (aware) by the clocks of a zone; at the very ends of time, where it has no such moment, as it is."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def day_of(moment: datetime, calendar: tzinfo) -> date:
    """The calendar day at a moment (aware); at the very ends of time, where a zone has no days, that in UTC."""
    return local(moment, calendar).date()


@lru_cache(maxsize=1024)
def day_written(day: date, at: time | None, written_in: tzinfo, calendar: tzinfo) -> date:
    """The calendar day of the moment that :func:`moment_of` is about."""
    return day_of(moment_of(day, at, written_in, calendar), calendar)


def after_day(day: date, calendar: tzinfo) -> datetime:
    """The moment (aware, in UTC) at which a calendar day is over; the last moment there is for the last day."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return moment_of(day + timedelta(days=1), None, calendar, calendar)
