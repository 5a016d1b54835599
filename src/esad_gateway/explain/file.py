"""A refused file with each fault at its line: the source, a mark under what is wrong, and the rule."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from esad_gateway.explain.answer import Explanation, Line, bad, chosen, head, label, named
from esad_gateway.explain.document import JudgedFile, fine
from esad_gateway.faults import Fault, Said, said
from esad_gateway.frozen import frozen
from esad_gateway.place import WHOLE
from esad_gateway.texts import fault_json

_BEFORE: Final = 40
_WIDTH: Final = 110
"""How much of a line is shown: many signed documents are one line."""


@frozen
class Excerpt:
    """A part of a source line; the mark starts at ``column`` of it (from 0) and is ``length`` wide, 0 for no mark."""

    text: str
    column: int
    length: int


def explained(judged: JudgedFile, wanted: Sequence[str]) -> Explanation:
    """What is wrong with a file, in context. The file is read again for its lines."""
    if not judged.faults:
        return Explanation(as_json={"kind": "file", **judged.as_json()}, lines=[fine(judged, wanted)])
    source = _source(judged.file)
    lines: list[Line] = [(head(f"{judged.file}: {label(_found_in(judged), wanted)}"),)]
    for fault in judged.faults:
        lines += ["", *_fault_lines(fault, source, wanted)]
    faults = [_as_json(fault, source) for fault in judged.faults]
    described = {"kind": "file", **judged.as_json(), "faults": faults}
    return Explanation(as_json=described, lines=lines, ok=False, readable=judged.readable)


def _source(file: str) -> list[str]:
    """The lines of a file as XML counts them; a file that cannot be read has none."""
    try:
        return Path(file).read_bytes().decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    except OSError:
        return []


def _found_in(judged: JudgedFile) -> Said:
    faults = said("count.faults", count=len(judged.faults))
    if judged.message is None:
        return faults
    return said("told.faults_in", faults=faults, message=judged.message, release=str(judged.release))


def _as_json(fault: Fault, source: Sequence[str]) -> dict[str, Any]:
    found = _found(fault, source)
    excerpt = {"text": found.text, "column": found.column + 1, "length": found.length} if found else None
    return {**fault_json(fault), "source": excerpt}


def _fault_lines(fault: Fault, source: Sequence[str], wanted: Sequence[str]) -> Iterator[Line]:
    yield bad(named(fault.code, fault.rule)), f" {fault.path}"
    found = _found(fault, source)
    if found:
        yield f"{fault.line:6} | {found.text}"
    if found and found.length:
        yield f"{'':6} | {' ' * found.column}", bad("^" * found.length)
    yield from (f"  {text}" for text in chosen(fault.text, wanted))
    yield from (f"  {label(said('told.hint', hint=hint), wanted)}" for hint in chosen(fault.hint, wanted))


def _found(fault: Fault, source: Sequence[str]) -> Excerpt | None:
    if fault.line is None or not 1 <= fault.line <= len(source):
        return None
    line = source[fault.line - 1].expandtabs(1)
    start, length = _mark(fault, line)
    # A long line is shown around the mark.
    first = max(0, start - _BEFORE) if len(line) > _WIDTH else len(line) - len(line.lstrip())
    text = line[first : first + _WIDTH]
    return Excerpt(text, start - first, min(length, len(text) - (start - first)))


def _mark(fault: Fault, line: str) -> tuple[int, int]:
    """Where in its line the fault is, and how wide; no width when the line has several such places."""
    if fault.place == WHOLE:
        column = max(0, min(fault.column or 1, len(line)) - 1)
        return column, 1
    for pattern in _patterns(fault):
        places = list(re.finditer(pattern, line))
        if places:
            return places[0].start("here"), len(places[0]["here"]) if len(places) == 1 else 0
    return 0, 0


def _patterns(fault: Fault) -> Iterator[str]:
    """What to look for: the value in its element, then the element, then those around it."""
    names = [re.escape(step.name) for step in fault.place.steps]
    if fault.value:
        yield rf"<(?:\w+:)?{names[-1]}\b[^>]*>\s*(?P<here>{re.escape(fault.value)})\s*<"
    yield from (rf"(?P<here><(?:\w+:)?{name}\b[^>]*>?)" for name in reversed(names))
