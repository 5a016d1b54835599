"""``esad store check`` finds every kind of damage, each of them made with plain SQL."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from esad_gateway.audit.check import CheckOutcome, check
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import StoreUnavailable
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, copy_of_box, new_draft, new_report


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a gateway that has sent an e-SAD, got one, and reported on it."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as lt, box.open("PL") as pl:
        lt.take(box.signed(CONSIGNOR, new_draft()))
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        lt.take(pl.document(FOREIGN_CONSIGNOR, 2), Origin.ADMINISTRATION)
        lt.take(box.signed(CONSIGNEE, new_report(pl.last(FOREIGN_CONSIGNOR))))
        lt.runtime.checkpoints.write()
    return box.members["LT"].data.root


@pytest.fixture
def data(used: Path, tmp_path: Path) -> DataDirectory:
    """A copy of its data directory."""
    return DataDirectory(Path(shutil.copytree(used, tmp_path / "LT")))


def checked(data: DataDirectory, *statements: str) -> CheckOutcome:
    """What the check says after the statements."""
    with closing(sqlite3.connect(data.database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return check(data)


def test_store_that_is_whole_has_no_problems(data: DataDirectory) -> None:
    """Everything is counted, and nothing is wrong."""
    report = checked(data)

    assert report.problems == ()
    assert (report.messages, report.movements, report.waiting, report.dead) == (8, 2, 2, 0)


def test_deliveries_are_counted(data: DataDirectory) -> None:
    """What was delivered waits no more, and what was given up is a dead letter."""
    report = checked(
        data,
        "INSERT INTO attempt SELECT id, id, next_attempt_at, iif(id = 1, NULL, 'refused') FROM outbox",
        "UPDATE outbox SET delivered_at = next_attempt_at, attempts = 1 WHERE id = 1",
        "UPDATE outbox SET dead = 1, attempts = 1, refusals = 1, last_error = 'refused' WHERE id = 2",
    )

    assert (report.waiting, report.dead, report.problems) == (0, 1, ())


DAMAGES = {
    "a message is gone": ("DELETE FROM message WHERE mailbox = 'LT00000000101' AND seq = 2", "numbered 1 to 1"),
    "a gap": ("UPDATE message SET seq = 5 WHERE mailbox = 'LT00000000101' AND seq = 2", "numbered 1 to 5"),
    "the first is gone": ("DELETE FROM message WHERE mailbox = 'LT00000000101' AND seq = 1", "numbered 2 to 2"),
    "the counter runs behind": ("UPDATE mailbox SET last_seq = 1 WHERE name = 'LT00000000101'", "numbered 1 to 2"),
    "the counter runs ahead": ("UPDATE mailbox SET last_seq = 9 WHERE name = 'LT00000000101'", "numbered 1 to 2"),
    "the counter is gone": ("DELETE FROM mailbox WHERE name = 'LT00000000101'", "numbered 1 to 2"),
    "a mailbox is empty": ("DELETE FROM message WHERE mailbox = 'LT00000000101'", "there is no message"),
    "a document has other bytes": (
        "UPDATE document SET body = (SELECT body FROM document WHERE rowid = 2) WHERE rowid = 1",
        "another digest",
    ),
    "a document is garbage": ("UPDATE document SET body = x'00' WHERE rowid = 1", "cannot be unpacked"),
    "a document is cut": ("UPDATE document SET body = substr(body, 1, 100) WHERE rowid = 1", "cannot be unpacked"),
    "a document is packed with what nobody knows": (
        "UPDATE document SET body = x'28b52ffd2109050000' WHERE rowid = 1",
        "it was packed with dictionary 9, and this esad-gateway has none after 1",
    ),
    "certificates are others": ("UPDATE carried SET text = x'00' WHERE rowid = 1", "they have another digest"),
    "certificates are another signer's": ("UPDATE carried SET fingerprint = 'f' WHERE rowid = 1", "or another signer"),
    "certificates are gone": ("DELETE FROM carried WHERE rowid = 1", "foreign_key_check"),
    "a document is gone": ("DELETE FROM document WHERE rowid = 1", "foreign_key_check"),
    "a receipt names another message": (
        "UPDATE inbox_identity SET receipt = json_set(receipt, '$.is[4]', 2) WHERE sender = 'LT00000000101'",
        "its receipt names another message",
    ),
    "a receipt is no JSON": ("UPDATE inbox_identity SET receipt = 'x'", "its receipt cannot be read"),
    "a receipt lacks a field": (
        "UPDATE inbox_identity SET receipt = json_remove(receipt, '$.is[0]')",
        "its receipt cannot be read",
    ),
    "a movement is gone": ("DELETE FROM movement WHERE side = 'dispatch'", "messages about it, and no movement"),
    "a movement has no such state": ("UPDATE movement SET state = 'X99' WHERE side = 'dispatch'", "it is not as"),
    "the lines of a movement are no JSON": ("UPDATE movement SET lines = '['", "it is not as"),
    "a quantity is no number": ("""UPDATE movement SET lines = '[[1, "W200", "x", null]]'""", "it is not as"),
    "a delivery is gone": ("DELETE FROM outbox WHERE id = 1", "stands in the mailbox"),
    "an attempt at nothing": (
        "INSERT INTO attempt SELECT 1, 99, next_attempt_at, NULL FROM outbox LIMIT 1",
        "foreign_key_check",
    ),
}


@pytest.mark.parametrize(("statement", "told"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_found(data: DataDirectory, statement: str, told: str) -> None:
    """Each promise of the store that is broken is named."""
    problems = checked(data, statement).problems

    assert any(told in problem for problem in problems), problems


def test_index_that_lies_is_found(data: DataDirectory) -> None:
    """The database's own check is part of it: here the index of movements was taken from another table."""
    problems = checked(
        data,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master WHERE name = 'message_by_arc') "
        "WHERE name = 'movement_by_consignee'",
    ).problems

    assert any(problem.startswith("database: integrity_check") for problem in problems), problems


def test_what_is_no_database_is_unavailable(data: DataDirectory) -> None:
    """A file of another kind ends the check with a reason."""
    data.database.write_bytes(b"no database at all " * 100)

    with pytest.raises(StoreUnavailable, match="not a database"):
        check(data)
