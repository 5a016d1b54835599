"""The JSON Schema of scripts in TOML, for editors and other programs; made of the keys and the deeds."""

from collections.abc import Iterator, Mapping
from typing import Any

from esad_gateway.simulator.scripts.deeds import DEEDS, Deed
from esad_gateway.simulator.scripts.forms import ValueForm
from esad_gateway.simulator.scripts.keys import SCRIPT, THEN, Key, Table
from esad_gateway.simulator.scripts.model import Do

NAME = "script.schema.json"
"""The file that it stands in, below ``schemas/gateway``."""


def script_schema() -> dict[str, Any]:
    """The whole schema: draft 7, which editors of TOML know. What two keys or steps contradict, only reading finds."""
    told = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "A script of simulated member states"}
    return told | _table(SCRIPT) | {"anyOf": [{"required": [key]} for key in ("step", "traffic", "fault")]}


def _table(table: Table) -> dict[str, Any]:
    required = [key.name for key in table.keys if key.required]
    return {
        "type": "object",
        "description": table.about,
        "properties": {key.name: _key(key) for key in table.keys},
        "additionalProperties": False,
        **({"required": required} if required else {}),
        **({"allOf": list(_by_deed())} if table is THEN else {}),
    }


def _key(key: Key) -> Mapping[str, Any]:
    if isinstance(key.form, ValueForm):
        return {"description": key.about, **key.form.schema}
    one = _table(key.form)
    return {"type": "array", "items": one} if key.form.many else one


def _by_deed() -> Iterator[dict[str, Any]]:
    for do, deed in DEEDS.items():
        yield {"if": {"properties": {"do": {"const": do}}}, "then": _deed(do, deed)}


def _deed(do: Do, deed: Deed) -> dict[str, Any]:
    named = ["do", "after", *(key.name for key in THEN.keys if key.name in deed.may | deed.must)]
    needed = {"required": sorted(deed.must)} if deed.must else {}
    return {"description": f"{do}: {deed.about}", "propertyNames": {"enum": named}, **needed}
