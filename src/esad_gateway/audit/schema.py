"""The form of a store: the tables, columns and indexes that migrations make, and nothing that acts or hides beside."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, create_engine, select

from esad_gateway.audit.findings import DATABASE, placed
from esad_gateway.faults import Said, listed, said
from esad_gateway.store import tables
from esad_gateway.store.forms import VERSION, differences, make_tables

_DESCRIBED: Final = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite!_stat_' ESCAPE '!'"
"""All but the statistics, by which SQLite finds its way: they come and go with ANALYZE."""


def schema(connection: Connection, own: str) -> Iterator[Said]:
    """What a store has that no migration makes, or lacks, word for word; and whether it is ours (``own``) alone."""
    yield from _built(connection)
    there, made = described(connection), _made()
    for (kind, name), text in sorted(there.items()):
        if (kind, name) not in made:
            yield placed(DATABASE, said("found.foreign_part", kind=kind, name=name))
        elif text != made[kind, name]:
            yield placed(DATABASE, said("found.other_part", kind=kind, name=name))
    for kind, name in sorted(made.keys() - there.keys()):
        yield placed(DATABASE, said("found.part_gone", kind=kind, name=name))
    owners = connection.execute(select(tables.owner.c.administration)).scalars().all()
    if owners != [own]:
        yield placed(DATABASE, said("found.owners", owners=", ".join(map(str, owners)) or "-", own=own))
    for table in (VERSION, tables.registry_version):
        if len(connection.execute(select(table).limit(2)).all()) > 1:
            yield placed(DATABASE, said("found.second_row", table=table.name))


def _built(connection: Connection) -> Iterator[Said]:
    unlike = [*differences(connection)]
    if unlike:
        yield placed(DATABASE, said("found.other_build", unlike=listed(unlike, "; ")))


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
