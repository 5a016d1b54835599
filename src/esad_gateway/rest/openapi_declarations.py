"""What the OpenAPI document says of declarations."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.described import answer, problem
from esad_gateway.rest.national.declarations import (
    DECLARATIONS,
    FIGURE,
    FILE_TYPES,
    FILED_FILE,
    FILINGS,
    MONTH,
    FilingBody,
)

_SEED, _ARC = "LT00000000102", "26PL000000000000001P4"
_FIGURE: Final = {
    "figure": "D/110",
    "annex": "D",
    "row": "",
    "tariffGroup": "110",
    "measure": "litres",
    "quantity": "1000",
    "duty": "637.00",
}
_FILED: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "seed": _SEED,
        "period": "2026-02",
        "number": 0,
        "form": "AKC430",
        "version": "1",
        "payerType": "Registruotas asmuo",
        "boxNumber": _SEED,
        "duty": "637.00",
        "settling": "paid",
        "setOff": "0",
        "toPay": "637.00",
        "filedAt": "2026-03-02T12:00:00+02:00",
        "late": False,
        "by": {"kind": "service", "name": _SEED, "role": ""},
        "figures": [_FIGURE],
        "documents": [{"document": _ARC, "version": 1}],
    }
)
_MONTH: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "seed": _SEED,
        "name": "Trader One",
        "entity": "",
        "status": "certified_consignee",
        "period": "2026-02",
        "state": "filed",
        "due": {
            "day": "2026-03-16",
            "moment": "2026-03-17T00:00:00+02:00",
            "rule": "DEC-2",
            "source": "notice of the State Tax Inspectorate on the e-SAD, February 2023",
            "mark": "I",
        },
        "form": {
            "name": "AKC430",
            "version": "1",
            "payerType": "Registruotas asmuo",
            "boxNumber": _SEED,
            "annexes": ["D", "R"],
            "settling": "paid",
            "source": "order VA-73 of the State Tax Inspectorate, 20 August 2025",
            "mark": "NF",
        },
        "duty": "637.00",
        "documents": 1,
        "figures": [_FIGURE],
        "faults": [],
        "filed": [dict(_FILED)],
    }
)
_SOURCES: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "figure": "D/110",
        "sources": [
            {
                "route": "esad",
                "document": _ARC,
                "line": 1,
                "received": "2026-02-27",
                "quantity": "1000",
                "duty": "637.00",
            }
        ],
    }
)
_TAKEN: Final[Mapping[str, Any]] = MappingProxyType({"declaration": dict(_FILED), "again": False})

_ANSWERS: Final[Mapping[tuple[str, str], Mapping[str, dict[str, Any]]]] = MappingProxyType(
    {
        (DECLARATIONS, "get"): {"200": answer("the months, the newest first", {"declarations": [dict(_MONTH)]})},
        (MONTH, "get"): {"200": answer("as things stand", _MONTH)},
        (FIGURE, "get"): {"200": answer("every line of a document that makes it", _SOURCES)},
        (FILINGS, "post"): {
            "201": answer("filed", _TAKEN),
            "200": answer("it had been filed as it is", {**_TAKEN, "again": True}),
            "400": problem("no JSON"),
            "413": problem("too large"),
            "415": problem("no JSON by its media type, or encoded"),
            "422": problem("every reason why nothing was filed"),
        },
        (FILED_FILE, "get"): {
            "200": {
                "description": "the file",
                "content": {
                    one: {"schema": {"type": "string", "contentMediaType": one}} for one in FILE_TYPES.values()
                },
            },
        },
    }
)


def describe_declarations(document: dict[str, Any]) -> None:
    """Add to the document what the framework does not know of declarations, where this gateway has them."""
    paths = document["paths"]
    for (path, method), answers in _ANSWERS.items():
        if path in paths:
            paths[path][method]["responses"].update(answers)
    if FILINGS in paths:
        content = {"application/json": {"schema": FilingBody.model_json_schema(), "example": {"zero": True}}}
        paths[FILINGS]["post"]["requestBody"] = {"required": True, "content": content}
