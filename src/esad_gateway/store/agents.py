"""What the traders of one administration let their agents do: read, and taken back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update

from esad_gateway.emcs.delegation import Delegation, traders_of
from esad_gateway.store import tables
from esad_gateway.store.database import looking, writing
from esad_gateway.store.delegations import delegation_of_row, delegations
from esad_gateway.store.rows import moment
from esad_gateway.store.seal import note_change
from esad_gateway.store.store import SqlStore

_row = tables.delegation.c

_OF_TRADER: Final = select(tables.delegation).where(_row.trader == bindparam("of")).order_by(_row.number)
_TO_AGENT: Final = select(tables.delegation).where(_row.agent == bindparam("of")).order_by(_row.number)
_REVOKE: Final = (
    update(tables.delegation)
    .where(_row.number == bindparam("which"), _row.trader == bindparam("of"), _row.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)


class Agents:
    """What the traders of one administration let their agents do."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def every(self) -> tuple[Delegation, ...]:
        """Every delegation that there is or was, by number."""
        with looking(self._store.reader) as driver:
            return delegations(driver)

    def of(self, name: str) -> tuple[Delegation, ...]:
        """What a trader lets others do, and what others let it do, ended ones too, by number."""
        with looking(self._store.reader) as driver:
            rows = (*driver.rows(_OF_TRADER, {"of": name}), *driver.rows(_TO_AGENT, {"of": name}))
        return tuple(sorted(map(delegation_of_row, rows), key=lambda one: one.number))

    def readable(self, agent: str, at: datetime) -> Mapping[str, frozenset[str] | None]:
        """The mailboxes that an agent may read at a moment, each with the kinds of messages; ``None`` for all."""
        with looking(self._store.reader) as driver:
            return traders_of(map(delegation_of_row, driver.rows(_TO_AGENT, {"of": agent})), at)

    def revoke(self, trader: str, number: int, now: Callable[[], datetime]) -> bool:
        """Take back a delegation of a trader, from now on; whether there is one that was not taken back before.

        ``now`` is asked under the write lock: what was committed while this waited for it was signed before.
        """
        with writing(self._store.writer) as connection:
            done = connection.execute(_REVOKE, {"which": number, "of": trader, "at": moment(now())}).rowcount
            if done:
                note_change(connection, of_directory=True)
        return bool(done)
