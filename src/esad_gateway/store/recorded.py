"""Everything that a store has recorded about messages and movements, to show what has happened. Only reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from esad_gateway.emcs.movement import Act, Effect
from esad_gateway.ports.reading import Listed
from esad_gateway.store import tables
from esad_gateway.store.database import reading
from esad_gateway.store.movement_log import every_act
from esad_gateway.store.rows import listed_of_row, receipt_of
from esad_gateway.store.store import SqlStore

_message = tables.message.c


@dataclass(frozen=True, slots=True)
class Recorded:
    """The messages of all mailboxes, with the rules of those that were refused; the logs of movements, oldest first.

    ``kinds`` are the kinds of notes that national law has made.
    """

    messages: Sequence[tuple[Listed, frozenset[str]]]
    acts: Sequence[Act]
    kinds: frozenset[str]


def recorded(store: SqlStore) -> Recorded:
    """All of it in one snapshot. Raises StoreUnavailable, and StoreDamaged for what nobody wrote."""
    with reading(store.reader) as connection:
        listed = [listed_of_row(row) for row in connection.execute(_MESSAGES).mappings()]
        receipts = list(map(receipt_of, connection.execute(_RECEIPTS).scalars())) if _any_refused(listed) else []
        acted = every_act(connection)
        kinds = frozenset(connection.execute(_KINDS).scalars())
    told = {(one.mailbox, one.seq): frozenset(fault.rule for fault in one.faults) for one in receipts}
    # What had waited is refused later than its receipt was written; the log has the rule.
    later = {(one.mailbox, one.seq): one.act.rule for one in acted if one.act.effect in _REFUSED and one.act.rule}
    messages = [(one, _rules(told, later, one)) for one in listed]
    return Recorded(messages, [one.act for one in acted], kinds)


_MESSAGES = select(tables.message).order_by(_message.mailbox, _message.seq)
_RECEIPTS = select(tables.inbox_identity.c.receipt)
_KINDS = select(tables.note.c.kind).distinct()
_REFUSED = frozenset({Effect.REFUSED, Effect.GIVEN_UP})


def _any_refused(listed: Sequence[Listed]) -> bool:
    return any(one.outcome == "refused" for one in listed)


def _rules(
    told: dict[tuple[str, int], frozenset[str]], later: dict[tuple[str, int], str], one: Listed
) -> frozenset[str]:
    if one.direction == "out" or one.outcome != "refused":
        return frozenset()
    place = one.mailbox, one.seq
    return told.get(place) or frozenset(filter(None, (later.get(place),)))
