"""``esad store rebuild``: movements and their logs are made anew from messages, and are what the store has."""

import resource
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from esad_gateway.audit.check import check
from esad_gateway.data_directory import DataDirectory
from esad_gateway.store.lock import claimed
from helpers.command_line import Esad
from helpers.tampering import used_store

_TABLES = ("movement", "movement_log", "message", "mailbox")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with movements of which messages were taken, refused, parked and held."""
    return used_store(tmp_path_factory.mktemp("box"))


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it."""
    return DataDirectory(Path(shutil.copytree(used, tmp_path / "PL")))


def run(data: DataDirectory, *statements: str) -> None:
    """Change a store by SQL."""
    with closing(sqlite3.connect(data.database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """What stands in the tables that a rebuild may read or write."""
    with closing(sqlite3.connect(database)) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in _TABLES}  # noqa: S608


def test_untouched_store_is_what_its_messages_lead_to(esad: Esad, data: DataDirectory) -> None:
    """Nothing differs, nothing is written, and there is no copy."""
    before = data.database.read_bytes()

    compared, written = (esad("store", "rebuild", "--data", data.root, *more) for more in ((), ("--write",)))

    assert (compared.code, written.code) == (0, 0)
    assert compared.out == written.out == "equal: 3 movements, 0 differences\n"
    assert data.database.read_bytes() == before
    assert list(data.root.glob("*before-rebuild*")) == []


DAMAGES = {
    "a state": ("UPDATE movement SET state = 'X07'", "state\tX07\tX03"),
    "a consignee": ("UPDATE movement SET consignee = 'PL00000000299'", "consignee\tPL00000000299\tPL00000000201"),
    "a movement is gone": ("DELETE FROM movement", "movement\tnone\tX03"),
    "an effect": (
        "UPDATE movement_log SET effect = 'noted' WHERE number = 2",
        "line 2 of its log: effect\tnoted\ttaken",
    ),
    "a line is gone": ("DELETE FROM movement_log WHERE number = 4", "line 4 of its log\t\tRECEIPT_ACCEPTED"),
    "the log is gone": ("DELETE FROM movement_log", "line 1 of its log\t\tVALIDATED_DOCUMENT"),
    "the count of a log": ("UPDATE movement SET acts = acts + 1", "log\t5\t4"),
    "a movement of nothing": (
        "UPDATE movement SET side = 'dispatch' WHERE state = 'X03'",
        "dispatch\tmovement\tX03\tnone",
    ),
}


@pytest.mark.parametrize(("statement", "told"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_told_and_rebuilt(esad: Esad, data: DataDirectory, statement: str, told: str) -> None:
    """What differs stands in a table; with --write everything is as it was, and a copy has what was there before."""
    whole = rows(data.database)
    run(data, statement)
    damaged = rows(data.database)

    compared = esad("store", "rebuild", "--data", data.root)
    assert (compared.code, rows(data.database)) == (1, damaged)
    assert told in compared.out

    written = esad("store", "rebuild", "--data", data.root, "--write")
    (copy,) = data.root.glob("store-before-rebuild-*.db")
    assert written.code == 0
    assert str(copy) in written.out.replace("\n", "")
    assert rows(data.database) == whole
    assert (rows(copy), copy.stat().st_mode & 0o777) == (damaged, 0o600)
    assert check(data, deep=True).problems == ()


def test_what_cannot_be_rebuilt_is_told_and_left(esad: Esad, data: DataDirectory) -> None:
    """A movement whose e-SAD is gone stays as it is; the others are rebuilt all the same."""
    run(data, "UPDATE document SET body = x'00' WHERE rowid = 1", "UPDATE movement SET lrn = 'x'")

    (told,) = esad("store", "rebuild", "--data", data.root, "--write", "--json").objects

    assert not told["equal"]
    (problem,) = told["problems"]
    assert "its document cannot be read" in problem
    assert {(one["what"], one["store"]) for one in told["differences"]} == {("lrn", "x")}
    assert sorted(row[4] == "x" for row in rows(data.database)["movement"]) == [False, False, True]


def test_movement_without_messages_is_told(esad: Esad, data: DataDirectory) -> None:
    """There is nothing that it could be made of."""
    run(data, "UPDATE movement SET arc = '26PL000000000000000Z9' WHERE side = 'destination'")

    printed = esad("store", "rebuild", "--data", data.root)

    assert printed.code == 1
    assert "movement 26PL000000000000000Z9: there is no message about it" in printed.out


def test_store_is_not_written_beside_a_gateway(esad: Esad, data: DataDirectory) -> None:
    """What a gateway has read would be changed under it; it may be compared meanwhile."""
    with claimed(data.database):
        assert esad("store", "rebuild", "--data", data.root).code == 0
        refused = esad("store", "rebuild", "--data", data.root, "--write")

    assert refused.code == 2
    assert "another gateway runs" in refused.err


OTHERS = {
    "another administration's": ("UPDATE owner SET administration = 'NDEA.LV'", "is the store of NDEA.LV"),
    "another build's": ("ALTER TABLE movement ADD COLUMN more TEXT", "movement has a column more"),
}


@pytest.mark.parametrize(("statement", "told"), OTHERS.values(), ids=OTHERS)
def test_store_that_is_none_of_ours_is_not_called_equal(
    esad: Esad, data: DataDirectory, statement: str, told: str
) -> None:
    """It is refused, whether anything is to be written or not."""
    run(data, statement)

    for more in ((), ("--write",)):
        ended = esad("store", "rebuild", "--data", data.root, *more)
        assert (ended.code, ended.out) == (2, "")
        assert told in ended.err


def test_copy_that_cannot_be_written_is_told_and_nothing_is_done(esad: Esad, data: DataDirectory) -> None:
    """A full disk, say: the store stays as it is, and no half of a copy stays beside it."""
    run(data, "UPDATE movement SET state = 'X07'")
    damaged, limits = rows(data.database), resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        refused = esad("store", "rebuild", "--data", data.root, "--write")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert refused.code == 2
    assert "nothing was done: no copy of the store can be made" in refused.err
    assert rows(data.database) == damaged
    assert list(data.root.glob("*before-rebuild*")) == []


def test_folder_that_is_no_data_directory_is_told_as_such(esad: Esad, tmp_path: Path) -> None:
    """It is not the store that is missing."""
    refused = esad("store", "rebuild", "--data", tmp_path)

    assert (refused.code, "is no data directory: settings.toml is missing" in refused.err) == (2, True)
