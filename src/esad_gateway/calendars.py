"""The calendars of the member states: their time zones, their public holidays, and what an administration corrects."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from esad_gateway.emcs.working_days import Calendar

TIME_ZONES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AT": "Europe/Vienna",
        "BE": "Europe/Brussels",
        "BG": "Europe/Sofia",
        "CY": "Asia/Nicosia",
        "CZ": "Europe/Prague",
        "DE": "Europe/Berlin",
        "DK": "Europe/Copenhagen",
        "EE": "Europe/Tallinn",
        "EL": "Europe/Athens",
        "ES": "Europe/Madrid",
        "FI": "Europe/Helsinki",
        "FR": "Europe/Paris",
        "HR": "Europe/Zagreb",
        "HU": "Europe/Budapest",
        "IE": "Europe/Dublin",
        "IT": "Europe/Rome",
        "LT": "Europe/Vilnius",
        "LU": "Europe/Luxembourg",
        "LV": "Europe/Riga",
        "MT": "Europe/Malta",
        "NL": "Europe/Amsterdam",
        "PL": "Europe/Warsaw",
        "PT": "Europe/Lisbon",
        "RO": "Europe/Bucharest",
        "SE": "Europe/Stockholm",
        "SI": "Europe/Ljubljana",
        "SK": "Europe/Bratislava",
        "XI": "Europe/Belfast",
    }
)
"""The time zone of each national administration."""

_ISO: Final[Mapping[str, tuple[str, str | None]]] = MappingProxyType({"EL": ("GR", None), "XI": ("GB", "NIR")})
"""Where a national administration goes by another code than its country, and the part of that country it is."""


@dataclass(frozen=True)
class PublicHolidays:
    """The public holidays that hold in the whole of a member state; ``state`` is a code of :data:`TIME_ZONES`.

    Not known: days that only some regions keep, such as Corpus Christi in Germany, and half days.
    """

    state: str

    def __contains__(self, day: object) -> bool:
        """Whether ``day`` is one."""
        return day in self._days

    @cached_property
    def _days(self) -> Container[object]:
        import holidays  # noqa: PLC0415 - takes longer than a command's whole start, and only reports of receipt ask

        country, part = _ISO.get(self.state, (self.state, None))
        return holidays.country_holidays(country, subdiv=part)


@dataclass(frozen=True, slots=True)
class Correction:
    """Days that an administration knows better: ``off`` beside the public holidays, and ``worked`` in spite of all."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


def calendars(corrections: Mapping[str, Correction]) -> Mapping[str, Calendar]:
    """The calendar of every member state, with the corrections by state code."""
    return MappingProxyType({state: _calendar(state, corrections.get(state, Correction())) for state in TIME_ZONES})


def _calendar(state: str, correction: Correction) -> Calendar:
    return Calendar(
        zone=ZoneInfo(TIME_ZONES[state]),
        public_holidays=PublicHolidays(state),
        off=correction.off,
        worked=correction.worked,
    )
