"""What the OpenAPI document says of guarantees."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.described import schema_of
from esad_gateway.rest.national.described import IN_JSON, DescribedRoute
from esad_gateway.rest.national.guarantees import OWN, SIMULATION

_SEED, _AT = "LT00000000101", "2026-03-02T12:00:00+02:00"
_BEER: Final = {"product": "B000", "cn_code": "22030001", "quantity": "1000", "strength": "5"}
_OFFICIAL: Final = {"403": ("role-missing", "the token is none of an official")}
_NOBODY: Final = {"404": ("not-found", "no such number is registered, or it is somebody else's")}
_WRONG: Final = {"422": ("national-refused", "all that is wrong with it; nothing was done")}

_GUARANTEE: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "number": 1,
        "seed": _SEED,
        "kind": "deposit",
        "reference": "payment 17",
        "amount": "1000.00",
        "currency": "EUR",
        "since": "2026-01-01",
        "until": None,
        "guarantors": [],
    }
)
_ENTRY: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "number": 1,
        "kind": "reserved",
        "amount": "300.00",
        "at": _AT,
        "guarantee": None,
        "subject": "26PL00000000000000014",
        "why": "",
    }
)
_ACT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "number": 1,
        "kind": "set",
        "at": _AT,
        "basis": "548.5",
        "share": "whole",
        "amount": "548.50",
        "forecast": [],
        "why": "forecast of 2026",
    }
)
_WISH: Final[Mapping[str, Any]] = MappingProxyType({**_ACT, "kind": "asked_lower", "basis": None, "amount": None})
_STATEMENT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "seed": _SEED,
        "at": _AT,
        "currency": "EUR",
        "balance": {"secured": "1000.00", "reserved": "300.00", "used": "0.00", "available": "700.00"},
        "cover": {
            "required": None,
            "missing": "0.00",
            "covered": True,
            "ended": None,
            "renewUntil": None,
            "rule": None,
        },
        "guarantees": [dict(_GUARANTEE)],
        "ledger": [dict(_ENTRY)],
        "amounts": [dict(_ACT)],
    }
)
_SIMULATED: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "share": "tenth",
        "percent": "10",
        "basis": "548.5",
        "required": "54.85",
        "amount": "54.85",
        "duty": {"state": "LT", "on": "2025-06-02", "currency": "EUR", "amount": "548.50", "faults": []},
    }
)


def _sent(body: Mapping[str, Any], *needed: str) -> dict[str, Any]:
    return {"body": body, "schema": {**schema_of(body), "required": list(needed)}}


GUARANTEES: Final[Mapping[tuple[str, str], DescribedRoute]] = MappingProxyType(
    {
        (SIMULATION, "post"): DescribedRoute(
            example=_SIMULATED,
            about="with every step of the duty; faults where goods have none",
            problems={**IN_JSON, "422": ("compose-refused", "fields that are no goods")},
            **_sent({"goods": [_BEER], "share": "tenth", "on": "2025-06-02"}, "goods"),
        ),
        (OWN, "get"): DescribedRoute(example=_STATEMENT, problems=_NOBODY),
        (OWN + "/wishes", "post"): DescribedRoute(
            example=_WISH,
            about="written down",
            status="201",
            problems={**_NOBODY, **IN_JSON, **_WRONG},
            **_sent({"wish": "lower", "why": "fewer imports"}, "wish"),
        ),
        (OWN + "/papers", "post"): DescribedRoute(
            example=_GUARANTEE,
            about="it secures the duty of the number",
            status="201",
            problems={**_OFFICIAL, **_NOBODY, **IN_JSON, **_WRONG},
            **_sent(
                {"kind": "deposit", "amount": "1000.00", "reference": "payment 17", "since": "2026-01-01"},
                *("kind", "amount", "reference", "since"),
            ),
        ),
        (OWN + "/entries", "post"): DescribedRoute(
            example=_ENTRY,
            about="it stands in the ledger",
            status="201",
            problems={**_OFFICIAL, **_NOBODY, **IN_JSON, **_WRONG},
            **_sent({"kind": "reserved", "amount": "300.00", "document": "26PL00000000000000014"}, "kind"),
        ),
        (OWN + "/amounts", "post"): DescribedRoute(
            example=_ACT,
            about="the amount that has to be secured",
            status="201",
            problems={**_OFFICIAL, **_NOBODY, **IN_JSON, **_WRONG},
            **_sent({"amount": "548.50", "basis": "548.5", "share": "whole", "why": "forecast of 2026"}),
        ),
    }
)
"""Every route of guarantees."""
