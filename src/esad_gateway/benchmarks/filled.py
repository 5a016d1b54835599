"""The round trip on a store that has grown, next to an empty one: the same keys and drafts, groups of all sizes."""

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table

from esad_gateway.benchmarks.material import Material
from esad_gateway.benchmarks.ours import Ours
from esad_gateway.benchmarks.rounds import Race, own_garbage
from esad_gateway.bootstrap import Parts, build
from esad_gateway.data_directory import DataDirectory
from esad_gateway.signing.pki import KeyKind
from esad_gateway.store import tables

GROUPS: Final = (1, 2, 16, 64)

SEED: Final = 64
"""Real round trips whose rows are copied; each is three messages: the draft in, the e-SAD in two mailboxes."""

_AGAIN: Final = "again({0}, n)"
_COPIES: Final[tuple[tuple[Table, dict[str, str]], ...]] = (
    (tables.document, {"sha256": _AGAIN, "seq": "{0} + n * :stride"}),
    (tables.message, {"seq": "{0} + n * :stride", "identifier": _AGAIN, "arc": _AGAIN, "document": _AGAIN}),
    (tables.inbox_identity, {"identifier": _AGAIN, "sha256": _AGAIN}),
    (tables.movement, {"arc": _AGAIN, "lrn": _AGAIN}),
    (tables.movement_log, {"seq": "{0} + n * :stride"}),
    (
        tables.outbox,
        {"id": "NULL", "identifier": _AGAIN, "document": _AGAIN, "arc": _AGAIN, "delivered_at": "next_attempt_at"},
    ),
)
"""Table -> what a copy has instead of a value; what was sent counts as delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledPlan:
    """How many messages the store has, at least, and how many rounds are played with each size of groups."""

    messages: int = 1_000_000
    rounds: int = 12
    kind: KeyKind = KeyKind.RSA

    @property
    def ticks(self) -> int:
        """How many steps ``measure_filled`` has."""
        return 1 + len(GROUPS) * (self.rounds + 1)


def measure_filled(plan: FilledPlan, folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Measure with databases below ``folder``, which is empty.

    Returns the number of messages, how long filling took, and microseconds a round trip by size of the group: on the
    empty store, on the filled one, and their ratio.
    """
    empty = Material.make(folder, plan.kind)
    drafts = (draft.signed for draft in empty.drafts())
    filled = replace(empty, data=DataDirectory(folder / "filled"))
    shutil.copytree(empty.data.root, filled.data.root)
    begin = time.perf_counter()
    messages = _fill(filled, list(islice(drafts, SEED)), plan.messages)
    seconds = time.perf_counter() - begin
    tick()
    with ExitStack() as opened:
        ours = {name: _ours(one, opened) for name, one in (("empty", empty), ("filled", filled))}
        with own_garbage():
            races = {size: _raced(ours, drafts, size, plan.rounds, tick) for size in GROUPS}
    return {
        "messages": messages,
        "fill_seconds": round(seconds, 1),
        "groups": {str(size): _figure(race) for size, race in races.items()},
    }


def _ours(material: Material, opened: ExitStack) -> Ours:
    runtime = build(Parts(material.data.root))
    opened.enter_context(closing(runtime.store))
    return Ours(runtime)


def _raced(ours: dict[str, Ours], drafts: Any, size: int, rounds: int, tick: Callable[[], object]) -> Race:
    race = Race({name: one.round_trip for name, one in ours.items()})
    for _ in range(rounds + 1):
        documents = list(islice(drafts, size))
        race.play(dict.fromkeys(ours, documents))
        tick()
    return race


def _figure(race: Race) -> dict[str, float]:
    empty, filled = round(race.quiet("empty"), 1), round(race.quiet("filled"), 1)
    return {"empty_us": empty, "filled_us": filled, "ratio": round(filled / empty, 2)}


def _fill(material: Material, documents: Sequence[bytes], messages: int) -> int:
    """Play real round trips, then copy their rows until there are so many messages; returns how many there are."""
    with ExitStack() as opened:
        _ours(material, opened).round_trip(documents)
    with closing(sqlite3.connect(material.data.database)) as connection:
        connection.create_function("again", 2, _again, deterministic=True)
        real, stride = connection.execute("SELECT count(*), max(seq) FROM message").fetchone()
        copies = max(0, -(-messages // real) - 1)
        for table, changed in _COPIES:
            connection.execute(_copying(table, changed), {"copies": copies, "stride": stride})
        connection.execute("UPDATE mailbox SET last_seq = last_seq + :more", {"more": copies * stride})
        connection.commit()
    return int(real * (copies + 1))


def _copying(table: Table, changed: dict[str, str]) -> str:
    """An insert of so many copies of every row that a table has now."""
    names = [column.name for column in table.c]
    values = ", ".join(changed.get(name, "{0}").format(f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    numbers = "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :copies)"
    rows = f"SELECT {values} FROM {table.name}, number WHERE :copies > 0"  # noqa: S608 - names of our own tables
    return f"{numbers} INSERT INTO {table.name} ({columns}) {rows}"


def _again(value: bytes | str | None, number: int) -> bytes | str | None:
    """A key like another one, for its copy with that number: as far from it as keys of other messages are."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return hashlib.sha256(value + number.to_bytes(8)).digest()
    mixed = hashlib.sha256(f"{value} {number}".encode()).hexdigest().upper()
    return value[:4] + mixed[: len(value) - 4]
