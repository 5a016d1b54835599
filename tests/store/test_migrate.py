"""The tables that migrations make are those that the code knows."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from esad_gateway.errors import NotConfigured, StoreUnavailable
from esad_gateway.store.migrate import migrate, newest
from esad_gateway.store.tables import metadata


def sql(path: Path, statement: str) -> list[tuple[object, ...]]:
    """The rows of a statement."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(statement).fetchall()
        connection.commit()
        return rows


def described(path: Path) -> dict[str, object]:
    """Indexes as they were made, and which tables are clustered by their key."""
    indexes = sql(path, "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    tables = sql(path, "SELECT name, sql LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE type = 'table'")
    known = metadata.tables.keys()
    return {str(name): value for name, value in (*indexes, *(row for row in tables if row[0] in known))}


def test_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    """Alembic finds nothing to be changed: tables, columns, types, defaults, keys."""
    migrate(tmp_path / "store.db")
    engine = create_engine(f"sqlite:///{tmp_path / 'store.db'}")
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()

    assert differences == []


def test_migrations_make_the_indexes_of_the_code(tmp_path: Path) -> None:
    """What Alembic does not compare: the conditions of indexes, and tables that are clustered by their key."""
    migrated, made = tmp_path / "migrated.db", tmp_path / "made.db"
    migrate(migrated)
    engine = create_engine(f"sqlite:///{made}")
    metadata.create_all(engine)
    engine.dispose()

    assert described(migrated) == described(made)
    assert described(migrated)["message"] == 1


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    """A start finds the newest form and leaves it."""
    path = tmp_path / "store.db"
    migrate(path)
    sql(path, "INSERT INTO mailbox VALUES ('LT00000000101', 7, x'00')")
    before = sql(path, "SELECT * FROM sqlite_master")

    migrate(path)

    assert sql(path, "SELECT * FROM sqlite_master") == before
    assert sql(path, "SELECT * FROM mailbox") == [("LT00000000101", 7, b"\x00")]
    assert sql(path, "SELECT version_num FROM alembic_version") == [(newest(),)]


def test_store_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    """A database that this release does not know is told as such."""
    path = tmp_path / "store.db"
    migrate(path)
    sql(path, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(NotConfigured, match="9999"):
        migrate(path)

    assert sql(path, "SELECT version_num FROM alembic_version") == [("9999",)]


@pytest.mark.parametrize("content", [b"no database, but a text that is longer than a header of SQLite" * 20, None])
def test_what_is_no_database_is_unavailable(tmp_path: Path, content: bytes | None) -> None:
    """A file of another kind, and a folder that is missing."""
    path = tmp_path / "store.db" if content else tmp_path / "absent" / "store.db"
    if content:
        path.write_bytes(content)

    with pytest.raises(StoreUnavailable):
        migrate(path)
