"""Which documents a file has had already, in a file of the machine: memory does not grow with their number."""

import sqlite3
from typing import Self

_CACHE = 2048  # KiB


class Seen:
    """The documents that came before, each by its key with the row where it stood.

    A context: what it holds is gone after it. Several threads may use it, one after the other.
    """

    def __enter__(self) -> Self:
        # A database without a name is a file that SQLite makes when its cache is full, and removes itself.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE}"):
            self._database.execute(f"PRAGMA {pragma}").close()
        self._database.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self._database.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def get(self, key: str) -> int | None:
        """The row where the document of ``key`` stood, ``None`` where there was none."""
        found = self._database.execute("SELECT row FROM seen WHERE key = ?", (key,)).fetchone()
        return int(found[0]) if found else None

    def __setitem__(self, key: str, row: int) -> None:
        self._database.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (key, row)).close()

    def before(self, key: str, row: int) -> int | None:
        """The row where the document of ``key`` stood before; ``None`` for the first time, which is at ``row``."""
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row)).rowcount
        if added:
            return None
        return self.get(key)
