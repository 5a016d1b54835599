"""The form of a store: the tables that this build makes, and how a store with other tables gets them."""

from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Column, Connection, Index, MetaData, PrimaryKeyConstraint, String, Table, insert, select
from sqlalchemy.schema import CreateIndex, CreateTable, DropIndex

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why
from esad_gateway.store import tables
from esad_gateway.store.database import writing
from esad_gateway.store.sqlite_file import columns_of, copy, indexes_of, to_migrate

MIGRATIONS: Final = Path(__file__).parent / "migrations"

VERSION: Final = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""The table in which Alembic keeps which form a store has."""


def known() -> tuple[str, ...]:
    """The revisions that this build knows, oldest first: each file's name begins with its revision."""
    return tuple(sorted(file.stem.partition("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def newest() -> str:
    """The revision of this build's own form."""
    return known()[-1]


def make_tables(connection: Connection) -> None:
    """Make every table in an empty database, as all migrations one after the other would; a test compares the two."""
    for table in (*tables.metadata.sorted_tables, VERSION):
        connection.execute(CreateTable(table))
        # In one order always: of two indexes that serve a question equally well, SQLite takes the later one.
        for index in sorted(table.indexes, key=attrgetter("name")):
            connection.execute(CreateIndex(index))
    connection.execute(insert(VERSION), {"version_num": newest()})


def why_another(connection: Connection, path: Path) -> Said | None:
    """Say which release the form of a store belongs to, and what to do; ``None`` for this build's own form."""
    version = _version(connection)
    if version == newest():
        return None
    if version is None:
        return said("store.no_form", path=str(path))
    if version in known():
        command = f"esad store migrate --data {path.parent}"
        return said("store.earlier", path=str(path), version=version, newest=newest(), command=command)
    return said("store.later", path=str(path), version=version, newest=newest())


def differences(connection: Connection) -> Iterator[Said]:
    """Tables and columns that differ from this build's although the revision is the same: another build made them."""
    there = columns_of(connection)
    for table in tables.metadata.sorted_tables:
        wanted, found = table.columns.keys(), there.get(table.name)
        if found is None:
            yield said("store.no_table", table=table.name)
        else:
            lacks = [name for name in wanted if name not in found]
            yield from (said("store.no_column", table=table.name, column=name) for name in lacks)
            more = [name for name in found if name not in wanted]
            yield from (said("store.more_column", table=table.name, column=name) for name in more)


class Migrated(NamedTuple):
    """What was done to a store: the copy of it as it was, ``None`` where it had the form, and the indexes made anew."""

    copy: Path | None
    indexes: tuple[str, ...]


def migrate(path: Path) -> Migrated:
    """Bring a store to the form of this build, and make the indexes that an earlier build has made in another way.

    All of it is done or nothing. Not checked: that nobody else uses the store meanwhile. Raises NotConfigured when this
    build does not know the form or no copy can be made, and StoreUnavailable.
    """
    engine = to_migrate(path)
    try:
        with writing(engine) as connection:
            problem, version, kept = why_another(connection, path), _version(connection), None
            if problem is not None:
                if version not in known():
                    raise NotConfigured(problem)
                kept = copy_kept(path, path.with_name(f"{path.name}.{version}"))
                _upgrade(connection)
            return Migrated(kept, tuple(_make_indexes(connection)))
    finally:
        engine.dispose()


def other_indexes(connection: Connection) -> Iterator[Index]:
    """The indexes of this build that a store has not, or has as another build made them: its answers come later."""
    made, ours = indexes_of(connection), (index for table in tables.metadata.sorted_tables for index in table.indexes)
    for index in sorted(ours, key=attrgetter("name")):
        if made.get(str(index.name)) != str(CreateIndex(index).compile(connection)).strip():
            yield index


def _make_indexes(connection: Connection) -> Iterator[str]:
    there = indexes_of(connection)
    for index in other_indexes(connection):
        if str(index.name) in there:
            connection.execute(DropIndex(index))
        connection.execute(CreateIndex(index))
        yield str(index.name)


def _version(connection: Connection) -> str | None:
    if VERSION.name not in columns_of(connection):
        return None
    version: str | None = connection.execute(select(VERSION.c.version_num)).scalar()
    return version


def copy_kept(path: Path, to: Path) -> Path:
    """Copy a store before it is changed; returns ``to``. Raises NotConfigured where no copy can be made."""
    try:
        copy(path, to)
    except OSError as error:
        raise NotConfigured(said("store.no_copy", file=str(to), why=why(error))) from error
    return to


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - a quarter of a gateway's start, needed for an earlier form only
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
