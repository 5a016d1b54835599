"""Signed envelopes that were used, by digest, as long as they could be used again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete

from esad_gateway.store import tables
from esad_gateway.store.database import Driver, writing
from esad_gateway.store.rows import moment
from esad_gateway.store.store import SqlStore
from esad_gateway.store.upserts import adding

_used = tables.used_envelope.c
_ADD = adding(tables.used_envelope)
_FORGET = delete(tables.used_envelope).where(_used.until < bindparam("before"))

KEPT_LONGER: Final = timedelta(minutes=5)
"""How long an envelope is kept after it has become too old: clocks of two gateways may differ, or be put back."""


class UsedEnvelopes:
    """``ports.UsedEnvelopes`` in the store: what one gateway has taken, no other on the same store takes."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def first_uses(self, used: Sequence[tuple[bytes, datetime]], now: datetime) -> list[bool]:
        """Note envelopes by digest, each until it is too old, and return of each whether this is its first use.

        Whatever became too old is forgotten, so that there are never more than those of some minutes. Raises
        StoreUnavailable.
        """
        with writing(self._store.writer) as connection:
            driver = Driver(connection)
            driver.many(_FORGET, [{"before": moment(now - KEPT_LONGER)}])
            return [driver.adds(_ADD, {"sha256": digest, "until": moment(until)}) for digest, until in used]
