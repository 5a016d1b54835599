"""Whether a store is whole: what the gateway promises, counted over everything it holds."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, except_, func, select
from zstandard import ZstdError

from esad_gateway.store import tables
from esad_gateway.store.engine import reading
from esad_gateway.store.rows import movement_of_row, receipt_of, unpack
from esad_gateway.store.store import SqlStore

_message = tables.message.c
_outbox = tables.outbox.c


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and every promise that is broken."""

    messages: int
    movements: int
    waiting: int
    dead: int
    problems: tuple[str, ...]


def check(store: SqlStore) -> Report:
    """Look at everything in the store, in one snapshot; reads every document once.

    Checked: the database's own integrity; mailbox numbers without a gap; documents whose digest is their name; a
    receipt behind every identity, and its message; a movement behind every accepted ARC; everything that goes to
    another administration in the outbox. Not checked: signatures. Raises StoreUnavailable for what is no database.
    """
    with reading(store.reader) as connection:
        problems = (
            *_database(connection),
            *_gaps(connection),
            *_documents(connection),
            *_receipts(connection),
            *_movements(connection),
            *_dispatches(connection),
        )
        return Report(
            messages=_count(connection, tables.message),
            movements=_count(connection, tables.movement),
            waiting=_count(connection, tables.outbox, _outbox.delivered_at.is_(None) & _outbox.dead.is_(False)),
            dead=_count(connection, tables.outbox, _outbox.dead.is_(True)),
            problems=problems,
        )


def _count(connection: Connection, table: Table, where: ColumnElement[bool] | None = None) -> int:
    statement = select(func.count()).select_from(table)
    return connection.execute(statement if where is None else statement.where(where)).scalar_one()


def _database(connection: Connection) -> Iterator[str]:
    for pragma in ("integrity_check", "foreign_key_check"):
        rows = connection.exec_driver_sql(f"PRAGMA {pragma}").all()
        yield from (f"database: {pragma}: {tuple(row)}" for row in rows if tuple(row) != ("ok",))


def _gaps(connection: Connection) -> Iterator[str]:
    counted = select(
        _message.mailbox,
        func.count().label("messages"),
        func.min(_message.seq).label("first"),
        func.max(_message.seq).label("last"),
    ).group_by(_message.mailbox)
    last = {row.name: row.last_seq for row in connection.execute(select(tables.mailbox))}
    for row in connection.execute(counted):
        if (row.first, row.last) != (1, row.messages) or last.pop(row.mailbox, None) != row.last:
            yield f"mailbox {row.mailbox}: {row.messages} messages are numbered {row.first} to {row.last}"
    yield from (f"mailbox {name}: numbers were given out, but there is no message" for name in last)


def _documents(connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(tables.document)):
        try:
            digest = hashlib.sha256(unpack(row.body)).digest()
        except ZstdError:
            yield f"document {row.sha256.hex()}: its bytes cannot be unpacked"
            continue
        if digest != row.sha256:
            yield f"document {row.sha256.hex()}: its bytes have another digest"


def _receipts(connection: Connection) -> Iterator[str]:
    for row in connection.execute(select(tables.inbox_identity)):
        try:
            receipt = receipt_of(row.receipt)
        except (ValueError, TypeError, KeyError):
            yield f"message {row.identifier} of {row.sender}: its receipt cannot be read"
            continue
        found = connection.execute(
            select(_message.document).where(_message.mailbox == receipt.mailbox, _message.seq == receipt.seq)
        ).scalar()
        if found != row.sha256:
            yield f"message {row.identifier} of {row.sender}: its receipt names another message"


def _movements(connection: Connection) -> Iterator[str]:
    known = set()
    for row in connection.execute(select(tables.movement)).mappings():
        try:
            known.add(movement_of_row(row).arc)
        except (ValueError, TypeError, ArithmeticError):
            yield f"movement {row['arc']} ({row['side']}): it cannot be read"
    accepted = select(_message.arc, _message.mailbox, _message.seq).where(
        _message.outcome == "accepted", _message.type == "IE801"
    )
    for message in connection.execute(accepted):
        if message.arc not in known:
            yield f"message {message.seq} of {message.mailbox}: there is no movement {message.arc}"


def _dispatches(connection: Connection) -> Iterator[str]:
    given_out = select(_message.mailbox, _message.document).where(
        _message.direction == "out", _message.mailbox.startswith("NDEA.")
    )
    for mailbox, digest in connection.execute(except_(given_out, select(_outbox.destination, _outbox.document))):
        yield f"document {digest.hex()}: it is not in the outbox for {mailbox}"
