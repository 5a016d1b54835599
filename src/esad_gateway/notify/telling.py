"""What a notification says: identifiers, and where the message can be read by whoever may. Never what is in it."""

import json
from collections.abc import Mapping
from typing import Any

from esad_gateway.ports.reading import Listed


def about_message(base: str, trader: str, listed: Listed) -> Mapping[str, Any]:
    """A message that stands in a mailbox; ``base`` is where the gateway is reached, nothing where that is not known."""
    return {
        "kind": "message",
        "trader": trader,
        "seq": listed.seq,
        "direction": listed.direction,
        "message": listed.type,
        "messageIdentifier": listed.identifier,
        "correlationIdentifier": listed.correlation,
        "arc": listed.arc,
        "recordedAt": listed.recorded_at,
        "link": f"{base}/v1/traders/{trader}/messages/{listed.seq}",
    }


def ping(base: str, trader: str) -> Mapping[str, Any]:
    """Nothing has come: somebody wants to know whether notifications arrive."""
    return {"kind": "ping", "trader": trader, "link": f"{base}/v1/traders/{trader}/messages"}


def body_of(identifier: str, webhook: str, told: Mapping[str, Any]) -> bytes:
    """The body of a notification."""
    return json.dumps({"id": identifier, "webhook": webhook, **told}, separators=(",", ":")).encode()
