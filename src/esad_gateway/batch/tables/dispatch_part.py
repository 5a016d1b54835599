"""A dispatch of which some cells could not be read, or are refused by the schema: what shows in the others."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeAlias

from lxml import etree

from esad_gateway.batch.tables.dispatch_columns import DISPATCH
from esad_gateway.batch.tables.filling import Values
from esad_gateway.batch.tables.readers import Unfit
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.triggers import Origin
from esad_gateway.emcs.procedure.stateless import content_of_part
from esad_gateway.faults import MOST_FAULTS, Faults
from esad_gateway.gateway.validator import Validator
from esad_gateway.place import PlaceStep
from esad_gateway.sheets.table import Cell, Kind
from esad_gateway.unread import UNREAD
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.items import xml_name

JudgePart: TypeAlias = Callable[[IE815, IE815], Faults]
"""Finds what is wrong with a draft that has ``UNREAD`` values, given it with samples in their places as well."""

_SAMPLES: Final = ("1", "2026-01-02", "08:00", "LT00000000101", "LT001000", "LT", "lt", "W200", "22042138", "D05", "BX")
"""Texts, of which every column without choices takes one."""

_ABOVE: Final = 3
"""Steps above what a draft says: the root, the body, and the one element in it."""

_COLUMNS: Final = {one.name: one for one in DISPATCH}


def judge_part_by(validator: Validator, binder: Binder, now: datetime) -> JudgePart:
    """What finds everything wrong with a part of a draft that shows without a register, at the moment ``now``."""

    def judge(part: IE815, filled: IE815) -> Faults:
        element = binder.write(filled)
        release = validator.releases.named_by(element)
        refused = validator.releases.faults(element)
        return _with_rules(refused, part, validator, release.number if release else None, now)

    return judge


def draft_faults(draft: IE815, element: etree._Element, validator: Validator, now: datetime) -> Faults:
    """Everything wrong with a draft, and the ``element`` that it is written as, that shows without a register.

    A value that the schema refuses hides nothing that the rules find in the others.
    """
    found = validator.validate(element, Origin.TRADER, now)
    if found.message is not None:
        return found.faults
    return _with_rules(found.faults, draft, validator, found.release, now)


def _with_rules(refused: Faults, part: IE815, validator: Validator, release: str | None, now: datetime) -> Faults:
    """What the schema has ``refused``, and what the rules of a ``release`` find in the rest.

    Of what the schema refuses or misses they say nothing, so that what is told is true whatever that becomes.
    """
    rest: Any = part
    for fault in refused:
        rest = _unread(rest, fault.place.steps[_ABOVE:])
    if release is None or rest is UNREAD or rest.body_ead_esad is UNREAD:
        return refused
    return (*refused, *content_of_part(rest, now, validator.profile, release))[:MOST_FAULTS]


def _unread(group: Any, steps: Sequence[PlaceStep]) -> Any:
    """A group with what is at the end of ``steps`` unread, or what is above it where they lead nowhere."""
    within = fields(group) if steps and is_dataclass(group) else ()
    named = [one.name for one in within if steps[0].name in {xml_name(one.name), f"@{one.name}"}]
    if not named:
        return UNREAD
    value = getattr(group, named[0])
    below = _unread_member if isinstance(value, tuple) else _unread_one
    return replace(group, **{named[0]: below(value, steps)})


def _unread_one(value: Any, steps: Sequence[PlaceStep]) -> Any:
    return _unread(value, steps[1:])


def _unread_member(values: tuple[Any, ...], steps: Sequence[PlaceStep]) -> Any:
    """Several values with one of them changed; all are unread where that is not there, or unread as a whole."""
    place = (steps[0].position or 1) - 1
    changed = _unread(values[place], steps[1:]) if place < len(values) else UNREAD
    return UNREAD if changed is UNREAD else (*values[:place], changed, *values[place + 1 :])


def sampled(values: Values) -> dict[str, Any]:
    """``values`` with a sample for each that could not be read, so that a schema has nothing to say about it."""
    return {name: sample(name) if value is UNREAD else value for name, value in values.items()}


@cache
def sample(name: str) -> Any:
    """A value that the column of a name takes."""
    reader = _COLUMNS[name].reader
    for text in (*reader.choices, *_SAMPLES):
        try:
            return reader.read(Cell(Kind.TEXT, text))
        except Unfit:
            continue
    raise LookupError(name)
