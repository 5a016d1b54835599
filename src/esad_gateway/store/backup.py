"""Copies of a store that can be put in its place again, made while a gateway runs."""

import os
import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import why
from esad_gateway.frozen import frozen
from esad_gateway.ports.batches import BATCH_FILE
from esad_gateway.store import tables
from esad_gateway.store.batch_files import needed
from esad_gateway.store.database import reading
from esad_gateway.store.opening import open_store
from esad_gateway.store.sqlite_file import copy, one_file, why_no_store

_TO_THE_END: Final = 24 * 3600.0
"""Seconds: how long a copy is looked at for damage; all of it, however large."""

BATCHES: Final = "batches"
"""The folder beside a store that has the files of batches, each in a folder of its number."""

_LEFT_BY: Final = ("", "-wal", "-shm", "-journal")
"""What there is of a database: its file, and what SQLite keeps beside it."""


@frozen(kw_only=True)
class Copied:
    """What a copy holds: how many messages, and when the last of them was recorded, ``None`` for none.

    ``batches`` are those whose files are kept, each with whether it needs its file for going on.
    """

    messages: int
    last: datetime | None
    batches: tuple[tuple[str, bool], ...] = ()


def batch_files(copy: Path) -> Path:
    """The folder beside a copy of a store that has the files of its batches, as far as they are kept."""
    return copy.with_name(f"{copy.name}.batches")


def back_up(database: Path, to: Path, administration: str) -> Copied:
    """Copy a store into a new file, as it stands at one moment; a gateway may write to it meanwhile.

    The files of batches that are kept go into :func:`batch_files` beside it. The copy is looked through for damage
    before it counts. Raises UnreadableInput where no file can be made or one is there, or the file of a batch that has
    not ended is missing, NotConfigured for what is no store of ``administration`` or is damaged, and StoreUnavailable;
    then there is no copy. Not checked: signatures and chains, as ``esad store check`` does.
    """
    open_store(database, administration).close()
    try:
        copy(database, to)
    except FileExistsError as error:
        raise UnreadableInput(said("stored.backup_there", file=str(to))) from error
    except OSError as error:
        raise UnreadableInput(said("stored.no_backup", file=str(to), why=why(error))) from error
    return _with_files(_proved(to, administration), database.with_name(BATCHES), batch_files(to), to)


def restore(source: Path, database: Path, administration: str) -> Copied:
    """Put a copy in the place of a store that is not there.

    Raises UnreadableInput where there is one, whatever its state, or no copy; NotConfigured when the copy is damaged,
    or a store of another administration, release or build, and StoreUnavailable; then nothing is there afterwards.
    """
    if left := [file for file in _files(database) if file.exists()]:
        raise UnreadableInput(said("store.there", files=", ".join(map(str, left))))
    if problem := why_no_store(source):
        raise UnreadableInput(said("store.no_backup", problem=problem))
    beside = database.with_name(f"{database.name}.restoring")
    _remove(beside)  # of a try that was cut off
    try:
        copy(source, beside)
    except OSError as error:
        raise UnreadableInput(
            said("store.not_copied", source=str(source), target=str(beside), why=why(error))
        ) from error
    found = _proved(beside, administration)
    found = _with_files(found, batch_files(source), database.with_name(BATCHES), beside)
    beside.rename(database)
    return found


def _with_files(found: Copied, source: Path, to: Path, copy: Path) -> Copied:
    """Copy the files of batches. Without one that a batch needs there is no copy: it could not go on.

    The file of one that has ended may be gone, as it is when its time is over meanwhile.
    """
    copied = []
    try:
        for number, going_on in found.batches:
            if _copy_file(source / number, to / number, needed=going_on):
                copied.append((number, going_on))
    except OSError as error:
        _remove(copy)
        raise UnreadableInput(said("store.batch_not_copied", file=str(error.filename or to), why=why(error))) from error
    return replace(found, batches=tuple(copied))


def _copy_file(source: Path, to: Path, *, needed: bool) -> bool:
    """Copy the file of a batch from folder to folder; whether there was one, which is no error where none is needed."""
    try:
        file = (source / BATCH_FILE).open("rb")
    except FileNotFoundError:
        if needed and not (to / BATCH_FILE).exists():
            raise
        return False
    with file:
        for folder in (to.parent, to):
            folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(to / BATCH_FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as copied:
            shutil.copyfileobj(file, copied)
            copied.flush()
            os.fsync(descriptor)
    return True


def _proved(path: Path, administration: str) -> Copied:
    """What a fresh copy holds. One in which something is wrong is removed: it would pass for a good one."""
    try:
        store = open_store(path, administration, look_for=_TO_THE_END)
        try:
            with reading(store.reader) as connection:
                counted = select(func.count(), func.max(tables.message.c.recorded_at))
                messages, last = connection.execute(counted.select_from(tables.message)).one()
                batches = tuple(needed(connection))
        finally:
            store.close()
    except BaseException:
        _remove(path)
        raise
    one_file(path)
    return Copied(messages=messages, last=last and datetime.fromisoformat(last), batches=batches)


def _files(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in _LEFT_BY]


def _remove(database: Path) -> None:
    for file in _files(database):
        file.unlink(missing_ok=True)
