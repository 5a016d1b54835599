"""The file of a SQLite database: what tells a store from other files, how it is made, copied, and looked at for damage.

Nothing here is asked of another database.
"""

import errno
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why
from esad_gateway.store.database import opened

_MAGIC: Final = b"SQLite format 3\0"
_OURS: Final = 0x45534144
_MARK: Final = 68  # where the application's number stands in the header; it tells a store without opening it
_HEADER: Final = 72
_STEPS: Final = 10_000  # of SQLite's machine between two looks at the time: some milliseconds
_COLUMNS: Final = """
    SELECT made.name, given.name FROM sqlite_master AS made, pragma_table_info(made.name) AS given
    WHERE made.type = 'table' ORDER BY made.name, given.cid
"""


def mark(path: Path) -> None:
    """Write into the header of an empty file that a store of an esad-gateway will stand in it."""
    # Not with a log of commits: the header has to stand in the file itself.
    engine = opened(path, "mode=rw")
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA application_id = {_OURS}")
    engine.dispose()


def new_file(path: Path) -> None:
    """Make an empty file that only its owner can read. Raises OSError, FileExistsError where there is one."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def why_no_store(path: Path) -> Said | None:
    """Say why a file cannot be a store; ``None`` when it begins as a store does. Not checked: the rest of the file."""
    try:
        with path.open("rb") as file:
            begin = file.read(_HEADER)
    except FileNotFoundError:
        return said("store.missing", path=str(path))
    except OSError as error:
        return said("store.unread_file", path=str(path), why=why(error))
    if not begin:
        return said("store.empty", path=str(path))
    if not begin.startswith(_MAGIC):
        return said("store.no_sqlite", path=str(path))
    if int.from_bytes(begin[_MARK:_HEADER]) != _OURS:
        return said("store.foreign", path=str(path))
    return None


def columns_of(connection: Connection) -> Mapping[str, Sequence[str]]:
    """The columns of every table that there is, in their order."""
    found: dict[str, list[str]] = {}
    for table, column in connection.exec_driver_sql(_COLUMNS):
        found.setdefault(table, []).append(column)
    return found


def indexes_of(connection: Connection) -> Mapping[str, str]:
    """The words by which every index was made, by its name; those that keys bring with them have none."""
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    return {row.name: row.sql for row in connection.exec_driver_sql(made)}


def damage(connection: Connection, seconds: float) -> Sequence[str]:
    """Say where the pages of a database contradict each other, as far as that can be found within so many seconds."""
    raw: Any = connection.connection.driver_connection
    end = monotonic() + seconds
    raw.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        return [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(3)") if row[0] != "ok"]
    except DBAPIError as error:
        if "interrupted" not in str(error.orig):
            raise
        return []
    finally:
        raw.set_progress_handler(None, 0)


def to_migrate(path: Path) -> Engine:
    """An engine that writes without foreign keys: a migration drops and makes tables anew, and keeps their rows."""
    return opened(path, "mode=rw", ("journal_mode=WAL", "synchronous=FULL"), begin="BEGIN IMMEDIATE")


def one_file(path: Path) -> None:
    """Leave nothing beside the file of a database that nobody has open; whoever reads it makes nothing there either."""
    engine = opened(path, "mode=rw", ("journal_mode=DELETE",))
    with engine.connect():
        pass
    engine.dispose()


def copy(path: Path, to: Path) -> None:
    """Copy a database as it stands at one moment, into a new file. Raises OSError, and then no file stays."""
    new_file(to)
    engine, target = opened(path, "mode=ro"), opened(to, "mode=rw")
    try:
        with engine.connect() as source, target.connect() as written:
            raw: Any = source.connection.driver_connection
            raw.backup(written.connection.driver_connection)
    except (DBAPIError, engine.dialect.loaded_dbapi.Error) as error:
        to.unlink()  # half a copy would pass for one
        raise OSError(errno.EIO, str(getattr(error, "orig", error))) from error
    finally:
        engine.dispose()
        target.dispose()
