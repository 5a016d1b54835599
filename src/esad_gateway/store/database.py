"""What differs between databases: here for SQLite, and nowhere else."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, cast

from sqlalchemy import Column, ColumnElement, Connection, Table, bindparam, func, literal_column, select, tuple_
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.dialects.sqlite import insert as upsert

from esad_gateway.store.rows import Row

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


def replacing(table: Table, *key: str, but: Collection[str] = ()) -> Any:
    """An insert that replaces the row with the same key, all of it ``but`` some columns."""
    statement = upsert(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in (*key, *but)}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


class Driver:
    """Statements of the hot path, handed to the driver of ``connection`` as they are.

    SQLAlchemy makes every row and every list of parameters anew, which costs as much as the work itself. So values
    must be what the database stores. Errors are the driver's own; whoever began the transaction translates them.
    """

    def __init__(self, connection: Connection) -> None:
        self._cursor = cast("sqlite3.Cursor", connection.connection.cursor())
        self._cursor.row_factory = sqlite3.Row

    def rows(self, question: Any, values: Mapping[str, Any]) -> list[Row]:
        """Every row that answers a question."""
        return self._asked(question, values).fetchall()

    def value(self, question: Any, values: Mapping[str, Any]) -> Any:
        """The first column of the first row that answers a question; ``None`` when none does."""
        row = self._asked(question, values).fetchone()
        return row and row[0]

    def many(self, statement: Any, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows, which all have the same columns."""
        if parameters := list(rows):
            self._cursor.executemany(_writing(statement, tuple(parameters[0])), parameters)

    def _asked(self, question: Any, values: Mapping[str, Any]) -> sqlite3.Cursor:
        text, fixed = _reading(question, tuple(values))
        return self._cursor.execute(text, {**fixed, **values})


_DIALECT: Final = dialect(paramstyle="named")


@lru_cache(maxsize=256)
def _writing(statement: Any, columns: tuple[str, ...]) -> str:
    """The text of a statement whose rows have these columns."""
    return str(statement.compile(dialect=_DIALECT, column_keys=columns))


@lru_cache(maxsize=256)
def _reading(question: Any, names: tuple[str, ...]) -> tuple[str, Mapping[str, Any]]:
    """The text of a question with these parameters, and the values that are fixed in it."""
    state = question.compile(dialect=_DIALECT).construct_expanded_state(dict.fromkeys(names, ""))
    return state.statement, {name: value for name, value in state.parameters.items() if name not in names}
