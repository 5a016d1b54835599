"""Mailboxes walked from their first message: numbers, chains, receipts, and what becomes of messages."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Connection, select

from esad_gateway.audit.checkpoints import Vouched
from esad_gateway.ports.reading import Outcome
from esad_gateway.store import tables
from esad_gateway.store.chain import GENESIS, linked
from esad_gateway.store.rows import receipt_of

_message = tables.message.c
_identity = tables.inbox_identity.c

_AT_ONCE: Final = 1000

_WALK = (
    select(tables.message, _identity.sha256.label("known_as"), _identity.receipt)
    .outerjoin(
        tables.inbox_identity,
        (_message.direction == "in")
        & (_identity.sender == _message.mailbox)
        & (_identity.identifier == _message.identifier),
    )
    .order_by(_message.mailbox, _message.seq)
)
_REFUSALS = frozenset({"IE704", "IE906", "IE917", "IE714"})


@dataclass(slots=True)
class Walk:
    """What the walk over all mailboxes has found.

    ``vouched`` counts the messages that a checkpoint vouches for. ``movements`` has, for each ARC, the moment of the
    last transaction that wrote its movement, and the digests of the row as it was left then. ``arcs`` are those about
    which something stands that no checkpoint vouches for, or that no chain holds.
    """

    received: int = 0
    vouched: int = 0
    movements: dict[str, tuple[str, set[bytes]]] = field(default_factory=dict)
    arcs: set[str] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    waited: list[tuple[Any, str]] = field(default_factory=list)


def walk(connection: Connection, vouched: Vouched, found: Walk) -> Iterator[str]:
    """Walk every mailbox of a store, and compare what stands there with what was signed about it."""
    rows = iter(connection.execution_options(yield_per=_AT_ONCE).execute(_WALK))
    kept = {row.name: row for row in connection.execute(select(tables.mailbox))}
    for name, messages in groupby(rows, lambda row: row.mailbox):
        box = _Box(name, found, vouched.heads.get(name, {}))
        for row in messages:
            yield from box.take(row)
        yield from box.end(kept.pop(name, None))
    yield from (f"mailbox {name}: numbers were given out, but there is no message" for name in kept)
    yield from _vouched_for_nothing(connection, vouched)
    yield from _what_became(connection, found)


class _Box:
    """One mailbox on the walk."""

    def __init__(self, name: str, found: Walk, heads: Mapping[int, bytes]) -> None:
        self._name = name
        self._found = found
        self._heads = heads
        self._through = max(heads, default=0)
        self._first = self._last = self._count = 0
        self._head = GENESIS
        self._from = 1

    def take(self, row: Any) -> Iterator[str]:
        """The next message of the mailbox; gives what is wrong with it."""
        self._count += 1
        self._first = self._first or row.seq
        self._last = row.seq
        self._head = linked(self._head, row._mapping, row.receipt)  # noqa: SLF001  the public name of it
        yield from self._received(row) if row.direction == "in" else self._given(row)
        self._remember(row)
        yield from self._compare(row.seq)

    def end(self, kept: Any) -> Iterator[str]:
        """What is wrong with the mailbox as a whole; ``kept`` is its row, ``None`` when there is none."""
        if (self._first, self._last) != (1, self._count) or kept is None or kept.last_seq != self._last:
            yield f"mailbox {self._name}: {self._count} messages are numbered {self._first} to {self._last}"
        if self._through > self._last:
            yield f"mailbox {self._name}: a checkpoint vouches for {self._through} messages; the last is {self._last}"
        elif kept is not None and kept.head != self._head:
            yield f"mailbox {self._name}: messages {self._from} to {self._last} are not as they were written"

    def _compare(self, seq: int) -> Iterator[str]:
        vouched_for = self._heads.get(seq)
        if vouched_for is None:
            return
        if vouched_for != self._head:
            yield f"mailbox {self._name}: messages {self._from} to {seq} are not those that a checkpoint vouches for"
            # What comes after is compared on its own.
            self._head = vouched_for
        self._from = seq + 1

    def _remember(self, row: Any) -> None:
        found = self._found
        if row.arc is not None and row.movement is not None:
            at, digests = found.movements.get(row.arc, ("", set()))
            if row.recorded_at >= at:
                kept = digests if row.recorded_at == at else set()
                found.movements[row.arc] = (row.recorded_at, kept | {row.movement})
        if row.seq <= self._through:
            found.vouched += 1
        elif row.arc is not None:
            found.arcs.add(row.arc)

    def _given(self, row: Any) -> Iterator[str]:
        if row.outcome != Outcome.ACCEPTED:
            yield f"{_place(row)}: what was given to a mailbox is never {row.outcome}"
        if row.type in _REFUSALS and row.correlation:
            self._found.refused.add((row.mailbox, row.correlation))
        yield from _acknowledged(row)

    def _received(self, row: Any) -> Iterator[str]:
        self._found.received += 1
        yield from _acknowledged(row)
        if row.receipt is None:
            yield f"{_place(row)}: there is no receipt for it"
            return
        if row.known_as != row.document:
            yield f"{_place(row)}: its receipt was given for other bytes"
        as_told = row.outcome != Outcome.PARKED and row.receipt.startswith(f'{{"outcome": "{row.outcome}", ')
        if row.seq > self._through or not as_told:
            yield from self._read_receipt(row)

    def _read_receipt(self, row: Any) -> Iterator[str]:
        try:
            receipt = receipt_of(row.receipt)
        except (ValueError, TypeError, KeyError, json.JSONDecodeError):
            yield f"{_place(row)}: its receipt cannot be read"
            return
        told = (receipt.mailbox, receipt.seq, receipt.type, receipt.identifier, receipt.arc)
        if told != (row.mailbox, row.seq, row.type, row.identifier, row.arc):
            yield f"{_place(row)}: its receipt names another message"
        if receipt.outcome is Outcome.PARKED:
            self._found.waited.append((row, f"{_place(row)}: {row.outcome} does not follow from what was sent"))
        elif receipt.outcome != row.outcome:
            yield f"{_place(row)}: its receipt says {receipt.outcome}, the mailbox says {row.outcome}"


def _place(row: Any) -> str:
    return f"message {row.seq} of {row.mailbox}"


def _acknowledged(row: Any) -> Iterator[str]:
    if row.acknowledged_at is not None and row.acknowledged_at < row.recorded_at:
        yield f"{_place(row)}: it was acknowledged before it was recorded"


def _vouched_for_nothing(connection: Connection, vouched: Vouched) -> Iterator[str]:
    """Mailboxes that a checkpoint names, and that are gone."""
    there = set(connection.execute(select(_message.mailbox).distinct()).scalars())
    for name in sorted(vouched.heads.keys() - there):
        yield f"mailbox {name}: a checkpoint vouches for {vouched.through(name)} messages; there is none"


def _what_became(connection: Connection, found: Walk) -> Iterator[str]:
    """Messages that had to wait: they do so still, were refused with a message that says so, or were accepted."""
    waiting = {(row.mailbox, row.seq): row for row in connection.execute(select(tables.parked))}
    for row, problem in found.waited:
        parked = waiting.pop((row.mailbox, row.seq), None)
        refused = (row.mailbox, row.identifier) in found.refused
        expected = Outcome.PARKED if parked else Outcome.REFUSED if refused else Outcome.ACCEPTED
        if row.outcome != expected:
            yield problem
        if parked and (parked.arc, parked.document) != (row.arc, row.document):
            yield f"{_place(row)}: it does not wait for its own movement"
        found.arcs.add(row.arc)
    yield from (f"message {seq} of {mailbox}: it waits, and nobody told it to" for mailbox, seq in waiting)
    identities = connection.execute(select(_identity.sender)).all()
    if len(identities) != found.received:
        yield f"there are {len(identities)} receipts for {found.received} messages that were received"
