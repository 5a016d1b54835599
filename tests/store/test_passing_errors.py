"""An error of the database in the midst of a decision: it passes, so nothing is kept, and the same is taken again."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import pytest
from sqlalchemy import bindparam, select

from esad_gateway.errors import StoreUnavailable
from esad_gateway.store import tables
from esad_gateway.store.database import LookUps, deciding
from helpers.gateway import CONSIGNOR, Box, Station, new_draft
from helpers.samples import evolve

REFUSED = {"body_ead_esad.0.gross_mass": 1}
"""A body that weighs less than its contents: refused, so the quota is looked up."""


@contextmanager
def interrupted(station: Station, nth: int, of: str = "") -> Iterator[list[str]]:
    """SQLite breaks off the ``nth`` statement with ``of`` in it of the connection that writes; yields those it began.

    An interrupt is an ``OperationalError``, as a disk that cannot be read for a moment is one.
    """
    begun: list[str] = []
    with station.runtime.store.writer.connect() as pooled:
        driver = cast("sqlite3.Connection", pooled.connection.driver_connection)
    driver.set_trace_callback(lambda text: begun.append(text) if of in text else None)
    driver.set_progress_handler(lambda: len(begun) == nth, 1)
    try:
        yield begun
    finally:
        driver.set_progress_handler(None, 1)
        driver.set_trace_callback(None)


@pytest.mark.parametrize("wrong", [{}, REFUSED], ids=["accepted", "refused"])
def test_whatever_statement_fails_nothing_is_kept(box: Box, lt: Station, wrong: dict[str, object]) -> None:
    """Each statement of a commit in its turn: the sender is to send again, nothing is undecided, then it is taken."""
    lt.take(box.signed(CONSIGNOR, new_draft()))
    document, failed = box.signed(CONSIGNOR, evolve(new_draft(), wrong)), 0
    before = {name: lt.rows(name) for name in ("message", "undecided", "movement", "outbox")}

    while True:
        with interrupted(lt, failed + 1) as begun:
            try:
                [answer] = lt.commit(document)
            except StoreUnavailable as error:
                assert "interrupted" in str(error)  # noqa: PT017 - one of them ends without it
            else:
                break
        assert {name: lt.rows(name) for name in before} == before, begun[-1]
        failed += 1

    assert failed > 10
    assert len(begun) == failed
    assert lt.rows("undecided") == []
    assert len(lt.rows("message")) > len(before["message"])
    assert not isinstance(answer, Exception)


def test_failing_quota_costs_the_group_and_is_forgotten(box: Box, lt: Station) -> None:
    """A look-up for one message amid its decision: all of the group is to be sent again, and is taken then."""
    documents = [box.signed(CONSIGNOR, evolve(new_draft(), wrong)) for wrong in ({}, REFUSED, {})]

    with interrupted(lt, 1, "recorded_at DESC") as begun, pytest.raises(StoreUnavailable, match="cannot be read"):
        lt.commit(*documents)

    assert len(begun) == 1
    assert (lt.rows("undecided"), lt.rows("message")) == ([], [])
    assert len(lt.commit(*documents)) == 3
    assert lt.rows("undecided") == []


def test_look_up_says_at_once_that_the_store_is_unavailable(lt: Station) -> None:
    """Where it is made, not only when the transaction is left."""
    question = select(tables.mailbox).where(tables.mailbox.c.name == bindparam("name"))
    with deciding(lt.runtime.store.writer) as connection:
        driver = LookUps(connection)
        raw = cast("sqlite3.Connection", connection.connection.driver_connection)
        raw.set_progress_handler(lambda: True, 1)
        for asked in (driver.rows, driver.value):
            with pytest.raises(StoreUnavailable, match="the store cannot be read: interrupted"):
                asked(question, {"name": CONSIGNOR})
        with pytest.raises(StoreUnavailable, match="the store cannot be written: "):
            driver.many(tables.mailbox.insert(), [{"name": "x"}])
        raw.set_progress_handler(None, 1)


def test_wrong_statement_is_a_defect(lt: Station) -> None:
    """Sending again does not mend what no database can answer: it is told as what it is."""
    question = select(tables.mailbox).where(tables.mailbox.c.name == bindparam("name"))
    with pytest.raises((sqlite3.ProgrammingError, sqlite3.InterfaceError)), deciding(lt.runtime.store.writer) as one:
        LookUps(one).rows(question, {"name": object()})
