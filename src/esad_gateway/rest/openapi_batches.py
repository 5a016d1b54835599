"""What the OpenAPI document says of batches and of the SAAD list."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.batch.asked import UploadAsked
from esad_gateway.rest import examples_batches as examples
from esad_gateway.rest.batches import BATCHES, MEDIA_TYPES, ONE
from esad_gateway.rest.described import TABLE, also, answer, problem, schema_of
from esad_gateway.rest.forms import CSV
from esad_gateway.rest.saad import RECORD, SAAD
from esad_gateway.web.form import FORM

_ANSWERS: Final[Mapping[tuple[str, str], Mapping[str, dict[str, Any]]]] = MappingProxyType(
    {
        (BATCHES, "post"): {
            "202": answer("on disk; ask at Location how far it has come", examples.HANDED_IN),
            "200": answer("the same file was handed in before with this key: that batch", examples.AGAIN),
            "400": problem("a form that cannot be read, or without a file"),
            "403": problem("the signature does not prove that the file is this trader's"),
            "409": problem("the Idempotency-Key was used for another file"),
            "413": problem("the file, or a field of the form, is too large"),
            "415": problem("the body is encoded"),
        },
        (BATCHES, "get"): {"200": answer("the newest first", examples.BATCHES)},
        (ONE, "get"): {"200": answer("how it stands", examples.BATCH, "Batch")},
        (ONE + "/rows", "get"): {"200": answer("in the order of the file", examples.DOCUMENTS, "BatchDocuments")},
        (ONE + "/withdrawal", "post"): {"202": answer("what it entered is being withdrawn", examples.BATCH, "Batch")},
        (ONE + "/resumption", "post"): {"202": answer("it goes on if it was stopped", examples.BATCH, "Batch")},
        (SAAD, "get"): {"200": answer("as they stand now", examples.RECORDS)},
        (SAAD, "post"): {
            "201": answer("entered", examples.ENTERED),
            "200": answer("it stood there already: corrected, or unchanged", examples.UNCHANGED),
            "422": problem("refused, with every fault; nothing was entered"),
        },
        (RECORD, "get"): {"200": answer("as it stands now, and all its versions", examples.VERSIONS)},
        (RECORD + "/corrections", "post"): {
            "200": answer("a further version, or unchanged", examples.UNCHANGED),
            "422": problem("refused, with every fault; nothing was entered"),
        },
        (RECORD + "/withdrawal", "post"): {
            "200": answer("a further version, which says so", examples.WITHDRAWN),
            "422": problem("it cannot be withdrawn"),
        },
    }
)

_UNREADABLE: Final[Mapping[str, dict[str, Any]]] = MappingProxyType(
    {"400": problem("no JSON"), "413": problem("too large"), "415": problem("no JSON by its media type, or encoded")}
)

_FILES: Final = (ONE + "/corrections", SAAD + "/export")
_ENTRIES: Final = (SAAD, RECORD + "/corrections")


def describe_batches(document: dict[str, Any]) -> None:
    """Add to the document what the framework does not know of the routes of batches and of the SAAD list."""
    paths, schemas = document["paths"], document["components"]["schemas"]
    schemas["Batch"] = schema_of(examples.BATCH)
    schemas["BatchDocuments"] = schema_of(examples.DOCUMENTS)
    schemas["SaadEntry"] = _entry_schema()
    for (path, method), answers in _ANSWERS.items():
        paths[path][method]["responses"].update(answers)
    for path in _FILES:
        paths[path]["get"]["responses"]["200"] = _file()
    for path in (BATCHES, ONE + "/rows"):
        also(paths[path]["get"]["responses"]["200"], CSV, TABLE)
        paths[path]["get"]["responses"]["406"] = problem("nothing that Accept asks for")
    paths[_FILES[0]]["get"]["responses"]["410"] = problem("the file of the batch is not kept any more; its rows are")
    for path in _ENTRIES:
        entry = {"schema": {"$ref": "#/components/schemas/SaadEntry"}, "example": dict(examples.ENTRY)}
        paths[path]["post"]["requestBody"] = {"required": True, "content": {"application/json": entry}}
        paths[path]["post"]["responses"].update(_UNREADABLE)
    paths[BATCHES]["post"]["requestBody"] = {"required": True, "content": _upload()}


def _file() -> dict[str, Any]:
    content = {name: {"schema": {"type": "string", "contentMediaType": name}} for name in MEDIA_TYPES.values()}
    return {"description": "the file", "content": content}


def _upload() -> dict[str, Any]:
    """The body of an upload: the file itself, or a form with it."""
    fields = {
        **UploadAsked.model_json_schema(ref_template="#/components/schemas/{model}")["properties"],
        "file": {"type": "string", "contentMediaType": "application/octet-stream", "description": "the table"},
        "signature": {"type": "string", "description": "a detached signature of the file (XAdES-B)"},
    }
    form = {"schema": {"type": "object", "required": ["file"], "properties": fields}}
    return {"text/csv": {"example": examples.ROWS}, FORM: form, "application/octet-stream": {}}


def _entry_schema() -> dict[str, Any]:
    schema = schema_of(examples.ENTRY)
    schema["required"] = [name for name in schema["required"] if name != "in_warehouse"]
    line = schema["properties"]["lines"]["items"]
    line["required"] = ["product", "cn_code", "quantity"]
    amounts = ("strength", "plato", "shortage", "excess")
    line["properties"] |= {name: {"type": "string"} for name in (*amounts, "package_kind")}
    line["properties"]["packages"] = {"type": "integer"}
    return schema
