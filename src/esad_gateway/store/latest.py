"""The latest moment that a store has noted: a clock that shows less would have gone back."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from esad_gateway.store.batch_tables import batch
from esad_gateway.store.database import reading
from esad_gateway.store.store import SqlStore
from esad_gateway.store.tables import message, movement

_LATEST: Final = tuple(
    select(func.max(column)) for column in (message.c.recorded_at, movement.c.changed_at, batch.c.received_at)
)


def latest_moment(store: SqlStore) -> datetime | None:
    """When a message was recorded, a movement changed or a batch received for the last time; ``None`` for never.

    Every message is looked at: not to be asked beside requests. Raises StoreUnavailable or StoreDamaged.
    """
    with reading(store.reader) as connection:
        found = [connection.execute(one).scalar_one() for one in _LATEST]
    moments = [datetime.fromisoformat(one) for one in found if one is not None]
    return max(moments, default=None)
