"""A store that cannot be used: nothing is half written, everybody hears of it, and it works again afterwards."""

import asyncio
import sqlite3
from contextlib import closing
from threading import Timer

import pytest

from esad_gateway.errors import MalformedXml, StoreUnavailable
from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.intake import Submission
from esad_gateway.ports.outbox import Attempt
from helpers.gateway import CONSIGNOR, NOW, Box, Station, new_draft


def pragma(station: Station, text: str) -> int:
    """Set something of the connection that writes; there is only one."""
    with station.runtime.store.writer.connect() as connection:
        return int(connection.exec_driver_sql(f"PRAGMA {text}").scalar() or 0)


def contents(station: Station) -> list[list[dict[str, object]]]:
    """Everything that a commit writes."""
    return [station.rows(name) for name in ("document", "message", "mailbox", "movement", "outbox", "inbox_identity")]


@pytest.fixture
def full(box: Box, lt: Station) -> Station:
    """A gateway with one e-SAD, whose disk has no room for another page."""
    lt.take(box.signed(CONSIGNOR, new_draft()))
    pragma(lt, f"max_page_count={pragma(lt, 'page_count')}")
    return lt


def make_room(station: Station) -> None:
    """Give the disk its room back."""
    pragma(station, "max_page_count=1000000")


def test_full_disk_leaves_nothing_half_written(box: Box, full: Station) -> None:
    """The whole group is refused as it was, the same group is taken when there is room, and the store stays whole."""
    documents = [box.signed(CONSIGNOR, new_draft()) for _ in range(30)]
    before = contents(full)

    with pytest.raises(StoreUnavailable, match="full"):
        full.commit(*documents)
    after = contents(full)
    make_room(full)
    answers = full.commit(*documents)

    assert after == before
    assert [listed.seq for listed in full.mailbox(CONSIGNOR)] == list(range(1, 63))
    assert len(answers) == 30
    assert full.checked().problems == ()


def test_full_disk_can_be_read(full: Station) -> None:
    """Mailboxes are shown as they are."""
    assert full.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]
    assert len(full.due()) == 1


def test_full_disk_changes_no_refusal(full: Station) -> None:
    """What is no document is told so, though the security log cannot be written."""
    gateway = full.runtime.gateway
    noted = len(full.rows("security_log"))
    rubbish = b"x" * 1000

    async def refused(times: int) -> None:
        for _ in range(times):
            with pytest.raises(MalformedXml):
                await gateway.take(Submission(raw=rubbish, principal=A_TRADER, channel="c" * 3000))

    gateway.writer.start()
    asyncio.run(refused(20))
    written = len(full.rows("security_log"))
    make_room(full)
    asyncio.run(refused(1))
    gateway.writer.stop()

    assert noted == 0
    assert written < 20
    assert len(full.rows("security_log")) == written + 1


def test_attempts_on_a_full_disk_are_unavailable(full: Station) -> None:
    """What cannot be recorded is not recorded in part."""
    (due,) = full.runtime.store.line("NDEA.PL", 1)
    attempts = [Attempt(dispatch=due, at=NOW, error="x" * 100_000, next_due=NOW, refusals=0, noted=True)]

    with pytest.raises(StoreUnavailable):
        full.runtime.store.record(attempts)

    assert [row["attempts"] for row in full.rows("outbox")] == [0]
    assert full.rows("attempt") == []


def test_lock_of_another_process_is_awaited(box: Box, lt: Station) -> None:
    """A command that writes for a moment delays a commit, and no more."""
    document = box.signed(CONSIGNOR, new_draft())
    with closing(sqlite3.connect(lt.member.data.database, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        timer = Timer(0.3, other.rollback)
        timer.start()
        receipt = lt.take(document)
        timer.join()

    assert receipt.seq == 1


def test_lock_that_stays_is_unavailable(box: Box, lt: Station) -> None:
    """Patience ends; when the lock is gone the same bytes are taken."""
    document = box.signed(CONSIGNOR, new_draft())
    assert pragma(lt, "busy_timeout") == 30_000
    pragma(lt, "busy_timeout=20")
    with closing(sqlite3.connect(lt.member.data.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="locked"):
            lt.take(document)
        other.rollback()

    assert lt.take(document).repeated is False


def test_commit_is_on_disk(lt: Station) -> None:
    """Every commit is synced, and foreign keys hold: what the gateway has answered survives a power failure."""
    assert pragma(lt, "synchronous") == 2
    assert pragma(lt, "foreign_keys") == 1
    with lt.runtime.store.writer.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
