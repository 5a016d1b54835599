"""What differs between databases: here for SQLite, and nowhere else."""

import json
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, bindparam, func, literal_column, select, tuple_
from sqlalchemy.dialects.sqlite import insert as upsert

KEYS: Final = "keys"
"""The one parameter of every statement that asks for many keys at once: see :func:`as_keys`."""


def among(*columns: Column[Any]) -> ColumnElement[bool]:
    """The condition that a row has one of the ``keys``: texts in one column, or in several together.

    However many keys there are, the statement is the same, so it is compiled once; and each key is looked up in an
    index. For ``(a, b) IN (VALUES …)`` with two or more keys SQLite 3.40 walks the whole table.
    """
    key = func.json_each(bindparam(KEYS)).table_valued("value").c.value
    if len(columns) == 1:
        return columns[0].in_(select(key))
    parts = (func.json_extract(key, literal_column(f"'$[{place}]'")) for place in range(len(columns)))
    return tuple_(*columns).in_(select(*parts))


def as_keys(wanted: Collection[str] | Collection[tuple[str, ...]]) -> dict[str, str]:
    """The parameter of a statement with :func:`among`: texts, or as many of them as there are columns."""
    return {KEYS: json.dumps(list(wanted))}


def adding(table: Table) -> Any:
    """An insert that leaves a row with the same key as it is."""
    return upsert(table).on_conflict_do_nothing()


def replacing(table: Table, *key: str) -> Any:
    """An insert that replaces the row with the same key."""
    statement = upsert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)
