"""An example of what may be claimed back, for the OpenAPI document; a test compares it with a real answer."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

CLAIMED: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "arc": "26LT000000000000001P2",
        "consignor": "LT00000000101",
        "consignee": "PL00000000201",
        "dispatched": "2026-03-02",
        "arrived": "2026-03-02",
        "paidOn": "2025-06-01",
        "proof": "FR0630 2025-06",
        "lines": [
            {
                "reference": 1,
                "product": "W200",
                "dispatched": "900",
                "refused": "0",
                "shortage": "0",
                "excess": "0",
                "received": "900",
            },
            {
                "reference": 2,
                "product": "B000",
                "dispatched": "1000",
                "refused": "0",
                "shortage": "0",
                "excess": "0",
                "received": "1000",
            },
        ],
        "duty": {
            "state": "LT",
            "on": "2025-06-01",
            "taxPoint": {"source": "the day of receipt in Lithuania (2.5)", "mark": "I"},
            "currency": "EUR",
            "lines": [
                {
                    "line": 1,
                    "product": "W200",
                    "cnCode": "22042138",
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
                                "en": "900 l at 12.5 % vol = 9 hl",
                                "lt": "900 litrai, 12,5 % tūrio = 9 hl (hektolitrai)",
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
                },
                {
                    "line": 2,
                    "product": "B000",
                    "cnCode": "22030009",
                    "tariffGroup": {
                        "code": "110",
                        "placeholder": False,
                        "tariff": "beer",
                        "source": "VMI order 156 of 2002-06-14, classifier of tariff groups",
                        "mark": "V",
                    },
                    "quantity": "1000",
                    "measure": "litres",
                    "taxed": "52",
                    "rate": {
                        "tariff": "beer",
                        "use": None,
                        "above": None,
                        "upTo": None,
                        "unit": "hl_degree",
                        "first": "2025-01-01",
                        "last": "2025-12-31",
                    },
                    "parts": [
                        {
                            "kind": "specific",
                            "figure": "10.97",
                            "source": "Ministry of Finance, Excise Duties",
                            "mark": "V",
                            "eur": "570.44",
                        }
                    ],
                    "exact": "570.44",
                    "amount": "570.44",
                    "steps": [
                        {
                            "what": {"en": "Goods", "lt": "Prekės"},
                            "reckoned": {"en": "B000, tariff group 110: Beer", "lt": "B000, tarifinė grupė 110: Alus"},
                            "eur": None,
                            "source": "VMI order 156 of 2002-06-14, classifier of tariff groups",
                            "mark": "V",
                        },
                        {
                            "what": {"en": "Quantity", "lt": "Kiekis"},
                            "reckoned": {
                                "en": "1000 l at 5.2 % vol = 52 hl x % vol",
                                "lt": "1000 litrai, 5,2 % tūrio = 52 hl x % tūrio",
                            },
                            "eur": None,
                        },
                        {
                            "what": {"en": "Duty", "lt": "Akcizas"},
                            "reckoned": {"en": "10.97 EUR x 52 hl x % vol", "lt": "10,97 EUR x 52 hl x % tūrio"},
                            "eur": "570.44",
                            "source": "Ministry of Finance, Excise Duties",
                            "mark": "V",
                        },
                        {
                            "what": {"en": "Amount", "lt": "Suma"},
                            "reckoned": {"en": "570.44 EUR to the cent", "lt": "570,44 EUR cento tikslumu"},
                            "eur": "570.44",
                            "source": "a line to the nearest cent, half a cent up (2.5)",
                            "mark": "I",
                        },
                    ],
                },
            ],
            "exact": "2856.44",
            "amount": "2856.44",
            "faults": [],
        },
        "amount": "2856.44",
        "forms": [
            {"code": "FR0396", "purpose": "request", "source": "VMI order 255 of 2002-08-30 (REF-2)", "mark": "V"},
            {
                "code": "FR0397",
                "purpose": "excise",
                "source": "VMI order 255 of 2002-08-30; whether it is used for e-SAD (REF-2)",
                "mark": "I",
            },
            {
                "code": "FR0781",
                "purpose": "set_off",
                "source": "vmi.lt, page on refunds: set-off against customs",
                "mark": "V",
            },
        ],
        "channels": ["in_person", "post", "mano_vmi"],
        "source": "VMI order 255 of 2002-08-30 (REF-2)",
        "mark": "V",
        "documents": {
            "e-sad": "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
            "e-ror": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        },
    }
)
"""Wine and beer, of which all has arrived."""
