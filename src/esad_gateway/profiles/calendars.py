"""The calendars of the member states: time zones, public holidays, eves, and what an administration corrects.

Rules on periods in EU law leave public holidays to each member state (Regulation (EEC, Euratom) No 1182/71, article 2).
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo

from esad_gateway.emcs.working_days import Calendar
from esad_gateway.frozen import frozen
from esad_gateway.profiles import STATES
from esad_gateway.profiles.state import State

_LANGUAGE: Final = "en_US"
"""Of the names of days; without it they would follow the machine's language."""


@dataclass(frozen=True)
class NationalDays:
    """The days that the whole of a member state has off, or works; ``state`` is a code of :data:`.STATES`.

    Not known: days that only some regions keep, such as Corpus Christi in Germany.
    """

    code: str
    state: State

    @cached_property
    def public(self) -> Any:
        """The public holidays, with the weekends that are worked in exchange for others."""
        return self._known("public")

    @cached_property
    def eves_off(self) -> Container[date]:
        """The eves that count as days off."""
        eves = self.state.eves
        return _Named(self._known(eves.category), eves.names) if eves and eves.off else frozenset()

    def _known(self, category: str) -> Any:
        import holidays  # noqa: PLC0415 - takes longer than a command's whole start, and only reports of receipt ask

        country, part = self.state.country or (self.code, None)
        return holidays.country_holidays(country, subdiv=part, categories=(category,), language=_LANGUAGE)


@frozen
class _Named:
    """Those of some days that have one of the names."""

    days: Any
    names: tuple[str, ...]

    def __contains__(self, day: object) -> bool:
        return day in self.days and any(name in self.names for name in self.days.get_list(day))


@frozen
class DaysOff:
    """The days from Monday to Friday that the whole of a member state has off: public holidays, and the eves."""

    days: NationalDays

    def __contains__(self, day: object) -> bool:
        """Whether ``day`` is one."""
        return day in self.days.public or day in self.days.eves_off


@frozen
class WorkedWeekends:
    """The days of weekends that a member state works in exchange for others."""

    days: NationalDays

    def __contains__(self, day: object) -> bool:
        """Whether ``day`` is one."""
        public = self.days.public
        # Asking about a day makes its year known, with the weekends that are worked in it.
        return day not in public and day in public.weekend_workdays


@frozen
class Correction:
    """Days that an administration knows better: ``off`` beside the public holidays, and ``worked`` in spite of all."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


def calendars(corrections: Mapping[str, Correction]) -> Mapping[str, Calendar]:
    """The calendar of every member state, with the corrections by state code."""
    return MappingProxyType({code: _calendar(code, corrections.get(code, Correction())) for code in STATES})


def _calendar(code: str, correction: Correction) -> Calendar:
    days = NationalDays(code, STATES[code])
    return Calendar(
        zone=ZoneInfo(STATES[code].zone),
        public_holidays=DaysOff(days),
        worked_weekends=WorkedWeekends(days),
        off=correction.off,
        worked=correction.worked,
    )
