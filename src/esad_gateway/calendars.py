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


_LANGUAGE: Final = "en_US"
"""Of the names of days; without it they would follow the machine's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Eves:
    """Eves and their like: days that no list of public holidays settles, but the law of a state does.

    ``names`` are those days as ``holidays`` calls them in English, ``category`` where it has them. ``off`` says whether
    they are days off like public holidays, as that law equates them; ``source`` names the law.
    """

    names: tuple[str, ...]
    category: str
    off: bool
    source: str


EVES: Final[Mapping[str, Eves]] = MappingProxyType(
    {
        "AT": Eves(
            names=("Good Friday", "Christmas Eve"),
            category="bank",
            off=True,
            source="Bundesabgabenordnung, § 108(3)",
        ),
        "EE": Eves(
            names=("Pre-holiday day (workday shortened by 3 hours)",),
            category="half_day",
            off=False,
            source="Töölepingu seadus, § 53",
        ),
        "FI": Eves(
            names=("Midsummer Eve", "Christmas Eve"),
            category="public",
            off=True,
            source="Laki säädettyjen määräaikain laskemisesta (150/1930), 5 §",
        ),
        "NL": Eves(
            names=("Good Friday", "Liberation Day"),
            category="optional",
            off=True,
            source="Algemene termijnenwet, artikel 3",
        ),
        "SE": Eves(
            names=("Midsummer Eve", "Christmas Eve", "New Year's Eve"),
            category="de_facto",
            off=True,
            source="Lag (1930:173) om beräkning av lagstadgad tid, 2 §",
        ),
    }
)
"""Which eves count as days off, by state; in every other state none does that is no public holiday there."""


@dataclass(frozen=True)
class NationalDays:
    """The days that the whole of a member state has off, or works; ``state`` is a code of :data:`TIME_ZONES`.

    Not known: days that only some regions keep, such as Corpus Christi in Germany.
    """

    state: str

    @cached_property
    def public(self) -> Any:
        """The public holidays, with the weekends that are worked in exchange for others."""
        return self._known("public")

    @cached_property
    def eves_off(self) -> Container[date]:
        """The eves that count as days off."""
        eves = EVES.get(self.state)
        return _Named(self._known(eves.category), eves.names) if eves and eves.off else frozenset()

    def _known(self, category: str) -> Any:
        import holidays  # noqa: PLC0415 - takes longer than a command's whole start, and only reports of receipt ask

        country, part = _ISO.get(self.state, (self.state, None))
        return holidays.country_holidays(country, subdiv=part, categories=(category,), language=_LANGUAGE)


@dataclass(frozen=True, slots=True)
class _Named:
    """Those of some days that have one of the names."""

    days: Any
    names: tuple[str, ...]

    def __contains__(self, day: object) -> bool:
        return day in self.days and any(name in self.names for name in self.days.get_list(day))


@dataclass(frozen=True, slots=True)
class DaysOff:
    """The days from Monday to Friday that the whole of a member state has off: public holidays, and the eves."""

    days: NationalDays

    def __contains__(self, day: object) -> bool:
        """Whether ``day`` is one."""
        return day in self.days.public or day in self.days.eves_off


@dataclass(frozen=True, slots=True)
class WorkedWeekends:
    """The days of weekends that a member state works in exchange for others."""

    days: NationalDays

    def __contains__(self, day: object) -> bool:
        """Whether ``day`` is one."""
        public = self.days.public
        # Asking about a day makes its year known, with the weekends that are worked in it.
        return day not in public and day in public.weekend_workdays


@dataclass(frozen=True, slots=True)
class Correction:
    """Days that an administration knows better: ``off`` beside the public holidays, and ``worked`` in spite of all."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


def calendars(corrections: Mapping[str, Correction]) -> Mapping[str, Calendar]:
    """The calendar of every member state, with the corrections by state code."""
    return MappingProxyType({state: _calendar(state, corrections.get(state, Correction())) for state in TIME_ZONES})


def _calendar(state: str, correction: Correction) -> Calendar:
    days = NationalDays(state)
    return Calendar(
        zone=ZoneInfo(TIME_ZONES[state]),
        public_holidays=DaysOff(days),
        worked_weekends=WorkedWeekends(days),
        off=correction.off,
        worked=correction.worked,
    )
