"""What a round trip takes of the database, table by table and index by index."""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from esad_gateway.benchmarks.material import Material
from esad_gateway.benchmarks.ours import Ours
from esad_gateway.bootstrap import Parts, build
from esad_gateway.signing.pki import KeyKind

GOAL: Final = 4096
"""Bytes of database that a round trip may take."""

_GROUP: Final = 64
_PAGES: Final = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name"
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table'"
_WHOLE: Final = "whole database"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpacePlan:
    """How many round trips are played."""

    round_trips: int = 6400
    kind: KeyKind = KeyKind.RSA

    @property
    def ticks(self) -> int:
        """How many steps ``measure_space`` has."""
        return -(-self.round_trips // _GROUP)


QUICK_SPACE: Final = SpacePlan(round_trips=640)


def measure_space(plan: SpacePlan, folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Play round trips on a store in ``folder``, which is empty.

    Returns bytes a round trip: of the database, of each table and index that grew, of a draft as it came in. Pages
    count whole, with the room that is left in them. A SQLite that cannot tell tables apart gives the first figure only.
    """
    material = Material.make(folder, plan.kind)
    drafts, size = (draft.signed for draft in material.drafts()), 0
    runtime = build(Parts(material.data.root))
    with closing(runtime.store):
        ours, before = Ours(runtime), _pages(material.data.database)
        for _ in range(plan.ticks):
            group = list(islice(drafts, _GROUP))
            size = len(group[0])
            ours.round_trip(group)
            tick()
        after, played = _pages(material.data.database), plan.ticks * _GROUP
        tables = _tables(material.data.database)
    grown = {name: round((pages - before.get(name, 0)) / played, 1) for name, pages in after.items()}
    total = grown.pop(_WHOLE)
    parts = sorted(((name, taken) for name, taken in grown.items() if taken), key=lambda part: -part[1])
    return {
        "round_trips": played,
        "draft": size,
        "bytes": total,
        "goal": GOAL,
        "tables": {name: taken for name, taken in parts if name in tables},
        "indexes": {name: taken for name, taken in parts if name not in tables},
    }


def _pages(database: Path) -> Mapping[str, int]:
    """Bytes of the pages of each table and index, and of all together."""
    with closing(sqlite3.connect(database)) as connection:
        size, pages = (connection.execute(f"PRAGMA {one}").fetchone()[0] for one in ("page_size", "page_count"))
        whole = {_WHOLE: int(size * pages)}
        try:
            return whole | dict(connection.execute(_PAGES).fetchall())
        except sqlite3.OperationalError:  # this SQLite was built without dbstat
            return whole


def _tables(database: Path) -> frozenset[str]:
    with closing(sqlite3.connect(database)) as connection:
        return frozenset(name for (name,) in connection.execute(_TABLES))
