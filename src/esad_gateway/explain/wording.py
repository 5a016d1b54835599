"""How facts of a gateway are said in lines and tables: moments, terms that run, and what became of a hold."""

from collections.abc import Mapping
from typing import Any


def utc(moment: str) -> str:
    """A stored moment (ISO 8601 in UTC) to the second, with its zone."""
    return f"{moment[:19]}Z"


def due(view: Mapping[str, Any] | None) -> str:
    """What is due, and until when; empty when nothing is. ``view`` is the JSON of it."""
    return "" if view is None else f"{view['what']} until {view['until']}"


def report(view: Mapping[str, Any] | None) -> str:
    """When a report of receipt was due, and whether it came in time; empty without one. ``view`` is the JSON of it."""
    if view is None:
        return ""
    return f"{'LATE' if view['late'] else 'in time'}: due {view['due']}, made {view['made']}"


def how_it_went(released_at: str | None, released_by: str | None) -> str:
    """Whether a message is still held for formalities, or when it was released, and by whom or by its time."""
    if released_at is None:
        return "still held"
    return f"released {utc(released_at)} {f'by {released_by}' if released_by else 'because its time had come'}"


def note(view: Mapping[str, Any]) -> str:
    """A note of national law: of which kind, about whom, since when, and what by name. ``view`` is the JSON of it."""
    values = ", ".join(f"{name} {value}" for name, value in view["values"].items())
    return f"national law: {view['kind']}, {view['subject']}{f' ({values})' if values else ''}, noted {view['notedAt']}"
