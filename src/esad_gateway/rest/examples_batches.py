"""Examples of batches and of the SAAD list; a test holds them to the real answers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ports.batches import RowOutcome

_BATCH, _RECORD = "104cc2b0b57b4f29847a974d35564482", "8a5f1d42291f9b771f71"

ROWS: Final = (
    "source;document;state;consignor;dispatched;received;consignee;capacity;product;cn_code;quantity;strength;plato\n"
    "paper;SAAD-1;EL;EL00000000301;2026-02-26;2026-02-27;LT00000000102;certified_consignee;B000;22030001;1000;5.2;12\n"
    "paper;SAAD-2;EL;EL00000000301;2026-02-26;2026-02-27;LT00000000102;certified_consignee;B000;22030001;1.000;5.2;12\n"
)
"""A table with two documents, one of which is to be mended."""

CELL_FAULT: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "code": "CELL-AMBIGUOUS",
        "rule": "CELL-AMBIGUOUS",
        "path": "K3",
        "line": 3,
        "value": "1.000",
        "text": {
            "en": "This number may mean 1000 as well as 1,000.",
            "lt": "Šis skaičius gali reikšti ir 1000, ir 1,000.",
        },
        "hint": "Write it without a sign between thousands (1000), or with another number of decimals (1,0000).",
        "hints": {
            "en": "Write it without a sign between thousands (1000), or with another number of decimals (1,0000).",
            "lt": "Rašykite be tūkstančių skirtuko (1000) arba su kitokiu dešimtainių skaitmenų skaičiumi (1,0000).",
        },
        "column": 11,
    }
)

WAITING: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "id": _BATCH,
        "kind": "saad",
        "mode": "row-wise",
        "state": "waiting",
        "name": "rows.csv",
        "sha256": "b08eff749c6771fbd2f5fc0d5ad08a4960b8ba523126f16c0fe2c022ca23d069",
        "size": 328,
        "signer": None,
        "receivedAt": "2026-03-02T12:00:00.000+02:00",
        "endedAt": None,
        "withdrawnAt": None,
        "fileRemovedAt": None,
        "documents": 0,
        "counts": {outcome.value: 0 for outcome in RowOutcome},
        "progress": {"rows": 0, "of": 2},
        "taken": {},
        "remarks": [],
        "faults": [],
        "reason": None,
        "reasons": None,
    }
)

HANDED_IN: Final[Mapping[str, Any]] = MappingProxyType({**WAITING, "repeated": False})
AGAIN: Final[Mapping[str, Any]] = MappingProxyType({**WAITING, "repeated": True})

BATCH: Final[Mapping[str, Any]] = MappingProxyType(
    {
        **WAITING,
        "state": "ended",
        "endedAt": "2026-03-02T12:00:01.000+02:00",
        "documents": 2,
        "counts": {**{outcome.value: 0 for outcome in RowOutcome}, "taken": 1, "refused": 1},
        "progress": {"rows": 2, "of": 2},
        "taken": {"format": "csv", "encoding": "utf-8", "delimiter": ";"},
    }
)

BATCHES: Final[Mapping[str, Any]] = MappingProxyType({"batches": [dict(BATCH)], "complete": True})

DOCUMENTS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "documents": [
            {
                "number": 2,
                "rows": [3],
                "document": "EL / EL00000000301 / SAAD-2",
                "outcome": "refused",
                "record": None,
                "version": None,
                "arc": None,
                "messageIdentifier": None,
                "faults": [dict(CELL_FAULT)],
                "said": None,
            }
        ],
        "completeThrough": 2,
        "complete": True,
    }
)

ENTRY: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "source": "paper",
        "document": "SAAD-1",
        "state": "EL",
        "consignor": "EL00000000301",
        "dispatched": "2026-02-26",
        "received": "2026-02-27",
        "consignee": "LT00000000102",
        "capacity": "certified_consignee",
        "lines": [{"product": "B000", "cn_code": "22030001", "quantity": "1000", "strength": "5.2", "plato": "12"}],
        "in_warehouse": False,
    }
)

RECORD: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "id": _RECORD,
        "number": 1,
        "version": 1,
        "status": "entered",
        "late": False,
        "due": "2026-03-02",
        "since": "2026-03-02T12:00:00.000+02:00",
        "enteredAt": "2026-03-02T12:00:00.000+02:00",
        "batch": None,
        "goods": [
            {
                "product": "B000",
                "quantity": "1000",
                "unit": {"en": "litres at 20 °C", "lt": "litrai esant 20 °C"},
            }
        ],
        "entry": dict(ENTRY),
    }
)

RECORDS: Final[Mapping[str, Any]] = MappingProxyType(
    {"records": [dict(RECORD)], "completeThrough": 1, "complete": True}
)

VERSIONS: Final[Mapping[str, Any]] = MappingProxyType({**RECORD, "versions": [dict(RECORD)]})

ENTERED: Final[Mapping[str, Any]] = MappingProxyType({"outcome": "taken", "record": dict(RECORD), "said": None})
UNCHANGED: Final[Mapping[str, Any]] = MappingProxyType({**ENTERED, "outcome": "unchanged"})
WITHDRAWN: Final[Mapping[str, Any]] = MappingProxyType(
    {"outcome": "withdrawn", "record": {**RECORD, "number": 2, "version": 2, "status": "withdrawn"}, "said": None}
)
