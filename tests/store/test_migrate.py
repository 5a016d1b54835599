"""The tables that migrations make are those that a new store gets, in every database."""

import sqlite3
from contextlib import closing
from io import StringIO
from operator import attrgetter
from pathlib import Path
from types import ModuleType

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex

from esad_gateway.store.forms import MIGRATIONS, make_tables
from esad_gateway.store.sqlite_file import columns_of
from esad_gateway.store.tables import metadata


def configured() -> Config:
    """Alembic's own way to our migrations."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def migrated(path: Path) -> Path:
    """A database after all migrations, one after the other."""
    config = configured()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    return path


def made(path: Path) -> Path:
    """A database as a new store gets it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        make_tables(connection)
    engine.dispose()
    return path


def sql(path: Path, statement: str) -> list[tuple[object, ...]]:
    """The rows of a statement."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def described(path: Path) -> dict[str, object]:
    """The words by which every table and index was made."""
    return {str(name): text for name, text in sql(path, "SELECT name, sql FROM sqlite_master")}


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.filterwarnings("ignore:autogenerate skipping metadata-specified expression-based index")
def test_migrations_make_the_tables_of_the_code(tmp_path: Path) -> None:
    """Alembic finds nothing to be changed: tables, columns, types, defaults, keys. The next test sees all indexes."""
    engine = create_engine(f"sqlite:///{migrated(tmp_path / 'store.db')}")
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()

    assert differences == []


def test_new_store_is_as_migrations_would_have_made_it(tmp_path: Path) -> None:
    """Word for word, with the conditions of indexes and what is clustered by its key: it need not load Alembic."""
    new, old = made(tmp_path / "new.db"), migrated(tmp_path / "old.db")

    assert described(new) == described(old)
    assert sql(new, "SELECT * FROM alembic_version") == sql(old, "SELECT * FROM alembic_version")


def test_columns_are_read_in_their_order(tmp_path: Path) -> None:
    """What a start compares: every table with its columns."""
    engine = create_engine(f"sqlite:///{made(tmp_path / 'store.db')}")
    with engine.connect() as connection:
        found = columns_of(connection)
    engine.dispose()

    assert {name: found[name] for name in metadata.tables} == {
        name: table.columns.keys() for name, table in metadata.tables.items()
    }


def statements_for_postgresql(migration: ModuleType) -> str:
    """What a migration would say to PostgreSQL."""
    written = StringIO()
    options = {"as_sql": True, "output_buffer": written}
    context = MigrationContext.configure(dialect_name="postgresql", opts=options)
    with Operations.context(context):
        migration.upgrade()
    return written.getvalue()


@pytest.fixture(scope="module")
def for_postgresql() -> str:
    """All migrations for PostgreSQL."""
    revisions = ScriptDirectory.from_config(configured()).walk_revisions()
    return "\n".join(statements_for_postgresql(one.module) for one in reversed([*revisions]))


@pytest.mark.parametrize(
    "index",
    sorted((index for table in metadata.tables.values() for index in table.indexes), key=attrgetter("name")),
    ids=lambda index: str(index.name),
)
def test_index_holds_the_same_rows_in_postgresql(for_postgresql: str, index: object) -> None:
    """A condition that is given for one database only would silently be none in the other."""
    wanted = str(CreateIndex(index).compile(dialect=postgresql.dialect()))  # type: ignore[arg-type,no-untyped-call]

    assert " ".join(wanted.split()) in " ".join(for_postgresql.split())
    assert ("WHERE" in wanted) is bool(index.dialect_options["sqlite"]["where"] is not None)  # type: ignore[attr-defined]
