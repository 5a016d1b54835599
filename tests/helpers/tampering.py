"""A gateway's store that somebody changes who knows how it is made: plain SQL, and the chains written anew."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from esad_gateway.emcs.movement import Origin
from esad_gateway.store.chain import GENESIS, NO_LOG, digest_of, linked, logged
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    Box,
    HandClock,
    copy_of_box,
    new_draft,
)
from helpers.protocol import alert, change, event
from helpers.samples import evolve
from helpers.scenario import Scenario


def used_store(folder: Path) -> Path:
    """The data directory of a gateway with some of everything, vouched for by a checkpoint.

    It has taken, refused and parked messages, holds a report, has an event report, and delivered some of its outbox.
    """
    box, clock = copy_of_box(folder), HandClock()
    box.set("PL", formalities_days=30)
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        way = Scenario.begin(box, lt, pl)
        clock.move(seconds=1)
        assert way.consignee(alert(rejected=False)).faults == ()
        assert way.office("PL", event()).faults == ()
        pl.deliver_to(lt)
        clock.move(seconds=1)
        assert way.report().faults == ()
        assert pl.take(_refused(box)).faults
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        clock.move(seconds=1)
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        lt.take(box.signed(CONSIGNOR, new_draft()))
        early = Scenario(box, lt, pl, lt.last(CONSIGNOR))
        early.consignor(change())
        pl.take(lt.due()[-1][1], Origin.ADMINISTRATION)
        pl.runtime.mailboxes.acknowledge(FOREIGN_CONSIGNEE, 1, clock.at)
        pl.runtime.checkpoints.write()
    return box.members["PL"].data.root


def _refused(box: Box) -> bytes:
    draft = evolve(new_draft(FOREIGN_CONSIGNOR, CONSIGNEE), {"ead_esad_draft.origin_type_code": "1"})
    return box.signed(FOREIGN_CONSIGNOR, draft)


def tamper(database: Path, *statements: str) -> None:
    """Run SQL without the foreign keys, and then write every chain, digest and counter that it breaks anew."""
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.row_factory = sqlite3.Row
        _write_anew(connection)
        connection.commit()


_RECEIPT = "SELECT receipt FROM inbox_identity WHERE sender = ? AND identifier = ?"
_KEPT = """SELECT mailbox, seq FROM message WHERE arc = ? AND movement IS NOT NULL
ORDER BY recorded_at DESC, seq DESC LIMIT 1"""
_KEEP = "UPDATE message SET movement = ? WHERE mailbox = ? AND seq = ?"


def _write_anew(connection: sqlite3.Connection) -> None:
    _movements(connection)
    heads: dict[str, tuple[int, bytes]] = {}
    for row in _rows(connection, "SELECT * FROM message ORDER BY mailbox, seq"):
        receipt = connection.execute(
            "SELECT receipt FROM inbox_identity WHERE sender = ? AND identifier = ?",
            (row["mailbox"], row["identifier"]),
        ).fetchone()
        text = receipt[0] if receipt and row["direction"] == "in" else None
        _, head = heads.get(row["mailbox"], (0, GENESIS))
        heads[row["mailbox"]] = row["seq"], linked(head, row, text)
    connection.execute("DELETE FROM mailbox")
    connection.executemany("INSERT INTO mailbox VALUES (?, ?, ?)", [(name, *last) for name, last in heads.items()])


_LOG = """SELECT movement_log.* FROM movement_log JOIN message USING (mailbox, seq)
WHERE arc = ? AND side = ? ORDER BY number"""


def _logs(connection: sqlite3.Connection) -> None:
    """The chain over each movement's log, and the count of its lines."""
    for row in _rows(connection, "SELECT arc, side FROM movement"):
        acts, head = NO_LOG
        for line in _rows(connection, _LOG, row["arc"], row["side"]):
            acts, head = acts + 1, logged(head, line | {"waited": bool(line["waited"])})
        connection.execute(
            "UPDATE movement SET acts = ?, log = ? WHERE arc = ? AND side = ?", (acts, head, row["arc"], row["side"])
        )


def _movements(connection: sqlite3.Connection) -> None:
    """Each movement's digest, where the last entry about it has kept it."""
    _logs(connection)
    for row in _rows(connection, "SELECT * FROM movement"):
        place = connection.execute(_KEPT, (row["arc"],)).fetchone()
        if place:
            digest = digest_of(row | {"questioned": bool(row["questioned"])})
            connection.execute(_KEEP, (digest, *place))


def _rows(connection: sqlite3.Connection, statement: str, *values: str) -> Iterator[dict[str, Any]]:
    for row in connection.execute(statement, values).fetchall():
        yield dict(row)
