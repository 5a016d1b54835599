"""The form of a store: the tables, columns and indexes that migrations make, and nothing that acts or hides beside."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, String, Table, create_engine, select

from esad_gateway.store import tables

_MADE_BY_ALEMBIC: Final = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
_DESCRIBED: Final = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_stat_' ESCAPE '!'"
"""All but the statistics, by which SQLite finds its way: whoever runs ANALYZE makes them."""


def schema(connection: Connection, own: str) -> Iterator[str]:
    """What a store has that no migration makes, or lacks, word for word; and whether it is ours (``own``) alone."""
    there, made = described(connection), _made()
    for (kind, name), text in sorted(there.items()):
        if (kind, name) not in made:
            yield f"database: the {kind} {name} is none of this gateway's"
        elif text != made[kind, name]:
            yield f"database: the {kind} {name} was made in another way: {text}"
    yield from (f"database: the {kind} {name} is gone" for kind, name in sorted(made.keys() - there.keys()))
    owners = connection.execute(select(tables.owner.c.administration)).scalars().all()
    if owners != [own]:
        yield f"database: it is the store of {', '.join(map(str, owners)) or 'nobody'}, not of {own} alone"
    for table in (_MADE_BY_ALEMBIC, tables.registry_version):
        if len(connection.execute(select(table).limit(2)).all()) > 1:
            yield f"database: {table.name} has a second row"


def described(connection: Connection) -> dict[tuple[str, str], str | None]:
    """The words by which each table, index, trigger and view was made, by kind and name."""
    return {(kind, name): text for kind, name, text in connection.exec_driver_sql(_DESCRIBED)}


def _made() -> dict[tuple[str, str], str | None]:
    """What a new store has. A test compares it with what migrations make, for which Alembic would have to be loaded."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            tables.metadata.create_all(connection)
            _MADE_BY_ALEMBIC.create(connection)
            return described(connection)
    finally:
        engine.dispose()
