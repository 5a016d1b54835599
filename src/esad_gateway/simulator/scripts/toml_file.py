"""Scripts in TOML: read with every fault at once, and written."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import file_error
from esad_gateway.place import Place, PlaceStep
from esad_gateway.setting_faults import no_text, no_toml
from esad_gateway.simulator.scripts.contradictions import WHOLE, ScriptFault, said_at_all, unreachable, within
from esad_gateway.simulator.scripts.forms import UnfitValue, ValueForm, among, quoted
from esad_gateway.simulator.scripts.keys import SCRIPT, Key, Table
from esad_gateway.simulator.scripts.model import Script

LARGEST: Final = 1024 * 1024
"""Bytes that a script may have at most."""

_LONGEST_GIVEN: Final = 60
_TABLE: Final = re.compile(r"\s*\[\[\s*(?P<name>\w+)\s*\]\]\s*(?:#.*)?")


def read_script(file: Path) -> Script:
    """The script of a file. Raises UnreadableInput with every fault: place, what stands there, what was expected."""
    return script_in(content_of(file), file)


def content_of(file: Path) -> bytes:
    """The bytes of a file of a script. Raises UnreadableInput for one that cannot be read, or is too large."""
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error
    if len(content) > LARGEST:
        raise UnreadableInput(said("file.named", file=str(file), why=said("sim.script_large", most=LARGEST)))
    return content


def script_in(content: bytes, file: Path) -> Script:
    """The script in the bytes of a file. Raises UnreadableInput as :func:`read_script`."""
    try:
        return script_of(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableInput(said("file.named", file=str(file), why=no_text(content, error.start))) from error
    except UnreadableInput as error:
        raise UnreadableInput(*(said("file.named", file=str(file), why=why) for why in error.reasons)) from error


def script_of(text: str) -> Script:
    """The script of a text in TOML. Raises UnreadableInput as :func:`read_script`."""
    try:
        told = tomllib.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        # Besides what is no TOML: a number of thousands of digits, and brackets within hundreds of others.
        raise UnreadableInput(no_toml(str(error), text)) from error
    return script_told(told, text)


def script_told(told: Mapping[str, Any], text: str = "") -> Script:
    """The script of what was read of a text in TOML or JSON, with its keys. Raises as :func:`read_script`."""
    found = _Reading()
    values = found.table(SCRIPT, told, WHOLE)
    steps = values.get("steps", ())
    if not (steps or values.get("traffic") or values.get("faults") or found.faults):
        raise UnreadableInput(Said("sim.script_empty"))
    if faults := [*found.faults, *unreachable(steps)]:
        lines = _lines(text, told)
        raise UnreadableInput(*(fault.told(lines.get(fault.place.steps[:1])) for fault in faults))
    return Script(**values)


@dataclass(slots=True)
class _Reading:
    """What of a script can be read, and everything that is wrong with it; ``unread`` is how much cannot be."""

    faults: list[ScriptFault] = field(default_factory=list)
    unread: int = 0

    def table(self, table: Table, told: Mapping[str, Any], place: Place) -> dict[str, Any]:
        """The values of a table by the fields of the model."""
        for name in told:
            if table.named(name) is None:
                self.fault(place / name, said("sim.script_key", expected=_near(name, table)), told[name])
        for key in table.keys:
            if key.required and key.name not in told:
                self.fault(place / key.name, Said("sim.script_required"), None)
        return {key.of_model: self.value(key, told[key.name], place) for key in table.keys if key.name in told}

    def value(self, key: Key, told: Any, place: Place) -> Any:
        """The value of a key; ``None`` where it cannot be read."""
        if isinstance(key.form, ValueForm):
            return self.scalar(key.form, told, place / key.name)
        if key.form.many:
            return self.many(key, key.form, told, place)
        return self.one(key.form, told, place / key.name)

    def scalar(self, form: ValueForm, told: Any, place: Place) -> Any:
        """A value that is no table."""
        try:
            value = form.read(told)
        except UnfitValue as unfit:
            self.fault(place, unfit.expected, told)
            return None
        if expected := form.check(value):
            self.faults.append(ScriptFault(place, expected, _shown(told)))
        return value

    def many(self, key: Key, table: Table, told: Any, place: Place) -> tuple[Any, ...]:
        """What is made of each of several tables; ``None`` for one that cannot be read."""
        if not isinstance(told, list):
            self.fault(place / key.name, said("sim.script_tables", name=key.name), told)
            return ()
        return tuple(self.one(table, one, place / PlaceStep(key.name, number)) for number, one in enumerate(told, 1))

    def one(self, table: Table, told: Any, place: Place) -> Any:
        """What is made of a table; ``None`` where something is in the way."""
        before = self.unread
        if not isinstance(told, dict):
            self.fault(place, Said("sim.script_table"), told)
            return None
        values = self.table(table, told, place)
        if self.unread > before:
            return None
        made = table.made(**values)
        self.faults += within(made, place)
        return made

    def fault(self, place: Place, expected: Said, told: Any) -> None:
        """What stands at a place cannot be read; ``None`` where nothing does."""
        self.unread += 1
        self.faults.append(ScriptFault(place, expected, None if told is None else _shown(told)))


def script_text(script: Script) -> str:
    """A script as TOML: :func:`script_of` makes the same of it. Not checked: whether it contradicts itself."""
    return "\n\n".join(filter(None, ("\n".join(_top(script)), *_tables(script)))) + "\n"


def in_a_line(table: Table, value: object) -> str:
    """What a value of the model says, as one line of TOML."""
    return ", ".join(_pairs(table, value)) or "{ }"


def _top(script: Script) -> Iterator[str]:
    return (pair for key, pair in _each(SCRIPT, script) if isinstance(key.form, ValueForm))


def _tables(script: Script) -> Iterator[str]:
    for key in SCRIPT.keys:
        if isinstance(key.form, Table):
            for one in getattr(script, key.of_model):
                yield "\n".join((f"[[{key.name}]]", *_pairs(key.form, one)))


def _pairs(table: Table, value: object) -> Iterator[str]:
    return (pair for _, pair in _each(table, value))


def _each(table: Table, value: object) -> Iterator[tuple[Key, str]]:
    usual = _usual(table)
    for key in table.keys:
        one = getattr(value, key.of_model)
        if isinstance(key.form, ValueForm):
            if one != usual.get(key.of_model) and (said_at_all(one) or key.of_model in usual):
                yield key, f"{key.name} = {key.form.written(one)}"
        elif not key.form.many and (told := list(_pairs(key.form, one))):
            yield key, f"{key.name} = {{ {', '.join(told)} }}"


def _usual(table: Table) -> Mapping[str, Any]:
    """What the fields of the model are where nothing is said of them."""
    return {one.name: one.default for one in fields(table.made) if one.default is not MISSING}


def _near(name: str, table: Table) -> Said:
    return among(name, [key.name for key in table.keys]) or Said("sim.script_table")


def _shown(told: Any) -> str:
    """A value as it may stand in a line."""
    try:
        text = quoted(told) if isinstance(told, str) else str(told).lower() if isinstance(told, bool) else str(told)
    except (RecursionError, ValueError):  # tables in tables in tables, or a number without end
        text = "…"
    return text if len(text) <= _LONGEST_GIVEN else f"{text[:_LONGEST_GIVEN]}…"


def _lines(text: str, told: Mapping[str, Any]) -> Mapping[tuple[PlaceStep, ...], int]:
    """The lines of the headings, by their places: what reads TOML tells none.

    None where a text of several lines looks like a heading, or a table has none.
    """
    found: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.splitlines(), 1):
        if heading := _TABLE.fullmatch(line):
            found[heading["name"]].append(number)
    return {
        (PlaceStep(name, place),): line
        for name, lines in found.items()
        if isinstance(told.get(name), list) and len(told[name]) == len(lines)
        for place, line in enumerate(lines, 1)
    }
