"""Hypothesis strategies for messages: any value that the dataclasses' types allow, derived from their fields."""

from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from hypothesis import strategies as st

from esad_gateway.emcs.messages import MESSAGES, Message

_SCALARS: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=8),
    int: st.integers(min_value=0, max_value=10**15 - 1),
    Decimal: st.decimals(min_value=0, max_value=10**12, places=3),
    bool: st.booleans(),
    date: st.dates(),
    time: st.times(),
    datetime: st.datetimes(),
    bytes: st.binary(max_size=8),
}


def any_message() -> st.SearchStrategy[Message]:
    """Messages of all types, with optional fields left out or not, and repeated groups kept short."""
    return st.sampled_from(MESSAGES).flatmap(_group)


def _group(group: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(group)
    return st.builds(group, **{field.name: _field(field, hints[field.name]) for field in fields(group)})


def _field(field: Field[Any], hint: Any) -> st.SearchStrategy[Any]:
    python_type = next((one for one in get_args(hint) if one is not type(None)), hint)
    one = st.deferred(lambda: _one(python_type))
    if "occurs" in field.metadata:
        minimum = field.metadata["occurs"][0]
        return st.lists(one, min_size=minimum, max_size=minimum + 1).map(tuple)
    return one if field.default is MISSING else st.none() | one


def _one(python_type: type[Any]) -> st.SearchStrategy[Any]:
    if is_dataclass(python_type):
        return _group(python_type)
    return st.sampled_from(list(python_type)) if issubclass(python_type, StrEnum) else _SCALARS[python_type]
