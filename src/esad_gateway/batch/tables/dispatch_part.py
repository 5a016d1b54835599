"""A dispatch of which some cells could not be read: what shows in the others."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeAlias

from esad_gateway.batch.tables.dispatch_columns import DISPATCH
from esad_gateway.batch.tables.filling import Values
from esad_gateway.batch.tables.readers import Unfit
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.procedure.stateless import content_of_part
from esad_gateway.faults import Faults
from esad_gateway.gateway.validator import Validator
from esad_gateway.sheets.table import Cell, Kind
from esad_gateway.unread import UNREAD
from esad_gateway.xml.binding import Binder

JudgePart: TypeAlias = Callable[[IE815, IE815], Faults]
"""Finds what is wrong with a draft that has ``UNREAD`` values, given it with samples in their places as well."""

_SAMPLES: Final = ("1", "2026-01-02", "08:00", "LT00000000101", "LT001000", "LT", "lt", "W200", "22042138", "D05", "BX")
"""Texts, of which every column without choices takes one."""

_COLUMNS: Final = {one.name: one for one in DISPATCH}


def judge_part_by(validator: Validator, binder: Binder, now: datetime) -> JudgePart:
    """What finds everything wrong with a part of a draft that shows without a register, at the moment ``now``.

    As of a whole draft, rules are asked where the schema has nothing to say.
    """

    def judge(part: IE815, filled: IE815) -> Faults:
        element = binder.write(filled)
        release = validator.releases.named_by(element)
        if release is None or not release.schemas.accepts(element):
            return validator.releases.faults(element)
        return content_of_part(part, now, validator.profile, release.number)

    return judge


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
