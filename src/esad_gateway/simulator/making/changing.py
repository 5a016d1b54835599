"""Changing one thing deep inside a message, and every thing of a kind."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

T = TypeVar("T")


def evolve(value: T, changes: Mapping[str, Any]) -> T:
    """``value`` with other contents at the given places (``body_ead_esad.0.gross_mass``; tuples count from 0)."""
    for path, new in changes.items():
        value = put(value, tuple(path.split(".")), new)
    return value


def put(value: Any, path: tuple[str, ...], new: Any) -> Any:
    """``value`` with ``new`` at the end of a path of names and positions."""
    if not path:
        return new
    step, *rest = path
    if isinstance(value, tuple):
        index = int(step)
        return (*value[:index], put(value[index], tuple(rest), new), *value[index + 1 :])
    return replace(value, **{step: put(getattr(value, step), tuple(rest), new)})


def get(value: Any, path: tuple[str, ...]) -> Any:
    """What stands at the end of a path of names and positions."""
    for step in path:
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
    return value


def mapped(value: T, change: Callable[[str, Any], Any], name: str = "") -> T:
    """``value`` with every text, number and time in it as ``change`` has it, which is told the name of its field."""
    if is_dataclass(value):
        now: dict[str, Any] = {one.name: getattr(value, one.name) for one in fields(value)}
        new = {key: mapped(item, change, key) for key, item in now.items()}
        changed = {key: item for key, item in new.items() if item is not now[key]}
        same: Any = value
        new_value: T = replace(same, **changed) if changed else same
        return new_value
    if isinstance(value, tuple):
        members = tuple(mapped(one, change, name) for one in value)
        return value if all(map(_same, members, value)) else members  # type: ignore[return-value]
    return value if value is None else change(name, value)


def _same(one: object, other: object) -> bool:
    return one is other
