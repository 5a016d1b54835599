"""Making a store, and opening the one that is there: a gateway never begins anew in place of what it has lost."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import DBAPIError

from esad_gateway.errors import EsadError, NotConfigured, StoreUnavailable
from esad_gateway.store import tables
from esad_gateway.store.engine import reading, writing
from esad_gateway.store.migrate import migrate
from esad_gateway.store.store import SqlStore

_MAGIC: Final = b"SQLite format 3\0"
_OURS: Final = 0x45534144
_MARK: Final = 68  # where the application's number stands in the header; it tells a store without opening it
_HEADER: Final = 72
_STEPS: Final = 10_000  # of SQLite's machine between two looks at the time: some milliseconds
_ADVICE: Final = "bring back the one that belongs here; no gateway begins with an empty store in place of its own"


def create_store(path: Path, administration: str) -> SqlStore:
    """Make the store of an administration in a new file, readable by its owner only, and open it.

    Raises OSError where no file can be made or one is there, and StoreUnavailable.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA application_id = {_OURS}")
    migrate(path)
    store = SqlStore(path)
    with writing(store.writer) as connection:
        connection.execute(insert(tables.owner), {"administration": administration})
    return store


def open_store(path: Path, administration: str, look_for: float = 0) -> SqlStore:
    """Open the store of an administration, in the newest form, after looking for damage for so many seconds at most.

    Raises NotConfigured, and changes nothing, when it is missing, empty, no store, another administration's, or
    damaged as far as was looked (``esad store check`` looks at everything);
    StoreUnavailable when it cannot be read now.
    """
    _check_file(path)
    store = SqlStore(path)
    try:
        with reading(store.reader) as connection:
            _check_owner(connection, path, administration)
            if look_for:
                _check_pages(connection, path, look_for)
        migrate(path)
    except StoreUnavailable as error:
        store.close()
        raise _damaged(path, error) from error
    except BaseException:
        store.close()
        raise
    return store


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begin = file.read(_HEADER)
    except FileNotFoundError as error:
        raise NotConfigured(f"the store {path} is missing; {_ADVICE}") from error
    except OSError as error:
        raise NotConfigured(f"the store {path} cannot be read: {error.strerror}") from error
    if not begin:
        raise NotConfigured(f"the store {path} is empty; {_ADVICE}")
    if not begin.startswith(_MAGIC):
        raise NotConfigured(f"the store {path} is damaged: it does not begin as a SQLite database does; {_ADVICE}")
    if int.from_bytes(begin[_MARK:_HEADER]) != _OURS:
        raise NotConfigured(f"{path} is no store of an esad-gateway, but another program's database; {_ADVICE}")


def _check_owner(connection: Connection, path: Path, administration: str) -> None:
    found = connection.execute(select(tables.owner.c.administration)).scalar()
    if found != administration:
        raise NotConfigured(f"{path} is the store of {found}, and this is {administration}; {_ADVICE}")


def _check_pages(connection: Connection, path: Path, look_for: float) -> None:
    """That the pages of the database hold together; stops, and finds nothing, when its time is over."""
    raw: Any = connection.connection.driver_connection
    end = monotonic() + look_for
    raw.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        problems = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(3)") if row[0] != "ok"]
    except DBAPIError as error:
        if "interrupted" not in str(error.orig):
            raise
        problems = []
    finally:
        raw.set_progress_handler(None, 0)
    if problems:
        raise NotConfigured(f"the store {path} is damaged: {'; '.join(problems)}; {_ADVICE}")


def _damaged(path: Path, error: StoreUnavailable) -> EsadError:
    """What SQLite calls no database, or a malformed one, stays so; anything else may be better the next time."""
    cause = error.__cause__.orig if isinstance(error.__cause__, DBAPIError) else None
    if cause is None or isinstance(cause, sqlite3.OperationalError):
        return error
    return NotConfigured(f"the store {path} is damaged: {cause}; {_ADVICE}")
