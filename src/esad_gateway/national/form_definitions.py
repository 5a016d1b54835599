"""Definitions of forms: the one that is shipped, which is made up and says so, or the file of an administration."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from esad_gateway.ais.declarations.filling import FORM_VALUES, ROW_VALUES, FormDefinition, FormPage, unknown_values
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import listed, said
from esad_gateway.file_errors import file_error
from esad_gateway.json_errors import why_no_json

FORMS_FILE: Final = "declaration-forms.json"
"""The file in a data directory that takes the place of the definitions that are shipped."""

_SHIPPED: Final = "esad_gateway.profiles.lithuania.forms"


def form_definitions(root: Path | None) -> tuple[FormDefinition, ...]:
    """The definitions by which files are made for the gateway of a data directory.

    Raises NotConfigured where its own file cannot be read, or asks for what is not known, with the name of each field.
    """
    own = None if root is None else root / FORMS_FILE
    if own is None or not own.exists():
        return _definitions(json.loads(files(_SHIPPED).joinpath("fictitious.json").read_text(encoding="utf-8")))
    try:
        return _checked(own, _definitions(json.loads(own.read_text(encoding="utf-8"))))
    except OSError as error:
        raise NotConfigured(file_error(own, error)) from error
    except json.JSONDecodeError as error:
        raise NotConfigured(said("file.named", file=str(own), why=why_no_json(error))) from error
    except (KeyError, TypeError, ValueError) as error:
        raise NotConfigured(said("declaration.no_definition", file=str(own), found=str(error))) from error


def _checked(file: Path, found: tuple[FormDefinition, ...]) -> tuple[FormDefinition, ...]:
    if wrong := [one for definition in found for one in unknown_values(definition)]:
        known = listed((*FORM_VALUES, *ROW_VALUES))
        raise NotConfigured(said("declaration.unknown_field", file=str(file), fields=listed(wrong), known=known))
    return found


def _definitions(plain: Any) -> tuple[FormDefinition, ...]:
    """Raises KeyError, TypeError and ValueError for what has another form."""
    return tuple(
        FormDefinition(
            form=one["form"],
            version=one["version"],
            guid=one["guid"],
            pages=tuple(map(_page, one["pages"])),
            fictitious=plain["fictitious"],
            source=plain["source"],
        )
        for one in plain["forms"]
    )


def _page(plain: Any) -> FormPage:
    return FormPage(
        name=plain["name"],
        annex=plain["annex"],
        rows=plain["rows"],
        fields=_pairs(plain["fields"]),
        row_fields=_pairs(plain["row_fields"]),
    )


def _pairs(plain: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in plain)
