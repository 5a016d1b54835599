"""Examples of what is asked and answered about duty, for the OpenAPI document; a test compares the real answers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

ASKED: Final[Mapping[str, Any]] = MappingProxyType(
    {"goods": [{"product": "W200", "quantity": "900", "strength": "12"}], "on": "2025-06-01"}
)
"""The duty on wine."""

ASSESSED: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "state": "LT",
        "on": "2025-06-01",
        "taxPoint": {"source": "the day of receipt in Lithuania (2.5)", "mark": "I"},
        "currency": "EUR",
        "lines": [
            {
                "line": 1,
                "product": "W200",
                "cnCode": None,
                "tariffGroup": {
                    "code": "210",
                    "placeholder": False,
                    "tariff": "wine",
                    "source": "VMI order 156 of 2002-06-14, classifier of tariff groups",
                    "mark": "V",
                },
                "quantity": "900",
                "measure": "litres",
                "taxed": "9",
                "rate": {
                    "tariff": "wine",
                    "use": None,
                    "above": "8.5",
                    "upTo": None,
                    "unit": "hl",
                    "first": "2025-01-01",
                    "last": "2025-12-31",
                },
                "parts": [
                    {
                        "kind": "specific",
                        "figure": "254",
                        "source": "Ministry of Finance, Excise Duties",
                        "mark": "V",
                        "eur": "2286",
                    }
                ],
                "exact": "2286",
                "amount": "2286.00",
                "steps": [
                    {
                        "what": {"en": "Goods", "lt": "Prekės"},
                        "reckoned": {
                            "en": "W200, tariff group 210: Wine and other fermented beverages",
                            "lt": "W200, tarifinė grupė 210: Vynas ir kiti fermentuoti gėrimai",
                        },
                        "eur": None,
                        "source": "VMI order 156 of 2002-06-14, classifier of tariff groups",
                        "mark": "V",
                    },
                    {
                        "what": {"en": "Quantity", "lt": "Kiekis"},
                        "reckoned": {
                            "en": "900 l at 12 % vol = 9 hl",
                            "lt": "900 litrai, 12 % tūrio = 9 hl (hektolitrai)",
                        },
                        "eur": None,
                    },
                    {
                        "what": {"en": "Duty", "lt": "Akcizas"},
                        "reckoned": {"en": "254 EUR x 9 hl", "lt": "254 EUR x 9 hl (hektolitrai)"},
                        "eur": "2286",
                        "source": "Ministry of Finance, Excise Duties",
                        "mark": "V",
                    },
                    {
                        "what": {"en": "Amount", "lt": "Suma"},
                        "reckoned": {"en": "2286 EUR to the cent", "lt": "2286 EUR cento tikslumu"},
                        "eur": "2286.00",
                        "source": "a line to the nearest cent, half a cent up (2.5)",
                        "mark": "I",
                    },
                ],
            }
        ],
        "exact": "2286",
        "amount": "2286.00",
        "faults": [],
    }
)
"""The duty on it, step by step."""

RATES_OF_WINE: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "state": "LT",
        "on": "2025-06-01",
        "currency": "EUR",
        "groups": [
            {
                "code": "210",
                "placeholder": False,
                "tariff": "wine",
                "source": "VMI order 156 of 2002-06-14, classifier of tariff groups",
                "mark": "V",
                "title": {"en": "Wine and other fermented beverages", "lt": "Vynas ir kiti fermentuoti gėrimai"},
                "products": ["W200"],
                "cnCodes": [],
                "rates": [
                    {
                        "tariff": "wine",
                        "use": None,
                        "above": None,
                        "upTo": "8.5",
                        "unit": "hl",
                        "first": "2025-01-01",
                        "last": "2025-12-31",
                        "parts": [
                            {
                                "kind": "specific",
                                "figure": "127",
                                "source": "Ministry of Finance, Excise Duties",
                                "mark": "V",
                            }
                        ],
                    },
                    {
                        "tariff": "wine",
                        "use": None,
                        "above": "8.5",
                        "upTo": None,
                        "unit": "hl",
                        "first": "2025-01-01",
                        "last": "2025-12-31",
                        "parts": [
                            {
                                "kind": "specific",
                                "figure": "254",
                                "source": "Ministry of Finance, Excise Duties",
                                "mark": "V",
                            }
                        ],
                    },
                ],
            }
        ],
    }
)
"""The rates of a group."""
