"""How facts of a gateway are said in lines and tables: moments, terms that run, and what became of a hold."""

from collections.abc import Mapping, Sequence
from typing import Any

from esad_gateway.explain.answer import label
from esad_gateway.faults import Said, said
from esad_gateway.texts import ENGLISH

_USUAL = (ENGLISH,)


def utc(moment: str) -> str:
    """A stored moment (ISO 8601 in UTC) to the second, with its zone."""
    return f"{moment[:19]}Z"


def due(view: Mapping[str, Any] | None, wanted: Sequence[str] = _USUAL) -> str:
    """What is due, and until when; empty when nothing is. ``view`` is the JSON of it."""
    if view is None:
        return ""
    return label(said("told.until", what=Said(f"due.{view['what']}"), until=view["until"]), wanted)


def report(view: Mapping[str, Any] | None, wanted: Sequence[str] = _USUAL) -> str:
    """When a report of receipt was due, and whether it came in time; empty without one. ``view`` is the JSON of it."""
    if view is None:
        return ""
    due, made = view["due"], view["made"]
    how = said("told.late", due=due, made=made) if view["late"] else said("told.in_time", due=due, made=made)
    return label(how, wanted)


def how_it_went(released_at: str | None, released_by: str | None) -> Said:
    """Whether a message is still held for formalities, or when it was released, and by whom or by its time."""
    if released_at is None:
        return Said("told.still_held")
    if released_by is None:
        return said("told.released_by_time", at=utc(released_at))
    return said("told.released", at=utc(released_at), who=released_by)


def note(view: Mapping[str, Any]) -> Said:
    """A note of national law: of which kind, about whom, since when, and what by name. ``view`` is the JSON of it."""
    values = ", ".join(f"{name} {value}" for name, value in view["values"].items())
    kind = f"{view['kind']}, {view['subject']}{f' ({values})' if values else ''}"
    return said("told.note", kind=kind, at=view["notedAt"])
