"""What the OpenAPI document says of registration cases."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.described import answer, problem, schema_of
from esad_gateway.rest.national.cases import ACTS, CANDIDATES, CASE, CASES, MEDIA, NOTICES, PAPER, PAPERS

_AT: Final = "2026-03-02T12:00:00+02:00"
_DIGEST: Final = "5" * 64

REQUEST: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "channel": "mano_vmi",
        "request": {
            "status": "registered_consignor",
            "applicant": {
                "code": "100000001",
                "name": "Trader One",
                "street": "Gatvė",
                "number": "1",
                "postcode": "01100",
                "city": "Vilnius",
                "email": "trader.one@example.lt",
            },
            "goods": [{"product": "W200", "tariff_group": "210", "monthly": "900"}],
            "places": [{"street": "Gatvė 1", "city": "Vilnius"}],
            "licences": [{"number": "L-1", "categories": "W", "valid_from": "2026-01-01"}],
            "security": "deposit",
        },
    }
)
"""A request that is complete."""

_ROW: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "number": "2026-000001",
        "entity": "100000001",
        "status": "registered_consignor",
        "state": "submitted",
        "seed": None,
        "due": "2026-03-24",
        "workingDaysLeft": 15,
        "changedAt": _AT,
    }
)
_TERM: Final = {
    "purpose": "decision",
    "since": "2026-03-02",
    "until": "2026-03-24",
    "rule": "RC-4",
    "workingDaysLeft": 15,
}
_ACT: Final = {
    "number": 1,
    "act": "submit",
    "at": _AT,
    "on": None,
    "by": {"kind": "person", "name": "48001010001", "role": ""},
    "values": dict(REQUEST),
    "told": [],
}

CASE_NOW: Final[Mapping[str, Any]] = MappingProxyType(
    {**_ROW, "next": ["refuse", "withdraw", "ask", "add", "set_amount"], "terms": [_TERM], "acts": [_ACT]}
)
"""A case as it stands."""

DONE: Final[Mapping[str, Any]] = MappingProxyType({"again": False, "case": dict(CASE_NOW)})
"""What an act comes to."""

NOTICE: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "number": 1,
        "case": "2026-000001",
        "act": "refuse",
        "entity": "100000001",
        "at": _AT,
        "channel": "mano_vmi",
        "until": "2026-03-09",
        "rule": "RC-13",
    }
)
"""What an entity is told."""

CANDIDATE: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "case": {**_ROW, "state": "registered", "seed": "LT00000000001", "due": None, "workingDaysLeft": None},
        "ground": "inactive",
        "since": "2026-03-02",
        "until": "2026-09-02",
        "rule": "RC-13",
    }
)
"""That a registration may be ended."""

KEPT_PAPER: Final[Mapping[str, Any]] = MappingProxyType(
    {"digest": _DIGEST, "name": "payment.pdf", "mediaType": "application/pdf", "size": 48213, "at": _AT}
)
"""A paper that was handed in."""

_UNREADABLE: Final = {
    "400": problem("no JSON"),
    "413": problem("too large"),
    "415": problem("not of this media type, or encoded"),
}
_REFUSED: Final = problem("what is asked for breaks a requirement; faults has all that is wrong")
_ANSWERS: Final[Mapping[tuple[str, str], Mapping[str, dict[str, Any]]]] = MappingProxyType(
    {
        (CASES, "post"): {
            "201": answer("the case has begun", DONE),
            "200": answer("the same request was made before, and is open", {**DONE, "again": True}),
            **_UNREADABLE,
            "422": _REFUSED,
        },
        (CASES, "get"): {"200": answer("by number", {"cases": [dict(_ROW)]})},
        (NOTICES, "get"): {"200": answer("the oldest first", {"notices": [dict(NOTICE)]})},
        (CANDIDATES, "get"): {"200": answer("by case and ground", {"candidates": [dict(CANDIDATE)]})},
        (PAPERS, "post"): {
            "201": answer("kept", KEPT_PAPER),
            "413": problem("too large"),
            "415": problem("not of this media type, or encoded"),
        },
        (CASE, "get"): {"200": answer("as it stands", CASE_NOW)},
        (ACTS, "post"): {
            "200": answer("done, or done before (again)", DONE),
            **_UNREADABLE,
            "409": problem("the act does not follow in the state of the case, which stands beside the faults"),
            "422": _REFUSED,
        },
    }
)
_OF_NOBODY_ELSE: Final = ((CASES, "post"), (CASES, "get"), (NOTICES, "get"), (CANDIDATES, "get"))
"""Where nothing is named that could be another entity's."""


def describe_cases(document: dict[str, Any]) -> None:
    """Add to the document what the framework does not know of the routes of cases, where there are any."""
    paths = document["paths"]
    if CASES not in paths:
        return
    for (path, method), answers in _ANSWERS.items():
        paths[path][method]["responses"].update(answers)
    for path, method in _OF_NOBODY_ELSE:
        del paths[path][method]["responses"]["404"]
    _bodies(paths)
    content = {media: {"schema": {"type": "string", "contentMediaType": media}} for media in MEDIA}
    paths[PAPER]["get"]["responses"]["200"] = {"description": "the bytes as they were handed in", "content": content}


def _bodies(paths: dict[str, Any]) -> None:
    asked = {"application/json": {"schema": schema_of(dict(REQUEST)), "example": dict(REQUEST)}}
    paths[CASES]["post"]["requestBody"] = {"required": True, "content": asked}
    act = {"application/json": {"schema": {"type": "object"}, "example": dict(REQUEST)}}
    paths[ACTS]["post"]["requestBody"] = {"required": True, "content": act}
    paper = {"schema": {"type": "string"}, "example": "paid"}
    others = ", ".join(one for one in MEDIA if one != "text/plain")
    paths[PAPERS]["post"]["requestBody"] = {
        "required": True,
        "description": f"the bytes of the paper; also {others}",
        "content": {"text/plain": paper},
    }
