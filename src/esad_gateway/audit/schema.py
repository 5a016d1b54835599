"""The form of a store: the tables, columns and indexes that migrations make, and nothing that acts or hides beside."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, create_engine, select

from esad_gateway.store import tables
from esad_gateway.store.forms import VERSION, differences, make_tables
from esad_gateway.store.opening import OTHER_BUILD

_DESCRIBED: Final = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_stat_' ESCAPE '!'"
"""All but the statistics, by which SQLite finds its way: they come and go with ANALYZE."""


def schema(connection: Connection, own: str) -> Iterator[str]:
    """What a store has that no migration makes, or lacks, word for word; and whether it is ours (``own``) alone."""
    yield from _built(connection)
    there, made = described(connection), _made()
    for (kind, name), text in sorted(there.items()):
        if (kind, name) not in made:
            yield f"database: the {kind} {name} is none of this gateway's"
        elif text != made[kind, name]:
            yield f"database: the {kind} {name} was made in another way than by this build"
    yield from (f"database: the {kind} {name} is gone" for kind, name in sorted(made.keys() - there.keys()))
    owners = connection.execute(select(tables.owner.c.administration)).scalars().all()
    if owners != [own]:
        yield f"database: it is the store of {', '.join(map(str, owners)) or 'nobody'}, not of {own} alone"
    for table in (VERSION, tables.registry_version):
        if len(connection.execute(select(table).limit(2)).all()) > 1:
            yield f"database: {table.name} has a second row"


def _built(connection: Connection) -> Iterator[str]:
    unlike = [*differences(connection)]
    if unlike:
        yield f"database: {'; '.join(unlike)}: {OTHER_BUILD}"


def described(connection: Connection) -> dict[tuple[str, str], str | None]:
    """The words by which each table, index, trigger and view was made, by kind and name."""
    return {(kind, name): text for kind, name, text in connection.exec_driver_sql(_DESCRIBED)}


def _made() -> dict[tuple[str, str], str | None]:
    """What a new store has. A test compares it with what migrations make, for which Alembic would have to be loaded."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            make_tables(connection)
            return described(connection)
    finally:
        engine.dispose()
