"""Examples of what the REST door takes and answers, for its OpenAPI document; a test holds them to the real answers."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from esad_gateway import resources
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.plain import message_to_plain

_SEED, _ARC = "LT00000000101", "26LT000000000000001P2"
_DRAFT = "messages/ie815/valid/wine-and-beer.xml"

FAULT: Mapping[str, Any] = MappingProxyType(
    {
        "code": "12",
        "rule": "R219",
        "path": "/IE815/Body/SubmittedDraftOfEADESAD/BodyEadEsad[1]/GrossMass",
        "line": 71,
        "value": "90",
        "text": {
            "en": "The gross mass must be equal to or higher than the net mass.",
            "lt": "Bruto masė turi būti lygi neto masei arba už ją didesnė.",
        },
        "hint": "Give at least the net mass, 890 kg, or correct that.",
        "hints": {
            "en": "Give at least the net mass, 890 kg, or correct that.",
            "lt": "Nurodykite ne mažiau kaip neto masę (890 kg) arba ją pataisykite.",
        },
    }
)

ACCEPTED: Mapping[str, Any] = MappingProxyType(
    {
        "outcome": "accepted",
        "repeated": False,
        "message": "IE815",
        "messageIdentifier": "3f1c2f0a-7f6e-4d56-9f25-0c1f6d3a9b01",
        "mailbox": _SEED,
        "seq": 1,
        "arc": _ARC,
        "heldUntil": None,
        "faults": [],
        "replies": [{"seq": 2, "message": "IE801", "messageIdentifier": "LT-0b1f9b0c-5a53-4d0e-9c0f-1a1f8f6f3d10"}],
    }
)

REFUSED: Mapping[str, Any] = MappingProxyType(
    {
        **ACCEPTED,
        "outcome": "refused",
        "arc": None,
        "faults": [dict(FAULT)],
        "replies": [{**ACCEPTED["replies"][0], "message": "IE704"}],
    }
)

VERDICT: Mapping[str, Any] = MappingProxyType(
    {"ok": False, "message": "IE815", "release": "3.23", "faults": [dict(FAULT)]}
)

LISTED: Mapping[str, Any] = MappingProxyType(
    {
        "seq": 2,
        "direction": "out",
        "message": "IE801",
        "messageIdentifier": "LT-0b1f9b0c-5a53-4d0e-9c0f-1a1f8f6f3d10",
        "correlationIdentifier": None,
        "arc": _ARC,
        "sequenceNumber": 1,
        "outcome": "accepted",
        "recordedAt": "2026-03-02T12:00:00.000000+02:00",
        "acknowledgedAt": None,
        "signedBy": None,
        "delegation": None,
    }
)

PAGE: Mapping[str, Any] = MappingProxyType({"messages": [dict(LISTED)], "completeThrough": 2})

DELEGATION: Mapping[str, Any] = MappingProxyType(
    {
        "number": 1,
        "trader": _SEED,
        "agent": "AG.LT302123456",
        "signs": ["IE813", "IE815"],
        "reads": ["IE704", "IE801"],
        "since": "2026-03-02T12:00:00+02:00",
        "until": None,
        "revokedAt": None,
    }
)

DELEGATIONS: Mapping[str, Any] = MappingProxyType({"agents": [dict(DELEGATION)]})

REVOKED: Mapping[str, Any] = MappingProxyType({**DELEGATION, "revokedAt": "2026-03-09T08:30:00+02:00"})

READS: Mapping[str, Any] = MappingProxyType({"messages": [2, 4, 99]})

ACKNOWLEDGED: Mapping[str, Any] = MappingProxyType({"changed": [2], "missing": [99], "complete": True})

MOVEMENT: Mapping[str, Any] = MappingProxyType(
    {
        "arc": _ARC,
        "side": "dispatch",
        "state": "X01",
        "stateName": "accepted",
        "sequenceNumber": 1,
        "localReferenceNumber": "LT-2026-000003",
        "consignor": _SEED,
        "consignee": "PL00000000201",
        "destinationType": "9",
        "dateOfDispatch": "2026-03-03",
        "limit": "2026-03-08T23:59:59+02:00",
        "due": {"what": "report of receipt", "until": "2026-03-08T23:59:59+02:00"},
        "report": None,
        "lines": [{"reference": 1, "exciseProductCode": "W200", "quantity": "900", "refused": None}],
    }
)

NOTED_MOVEMENT: Mapping[str, Any] = MappingProxyType({**MOVEMENT, "otherSides": [], "notes": [], "signedByAgents": []})

MOVEMENTS: Mapping[str, Any] = MappingProxyType({"movements": [dict(MOVEMENT)], "complete": True})

OPERATOR: Mapping[str, Any] = MappingProxyType(
    {
        "seed": _SEED,
        "on": "2026-03-02",
        "registered": True,
        "type": "certified_consignor",
        "office": "LT001000",
        "validFrom": "2023-02-13",
        "validTo": None,
        "products": ["B000", "W200"],
        "productCategories": [],
        "temporary": None,
    }
)

INDEX: Mapping[str, Any] = MappingProxyType(
    {
        "administration": "NDEA.LT",
        "doors": {
            "/v1/messages": "signed messages of traders and offices",
            "/ndea": "signed messages of other administrations, in SOAP",
            "/ndea?wsdl": "the description of that door",
            "/soap/gateway": "the same as REST for traders, in SOAP 1.1 and 1.2",
            "/soap/gateway?wsdl": "the description of that door",
            "/v1/administration": "who the administration is, where it listens, what it signs with",
            "/health": "whether the gateway answers, and what waits",
            "/ready": "whether the gateway can do its work now, and what is wrong",
            "/metrics": "metrics for Prometheus, for those whom the setting watchers names",
            "/docs": "the description of the REST door, to read and to try",
            "/openapi.json": "the same for programs",
            "/problems": "what refusals mean, and what to do about each",
        },
    }
)

HEALTH: Mapping[str, Any] = MappingProxyType(
    {
        "state": "LT",
        "now": "2026-03-02T10:00:00+00:00",
        "clock": "machine",
        "outbox": {"waiting": 0, "refused": 0, "dead": 0},
        "undecided": 0,
    }
)

READY: Mapping[str, Any] = MappingProxyType(
    {"ready": True, "checks": {name: {"ok": True} for name in ("store", "key", "clock", "disk")}}
)

ADMINISTRATION: Mapping[str, Any] = MappingProxyType(
    {
        "address": "NDEA.LT",
        "url": "https://ndea.example",
        "release": "3.23",
        "certificates": ["-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"],
        "authorities": ["-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"],
    }
)


def draft() -> str:
    """A draft of an e-SAD as XML, without its signature."""
    return (resources.fixtures() / _DRAFT).read_text(encoding="utf-8")


def fields() -> dict[str, Any]:
    """The same draft as the typed fields that composing takes."""
    return message_to_plain(read(parse(draft().encode())))
