"""What OpenAPI says about the routes that take a raw body, with an example of each."""

import json
from typing import Any

from fastapi import FastAPI

from esad_gateway import resources

_EXAMPLE = "messages/ie815/valid/wine-and-beer.xml"
_RECEIPT = {
    "outcome": "refused",
    "repeated": False,
    "message": "IE815",
    "messageIdentifier": "0b1f9b0c-5a53-4d0e-9c0f-1a1f8f6f3d10",
    "mailbox": "LT00000000101",
    "seq": 1,
    "arc": None,
    "faults": [
        {
            "code": "12",
            "rule": "R219",
            "path": "/IE815/Body/SubmittedDraftOfEADESAD/BodyEadEsad[1]/GrossMass",
            "line": 71,
            "value": "90",
            "text": {"en": "The gross mass is not lower than the net mass.", "lt": "…"},
            "hint": "Give the mass of the goods with their packaging as gross mass.",
        }
    ],
    "replies": [{"seq": 2, "message": "IE704", "messageIdentifier": "LT-6f1f…"}],
}
_FIELDS = {"message": "IE818", "excise_movement": {"administrative_reference_code": "…", "sequence_number": 1}}


def describe(app: FastAPI) -> None:
    """Add the raw routes to the application's OpenAPI document."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        document = generated()
        document["paths"].update(_paths())
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # the framework's documented way to extend the document


def _paths() -> dict[str, Any]:
    xml = {"application/xml": {"example": (resources.fixtures() / _EXAMPLE).read_text(encoding="utf-8")}}
    return {
        "/v1/messages": _operation(
            "Submit a signed message",
            xml,
            {
                "201": _answer("accepted", _RECEIPT | {"outcome": "accepted", "arc": "26LT…", "faults": []}),
                "200": _answer("the same receipt again: these bytes were taken before", None),
                "400": _answer("not an XML document within the limits", None),
                "403": _answer("signature refused, or the signer may not act for the trader", None),
                "409": _answer("the message identifier was used for other content", None),
                "413": _answer("too large", None),
                "415": _answer("not application/xml", None),
                "422": _answer("refused, with every fault; the IE704 or IE917 is in the mailbox", _RECEIPT),
                "503": _answer("nothing was committed; send the same again", None),
            },
        ),
        "/v1/messages/validate": _operation(
            "Every fault of a message, nothing stored",
            xml,
            {"200": _answer("the verdict", {"ok": False, "message": "IE815", "faults": _RECEIPT["faults"]})},
        ),
        "/v1/messages/compose": _operation(
            "Make unsigned XML out of typed fields",
            {"application/json": {"example": _FIELDS}},
            {"200": {"description": "the message", "content": {"application/xml": {}}}, "422": _answer("faults", None)},
        ),
    }


def _operation(summary: str, content: dict[str, Any], responses: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": content}
    return {"post": {"tags": ["messages"], "summary": summary, "requestBody": body, "responses": responses}}


def _answer(description: str, example: Any) -> dict[str, Any]:
    media = "application/json" if example else "application/problem+json"
    content = {media: {"example": json.loads(json.dumps(example))} if example else {}}
    return {"description": description, "content": content}
