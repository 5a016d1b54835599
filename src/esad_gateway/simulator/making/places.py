"""Other member states, another day and fresh identities in test data: numbers, names, places, dates and ARCs.

Test data stand as Lithuania sees them, with Poland on the other side, on the day of ``case.toml``.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from string import ascii_uppercase, digits
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from esad_gateway import profiles
from esad_gateway.emcs.identifiers import check_digit
from esad_gateway.emcs.registry import Facts
from esad_gateway.frozen import frozen
from esad_gateway.simulator.making.case import MadeCase
from esad_gateway.simulator.making.changing import mapped

T = TypeVar("T")

OWN, OTHER = "LT", "PL"
"""The member state that test data are seen from, and the one on the other side, as they are shipped."""


class Town(NamedTuple):
    """Where the traders of a member state are: its capital, a postcode there, and the language of their addresses."""

    name: str
    postcode: str
    language: str


TOWNS: Final[Mapping[str, Town]] = MappingProxyType(
    {
        "AT": Town("Wien", "1010", "de"),
        "BE": Town("Bruxelles", "1000", "fr"),
        "BG": Town("София", "1000", "bg"),
        "CY": Town("Λευκωσία", "1010", "el"),
        "CZ": Town("Praha", "110 00", "cs"),
        "DE": Town("Berlin", "10115", "de"),
        "DK": Town("København", "1050", "da"),
        "EE": Town("Tallinn", "10111", "et"),
        "EL": Town("Αθήνα", "105 57", "el"),
        "ES": Town("Madrid", "28001", "es"),
        "FI": Town("Helsinki", "00100", "fi"),
        "FR": Town("Paris", "75001", "fr"),
        "HR": Town("Zagreb", "10000", "hr"),
        "HU": Town("Budapest", "1011", "hu"),
        "IE": Town("Baile Átha Cliath", "D01", "ga"),
        "IT": Town("Roma", "00118", "it"),
        "LT": Town("Vilnius", "LT-01001", "lt"),
        "LU": Town("Luxembourg", "L-1009", "fr"),
        "LV": Town("Rīga", "LV-1001", "lv"),
        "MT": Town("Valletta", "VLT 1010", "mt"),
        "NL": Town("Den Haag", "2500", "nl"),
        "PL": Town("Warszawa", "00-001", "pl"),
        "PT": Town("Lisboa", "1000-001", "pt"),
        "RO": Town("București", "010011", "ro"),
        "SE": Town("Stockholm", "111 20", "sv"),
        "SI": Town("Ljubljana", "1000", "sl"),
        "SK": Town("Bratislava", "811 01", "sk"),
        "XI": Town("Belfast", "BT1 1AA", "en"),
    }
)

_ARC: Final = re.compile(r"(?P<year>\d\d)(?P<state>[A-Z]{2})(?P<serial>[A-Z0-9]{15})(?P<kind>[A-Z0-9])(?P<digit>\d)")
_NUMBER: Final = re.compile(r"(?P<state>[A-Z]{2})(?P<rest>[A-Za-z0-9]{6}|[A-Za-z0-9]{10,14}|-.+|)")
_ADDRESS: Final = "NDEA."
_PLACES: Final = frozenset({"trader_name", "name", "street_name", "city", "postcode"})
_FRESH: Final = frozenset({"message_identifier", "correlation_identifier"})
_LRN, _NEW_ARC = "local_reference_number", "administrative_reference_code"
_IDENTITIES: Final = _FRESH | {_LRN, _NEW_ARC}


@frozen(kw_only=True)
class Move:
    """Puts other member states into test data, moves it to another day, and gives it identities that a seed decides.

    ``own`` is the member state whose traders and offices write, ``other`` that on the other side. Everything else that
    names one of the two follows, and so do the register and the movements that the data is judged against. Messages of
    different ``name`` have different identifiers and local reference numbers, and issue different e-SADs.
    """

    own: str = OWN
    other: str = OTHER
    day: date
    seed: int = 0
    name: str = ""

    def message(self, value: T, case: MadeCase) -> T:
        """A message, or a part of one, which belongs to ``case``."""
        return mapped(value, lambda name, one: self._moved(name, one, case))

    def case(self, case: MadeCase) -> MadeCase:
        """What such messages are judged against."""
        return replace(
            case,
            context=replace(case.context, now=case.context.now + self._days(case), profile=self._profile(case)),
            facts=self._facts(case.facts, case),
            movements={self.text("", arc): self.message(one, case) for arc, one in case.movements.items()},
            used_lrns={
                (self.text("", consignor), self.text("", lrn)): self.text("", arc)
                for (consignor, lrn), arc in case.used_lrns.items()
            },
        )

    def text(self, name: str, text: str) -> str:
        """A text that stands in the item ``name``."""
        if name in _PLACES:
            return self._place(name, text)
        if name == "language":
            return self._languages.get(text, text)
        if (found := _ARC.fullmatch(text)) is not None:
            return self._arc(found, self._random(text[:20]))
        address = _ADDRESS if text.startswith(_ADDRESS) else ""
        found = _NUMBER.fullmatch(text.removeprefix(address))
        return text if found is None else f"{address}{self._state(found['state'])}{found['rest']}"

    def _moved(self, name: str, value: Any, case: MadeCase) -> Any:
        if isinstance(value, datetime) and value.tzinfo is not None:
            return self._moment(value, case)
        if isinstance(value, date):
            return value + self._days(case)
        if type(value) is not str:
            return value
        return self._own_identity(name, value, case) or self.text(name, value)

    def _own_identity(self, name: str, text: str, case: MadeCase) -> str | None:
        """What tells a message from every other one; ``None`` for a text that does not, or that the case speaks of."""
        if name not in _IDENTITIES:
            return None
        chosen = self._random(f"{self.name}/{text}")
        if name in _FRESH:
            return str(uuid.UUID(int=chosen.getrandbits(128), version=4))
        if name == _LRN and text not in {lrn for _, lrn in case.used_lrns}:
            return f"{self.own}-{self.day.year}-{chosen.getrandbits(40):010X}"
        found = _ARC.fullmatch(text) if name == _NEW_ARC and text not in case.movements else None
        return self._arc(found, chosen) if found else None

    def _moment(self, moment: datetime, case: MadeCase) -> datetime:
        """The moment at which clocks of our own state show the same on the other day."""
        shown = moment.astimezone(case.context.profile.time_zone).replace(tzinfo=None) + self._days(case)
        return shown.replace(tzinfo=self._zone).astimezone(moment.tzinfo)

    def _facts(self, facts: Facts, case: MadeCase) -> Facts:
        moved = {self.text("", seed): self.message(one, case) for seed, one in facts.operators.items()}
        return replace(
            facts,
            operators=moved,
            offices=frozenset(self.text("", one) for one in facts.offices or ()),
            reports=frozenset((self.text("", number), self.text("", arc)) for number, arc in facts.reports or ()),
            used={(self.text("", seed), product): one for (seed, product), one in facts.used.items()},
            movements_under={self.text("", seed): one for seed, one in facts.movements_under.items()},
        )

    def _profile(self, case: MadeCase) -> Any:
        own = profiles.profile_of(self.own)
        return replace(own, maximum_journey_days=case.context.profile.maximum_journey_days)

    def _days(self, case: MadeCase) -> timedelta:
        return self.day - case.context.now.date()

    def _state(self, code: str) -> str:
        return {OWN: self.own, OTHER: self.other}.get(code, code)

    def _place(self, name: str, text: str) -> str:
        """Names and addresses of our two states become those of the other ones; a name keeps apart from others."""
        if (self.own, self.other) == (OWN, OTHER):
            return text
        state = self.own if _is_own(text) else self.other
        town = TOWNS[state]
        if name in {"city", "postcode"}:
            return town.name if name == "city" else town.postcode
        return f"Example {self._random(text).randrange(100, 1000)} {town.name}"

    @property
    def _languages(self) -> Mapping[str, str]:
        return {TOWNS[OWN].language: TOWNS[self.own].language, TOWNS[OTHER].language: TOWNS[self.other].language}

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(profiles.STATES[self.own].zone)

    def _arc(self, found: re.Match[str], chosen: Random) -> str:
        """Another ARC of the same year and kind; a check digit that was wrong stays wrong."""
        text = found[0]
        serial = "".join(chosen.choices(digits + ascii_uppercase, k=len(found["serial"])))
        body = f"{self._year(found['year'])}{self._state(found['state'])}{serial}{found['kind']}"
        wrong = int(found["digit"]) - int(check_digit(text[:20]))
        return f"{body}{(int(check_digit(body)) + wrong) % 10}"

    def _year(self, year: str) -> str:
        return f"{self.day.year % 100:02}" if year == "26" else year

    def _random(self, text: str) -> Random:
        return Random(f"{self.seed}/{text}")  # noqa: S311 - repeatable, and no secret


def _is_own(text: str) -> bool:
    """Whether a name or an address is one of Lithuania: its letters, postcodes and towns tell."""
    return bool(_LITHUANIAN.search(text))


_LITHUANIAN: Final = re.compile(r"UAB|LT-|Vilnius|Kaunas| g\.|Vilni|Kaun")
