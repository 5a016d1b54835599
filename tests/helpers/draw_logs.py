"""Draws the page of log lines: ``python tests/helpers/draw_logs.py`` writes it anew from what the code says."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "logs.md"
SOURCES: Final = Path(__file__).parents[2] / "src" / "esad_gateway"
OF_A_GATEWAY: Final = (
    *("gateway", "web", "ndea", "soap", "rest", "store", "transport", "batch", "cli", "client", "notify"),
    *("operations", "telemetry"),
)
"""Rooms whose lines a gateway writes; simulators say more, and of nobody."""

LEVELS: Final = {"info": "info", "warning": "warning", "error": "error", "exception": "error, with `exception`"}

INTRODUCTION: Final = """# Log lines

A gateway writes one JSON object a line to standard error, one for each event, whoever says it, libraries too. Each has
`event`, `level` (`info`, `warning`, `error`) and `timestamp` (UTC). Requests and deliveries that went well are told
with `esad serve --verbose` only. A line that cannot be written, on a full disk say, is lost alone.

This page is made of the calls in the code: `python tests/helpers/draw_logs.py`.

**No line has personal data beyond identifiers**: SEED numbers, ARCs, message identifiers, offices, administrations,
digests, and the address that a connection came from. Names, addresses of traders, goods, tokens, keys and documents
stand in none; what an exception quotes of a value is left out of the line (`esad undecided list` has it, from the
store). A test plays an exchange and looks into every line.

`reason` and `why` are sentences in English, with rule or step. They change; what is counted is counted by
[metrics](metrics.md). To find what happened to a movement, ask `esad explain ARC --data`, not the log.

| Event | Level | Fields |
|---|---|---|
"""

LIBRARIES: Final = """
Lines of libraries have their own words as `event`; of a request (`--verbose`) there are `event` = `request`, `client`,
`method`, `path`, `http` and `status`.
"""


@dataclass(frozen=True, order=True)
class Event:
    """A call that logs: what it says, how loud, and with which fields (``…``: those of a value that has more)."""

    event: str
    level: str
    fields: tuple[str, ...]


@cache
def events() -> list[Event]:
    """Every event in the code of a gateway."""
    found = {event for room in OF_A_GATEWAY for path in (SOURCES / room).rglob("*.py") for event in _in(path)}
    return sorted(found)


def _in(path: Path) -> Iterator[Event]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)) if level in LEVELS:
                said = node.args[0]
                assert isinstance(said, ast.Constant), f"{path}:{node.lineno}: an event is one text"
                fields = (keyword.arg or "…" for keyword in node.keywords)
                yield Event(str(said.value), level, tuple(name for name in fields if name != "exc_info"))
            case _:
                pass


def page() -> str:
    """The whole page."""
    return INTRODUCTION + "\n".join(map(_row, events())) + "\n" + LIBRARIES


def _row(one: Event) -> str:
    fields = ", ".join(f"`{name}`" for name in one.fields)
    return f"| {one.event} | {LEVELS[one.level]} | {fields} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
