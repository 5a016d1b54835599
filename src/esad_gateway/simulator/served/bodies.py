"""What the simulator is told over HTTP besides orders to its clock: JSON objects, and scripts."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.json_errors import why_no_json
from esad_gateway.setting_faults import no_text
from esad_gateway.simulator.scripts.model import Script
from esad_gateway.simulator.scripts.toml_file import script_of, script_told
from esad_gateway.texts import in_every_language
from esad_gateway.web.problems import Problem

_OBJECT: Final = b"{"
"""What a text in JSON begins with, and none in TOML."""


def json_object(body: bytes, kind: str) -> Mapping[str, Any]:
    """The object of a body in JSON. Raises Problem of that kind."""
    try:
        told = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        why = why_no_json(error) if isinstance(error, ValueError) else str(error)
        raise Problem(400, kind, said("simulate.body_json", why=why)) from error
    if not isinstance(told, dict):
        raise Problem(400, kind, said("simulate.body_object", found=f"{told!r:.80}"))
    return told


def script_in(body: bytes, kind: str) -> Script:
    """The script of a body, in TOML or with the same keys in JSON. Raises Problem with everything that is wrong."""
    try:
        if body.lstrip().startswith(_OBJECT):
            return script_told(json_object(body, kind))
        return script_of(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Problem(400, kind, no_text(body, error.start)) from error
    except UnreadableInput as error:
        raise wrong(error, kind) from error


def wrong(error: UnreadableInput, kind: str) -> Problem:
    """A problem that tells every reason there is, in every language."""
    return Problem(
        400, kind, error.what, reasons=[in_every_language(said("said.as_it_is", text=one)) for one in error.reasons]
    )
