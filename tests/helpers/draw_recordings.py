"""Draws the page and the JSON Schema of recordings: ``python tests/helpers/draw_recordings.py`` writes both anew."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from esad_gateway.simulator.recording.model import (
    RecordedAnswer,
    RecordedBody,
    RecordedExchange,
    RecordedRequest,
    RecordingHead,
)
from esad_gateway.simulator.recording.passing import HEADERS
from esad_gateway.simulator.recording.schema import NAME, recording_schema

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "recordings.md"
SCHEMA = ROOT / "schemas" / "gateway" / NAME
TABLES: Final[Mapping[str, type[BaseModel]]] = {
    "The first line": RecordingHead,
    "Every other line": RecordedExchange,
    "`request`": RecordedRequest,
    "`answer`": RecordedAnswer,
    "`body`": RecordedBody,
}

INTRODUCTION = """# Recordings

What `esad record` writes ([record.md](../how-to/record.md)): `recording.jsonl`, in UTF-8, a value of JSON in each line.
This page and the schema of a line, [recording.schema.json](../../schemas/gateway/recording.schema.json), are made of
what reads recordings: `python tests/helpers/draw_recordings.py`.

Members that say what is usual are left out. A reader refuses unknown members, another version, and a file with fewer
or more lines than its first one says, each with the line and the place in it.

```json
{"recording":1,"began":"2026-03-02T10:00:00Z","state":"LT","exchanges":1}
{"number":1,"at":0.5,"took":0.03,"request":{"method":"GET","target":"/v1/traders/LT44518166612/messages?after=0","token":true},"answer":{"status":200,"headers":{"content-type":"application/json"},"body":{"json":{"messages":[],"completeThrough":0},"size":36}}}
```

In a document, `<signed xmlns="urn:esad-gateway:recording:1" by="LT44518166612" form="ESAD-SIG-1"/>` stands where a
signature was: `by` is who signed, by the certificate, and `form` is `ESAD-SIG-1` or `XAdES`.
"""


def page() -> str:
    """The whole page."""
    kept = ", ".join(f"`{name}`" for name in sorted(HEADERS))
    return "\n".join([INTRODUCTION, *_tables(), "## Header fields that are kept", "", f"{kept}.", ""])


def schema() -> str:
    """The schema as its file has it."""
    return json.dumps(recording_schema(), indent=2, ensure_ascii=False) + "\n"


def _tables() -> Iterator[str]:
    for title, model in TABLES.items():
        told = model.model_json_schema(by_alias=True)
        required = set(told.get("required", ()))
        yield from (f"## {title}", "", "| Member | Must be there | Meaning |", "|---|---|---|")
        for name, one in told["properties"].items():
            yield f"| `{name}` | {'yes' if name in required else ''} | {_meaning(one, told)} |"
        yield ""


def _meaning(one: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    """What it says of itself, or what that is of which it is one."""
    of = str(one.get("$ref", "")).rpartition("/")[2]
    return str(one.get("description") or told["$defs"][of]["description"])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(schema(), encoding="utf-8")
