"""A store that has grown, next to an empty one: round trips in groups of all sizes, and what traders list."""

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

from sqlalchemy import Table

from esad_gateway.benchmarks.material import Material
from esad_gateway.benchmarks.ours import Ours
from esad_gateway.benchmarks.rounds import Contender, Race, own_garbage
from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.data_directory import DataDirectory
from esad_gateway.ports.reading import MailboxQuery, MovementQuery
from esad_gateway.signing.pki import KeyKind
from esad_gateway.store import tables
from esad_gateway.store.mailboxes import Mailboxes

GROUPS: Final = (1, 2, 16, 64)

FEW: Final = 10_000
"""Messages of the store beside which lists are measured."""

LOOKS: Final = 40
"""How often a list is asked for in a round."""

GROUP_GOAL: Final = 1.1
LIST_GOAL: Final = 1.3
"""How many times as long as on the small store it may take at most."""

_CACHE: Final = 2**21  # KiB, at most, while rows are copied
_BEYOND: Final = 2**62  # no mailbox has so many messages

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

    messages: int = FEW
    rounds: int = 12
    kind: KeyKind = KeyKind.RSA

    @property
    def ticks(self) -> int:
        """How many steps ``measure_filled`` has."""
        return 1 + (len(GROUPS) + len(_LISTS)) * (self.rounds + 1)


def measure_filled(plan: FilledPlan, folder: Path, tick: Callable[[], object]) -> dict[str, Any]:
    """Measure with databases below ``folder``, which is empty.

    Returns the number of messages, how long filling took, and microseconds with their ratio: a round trip by size of
    the group, on the empty store and on the filled one; a list, on a store of ``FEW`` messages and on the filled one.
    """
    empty = Material.make(folder, plan.kind)
    drafts = (draft.signed for draft in empty.drafts())
    few, filled = (replace(empty, data=DataDirectory(folder / name)) for name in ("few", "filled"))
    for one in (few, filled):
        shutil.copytree(empty.data.root, one.data.root)
    _fill(few, list(islice(drafts, SEED)), FEW)
    begin = time.perf_counter()
    messages = _fill(filled, list(islice(drafts, SEED)), plan.messages)
    seconds = time.perf_counter() - begin
    tick()
    with ExitStack() as opened:
        runtimes = {name: _runtime(one, opened) for name, one in (("empty", empty), ("few", few), ("filled", filled))}
        ours = {name: Ours(runtimes[name]) for name in ("empty", "filled")}
        with own_garbage():
            lists = {
                name: _listed(runtimes, empty.consignors[0].seed, look, plan, tick) for name, look in _LISTS.items()
            }
            races = {size: _raced(ours, drafts, size, plan.rounds, tick) for size in GROUPS}
    return {
        "messages": messages,
        "fill_seconds": round(seconds, 1),
        "groups": {str(size): _figure(race, "empty", GROUP_GOAL) for size, race in races.items()},
        "lists": {name: _figure(race, "few", LIST_GOAL) for name, race in lists.items()},
    }


def _runtime(material: Material, opened: ExitStack) -> Runtime:
    runtime = build(Parts(material.data.root))
    opened.enter_context(closing(runtime.store))
    return runtime


_Look: TypeAlias = Callable[[Mailboxes, str, int, str], object]
"""Asks for a list of a trader, of whose mailbox the last number is given, and the ARC of one of its movements."""

_LISTS: Final[dict[str, _Look]] = {
    "newest": lambda mailboxes, seed, last, _: mailboxes.page(seed, MailboxQuery(after=max(0, last - 50), limit=50)),
    "page": lambda mailboxes, seed, last, _: mailboxes.page(seed, MailboxQuery(after=last // 2, limit=50)),
    "movements": lambda mailboxes, seed, *_: mailboxes.movements(seed, MovementQuery(limit=50)),
    "movement": lambda mailboxes, seed, _, arc: mailboxes.movement(seed, arc),
}
"""By name: the newest 50 messages, 50 in the middle, the first 50 movements, and one movement."""


def _listed(runtimes: dict[str, Runtime], seed: str, look: _Look, plan: FilledPlan, tick: Callable[[], object]) -> Race:
    race = Race({name: _looking(runtimes[name].mailboxes, seed, look) for name in ("few", "filled")})
    for _ in range(plan.rounds + 1):
        race.play(dict.fromkeys(race.contenders, (b"",) * LOOKS))
        tick()
    return race


def _looking(mailboxes: Mailboxes, seed: str, look: _Look) -> Contender:
    last = mailboxes.page(seed, MailboxQuery(after=_BEYOND, limit=1)).complete_through
    (movement,) = mailboxes.movements(seed, MovementQuery(limit=1))

    def contend(times: Sequence[bytes]) -> None:
        for _ in times:
            look(mailboxes, seed, last, movement.arc)

    return contend


def _raced(ours: dict[str, Ours], drafts: Any, size: int, rounds: int, tick: Callable[[], object]) -> Race:
    race = Race({name: one.round_trip for name, one in ours.items()})
    for _ in range(rounds + 1):
        documents = list(islice(drafts, size))
        race.play(dict.fromkeys(ours, documents))
        tick()
    return race


def _figure(race: Race, small: str, goal: float) -> dict[str, float]:
    before, filled = round(race.quiet(small), 1), round(race.quiet("filled"), 1)
    return {f"{small}_us": before, "filled_us": filled, "ratio": round(filled / before, 2), "goal": goal}


def _fill(material: Material, documents: Sequence[bytes], messages: int) -> int:
    """Play real round trips, then copy their rows until there are so many messages; returns how many there are."""
    with ExitStack() as opened:
        Ours(_runtime(material, opened)).round_trip(documents)
    with closing(sqlite3.connect(material.data.database)) as connection:
        # Keys come in no order: pages that did not stay in memory would be written again for every row.
        connection.execute(f"PRAGMA cache_size = {-_CACHE}")
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
