"""Everything that a store knows of one movement: messages, states, log, holds, notes. Only reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.movement import Movement
from esad_gateway.ports.reading import Listed, Noted
from esad_gateway.ports.writing import Acted
from esad_gateway.store import tables
from esad_gateway.store.database import reading
from esad_gateway.store.delegations import signed_about
from esad_gateway.store.effects import notes_about
from esad_gateway.store.holds import Hold, holds_of
from esad_gateway.store.movement_log import acts_about
from esad_gateway.store.outbox import DeliveryStanding, standings
from esad_gateway.store.rows import listed_of_row, movement_of_row
from esad_gateway.store.store import SqlStore

_message = tables.message.c


@dataclass(frozen=True, slots=True)
class Dossier:
    """A movement: its views, one a side, its documents in the order in which they were recorded, its log, holds, notes.

    Among messages that were recorded at one moment, those that came in stand first.
    """

    movements: tuple[Movement, ...]
    filed: Sequence[Listed]
    acts: Sequence[Acted]
    holds: Sequence[Hold]
    notes: Sequence[Noted]
    deliveries: Mapping[tuple[str, str], DeliveryStanding]
    """How and why what was given to another administration stands so, by that administration and message identifier."""


def dossier(store: SqlStore, arc: str, own: str) -> Dossier:
    """Everything about ``arc`` in one snapshot, as the administration ``own`` has it. Raises StoreUnavailable."""
    with reading(store.reader) as connection:
        views = connection.execute(_VIEWS.where(tables.movement.c.arc == arc)).mappings().all()
        rows = connection.execute(_ABOUT.where(_message.arc == arc)).mappings().all()
        acts, holds, notes = acts_about(connection, {arc}), holds_of(connection, arc), notes_about(connection, {arc})
        movements, filed = tuple(map(movement_of_row, views)), tuple(map(listed_of_row, rows))
        filed = _signed(filed, signed_about(connection, arc))
        deliveries = standings(connection, [(one.mailbox, one.identifier) for one in filed if _is_sent(one, own)])
    return Dossier(movements, filed, acts, holds, notes, deliveries)


def _signed(filed: tuple[Listed, ...], agents: Mapping[tuple[str, int], tuple[str, int]]) -> tuple[Listed, ...]:
    """Messages with the agents that have signed them."""
    none = (None, None)
    told = ((one, agents.get((one.mailbox, one.seq), none)) for one in filed) if agents else ()
    return tuple(replace(one, signed_by=agent, delegation=number) for one, (agent, number) in told) or filed


_VIEWS = select(tables.movement).order_by(tables.movement.c.side)
_ABOUT = (
    select(tables.message)
    # "in" sorts before "out".
    .order_by(_message.recorded_at, _message.direction, _message.mailbox, _message.seq)
)


def _is_sent(one: Listed, own: str) -> bool:
    return one.direction == "out" and one.mailbox != own and party_of(one.mailbox) is Party.ADMINISTRATION
