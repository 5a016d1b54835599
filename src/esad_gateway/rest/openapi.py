"""The OpenAPI document: the routes that take a raw body, examples for all of them, problems as they really are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI

from esad_gateway.rest import examples
from esad_gateway.rest.administration import PATH
from esad_gateway.rest.agents import AGENTS, REVOCATION
from esad_gateway.rest.described import TABLE, also, answer, problem
from esad_gateway.rest.forms import CSV, PDF
from esad_gateway.rest.national.openapi import describe_national
from esad_gateway.rest.national.openapi_cases import describe_cases
from esad_gateway.rest.openapi_asking import describe_asking
from esad_gateway.rest.openapi_batches import describe_batches
from esad_gateway.rest.openapi_declarations import describe_declarations
from esad_gateway.rest.openapi_due import describe_due
from esad_gateway.rest.openapi_problems import describe_problems
from esad_gateway.rest.openapi_webhooks import describe_webhooks
from esad_gateway.rest.problems import PATH as PROBLEMS
from esad_gateway.rest.problems import kinds
from esad_gateway.web.asked import ReadsAsked
from esad_gateway.web.problem_pages import problem_view

_A_KIND = "signature-refused"
_MAILBOX, _MOVEMENTS = "/v1/traders/{seed}/messages", "/v1/traders/{seed}/movements"

_ANSWERS: Mapping[tuple[str, str], Mapping[str, Any]] = MappingProxyType(
    {
        (_MAILBOX, "get"): examples.PAGE,
        (_MAILBOX + "/{seq}/acknowledgement", "put"): examples.LISTED,
        (_MAILBOX + "/acknowledgements", "post"): examples.ACKNOWLEDGED,
        (_MOVEMENTS, "get"): examples.MOVEMENTS,
        (_MOVEMENTS + "/{arc}", "get"): examples.NOTED_MOVEMENT,
        ("/v1/operators/{seed}", "get"): examples.OPERATOR,
        (AGENTS, "get"): examples.DELEGATIONS,
        (REVOCATION, "post"): examples.REVOKED,
    }
)
"""What the routes that the framework describes answer with status 200."""

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; there may be more members, such as the step of a signature or the faults of a document",
    "required": ["type", "title", "titles", "status", "detail", "details"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "titles": {
            "type": "object",
            "description": "the title in every language, by its two letters",
            "additionalProperties": {"type": "string"},
        },
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "details": {
            "type": "object",
            "description": "the detail in every language; what a library says in it stays in the library's words",
            "additionalProperties": {"type": "string"},
        },
        "besides": {
            "type": "array",
            "description": "what else is wrong with a signature's form: step, reason, expected and details of each",
            "items": {"type": "object"},
        },
    },
}

_IN_EVERY_LANGUAGE = {"type": "object", "additionalProperties": {"type": "string"}}

_FAULT = {
    "type": "object",
    "description": "one fault of a document, in receipts, verdicts and problems",
    "required": list(examples.FAULT),
    "properties": {
        "code": {"type": "string", "description": "the official code (TC49), or that of what could not be read"},
        "rule": {"type": "string"},
        "path": {"type": "string", "description": "an XPath"},
        "line": {"type": ["integer", "null"]},
        "value": {"type": ["string", "null"], "description": "null when something is missing"},
        "text": {**_IN_EVERY_LANGUAGE, "description": "the rule, in every language"},
        "hint": {
            "type": "string",
            "description": "the same as hints.en: for programs that were written before hints was there",
        },
        "hints": {**_IN_EVERY_LANGUAGE, "description": "what to do about it, in every language"},
        "arc": {"type": "string", "description": "another movement that the fault is about, where there is one"},
    },
}


def describe(app: FastAPI) -> None:
    """Add to the application's OpenAPI document what the framework cannot know."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(generated())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the framework's documented way to extend the document


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document["components"].setdefault("schemas", {})
    # The framework's own form of a validation error, which we do not answer with.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"], schemas["Fault"] = _PROBLEM, _FAULT
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _complete(operation, _ANSWERS.get((path, method)))
    _complete_forms(document["paths"])
    _complete_message(document["paths"][_MAILBOX + "/{seq}"]["get"]["responses"])
    document["paths"].update(_paths())
    _complete_reads(document["paths"][_MAILBOX + "/acknowledgements"]["post"])
    describe_batches(document)
    describe_webhooks(document)
    describe_national(document)
    describe_declarations(document)
    describe_cases(document)
    describe_due(document)
    describe_asking(document)
    describe_problems(document)
    return document


def _complete(operation: dict[str, Any], example: Mapping[str, Any] | None) -> None:
    responses = operation["responses"]
    if example is not None:
        responses["200"] = answer("as asked", example)
    if "security" in operation:
        responses["401"] = problem("no token, or one that was revoked")
        responses["404"] = problem("there is no such thing, or it is another trader's")
    responses["422"] = problem("a parameter is not of its kind")
    responses["503"] = problem("the store cannot be used; ask again")


def _complete_forms(paths: dict[str, Any]) -> None:
    """Tables of lists, and papers of documents: other forms for who likes them better."""
    for path in (_MAILBOX, _MOVEMENTS, _MOVEMENTS + "/{arc}"):
        paths[path]["get"]["responses"]["406"] = problem("nothing that Accept asks for")
    for path in (_MAILBOX, _MOVEMENTS):
        also(paths[path]["get"]["responses"]["200"], CSV, TABLE)
    also(paths[_MOVEMENTS + "/{arc}"]["get"]["responses"]["200"], PDF, "its newest e-SAD on paper")


def _complete_reads(operation: dict[str, Any]) -> None:
    schema = ReadsAsked.model_json_schema()
    content = {"application/json": {"schema": schema, "examples": {"list": {"value": dict(examples.READS)}}}}
    operation["requestBody"] = {"required": True, "content": content}
    operation["responses"] |= {
        "400": problem("no JSON"),
        "413": problem("too large"),
        "415": problem("no JSON by its media type, or encoded"),
    }


def _complete_message(responses: dict[str, Any]) -> None:
    content = {"application/xml": {"example": examples.draft()}, "application/json": {"example": examples.fields()}}
    responses["200"] = {"description": "the exact bytes, or the fields when JSON was asked for", "content": content}
    also(responses["200"], PDF, "the printout of an e-SAD, a change or a report")
    responses["406"] = problem("nothing that Accept asks for, or fields of a message that the schema refused")


def _paths() -> dict[str, Any]:
    xml = {"application/xml": {"example": examples.draft()}}
    fields = {"application/json": {"example": examples.fields()}}
    unreadable = {
        "400": problem("not a document within the limits"),
        "413": problem("too large"),
        "415": problem("not of this media type, or encoded"),
    }
    composed = {"description": "the message, unsigned", "content": xml}
    return {
        "/v1/messages": _operation(
            "Submit a message, signed under ESAD-SIG-1 (the example is not signed)", xml, _receipts() | unreadable
        ),
        "/v1/messages/validate": _operation(
            "Every fault of a message, signed or not; nothing is stored",
            xml,
            {"200": answer("the verdict", examples.VERDICT), **unreadable},
        ),
        "/v1/messages/compose": _operation(
            "Make unsigned XML out of typed fields",
            fields,
            {"200": composed, "422": problem("fields that cannot be, every one of them"), **unreadable},
        ),
        "/": _shown("Who answers here, and where to ask for what; HTML for who likes that better", examples.INDEX),
        "/health": _shown("Whether the gateway answers, and as whom", examples.HEALTH),
        "/ready": _ready(),
        "/metrics": _metrics(),
        PATH: _shown("Who the administration is, where it listens, what it signs with", examples.ADMINISTRATION),
        **_problems(),
    }


def _problems() -> dict[str, Any]:
    """What the types of problems lead to."""
    known = {"type": "string", "enum": list(kinds())}
    kind = {"name": "kind", "in": "path", "required": True, "schema": known, "example": _A_KIND}
    one = _shown(
        "What a kind of problem means, in every language; HTML for who likes that better", problem_view(_A_KIND)
    )
    one["get"]["parameters"] = [kind]
    one["get"]["responses"]["404"] = problem("there is no such kind")
    few = {"problems": [{name: problem_view(_A_KIND)[name] for name in ("kind", "type", "titles")}]}
    return {PROBLEMS: _shown("Every kind of problem", few), PROBLEMS + "/{kind}": one}


def _receipts() -> dict[str, Any]:
    again = {**examples.ACCEPTED, "repeated": True}
    return {
        "201": answer("accepted; heldUntil: until when at most a report is held for formalities", examples.ACCEPTED),
        "200": answer("the same receipt again: these bytes were taken before", again),
        "403": problem(
            "signature refused, the signer may not act for the trader, the person who shows a token lacks the role, "
            "or this administration signed it itself"
        ),
        "429": problem("too much of this sender was refused within a day; nothing was kept"),
        "409": problem("the message identifier was used for other content"),
        "422": answer("refused, with every fault; the IE704 or IE917 is in the mailbox", examples.REFUSED),
        "500": problem("kept, and not decided yet by a defect of the gateway: do not send it again"),
        "503": problem("nothing was committed; send the same again"),
    }


def _ready() -> dict[str, Any]:
    summary = "Whether the gateway can do its work now: store, key, clock and disk"
    responses = {"200": answer("it can", examples.READY), "503": problem("it cannot; checks say why")}
    return {"get": {"tags": ["gateway"], "summary": summary, "responses": responses}}


def _metrics() -> dict[str, Any]:
    summary = "Metrics for Prometheus, or for OpenMetrics by Accept"
    text = {"schema": {"type": "string"}}
    found = {"description": "the values now", "content": {"text/plain": text, "application/openmetrics-text": text}}
    responses = {"200": found, "404": problem("not for this address (setting watchers)")}
    return {"get": {"tags": ["gateway"], "summary": summary, "responses": responses}}


def _operation(summary: str, content: dict[str, Any], responses: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": content}
    return {"post": {"tags": ["messages"], "summary": summary, "requestBody": body, "responses": responses}}


def _shown(summary: str, example: Mapping[str, Any]) -> dict[str, Any]:
    return {"get": {"tags": ["gateway"], "summary": summary, "responses": {"200": answer("it does", example)}}}
