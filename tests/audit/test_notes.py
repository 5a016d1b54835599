"""Notes of national law: the check holds them against what the messages lead to, and the rebuild makes them anew."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from esad_gateway.audit.check import check
from esad_gateway.audit.rebuild import compare, write
from esad_gateway.data_directory import DataDirectory
from helpers.gateway import CONSIGNOR, NOW, SECOND_CONSIGNOR, HandClock, copy_of_box, new_draft
from helpers.tampering import tamper

LATER = timedelta(days=1)
KEPT = "SELECT kind, subject, arc, side, mailbox, seq, noted_at, content FROM note ORDER BY mailbox, seq"


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory under a law that numbers dispatches: three of one consignor, two of them in one group."""
    box, clock = copy_of_box(tmp_path_factory.mktemp("box")), HandClock()
    box.set("LT", law='"helpers.national_law:LAW"')
    with box.open("LT", clock) as lt:
        for group in ((CONSIGNOR, SECOND_CONSIGNOR, CONSIGNOR), (CONSIGNOR,)):
            drafts = [box.signed(seed, new_draft(seed, at=clock.at)) for seed in group]
            assert [getattr(answer, "faults", None) for answer in lt.commit(*drafts)] == [()] * len(group)
            clock.move(days=1)
        lt.runtime.checkpoints.write()
    return box.members["LT"].data.root


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of it."""
    return DataDirectory(Path(shutil.copytree(used, tmp_path / "LT")))


def notes(data: DataDirectory) -> list[tuple[object, ...]]:
    """The notes of a store, without the numbers of their rows."""
    with closing(sqlite3.connect(data.database)) as connection:
        return connection.execute(KEPT).fetchall()


@pytest.mark.parametrize("deep", [False, True], ids=["digests", "deep"])
def test_notes_are_what_the_messages_lead_to(data: DataDirectory, *, deep: bool) -> None:
    """Also those that follow from notes of other movements of the same group; and a rebuild finds them equal."""
    assert len(notes(data)) == len((CONSIGNOR, SECOND_CONSIGNOR, CONSIGNOR, CONSIGNOR))
    assert check(data, deep=deep).problems == ()
    assert compare(data, lambda found, _: found).equal


DAMAGES = {
    "one is gone": "DELETE FROM note WHERE id = 1",
    "the last is gone": "DELETE FROM note WHERE id = 4",
    "all are gone": "DELETE FROM note",
    "one is about another trader": "UPDATE note SET subject = 'LT00000000199 2026 1' WHERE id = 3",
    "one is of another kind": "UPDATE note SET kind = 'x' WHERE id = 2",
    "one has other values": 'UPDATE note SET content = replace(content, \'"number":"2"\', \'"number":"9"\')',
    "one is no note": "UPDATE note SET content = '{' WHERE id = 4",
    "one is of another side": "UPDATE note SET side = 'destination' WHERE id = 4",
    "one came earlier": "UPDATE note SET noted_at = '2026-03-01T10:00:00.000000+00:00' WHERE id = 4",
    "there is one more": "INSERT INTO note SELECT 9, kind, subject, arc, side, mailbox, seq, noted_at, content "
    "FROM note WHERE id = 1",
    "one is about another movement": "UPDATE note SET arc = (SELECT arc FROM note WHERE id = 2) WHERE id = 1",
    "one is of a message that is not there": "UPDATE note SET seq = 99 WHERE id = 4",
}


@pytest.mark.parametrize("statement", DAMAGES.values(), ids=DAMAGES)
def test_other_notes_are_told(data: DataDirectory, statement: str) -> None:
    """The log of a movement knows its notes by digest; decided again from the documents, they differ as well."""
    before = notes(data)
    tamper(data.database, statement)
    assert notes(data) != before

    assert any(problem.startswith("notes of message ") for problem in check(data).problems)
    assert check(data, deep=True).problems


def test_note_that_is_bound_anew_is_told(data: DataDirectory) -> None:
    """Whoever writes another digest into the log, and every chain anew, lacks the administration's signature."""
    tamper(data.database, "DELETE FROM note WHERE id = 4", "UPDATE movement_log SET notes = NULL WHERE seq = 5")

    assert check(data).problems
    told = check(data, deep=True).problems
    assert any(f"note of message 5 of {CONSIGNOR} is None, not 'dispatch of a quarter'" in problem for problem in told)


@pytest.mark.parametrize("statement", DAMAGES.values(), ids=DAMAGES)
def test_notes_are_rebuilt(data: DataDirectory, statement: str) -> None:
    """What follows from a note that was wrong is right as well, and the store is whole again."""
    before = notes(data)
    tamper(data.database, statement)

    assert not compare(data, lambda found, _: found).equal
    write(data, lambda found, _: found, NOW + LATER)

    assert notes(data) == before
    assert compare(data, lambda found, _: found).equal
    assert check(data, deep=True).problems == ()
