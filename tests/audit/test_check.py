"""The check as an administration meets it: what others may do, lost checkpoints, media, other processes."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.audit.check import check
from esad_gateway.audit.processes import spread
from esad_gateway.data_directory import DataDirectory
from esad_gateway.store.rows import moment
from helpers.gateway import FOREIGN_CONSIGNEE, NOW, HandClock, copy_of_box
from helpers.protocol import control_report, event
from helpers.scenario import Scenario

_ROOT = 0
"""The user who is not bound by the modes of files."""


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of Poland with three checkpoints; a message of its own office was refused there."""
    box, clock = copy_of_box(tmp_path_factory.mktemp("box")), HandClock()
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
        pl.runtime.checkpoints.write()
        assert way.office("PL", event()).faults == ()
        pl.runtime.checkpoints.write()
        clock.move(seconds=1)
        assert way.report().faults == ()
        assert way.office("PL", control_report("wrong")).faults
        pl.runtime.checkpoints.write()
    return box.members["PL"].data.root


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it."""
    return DataDirectory(Path(shutil.copytree(used, tmp_path / "PL")))


@pytest.mark.parametrize("deep", [False, True], ids=["digests", "deep"])
def test_refused_message_of_our_own_office_leaves_the_store_whole(data: DataDirectory, *, deep: bool) -> None:
    """It stands in our own mailbox with its answer: nothing of that goes to another administration."""
    assert _refused(data) == 1
    assert check(data, deep=deep).problems == ()


def test_refused_messages_of_a_trader_and_an_office_are_proved_without_a_checkpoint(data: DataDirectory) -> None:
    """What nobody vouches for yet is proved from the documents, refused ones as well; that there is none is told."""
    shutil.rmtree(data.checkpoints)

    (problem,) = check(data).problems
    assert problem.startswith("checkpoints: there are none")


def _forge(_: Path, path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'head="', b'head="00', 1))


def _sign_as_another(folder: Path, path: Path) -> None:
    box = copy_of_box(folder / "other")
    with box.open("LT") as lt:
        lt.runtime.checkpoints.write()
    shutil.copy(box.members["LT"].data.checkpoints / "000000001.xml", path)


def _cut_out(_: Path, path: Path) -> None:
    path.unlink()


def _close_the_gap(_: Path, path: Path) -> None:
    path.with_name("000000003.xml").replace(path)


def _empty(_: Path, path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (_forge, "000000002.xml"),
        (_sign_as_another, "was not signed by our administration"),
        (_cut_out, "000000003.xml: one before it is gone"),
        (_close_the_gap, "000000002.xml: one before it is gone, or is another one"),
        (_empty, "000000002.xml"),
    ],
)
def test_checkpoints_that_are_not_those_that_were_written_are_told(
    data: DataDirectory, tmp_path: Path, damage: Callable[[Path, Path], None], told: str
) -> None:
    """Forged, another's, gone from the middle, renamed over one that is gone, or emptied."""
    damage(tmp_path, data.checkpoints / "000000002.xml")

    problems = check(data).problems
    assert any(problem.startswith("checkpoint ") and told in problem for problem in problems), problems


def test_register_that_was_changed_without_being_counted_is_told(data: DataDirectory) -> None:
    """A seal in a checkpoint vouches for it."""
    _run(data, "UPDATE operator SET name = 'another'")

    assert any(problem.startswith("register: ") for problem in check(data).problems)


@pytest.mark.parametrize(
    ("column", "when", "told"),
    [
        ("believed_from", "2026-03-02T11:00:00.000000+00:00", "was not believed at"),
        ("believed_until", "2026-03-02T09:00:00.000000+00:00", "was not believed at"),
        ("holder", "PL00000000299", "but for others"),
    ],
)
def test_document_of_a_certificate_that_was_not_believed_then_is_told(
    data: DataDirectory, column: str, when: str, told: str
) -> None:
    """It is asked of the moment when a document came, not of today."""
    _run(data, f"UPDATE certificate SET {column} = '{when}' WHERE holder = '{FOREIGN_CONSIGNEE}'")  # noqa: S608

    problems = check(data, deep=True).problems
    assert any(told in problem for problem in problems), problems


def test_document_of_a_certificate_that_ended_later_is_whole(data: DataDirectory) -> None:
    """An end that comes after a document takes nothing away from it."""
    _run(data, f"UPDATE certificate SET believed_until = '{moment(NOW.replace(hour=11))}'")  # noqa: S608
    _run(data, "UPDATE registry_version SET changes = changes + 1")

    assert check(data, deep=True).problems == ()


def test_data_directory_that_cannot_be_written_is_read(data: DataDirectory, esad_reader: "Reader") -> None:
    """A copy on other media: nothing is written there, and nobody has to have write access."""
    _read_only(data.root)
    before = _files(data.root)

    verdict = esad_reader.check(data, deep=True)

    assert (verdict["ok"], verdict["problems"]) == (True, [])
    assert _files(data.root) == before


def test_commits_in_a_log_that_was_left_behind_are_read_without_a_write(
    data: DataDirectory, esad_reader: "Reader", tmp_path: Path
) -> None:
    """A copy of a gateway that was killed: its last commits are in the log only."""
    copy = tmp_path / "copy"
    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE mailbox SET last_seq = last_seq + 1")
        connection.commit()
        shutil.copytree(data.root, copy)
    (copy / "store.db-shm").unlink()
    _read_only(copy)
    before = _files(copy)

    verdict = esad_reader.check(DataDirectory(copy))

    assert (copy / "store.db-wal").stat().st_size > 0
    assert not verdict["ok"]
    assert _files(copy) == before


class Reader:
    """The command line in a process of its own, of a user who may read and not write."""

    def check(self, data: DataDirectory, *, deep: bool = False) -> dict[str, object]:
        """What ``esad store check`` says."""
        command = [sys.executable, "-m", "esad_gateway", "store", "check", "--data", str(data.root), "--json"]
        # Whoever is root writes in spite of all modes, unless it gives up being that.
        bound = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == _ROOT else []
        command = [*bound, *command, *(["--deep"] if deep else [])]
        done = subprocess.run(command, capture_output=True, check=False, text=True)
        assert done.returncode in (0, 1), done.stderr
        verdict: dict[str, object] = json.loads(done.stdout)
        return verdict


@pytest.fixture
def esad_reader(tmp_path: Path) -> Iterator[Reader]:
    """Someone who may read; afterwards the folders can be removed again."""
    yield Reader()
    for path in tmp_path.rglob("*"):
        if path.is_dir():
            path.chmod(0o700)


def test_work_is_spread_over_processes_and_nothing_is_lost() -> None:
    """Every item is worked on once and in order."""
    assert list(spread(range(700), list, few=1)) == list(range(700))


def test_process_that_helps_tells_its_failure() -> None:
    """What fails elsewhere fails here: texts and numbers have no order."""
    mixed: list[Any] = [*range(600), "text"]

    with pytest.raises(TypeError):
        list(spread(mixed, sorted, few=1))


def _refused(data: DataDirectory) -> int:
    with closing(sqlite3.connect(data.database)) as connection:
        refused = "SELECT count(*) FROM message WHERE mailbox = 'NDEA.PL' AND outcome = 'refused'"
        (many,) = connection.execute(refused).fetchone()
    assert isinstance(many, int)
    return many


def _run(data: DataDirectory, statement: str) -> None:
    with closing(sqlite3.connect(data.database)) as connection:
        connection.execute(statement)
        connection.commit()


def _read_only(root: Path) -> None:
    for path in [root, *root.rglob("*")]:
        path.chmod(0o500 if path.is_dir() else 0o400)


def _files(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }
