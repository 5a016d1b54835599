"""A database file to read from, also on media that cannot be written."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine

from esad_gateway.errors import NotConfigured, StoreDamaged, StoreUnavailable
from esad_gateway.faults import said
from esad_gateway.store.database import opened, reading
from esad_gateway.store.forms import why_another
from esad_gateway.store.opening import bring_back
from esad_gateway.store.sqlite_file import why_no_store


@contextmanager
def snapshot(database: Path) -> Iterator[Connection]:
    """One snapshot of a database, beside the gateway that may write it; nothing is written there, not even a lock.

    Where the folder cannot be written, the file is read as one that never changes; a log of commits that stands beside
    it is read with it, in a copy. Raises NotConfigured without a database and for one of another release, and
    StoreUnavailable for what is no database.
    """
    if not database.is_file() and (problem := why_no_store(database)):
        raise NotConfigured(bring_back(problem))
    try:
        with _readable(database) as engine, reading(engine) as connection:
            if problem := why_another(connection, database):
                raise NotConfigured(problem)
            yield connection
    # A text of the tables' own description may be damaged as well: it is read before anything is asked.
    except UnicodeDecodeError as error:
        raise StoreDamaged(said("store.no_text", words=str(error))) from error


def file_of(connection: Connection) -> str:
    """The file behind a snapshot, as ``sqlite3.connect`` opens it with ``uri=True``: again for reading only."""
    arguments, _ = connection.dialect.create_connect_args(connection.engine.url)
    return str(arguments[0])


def address_of(connection: Connection) -> str:
    """The address of the database behind a snapshot: for reading only, like the snapshot, in another process."""
    return connection.engine.url.render_as_string(hide_password=False)


@contextmanager
def _readable(database: Path) -> Iterator[Engine]:
    """The database as it can be opened: beside a writer, as a file that never changes, or as a copy with its log."""
    log = database.with_name(f"{database.name}-wal")
    if _opens(database):
        with _engine(database, "mode=ro") as engine:
            yield engine
    elif not log.is_file() or not log.stat().st_size:
        with _engine(database, "mode=ro&immutable=1") as engine:
            yield engine
    else:
        with TemporaryDirectory(prefix="esad-check-") as folder:
            for path in (database, log):
                shutil.copy(path, folder)
            with _engine(Path(folder) / database.name, "mode=rw") as engine:
                yield engine


def _opens(database: Path) -> bool:
    try:
        with _engine(database, "mode=ro") as engine, reading(engine) as connection:
            connection.exec_driver_sql("SELECT 1 FROM sqlite_master").first()
    except StoreUnavailable as error:
        if "unable to open" in str(error) or "readonly" in str(error):
            return False
        raise
    return True


@contextmanager
def _engine(database: Path, options: str) -> Iterator[Engine]:
    engine = opened(database.resolve(), options)
    try:
        yield engine
    finally:
        engine.dispose()
