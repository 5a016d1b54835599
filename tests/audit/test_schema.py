"""The form of a store is that which migrations make, and nothing beside it acts, hides or is missing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from esad_gateway.audit.schema import schema
from esad_gateway.store.opening import create_store
from esad_gateway.store.tables import metadata
from esad_gateway.texts import say

_OWN = "NDEA.LT"
_INDEXES = sorted(str(index.name) for table in metadata.tables.values() for index in table.indexes)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A new store, as migrations have made it."""
    path = tmp_path / "store.db"
    create_store(path, _OWN).close()
    return path


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    """It, to read from."""
    engine = create_engine(f"sqlite:///{database}")
    yield engine
    engine.dispose()


def _problems(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [say(problem) for problem in schema(connection, _OWN)]


def _run(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_store_that_migrations_made_has_the_form_of_the_code(engine: Engine) -> None:
    """Word for word: the check need not load what makes migrations."""
    assert _problems(engine) == []


def test_statistics_belong_to_sqlite(database: Path, engine: Engine) -> None:
    """Whoever runs ANALYZE does nothing wrong."""
    _run(database, "ANALYZE")

    assert _problems(engine) == []


def test_indexes_that_are_gone_are_named(database: Path, engine: Engine) -> None:
    """Each of them."""
    _run(database, *(f"DROP INDEX {index}" for index in _INDEXES))

    assert _problems(engine) == [f"database: the index {index} is gone" for index in _INDEXES]


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE TRIGGER a AFTER INSERT ON outbox BEGIN DELETE FROM outbox; END", "the trigger a is none of"),
        ("CREATE VIEW b AS SELECT 1", "the view b is none of"),
        ("CREATE TABLE c (d)", "the table c is none of"),
        ("ALTER TABLE peer ADD COLUMN d", "the table peer was made in another way"),
        ("DROP TABLE attempt", "the table attempt is gone"),
        ("UPDATE owner SET administration = 'NDEA.PL'", "the store of NDEA.PL, not of NDEA.LT alone"),
    ],
)
def test_form_that_no_migration_made_is_named(database: Path, engine: Engine, statement: str, told: str) -> None:
    """What acts by itself, hides something, was added, changed or taken away."""
    _run(database, statement)

    assert any(told in problem for problem in _problems(engine))
