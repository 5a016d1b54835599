"""What the OpenAPI document says of webhooks, and of the stream of events."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.rest.described import answer, problem
from esad_gateway.rest.events import EVENTS, MEDIA_TYPE
from esad_gateway.rest.webhooks import WEBHOOK, WEBHOOKS, WebhookAsked

_SEED, _ID = "LT00000000101", "0d5f9a1c6b7e4c3f8a2b9c4d5e6f7a8b"
_WHY: Final = {"en": "HTTP 500", "lt": "HTTP būsena 500"}

ASKED: Final[Mapping[str, Any]] = MappingProxyType({"url": "https://hooks.example/esad", "types": ["IE801", "IE818"]})
"""A webhook as it is asked for."""

MADE_NOW: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "id": _ID,
        "url": "https://hooks.example/esad",
        "types": ["IE801", "IE818"],
        "direction": None,
        "createdAt": "2026-03-02T12:00:00.000+02:00",
        "completeThrough": 2,
        "waiting": 0,
        "deadLetters": 0,
        "tries": 0,
        "failingSince": None,
        "nextTry": None,
        "reason": None,
        "reasons": None,
        "previousSecretUntil": None,
    }
)
"""The same as it was made."""

WEBHOOK_NOW: Final[Mapping[str, Any]] = MappingProxyType(
    {
        **MADE_NOW,
        "waiting": 3,
        "tries": 4,
        "failingSince": "2026-03-02T12:00:01.000+02:00",
        "nextTry": "2026-03-02T12:00:16.000+02:00",
        "reason": _WHY["en"],
        "reasons": _WHY,
    }
)
"""One that does not take what it is told."""

WITH_SECRET: Final[Mapping[str, Any]] = MappingProxyType(
    {**MADE_NOW, "secret": "whsec_bm90IGEgc2VjcmV0OiBhbiBleGFtcGxlIG9mIG9uZSE="}
)
"""One whose secret is shown."""

PINGED: Final[Mapping[str, Any]] = MappingProxyType(
    {"taken": False, "status": 500, "reason": _WHY["en"], "reasons": _WHY}
)
"""What a call came to."""

LETTERS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "deadLetters": [
            {
                "seq": 7,
                "givenUpAt": "2026-03-04T12:00:00.000+02:00",
                "tries": 300,
                "reason": _WHY["en"],
                "reasons": _WHY,
                "sentAgain": False,
            }
        ],
        "complete": True,
    }
)
"""What was given up."""

SENT_AGAIN: Final[Mapping[str, Any]] = MappingProxyType({"sentAgain": [7], "noDeadLetters": [8]})
"""What is sent once more."""

STREAM: Final = (
    'retry: 2000\n\nid: 2\nevent: message\ndata: {"kind":"message","trader":"LT00000000101","seq":2,"direction":"out",'
    '"message":"IE801","messageIdentifier":"…","correlationIdentifier":"…","arc":"26LT000000000000001P2",'
    '"recordedAt":"2026-03-02T10:00:00.000000+00:00","link":"/v1/traders/LT00000000101/messages/2"}\n\n: \n\n'
)
"""The beginning of a stream."""

_ANSWERS: Final[Mapping[tuple[str, str], Mapping[str, dict[str, Any]]]] = MappingProxyType(
    {
        (WEBHOOKS, "post"): {
            "201": answer("made; the secret is shown this once", WITH_SECRET),
            "400": problem("no JSON"),
            "413": problem("too large"),
            "415": problem("no JSON by its media type, or encoded"),
            "422": problem("no address that may be called, or one webhook too many"),
        },
        (WEBHOOKS, "get"): {"200": answer("the oldest first", {"webhooks": [dict(WEBHOOK_NOW)]})},
        (WEBHOOK, "get"): {"200": answer("how it stands", WEBHOOK_NOW)},
        (WEBHOOK, "delete"): {"200": answer("removed, with its dead letters", {"removed": _ID})},
        (WEBHOOK + "/rotation", "post"): {"200": answer("the new secret, shown this once", WITH_SECRET)},
        (WEBHOOK + "/ping", "post"): {"200": answer("what the call came to", PINGED)},
        (WEBHOOK + "/dead-letters", "get"): {"200": answer("by the number of the message", LETTERS)},
        (WEBHOOK + "/dead-letters/resending", "post"): {"200": answer("they are sent once more, now", SENT_AGAIN)},
    }
)


def describe_webhooks(document: dict[str, Any]) -> None:
    """Add to the document what the framework does not know of the routes of webhooks."""
    paths = document["paths"]
    for (path, method), answers in _ANSWERS.items():
        paths[path][method]["responses"].update(answers)
    paths[EVENTS]["get"]["responses"]["200"] = {
        "description": "a stream that goes on until its client ends it (Server-Sent Events)",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}, "example": STREAM}},
    }
    asked = {"schema": WebhookAsked.model_json_schema(), "example": dict(ASKED)}
    paths[WEBHOOKS]["post"]["requestBody"] = {"required": True, "content": {"application/json": asked}}
