"""A store that is missing, foreign or damaged is refused, and never replaced by an empty one."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from esad_gateway.bootstrap import Parts, build
from esad_gateway.errors import NotConfigured, StoreUnavailable
from esad_gateway.store.database import Database
from esad_gateway.store.opening import create_store, open_store
from esad_gateway.store.store import SqlStore
from helpers.gateway import CONSIGNOR, Box, HandClock, new_draft

LT = "NDEA.LT"


def removed(path: Path) -> None:
    """The store is gone."""
    path.unlink()


def emptied(path: Path) -> None:
    """A copy that was never written."""
    path.write_bytes(b"")


def overwritten(path: Path) -> None:
    """Something else."""
    path.write_bytes(b"a text that somebody copied to the wrong place\n" * 200)


def other_program(path: Path) -> None:
    """A database, but not ours."""
    path.write_bytes(b"")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE note (text)")


def beginning_lost(path: Path) -> None:
    """The schema's own page is rubbish behind the right first bytes."""
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xa5" * 3996 + content[4096:])


def cut_off(path: Path) -> None:
    """Half of it, as a copy that was interrupted leaves it."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2 // 4096 * 4096])


REFUSED = [
    (removed, "is missing"),
    (emptied, "is empty"),
    (overwritten, "does not begin as a SQLite database does"),
    (other_program, "another program's database"),
    (beginning_lost, "is damaged"),
    (cut_off, "is damaged"),
]


@pytest.fixture
def store(box: Box) -> Path:
    """The store of Lithuania, with a message in it, and nobody who has it open."""
    with box.open("LT") as station:
        station.take(box.signed(CONSIGNOR, new_draft()))
    return box.members["LT"].data.database


@pytest.mark.parametrize(("harm", "reason"), REFUSED, ids=[harm.__name__ for harm, _ in REFUSED])
def test_start_refuses_a_store_that_is_not_there_as_it_was(
    box: Box, store: Path, harm: Callable[[Path], None], reason: str
) -> None:
    """The true cause is told, and what is there stays as it is: nothing is made in its place."""
    harm(store)
    before = store.read_bytes() if store.exists() else None

    with pytest.raises(NotConfigured, match=reason) as refused:
        build(Parts(box.members["LT"].data.root, clock=HandClock()))

    assert "no gateway begins with an empty store in place of its own" in str(refused.value)
    assert (store.read_bytes() if store.exists() else None) == before


def test_start_refuses_the_store_of_another_administration(box: Box, store: Path) -> None:
    """A folder that was mixed up with its neighbour's."""
    shutil.copy(box.members["PL"].data.database, store)

    with pytest.raises(NotConfigured, match=r"is the store of NDEA\.PL, and this is NDEA\.LT"):
        build(Parts(box.members["LT"].data.root, clock=HandClock()))


def test_damage_in_the_middle_is_found_at_the_start(box: Box, store: Path) -> None:
    """A page of a table that holds no page any more."""
    with closing(sqlite3.connect(store)) as connection:
        [(root,)] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'movement'")
    content = bytearray(store.read_bytes())
    content[(root - 1) * 4096 : (root - 1) * 4096 + 8] = b"\xff" * 8
    store.write_bytes(content)

    with pytest.raises(NotConfigured, match="is damaged"):
        build(Parts(box.members["LT"].data.root, clock=HandClock()))


def test_look_for_damage_ends_when_its_time_is_over(store: Path) -> None:
    """A store of any size starts: what was not looked at is the check's."""
    open_store(store, LT, look_for=1e-9).close()


def test_store_is_opened_with_what_it_holds(store: Path) -> None:
    """Opening changes nothing."""
    before = store.read_bytes()

    open_store(store, LT).close()

    assert store.read_bytes() == before


def test_new_store_is_its_owners_and_takes_no_others_place(tmp_path: Path) -> None:
    """Readable by its owner only, with the files beside it; a second one is not made over it."""
    path = tmp_path / "store.db"
    made = create_store(path, LT)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    made.close()

    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    with pytest.raises(FileExistsError):
        create_store(path, LT)


def test_store_that_is_lost_while_it_is_open_is_not_made_anew(tmp_path: Path) -> None:
    """Whatever a connection finds missing stays missing."""
    store = SqlStore(Database.in_file(tmp_path / "store.db"))

    with pytest.raises(StoreUnavailable), store.transaction():
        pass

    assert list(tmp_path.iterdir()) == []
