"""Inserts that know what happens to a row with the same key: SQLite and PostgreSQL have one text for them."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.dml import Insert


class _Upsert(Insert):
    """What happens: nothing, or all columns are replaced but ``key`` and ``but``."""

    inherit_cache = True
    key: tuple[str, ...] = ()
    but: frozenset[str] = frozenset()


@cache
def _upserts(key: tuple[str, ...], but: frozenset[str]) -> type[_Upsert]:
    """The class of such inserts. Each has its own: by class and table SQLAlchemy finds what it has compiled before."""
    return type("_Upsert", (_Upsert,), {"inherit_cache": True, "key": key, "but": but})


@compiles(_Upsert)
def _upsert(statement: _Upsert, compiler: Any, **words: Any) -> str:
    text = compiler.visit_insert(statement, **words)
    if not statement.key:
        return f"{text} ON CONFLICT DO NOTHING"
    quoted = compiler.preparer.quote
    kept = {*statement.key, *statement.but}
    changed = (quoted(column.name) for column in statement.table.c if column.name not in kept)
    values = ", ".join(f"{name} = excluded.{name}" for name in changed)
    return f"{text} ON CONFLICT ({', '.join(map(quoted, statement.key))}) DO UPDATE SET {values}"


def adding(table: Table) -> Insert:
    """An insert that leaves a row with the same key as it is."""
    return _upserts((), frozenset())(table)


def replacing(table: Table, *key: str, but: Collection[str] = ()) -> Insert:
    """An insert that replaces the row with the same key, all of it ``but`` some columns."""
    return _upserts(key, frozenset(but))(table)
