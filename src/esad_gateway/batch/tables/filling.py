"""How the groups of a draft are filled from the values of columns: what a column's way says of it, worked out once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import Any, Final, TypeAlias, get_args

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.dispatch_columns import DISPATCH
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import WineOperation
from esad_gateway.emcs.rules.patterns import TEXTS_OF_GROUP
from esad_gateway.emcs.rules.places import class_at, steps
from esad_gateway.unread import UNREAD

Values: TypeAlias = Mapping[str, Any]

_LANGUAGE: Final = "language"
_MOST_KEPT: Final = 1024
"""Groups that are kept; then all of them are forgotten, since they are surely all different."""


def _operations(codes: Iterable[str], _language: str) -> tuple[WineOperation, ...]:
    return tuple(WineOperation(wine_operation_code=code) for code in codes)


def _turned(field: Field[Any]) -> Callable[[Any, str], Any] | None:
    """What makes what a field holds of the value of a column, where that is not the value itself."""
    held = {field.type, *get_args(field.type)}
    if Text in held:
        return Text
    return _operations if WineOperation in held else None


class Filling:
    """One group of a draft: the columns that fill it, and what it is where nothing of it is given.

    A part that has to be there and is not becomes empty, so that the schema names it. Groups that many rows have in
    common are made once: they are values, and never changed.
    """

    def __init__(self, way: str, columns: Iterable[Column]) -> None:
        self._make = class_at(IE815, way)
        every = {field.name: field for field in fields(self._make)}
        found = [(one, steps(IE815, "/".join(one.way))[way.count("/") + 1].field) for one in columns]
        self.names = tuple(one.name for one, _ in found)
        self._parts = [(field, _turned(every[field])) for _, field in found]
        self._begun = {name: "" for name, field in every.items() if _needed(field) and name != _LANGUAGE}
        self._spoken = TEXTS_OF_GROUP if _LANGUAGE in every else frozenset[str]()
        self._known: dict[tuple[Any, ...], Any] = {}

    def made(self, values: Values, language: str) -> Any:
        """The group, with its texts in a language; ``None`` where nothing of it is given."""
        given = (language, *map(values.get, self.names))
        found = self._known.get(given, self)
        if found is self:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            found = self._known[given] = self._new(given[1:], language)
        return found

    def _new(self, given: Sequence[Any], language: str) -> Any:
        told = {
            field: value if turn is None or value is UNREAD else turn(value, language)
            for (field, turn), value in zip(self._parts, given, strict=True)
            if value is not None
        }
        if not told:
            return None
        if self._spoken & {*self._begun, *told}:
            told[_LANGUAGE] = language
        return self._make(**{**self._begun, **told})


def _needed(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


class Several:
    """A group that a draft may have several of, each with columns of its own (:attr:`Column.number`)."""

    def __init__(self, way: str) -> None:
        columns = [one for one in _below(way) if one.number]
        numbers = sorted({one.number for one in columns})
        self._groups = [Filling(way, [one for one in columns if one.number == number]) for number in numbers]
        self.names = frozenset(one.name for one in columns)
        self.further = frozenset(one.name for one in columns if one.number > 1)

    def made(self, values: Values, language: str) -> tuple[Any, ...]:
        """Those of which anything is given, in their order. Most rows have the first alone, and ask no further."""
        if self.further.isdisjoint(values):
            return self.first(values, language)
        return tuple([one for group in self._groups if (one := group.made(values, language)) is not None])

    def first(self, values: Values, language: str) -> tuple[Any, ...]:
        """The first of them, where nothing of the others is given."""
        one = self._groups[0].made(values, language)
        return () if one is None else (one,)


def single(way: str) -> Filling:
    """A group that a draft has once."""
    return Filling(way, _below(way))


def _below(way: str) -> list[Column]:
    above = tuple(way.split("/"))
    return [one for one in DISPATCH if one.way[: len(above)] == above]
