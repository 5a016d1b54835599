"""What is held for a trader in its own times is proved like what goes to another administration."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from esad_gateway.audit.check import check
from esad_gateway.data_directory import DataDirectory
from esad_gateway.store.packing import pack, unpack, whole
from esad_gateway.store.stored import HELD, read, written
from helpers.gateway import FOREIGN_CONSIGNEE, HandClock, copy_of_box
from helpers.scenario import Scenario

Entry: TypeAlias = dict[str, Any]


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of Poland, whose traders get local times: it holds a report, and the copy for its trader."""
    box, clock = copy_of_box(tmp_path_factory.mktemp("box")), HandClock()
    box.set("PL", formalities_days=30, trader_times='"local"')
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        assert Scenario.begin(box, lt, pl).report().faults == ()
        pl.runtime.checkpoints.write()
    return box.members["PL"].data.root


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it."""
    return DataDirectory(Path(shutil.copytree(used, tmp_path / "PL")))


def test_local_copy_that_is_held_is_whole(data: DataDirectory) -> None:
    """It is another document than the one that is held for the other administration."""
    with closing(sqlite3.connect(data.database)) as connection:
        (copy,) = _copies(_entries(connection))
        assert bytes.fromhex(copy["document"]) != _value(connection, "SELECT document FROM held")

    assert check(data).problems == ()


def _forge(connection: sqlite3.Connection, copy: Entry) -> None:
    """Another identifier in its bytes and beside them, and the digest that goes with it: only the signature is old."""
    before = bytes.fromhex(copy["document"])
    # The certificates stand elsewhere, and stay.
    body = unpack(_value(connection, "SELECT body FROM document WHERE sha256 = ?", before))
    carried = "SELECT text FROM carried JOIN document ON carried = carried.sha256 WHERE document.sha256 = ?"
    certificates = _value(connection, carried, before)
    identifier = copy["identifier"][::-1]
    body = body.replace(copy["identifier"].encode(), identifier.encode())
    forged = whole(body, certificates)
    digest = sha256(forged).digest()
    connection.execute(
        "UPDATE document SET sha256 = ?, body = ?, size = ? WHERE sha256 = ?", (digest, pack(body), len(forged), before)
    )
    copy |= {"document": digest.hex(), "identifier": identifier}


def _rename(_: sqlite3.Connection, copy: Entry) -> None:
    copy["identifier"] = "another"


def _answer_another(_: sqlite3.Connection, copy: Entry) -> None:
    copy["correlation"] = "another"


def _give_another_version(_: sqlite3.Connection, copy: Entry) -> None:
    copy["sequence"] = 2


def _give_to_another(_: sqlite3.Connection, copy: Entry) -> None:
    copy["mailbox"] = "PL00000000299"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (_forge, "its document proves nothing"),
        (_rename, "its document has the identifier"),
        (_answer_another, "its document is correlated with"),
        (_give_another_version, "its document is about another version"),
        (_give_to_another, "has no part in the movement"),
    ],
)
def test_local_copy_that_was_changed_is_told(
    data: DataDirectory, change: Callable[[sqlite3.Connection, Entry], None], told: str
) -> None:
    """Whatever keeps digests and references consistent."""
    with closing(sqlite3.connect(data.database)) as connection:
        entries = _entries(connection)
        (copy,) = _copies(entries)
        change(connection, copy)
        connection.execute("UPDATE held SET entries = ?", (written(HELD, entries),))
        connection.commit()

    problems = check(data).problems
    assert any(told in problem for problem in problems), problems


def _entries(connection: sqlite3.Connection) -> list[Entry]:
    return list(read(HELD, _value(connection, "SELECT entries FROM held")))


def _copies(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry["mailbox"] == FOREIGN_CONSIGNEE]


def _value(connection: sqlite3.Connection, statement: str, *values: Any) -> Any:
    return connection.execute(statement, values).fetchone()[0]
