"""Connections: one engine that writes, one that reads, over the same SQLite file (WAL, every commit on disk)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as ConnectionsTaken

from esad_gateway.errors import StoreUnavailable

BUSY_SECONDS = 30
"""How long a writer waits for another process (a command while the gateway runs) before it gives up."""


def open_engine(path: Path, *, writes: bool, create: bool = False) -> Engine:
    """An engine on the database file ``path``, which is made with ``create`` only: one that is lost stays missed.

    Transactions of a writing engine take the write lock when they begin, so what they read stays true until they end;
    those of a reading engine see one snapshot. ``synchronous=FULL``: a commit that returned is on disk.
    """
    engine = create_engine(
        f"sqlite:///file:{quote(str(path.absolute()))}?mode={'rwc' if create else 'rw'}&uri=true",
        # Without it the driver begins transactions by itself, and later than we need them.
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False, "isolation_level": None},
        pool_size=1 if writes else 8,
        max_overflow=0,
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin_immediate if writes else _begin)
    return engine


def _configure(connection: Any, _: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A write transaction; whatever the database cannot do comes out as StoreUnavailable, and nothing was written."""
    with _transaction(engine, "the store cannot be written") as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot to read from; whatever the database cannot do comes out as StoreUnavailable."""
    with _transaction(engine, "the store cannot be read") as connection:
        yield connection


@contextmanager
def _transaction(engine: Engine, problem: str) -> Iterator[Connection]:
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise StoreUnavailable(f"{problem}: {error.orig}") from error
    except sqlite3.Error as error:
        # From the hot path, which speaks to the driver itself.
        raise StoreUnavailable(f"{problem}: {error}") from error
    except ConnectionsTaken as error:
        raise StoreUnavailable(f"{problem}: all its connections are in use") from error
