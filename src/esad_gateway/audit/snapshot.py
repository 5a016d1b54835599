"""A database file to read from, also on media that cannot be written."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from esad_gateway.errors import NotConfigured, StoreUnavailable
from esad_gateway.store.engine import reading
from esad_gateway.store.migrate import is_current


@contextmanager
def snapshot(database: Path) -> Iterator[Connection]:
    """One snapshot of a database, beside the gateway that may write it; nothing is written there, not even a lock.

    Where the folder cannot be written, the file is read as one that never changes; a log of commits that stands beside
    it is read with it, in a copy. Raises NotConfigured without a database and for one of another release, and
    StoreUnavailable for what is no database.
    """
    if not database.is_file():
        raise NotConfigured(f"{database} is missing; esad init makes one")
    with _readable(database) as engine:
        try:
            with reading(engine) as connection:
                if not is_current(connection):
                    raise NotConfigured(f"{database} has the tables of another release; esad serve brings them up")
                yield connection
        except UnicodeDecodeError as error:
            raise StoreUnavailable(f"the store cannot be read: {error}") from error
        finally:
            engine.dispose()


@contextmanager
def _readable(database: Path) -> Iterator[Engine]:
    """The database as it can be opened: beside a writer, as a file that never changes, or as a copy with its log."""
    engine = _engine(database, "mode=ro")
    log = database.with_name(f"{database.name}-wal")
    if _opens(engine):
        yield engine
    elif not log.is_file() or not log.stat().st_size:
        yield _engine(database, "mode=ro&immutable=1")
    else:
        with TemporaryDirectory(prefix="esad-check-") as folder:
            for path in (database, log):
                shutil.copy(path, folder)
            yield _engine(Path(folder) / database.name, "mode=rw")


def _opens(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first()
    except DBAPIError as error:
        engine.dispose()
        if "unable to open" in str(error.orig) or "readonly" in str(error.orig):
            return False
        raise StoreUnavailable(f"the store cannot be read: {error.orig}") from error
    return True


def _engine(database: Path, options: str) -> Engine:
    # "?" and "#" in a path would end it, "%" begin a code.
    path = str(database.resolve()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    engine = create_engine(
        f"sqlite:///file:{path}?{options}&uri=true", connect_args={"isolation_level": None, "check_same_thread": False}
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
