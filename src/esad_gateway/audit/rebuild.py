"""Movements, their logs and notes made anew from the messages about them, and held against those of the store."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, delete, func, insert, select, union

from esad_gateway.audit.check import settings_since, signed_by_us
from esad_gateway.audit.dossiers import Dossier, Written, dossiers, events_of, profiles_of
from esad_gateway.audit.filed import Filed
from esad_gateway.audit.findings import movement, placed, why
from esad_gateway.audit.notes import noted_before
from esad_gateway.audit.rebuilt import Difference, Kept, Rebuilt, notes_differ, sides_of
from esad_gateway.audit.replay import Replay
from esad_gateway.audit.snapshot import snapshot
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.emcs.movement import Side
from esad_gateway.faults import Said, listed, said
from esad_gateway.ports.reading import Outcome
from esad_gateway.settings import read_settings
from esad_gateway.store import tables
from esad_gateway.store.database import reading, writing
from esad_gateway.store.forms import copy_kept, other_indexes
from esad_gateway.store.lock import claimed
from esad_gateway.store.opening import check_store, open_store
from esad_gateway.store.packing import unpack
from esad_gateway.texts import say
from esad_gateway.xml.binding import read, release_in
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature

_movement, _log, _message, _note = tables.movement.c, tables.movement_log.c, tables.message.c, tables.note.c

_ARCS = union(select(_movement.arc), select(_note.arc), select(_message.arc).where(_message.arc.is_not(None)))
_MOVEMENTS = select(func.count()).select_from(tables.movement)

Watch: TypeAlias = Callable[[Iterable[Dossier], int], Iterable[Dossier]]
"""Passes movements on, of which there are so many, while somebody may watch how far it has come."""


class Differs(NamedTuple):
    """Something of one side of a movement that is not as its messages lead to it."""

    arc: str
    side: str
    difference: Difference


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """What came of it: how many sides of movements there are, what differs, and what cannot be rebuilt, with why.

    ``copy`` is the copy of the store from before the rebuilt rows were written, ``None`` when none were. ``indexes``
    are those that are not as this build makes them: nothing is wrong for that, and slower.
    """

    movements: int
    differences: tuple[Differs, ...]
    unsolved: tuple[Said, ...]
    copy: Path | None = None
    indexes: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """What cannot be rebuilt (``unsolved``), in English."""
        return tuple(map(say, self.unsolved))

    @property
    def equal(self) -> bool:
        """Whether the store has, now, what the messages lead to, as far as anything can be said."""
        return not self.unsolved and (not self.differences or self.copy is not None)


def compare(data: DataDirectory, watch: Watch) -> Rebuilding:
    """Rebuild every movement, its log and its notes, and compare; nothing is written, and a gateway may run meanwhile.

    Messages are decided again in the order in which they came, at their moments and under the settings of their time,
    by the same verdict. Not checked: signatures (``esad store check --deep``). Not rebuilt: what no message says, such
    as the register, tokens, deliveries, and when traders read what. Raises NotConfigured and StoreUnavailable.
    """
    with snapshot(data.database) as connection:
        check_store(connection, data.database, read_settings(data.root).profile().address)
        return _Rebuild(connection, data).run(watch)


def write(data: DataDirectory, watch: Watch, now: datetime) -> Rebuilding:
    """The same, and what differs is written as it was rebuilt, all of it at once, after a copy of the store was made.

    What cannot be rebuilt stays as it is. Raises NotConfigured when a gateway runs on the store, or where no copy can
    be made; and as ``compare``.
    """
    with (
        claimed(data.database),
        closing(open_store(data.database, read_settings(data.root).profile().address)) as store,
    ):
        with reading(store.reader) as connection:
            rebuild = _Rebuild(connection, data)
            found = rebuild.run(watch)
        if not found.differences:
            return found
        name = f"{data.database.stem}-before-rebuild-{now:%Y%m%dT%H%M%SZ}.db"
        copy = copy_kept(data.database, data.database.with_name(name))
        with writing(store.writer) as connection:
            _write(connection, data, rebuild.changed)
        return replace(found, copy=copy)


_Changed: TypeAlias = tuple[str, str, Rebuilt | None, Kept]
"""A side of a movement that differs, as rebuilt and as it is kept."""


class _Rebuild:
    """Goes through all movements; ``changed`` are the sides that differ."""

    def __init__(self, connection: Connection, data: DataDirectory) -> None:
        self.changed: list[_Changed] = []
        self._connection = connection
        self._own = read_settings(data.root).profile().address
        self._profiles = profiles_of(settings_since(data, signed_by_us(data, self._own, connection)))
        self._problems: list[Said] = []

    def run(self, watch: Watch) -> Rebuilding:
        arcs = set(self._connection.execute(_ARCS).scalars())
        total = len(arcs)
        differences: list[Differs] = []
        for dossier in watch(dossiers(self._connection, list(arcs)), total):
            arcs.discard(dossier.arc)
            differences += self._movement(dossier)
        self._problems += [placed(movement(arc), Said("found.no_messages")) for arc in sorted(arcs)]
        count = self._connection.execute(_MOVEMENTS).scalar_one()
        indexes = tuple(str(one.name) for one in other_indexes(self._connection))
        return Rebuilding(count, tuple(differences), tuple(self._problems), indexes=indexes)

    def _movement(self, dossier: Dossier) -> Iterator[Differs]:
        """What differs of one movement; nothing where it cannot be rebuilt."""
        rebuilt = self._rebuilt(dossier)
        if rebuilt is None:
            return
        for side in sorted({*rebuilt, *dossier.sides}):
            kept, one = dossier.side(side), rebuilt.get(Side(side))
            found = list(one.differences(kept)) if one else list(_of_nothing(kept))
            if found:
                self.changed.append((dossier.arc, side, one, kept))
            yield from (Differs(dossier.arc, side, difference) for difference in found)

    def _rebuilt(self, dossier: Dossier) -> dict[Side, Rebuilt] | None:
        try:
            documents = {one.document: _written(one) for one in dossier.filed}
            memory = partial(noted_before, self._connection)
            return sides_of(_replayed(dossier, documents, Replay(dossier.arc, self._own, self._profiles, memory)))
        except Exception as error:  # noqa: BLE001 - what was tampered with may be anything, and is told
            self._problems.append(placed(movement(dossier.arc), said("found.not_rebuilt", why=why(error))))
            return None


def _of_nothing(kept: Kept) -> Iterator[Difference]:
    """What a store has of a side that no message began."""
    if kept.row is not None:
        yield Difference(Said("found.whole_movement"), kept.row["state"], Said("found.none"))
    yield from notes_differ(kept.notes, ())


def _replayed(dossier: Dossier, documents: dict[bytes, Written | None], replay: Replay) -> Replay:
    """Everything about a movement decided again. Raises ValueError when something of it could not have happened."""
    replay.run(list(events_of(dossier.filed, documents)))
    if replay.problems:
        raise Malformed(said("said.as_it_is", text=listed(replay.problems, "; ")))
    return replay


def _written(filed: Filed) -> Written | None:
    """The message in a document; ``None`` where the schema had refused it. Not checked: its signature."""
    try:
        payload = without_signature(parse(unpack(filed.body, filed.certificates)))
        return Written(read(payload), release_in(payload)[1:])
    except Exception as error:
        if filed.outcome == Outcome.REFUSED:
            return None
        raise Malformed(placed(filed.place, said("found.document_unread", why=why(error)))) from error


def _write(connection: Connection, data: DataDirectory, changed: Sequence[_Changed]) -> None:
    """Write what differs, once more as long as that makes other differences.

    What national law notes of one movement may follow from its notes of others, which have to be right before.
    """
    done: Sequence[_Changed] = ()
    while changed and changed != done:
        for one in changed:
            _replace(connection, *one)
        if not any(kept.notes or (side and side.notes) for _, _, side, kept in changed):
            return
        rebuild, done = _Rebuild(connection, data), changed
        rebuild.run(lambda dossiers, _: dossiers)
        changed = rebuild.changed


def _replace(connection: Connection, arc: str, side: str, one: Rebuilt | None, kept: Kept) -> None:
    """Write one side of a movement as it was rebuilt, in place of what is there."""
    connection.execute(delete(tables.movement).where(_movement.arc == arc, _movement.side == side))
    for line in kept.lines:
        connection.execute(delete(tables.movement_log).where(_log.mailbox == line["mailbox"], _log.seq == line["seq"]))
    if one is not None:
        connection.execute(insert(tables.movement), dict(one.row))
        connection.execute(insert(tables.movement_log), [dict(line) for line in one.lines])
    notes = one.notes if one is not None else ()
    if any(notes_differ(kept.notes, notes)):
        connection.execute(delete(tables.note).where(_note.arc == arc, _note.side == side))
        if notes:
            connection.execute(insert(tables.note), [dict(note) for note in notes])
