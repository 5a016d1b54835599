"""Makes and opens stores. Only ``esad init`` makes one: a gateway never replaces a lost store by an empty one."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, select

from esad_gateway.errors import NotConfigured, StoreDamaged
from esad_gateway.store import tables
from esad_gateway.store.database import Database, reading, writing
from esad_gateway.store.forms import Migrated, differences, make_tables, migrate, why_another
from esad_gateway.store.sqlite_file import damage, mark, new_file, why_no_store
from esad_gateway.store.store import SqlStore

MISSING: Final = (
    "bring back the one that belongs here; no gateway begins with an empty store in place of its own, and only esad "
    "init makes one, in a new data directory"
)
"""What to do about a store that is not there, or not as it was."""


OTHER_BUILD: Final = "another build made it, or somebody changed it: run that build, or begin anew with esad init"
"""What to do about a store whose tables have other columns."""


def create_store(path: Path, administration: str) -> SqlStore:
    """Make the store of an administration in a new file, readable by its owner only, and open it.

    Raises OSError where no file can be made or one is there, and StoreUnavailable.
    """
    new_file(path)
    mark(path)
    return _made(Database.in_file(path), administration)


def store_in_memory(administration: str) -> SqlStore:
    """A new store of an administration, in memory, which ends when it is closed: for tests and simulated states."""
    return _made(Database.in_memory(), administration)


def open_store(path: Path, administration: str, look_for: float = 0) -> SqlStore:
    """Open the store of an administration, after it has looked for damage for so many seconds at most.

    Raises NotConfigured, with the way out, when the file is missing, empty or no store, when the store belongs to
    another administration, another release or another build, and when damage was found; then it changes nothing. Raises
    StoreUnavailable when the file cannot be read now. Not checked: all of the file (``esad store check`` does).
    """
    _check_file(path)
    store = SqlStore(Database.in_file(path))
    try:
        with reading(store.reader) as connection:
            check_store(connection, path, administration)
            _check_pages(connection, path, look_for)
    except StoreDamaged as error:
        store.close()
        raise NotConfigured(f"the store {path} is damaged: {error.reason}; {MISSING}") from error
    except BaseException:
        store.close()
        raise
    return store


def check_owner(store: SqlStore, administration: str) -> None:
    """Raise NotConfigured when an open store belongs to another administration."""
    with reading(store.reader) as connection:
        found = _owner(connection)
    if found != administration:
        raise NotConfigured(f"the store that was handed in is that of {found}, and this is {administration}")


def migrate_store(path: Path) -> Migrated:
    """Bring a store to the form of this build, as :func:`~esad_gateway.store.forms.migrate` does.

    Raises NotConfigured, also for what is no store, and StoreUnavailable.
    """
    _check_file(path)
    return migrate(path)


def _check_file(path: Path) -> None:
    if problem := why_no_store(path):
        raise NotConfigured(f"{problem}; {MISSING}")


def check_store(connection: Connection, path: Path, administration: str) -> None:
    """Raise NotConfigured when a store has not the form of this build, or belongs to another administration."""
    if problem := why_another(connection, path):
        raise NotConfigured(problem)
    if unlike := [*differences(connection)]:
        raise NotConfigured(f"the store {path} has other tables: {'; '.join(unlike)}: {OTHER_BUILD}")
    if (found := _owner(connection)) != administration:
        raise NotConfigured(f"{path} is the store of {found}, and this is {administration}; {MISSING}")


def _owner(connection: Connection) -> str | None:
    found: str | None = connection.execute(select(tables.owner.c.administration)).scalar()
    return found


def _check_pages(connection: Connection, path: Path, look_for: float) -> None:
    if look_for and (problems := damage(connection, look_for)):
        raise NotConfigured(f"the store {path} is damaged: {'; '.join(problems)}; {MISSING}")


def _made(database: Database, administration: str) -> SqlStore:
    with writing(database.writer) as connection:
        make_tables(connection)
        connection.execute(insert(tables.owner), {"administration": administration})
    return SqlStore(database)
