"""What the OpenAPI document says of the deadline board and of its addresses."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.described import also, answer, problem
from esad_gateway.rest.national.due import CALENDAR, DUE, FEEDS, FOLLOWED, ICS, REVOCATION

_SEED: Final = "LT00000000101"
_AS_CALENDAR: Final = "the same as a calendar (RFC 5545)"

_BOARD: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "seed": _SEED,
        "items": [
            {
                "kind": "report_of_receipt",
                "seed": _SEED,
                "about": "26PL00000000000000014",
                "since": "2026-03-02",
                "due": "2026-03-12",
                "until": "2026-03-13T00:00:00+02:00",
                "workingDaysLeft": 7,
                "overdue": False,
                "requirement": "RCV-2",
                "source": "notice of the State Tax Inspectorate on the e-SAD, February 2023",
                "mark": "I",
                "command": "esad submit",
                "operation": "POST /v1/messages",
                "text": {
                    "en": "Report of receipt for 26PL00000000000000014",
                    "lt": "Pranešimas apie prekių gavimą pagal 26PL00000000000000014",
                },
            }
        ],
        "completeThrough": 1,
        "complete": True,
    }
)
_FEED: Final[Mapping[str, Any]] = MappingProxyType(
    {"number": 1, "seed": _SEED, "madeAt": "2026-03-02T12:00:00+02:00", "endedAt": None}
)
_ADDRESS: Final = "https://ndea.example/v1/due/an-example-of-a-secret-and-no-real-one.ics"


def describe_due(document: dict[str, Any]) -> None:
    """Add examples."""
    paths = document["paths"]
    if DUE not in paths:
        return
    board = answer("what is due", _BOARD)
    also(board, CALENDAR, _AS_CALENDAR)
    paths[DUE]["get"]["responses"]["200"] = board
    paths[FEEDS]["get"]["responses"]["200"] = answer("all of them", {"feeds": [dict(_FEED)]})
    paths[FEEDS]["post"]["responses"]["201"] = answer("the address", {**_FEED, "url": _ADDRESS})
    ended = {**_FEED, "endedAt": "2026-03-09T08:30:00+02:00"}
    paths[REVOCATION]["post"]["responses"]["200"] = answer("it has ended", ended)
    for path in (ICS, FOLLOWED):
        calendar: dict[str, Any] = {"description": _AS_CALENDAR, "content": {}}
        also(calendar, CALENDAR, _AS_CALENDAR)
        paths[path]["get"]["responses"]["200"] = calendar
    paths[FOLLOWED]["get"]["responses"]["404"] = problem("nobody was given this address, or it has been ended")
