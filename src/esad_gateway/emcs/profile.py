"""The national profile: what one member state decides for itself, handed to EU law as a value."""

from collections.abc import Mapping
from dataclasses import field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from esad_gateway.emcs.moments import day_of, day_written, moment_of
from esad_gateway.emcs.releases import Schedule
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen

if TYPE_CHECKING:
    from esad_gateway.emcs.law import NationalLaw
    from esad_gateway.emcs.rules.mechanism import Rule

__all__ = ["NationalProfile"]


@frozen(kw_only=True)
class NationalProfile:
    """One member state's own choices.

    ``state`` is the code of the national administrations list (LT, EL, XI), ``time_zone`` where its calendar days begin
    and end. ``maximum_journey_days`` are national
    maxima per transport mode code, where lower than the EU ones (BR007). ``formalities`` is how long a report of
    receipt is held before it is forwarded, for the fiscal formalities of the state of destination (scenario S5).
    ``time_to_change`` is how long a consignor has to give a destination after a rejection or refusal (TIM_CHS): the
    EU maximum is a system parameter (IE709) whose value is not public, so it is a setting.
    ``time_to_wait`` is how long a message of another administration may wait for the one that must come before it.
    ``trader_zone`` is the zone of the times in documents from and to its traders; between administrations it is UTC.
    ``language`` is the one in which its traders are written to, where they do not show another one (two small letters).
    ``trader_release`` is the release of the messages that they read, ``None`` where they read every one.
    ``calendars`` are the working days of member states by code, as far as they are known.
    ``esad_from`` is the first day on which member states take part in the e-SAD, by code, where they began late.
    ``rules`` are those that the state asks beside the rulebook; ``rules_off`` are rules of the rulebook, each of
    them optional there, that it does not ask. ``law`` is what else it decides about a message. ``changes`` are the
    profiles by which it goes on, each from a day on; they have no changes themselves, and the earliest comes first.
    """

    state: str
    time_zone: tzinfo
    maximum_journey_days: Mapping[str, int] = field(default_factory=dict)
    formalities: timedelta = timedelta(0)
    time_to_change: timedelta = timedelta(days=30)
    time_to_wait: timedelta = timedelta(days=1)
    trader_zone: tzinfo = UTC
    language: str = "en"
    trader_release: Schedule | None = None
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    esad_from: Mapping[str, date] = field(default_factory=dict)
    rules: tuple["Rule", ...] = ()
    rules_off: frozenset[str] = frozenset()
    law: "NationalLaw | None" = None
    changes: tuple[tuple[date, "NationalProfile"], ...] = ()

    @property
    def address(self) -> str:
        """The administration's address in message headers, such as ``NDEA.LT``."""
        return f"NDEA.{self.state}"

    def traders_read(self, release: str | None, moment: datetime) -> bool:
        """Whether our traders read documents of a release at a moment (aware); nobody minds an unknown one."""
        return release is None or self.trader_release is None or self.trader_release.at(moment) == release

    def on(self, day: date) -> "NationalProfile":
        """What the state decides for itself on a day of its own calendar."""
        return next((profile for first, profile in reversed(self.changes) if first <= day), self)

    def at(self, moment: datetime) -> "NationalProfile":
        """What the state decides for itself at ``moment`` (an aware datetime)."""
        return self.on(self.local_date(moment)) if self.changes else self

    def calendar_of(self, state: str) -> Calendar:
        """The calendar of a member state; one without public holidays, in our own time zone, where none is known."""
        return self.calendars.get(state) or Calendar(zone=self.time_zone)

    def local_date(self, moment: datetime) -> date:
        """The calendar day in this state at ``moment`` (an aware datetime)."""
        return day_of(moment, self.time_zone)

    def moment_written(self, day: date, at: time | None) -> datetime:
        """The moment (aware, in UTC) that our traders mean by a day and, if there is one, a time of day."""
        return moment_of(day, at, self.trader_zone, self.time_zone)

    def day_written(self, day: date, at: time | None) -> date:
        """The calendar day in this state of the moment that our traders mean by a day and a time of day."""
        return day_written(day, at, self.trader_zone, self.time_zone)
