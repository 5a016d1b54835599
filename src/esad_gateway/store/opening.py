"""Makes and opens stores. Only ``esad init`` makes one: a gateway never replaces a lost store by an empty one."""

from pathlib import Path

from sqlalchemy import Connection, insert, select

from esad_gateway.errors import NotConfigured, StoreDamaged
from esad_gateway.faults import Said, listed, said
from esad_gateway.store import tables
from esad_gateway.store.database import Database, reading, writing
from esad_gateway.store.forms import Migrated, differences, make_tables, migrate, why_another
from esad_gateway.store.sqlite_file import damage, mark, new_file, why_no_store
from esad_gateway.store.store import SqlStore


def bring_back(problem: Said) -> Said:
    """What is wrong with a store that is not there, or not as it was, and what to do about that."""
    return said("store.bring_back", problem=problem)


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
        raise NotConfigured(bring_back(said("store.is_damaged", path=str(path), why=error.why))) from error
    except BaseException:
        store.close()
        raise
    return store


def check_owner(store: SqlStore, administration: str) -> None:
    """Raise NotConfigured when an open store belongs to another administration."""
    with reading(store.reader) as connection:
        found = _owner(connection)
    if found != administration:
        raise NotConfigured(said("store.handed_in", found=str(found), administration=administration))


def migrate_store(path: Path) -> Migrated:
    """Bring a store to the form of this build, as :func:`~esad_gateway.store.forms.migrate` does.

    Raises NotConfigured, also for what is no store, and StoreUnavailable.
    """
    _check_file(path)
    return migrate(path)


def _check_file(path: Path) -> None:
    if problem := why_no_store(path):
        raise NotConfigured(bring_back(problem))


def check_store(connection: Connection, path: Path, administration: str) -> None:
    """Raise NotConfigured when a store has not the form of this build, or belongs to another administration."""
    if problem := why_another(connection, path):
        raise NotConfigured(problem)
    if unlike := [*differences(connection)]:
        raise NotConfigured(said("store.other_tables", path=str(path), unlike=listed(unlike, "; ")))
    if (found := _owner(connection)) != administration:
        owners = said("store.other_owner", path=str(path), found=str(found), administration=administration)
        raise NotConfigured(bring_back(owners))


def _owner(connection: Connection) -> str | None:
    found: str | None = connection.execute(select(tables.owner.c.administration)).scalar()
    return found


def _check_pages(connection: Connection, path: Path, look_for: float) -> None:
    if look_for and (problems := damage(connection, look_for)):
        words = said("store.database", words="; ".join(problems))
        raise NotConfigured(bring_back(said("store.is_damaged", path=str(path), why=words)))


def _made(database: Database, administration: str) -> SqlStore:
    with writing(database.writer) as connection:
        make_tables(connection)
        connection.execute(insert(tables.owner), {"administration": administration})
    return SqlStore(database)
