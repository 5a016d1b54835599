"""Mailboxes walked from their first message: numbers, chains, receipts, and what becomes of messages."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, String, cast, func, literal, or_, select

from esad_gateway.audit.checkpoints import Vouched
from esad_gateway.audit.findings import message, outcome, placed
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import Outcome
from esad_gateway.store import tables
from esad_gateway.store.chain import GENESIS, LINKED, head_after
from esad_gateway.store.rows import receipt_of
from esad_gateway.store.stored import RECEIPT, written

_message = tables.message.c
_identity = tables.inbox_identity.c

_AT_ONCE: Final = 1000

_IN = _message.direction == "in"
# A receipt begins with what it was given for, as the newest version of its form has it.
_BEGINNING = (
    literal(written(RECEIPT, [""])[: -len('"]}')])
    .concat(_message.outcome)
    .concat('","')
    .concat(_message.type)
    .concat('","')
    .concat(_message.identifier)
    .concat('","')
    .concat(_message.mailbox)
    .concat('",')
    .concat(cast(_message.seq, String))
    .concat(",")
)
_AS_TOLD = func.substr(_identity.receipt, 1, func.length(_BEGINNING)) == _BEGINNING
_REFUSALS: Final = ("IE704", "IE906", "IE917", "IE714")
WRONG: Final = {
    "given_refused": ~_IN & (_message.outcome != Outcome.ACCEPTED),
    "acknowledged_early": _message.acknowledged_at < _message.recorded_at,
    "no_receipt": _IN & _identity.receipt.is_(None),
    "receipt_other_bytes": _IN & (_identity.sha256 != _message.document),
}
# What SQLite can find is asked of SQLite: hardly any row has it, and a line of Python costs more than all of these.
_STANDS_OUT = or_(
    *WRONG.values(),
    _IN & ((_message.outcome == Outcome.PARKED) | ~_AS_TOLD),
    ~_IN & _message.type.in_(_REFUSALS) & _message.correlation.is_not(None),
)
_WALK = (
    select(
        *(_message[name] for name in LINKED),
        *(_identity.receipt, _message.outcome, _STANDS_OUT.label("stands_out")),
        *(wrong.label(told) for told, wrong in WRONG.items()),
    )
    .outerjoin(
        tables.inbox_identity,
        _IN & (_identity.sender == _message.mailbox) & (_identity.identifier == _message.identifier),
    )
    .order_by(_message.mailbox, _message.seq)
)
_ENTRY: Final = slice(len(LINKED))
_RECEIPT: Final = len(LINKED)


@dataclass(slots=True)
class Walk:
    """What the walk over all mailboxes has found.

    ``vouched`` counts the messages that a checkpoint vouches for; ``arcs`` are those about which something stands that
    no checkpoint vouches for, or that no chain holds.
    """

    vouched: int = 0
    arcs: set[str] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    waited: list[tuple[Any, Said]] = field(default_factory=list)


def walk(connection: Connection, vouched: Vouched, found: Walk) -> Iterator[Said]:
    """Walk every mailbox of a store, and compare what stands there with what was signed about it."""
    rows = iter(connection.execution_options(yield_per=_AT_ONCE).execute(_WALK))
    kept = {row.name: row for row in connection.execute(select(tables.mailbox))}
    for name, messages in groupby(rows, itemgetter(0)):
        yield from _Box(name, found, vouched.heads.get(name, {})).walk(messages, kept.pop(name, None))
    yield from (placed(said("found.mailbox", name=name), Said("found.no_message")) for name in kept)
    yield from _vouched_for_nothing(connection, vouched)
    yield from _what_became(connection, found)


class _Box:
    """One mailbox on the walk."""

    def __init__(self, name: str, found: Walk, heads: Mapping[int, bytes]) -> None:
        self._name = said("found.mailbox", name=name)
        self._found = found
        self._heads = heads
        self._through = max(heads, default=0)
        self._head = GENESIS
        self._from = 1

    def walk(self, messages: Iterable[Any], kept: Any) -> Iterator[Said]:
        """What is wrong with its messages, and with it as a whole; ``kept`` is its row, ``None`` without one."""
        first, last, count, through = 0, 0, 0, self._through
        for row in messages:
            last, count = row.seq, count + 1
            first = first or last
            self._head = head_after(self._head, row[_ENTRY], row[_RECEIPT])
            if last > through or row.stands_out:
                yield from self._look(row)
            if last in self._heads:
                yield from self._compare(last)
        self._found.vouched += min(through, count)
        yield from self._end(first, last, count, kept)

    def _look(self, row: Any) -> Iterator[Said]:
        """What is wrong with a message that nobody vouches for, or that stands out."""
        told = row._mapping  # noqa: SLF001  the public name
        yield from (placed(_place(row), Said(f"found.{wrong}")) for wrong in WRONG if told[wrong])
        if row.seq > self._through and row.arc is not None:
            self._found.arcs.add(row.arc)
        if row.direction != "in":
            self._found.refused |= {(row.mailbox, row.correlation)} if row.type in _REFUSALS else set()
        elif row.receipt is not None:
            yield from self._read_receipt(row)

    def _end(self, first: int, last: int, count: int, kept: Any) -> Iterator[Said]:
        if (first, last) != (1, count) or kept is None or kept.last_seq != last:
            yield placed(
                self._name, said("found.numbered", messages=said("count.messages", count=count), first=first, last=last)
            )
        if self._through > last:
            yield placed(self._name, said("found.vouched", through=self._through, last=last))
        elif kept is not None and kept.head != self._head:
            yield placed(self._name, said("found.changed", first=self._from, last=last))

    def _compare(self, seq: int) -> Iterator[Said]:
        vouched_for = self._heads[seq]
        if vouched_for != self._head:
            yield placed(self._name, said("found.others", first=self._from, last=seq))
            # What comes after is compared on its own.
            self._head = vouched_for
        self._from = seq + 1

    def _read_receipt(self, row: Any) -> Iterator[Said]:
        try:
            receipt = receipt_of(row.receipt)
        except StoreDamaged:
            yield placed(_place(row), Said("found.receipt_unread"))
            return
        told = (receipt.mailbox, receipt.seq, receipt.type, receipt.identifier, receipt.arc)
        if told != (row.mailbox, row.seq, row.type, row.identifier, row.arc):
            yield placed(_place(row), Said("found.receipt_other"))
        if receipt.outcome is Outcome.PARKED:
            wrong = said("found.does_not_follow", outcome=outcome(row.outcome))
            self._found.waited.append((row, placed(_place(row), wrong)))
        elif receipt.outcome != row.outcome:
            wrong = said("found.outcomes", receipt=outcome(receipt.outcome), mailbox=outcome(row.outcome))
            yield placed(_place(row), wrong)


def _place(row: Any) -> Said:
    return message(row.seq, row.mailbox)


def _vouched_for_nothing(connection: Connection, vouched: Vouched) -> Iterator[Said]:
    """Mailboxes that a checkpoint names, and that are gone."""
    there = set(connection.execute(select(_message.mailbox).distinct()).scalars())
    for name in sorted(vouched.heads.keys() - there):
        yield placed(said("found.mailbox", name=name), said("found.vouched_none", through=vouched.through(name)))


def _what_became(connection: Connection, found: Walk) -> Iterator[Said]:
    """Messages that had to wait: they do so still, were refused with a message that says so, or were accepted."""
    waiting = {(row.mailbox, row.seq): row for row in connection.execute(select(tables.parked))}
    for row, problem in found.waited:
        parked = waiting.pop((row.mailbox, row.seq), None)
        refused = (row.mailbox, row.identifier) in found.refused
        expected = Outcome.PARKED if parked else Outcome.REFUSED if refused else Outcome.ACCEPTED
        if row.outcome != expected:
            yield problem
        if parked and (parked.arc, parked.document) != (row.arc, row.document):
            yield placed(_place(row), Said("found.waits_for_other"))
        found.arcs.add(row.arc)
    yield from (placed(message(seq, mailbox), Said("found.waits_untold")) for mailbox, seq in waiting)
    receipts = connection.execute(select(func.count()).select_from(tables.inbox_identity)).scalar_one()
    received = connection.execute(select(func.count()).select_from(tables.message).where(_IN)).scalar_one()
    if receipts != received:
        yield said("found.receipts", receipts=receipts, received=received)
