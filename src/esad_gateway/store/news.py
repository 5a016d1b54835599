"""What was committed to a store since it was looked at before, by whatever process."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import select

from esad_gateway.store import tables
from esad_gateway.store.database import among, as_keys, looking
from esad_gateway.store.store import SqlStore

_LAST: Final = select(tables.mailbox.c.name, tables.mailbox.c.last_seq).where(among(tables.mailbox.c.name))


class News:
    """Looks at a store by a connection of its own, which the database tells what others have committed."""

    def __init__(self, store: SqlStore) -> None:
        self._watcher = store.watcher
        self._seen: object = None

    def __call__(self, mailboxes: Collection[str]) -> Mapping[str, int]:
        """The last numbers of these mailboxes if anything was committed since the look before this, else nothing.

        A mailbox that does not exist is left out. Raises StoreUnavailable.
        """
        with looking(self._watcher) as driver:
            seen = driver.others_have_committed()
            if seen is not None and seen == self._seen:
                return {}
            found = driver.rows(_LAST, as_keys(mailboxes))
        self._seen = seen
        return {row["name"]: row["last_seq"] for row in found}
