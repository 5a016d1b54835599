"""The JSON Schema of a line of a recording, made of the model."""

from typing import Any

from pydantic import TypeAdapter

from esad_gateway.simulator.recording.model import RecordedExchange, RecordingHead

NAME = "recording.schema.json"
"""The file that it stands in, below ``schemas/gateway``."""


def recording_schema() -> dict[str, Any]:
    """The whole schema: a line is the head, which is the first one, or an exchange."""
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A line of a recording"}
    lines: TypeAdapter[Any] = TypeAdapter(RecordingHead | RecordedExchange)
    return told | lines.json_schema(by_alias=True)
