"""The other member states: what their partners have to know of them."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Final

from esad_gateway.profiles.state import Eves, State

OTHERS: Final[Mapping[str, State]] = MappingProxyType(
    {
        "AT": State(
            zone="Europe/Vienna",
            eves=Eves(
                names=("Good Friday", "Christmas Eve"),
                category="bank",
                off=True,
                source="Bundesabgabenordnung, § 108(3)",
            ),
        ),
        "BE": State(zone="Europe/Brussels"),
        "BG": State(zone="Europe/Sofia"),
        "CY": State(zone="Asia/Nicosia"),
        "CZ": State(zone="Europe/Prague"),
        "DE": State(zone="Europe/Berlin"),
        "DK": State(zone="Europe/Copenhagen"),
        "EE": State(
            zone="Europe/Tallinn",
            eves=Eves(
                names=("Pre-holiday day (workday shortened by 3 hours)",),
                category="half_day",
                off=False,
                source="Töölepingu seadus, § 53",
            ),
        ),
        "EL": State(
            zone="Europe/Athens",
            country=("GR", None),
            esad_from=None,
            esad_source="not ready, by the Lithuanian notice of February 2023 alone; no day is known",
        ),
        "ES": State(zone="Europe/Madrid"),
        "FI": State(
            zone="Europe/Helsinki",
            eves=Eves(
                names=("Midsummer Eve", "Christmas Eve"),
                category="public",
                off=True,
                source="Laki säädettyjen määräaikain laskemisesta (150/1930), 5 §",
            ),
        ),
        "FR": State(zone="Europe/Paris"),
        "HR": State(zone="Europe/Zagreb"),
        "HU": State(zone="Europe/Budapest"),
        "IE": State(zone="Europe/Dublin"),
        "IT": State(zone="Europe/Rome"),
        "LU": State(zone="Europe/Luxembourg"),
        "LV": State(zone="Europe/Riga"),
        "MT": State(zone="Europe/Malta"),
        "NL": State(
            zone="Europe/Amsterdam",
            esad_from=None,
            esad_source="began with an emergency procedure on paper (Belastingdienst); no day is known",
            eves=Eves(
                names=("Good Friday", "Liberation Day"),
                category="optional",
                off=True,
                source="Algemene termijnenwet, artikel 3",
            ),
        ),
        "PL": State(zone="Europe/Warsaw"),
        "PT": State(zone="Europe/Lisbon"),
        "RO": State(zone="Europe/Bucharest"),
        "SE": State(
            zone="Europe/Stockholm",
            eves=Eves(
                names=("Midsummer Eve", "Christmas Eve", "New Year's Eve"),
                category="de_facto",
                off=True,
                source="Lag (1930:173) om beräkning av lagstadgad tid, 2 §",
            ),
        ),
        "SI": State(zone="Europe/Ljubljana"),
        "SK": State(zone="Europe/Bratislava"),
        "XI": State(
            zone="Europe/Belfast",
            country=("GB", "NIR"),
            esad_from=date(2024, 8, 19),
            esad_source="HM Revenue & Customs, Excise Notice 204b",
        ),
    }
)
"""By the code of the national administration."""
