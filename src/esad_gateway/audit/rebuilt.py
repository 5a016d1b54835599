"""A movement's row, its log and its notes as its messages lead to them, held against those that a store has."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from esad_gateway.audit.findings import message
from esad_gateway.audit.replay import Replay
from esad_gateway.emcs.movement import Side
from esad_gateway.faults import Said, said
from esad_gateway.store.chain import NO_LOG, logged
from esad_gateway.store.effects import digests, note_row
from esad_gateway.store.movement_log import act_row
from esad_gateway.store.rows import movement_row


class Difference(NamedTuple):
    """What differs (a column, or one of a line of the log), what the store has there, and what it should have."""

    what: Said | str
    kept: Any
    rebuilt: Any


class Kept(NamedTuple):
    """One side of a movement as a store has it: its row, the lines of its log, and what national law has noted."""

    row: Mapping[str, Any] | None
    lines: Sequence[Mapping[str, Any]]
    notes: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One side of a movement as its messages lead to it, as the store writes it: row, lines of the log, and notes."""

    row: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]
    notes: Sequence[Mapping[str, Any]]

    def differences(self, kept: Kept) -> Iterator[Difference]:
        """Where a store has something else; of the log the first such line only, since all after it may be others."""
        if kept.row is None:
            yield Difference(Said("found.whole_movement"), Said("found.none"), self.row["state"])
        else:
            yield from _columns(None, kept.row, self.row)
        yield from _of_log(kept.lines, self.lines)
        yield from notes_differ(kept.notes, self.notes)


def notes_differ(kept: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    """Where a store has other notes, message by message."""
    pairs: Any = defaultdict(lambda: ([], []))
    for which, notes in enumerate((kept, made)):
        for note in notes:
            pairs[note["mailbox"], note["seq"]][which].append({name: note[name] for name in note if name != "id"})
    for (mailbox, seq), (those, these) in pairs.items():
        for one, other in zip_longest(those, these):
            if one != other:
                yield from _lines(said("found.note_of", message=message(seq, mailbox)), one, other, "kind")


def _of_log(kept: Sequence[Mapping[str, Any]], made: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
    for number, (one, other) in enumerate(zip_longest(kept, made), 1):
        if one != other:
            yield from _lines(said("found.log_line", number=number), one, other, "trigger")
            return


def sides_of(replay: Replay) -> dict[Side, Rebuilt]:
    """Each side that a replay has led to."""
    return {side: _rebuilt(replay, side) for side in replay.movements}


def _rebuilt(replay: Replay, side: Side) -> Rebuilt:
    number, head = NO_LOG
    noted = [one for one in replay.noted if one.side is side]
    lines, digest = [], digests(noted)
    for acted in replay.log:
        if acted.act.side is side:
            number += 1
            lines.append(act_row(acted, number, digest.get((acted.mailbox, acted.seq))))
            head = logged(head, lines[-1])
    row = movement_row(replay.movements[side], replay.changed[side])
    return Rebuilt(row | {"acts": number, "log": head}, lines, [note_row(one) for one in noted])


def _columns(place: Said | None, kept: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[Difference]:
    # The count of a log and the head of its chain say nothing to people; its lines do.
    names = [name for name in made if name not in ("acts", "log") and kept[name] != made[name]]
    yield from (Difference(_within(place, name), kept[name], made[name]) for name in names)
    if not names and kept != made:
        yield Difference(_within(place, "log"), kept["acts"], made["acts"])


def _within(place: Said | None, name: str) -> Said | str:
    """The name of a column, with the place of its row, if it has one."""
    return said("found.of_place", place=place, name=name) if place else name


def _lines(
    place: Said, kept: Mapping[str, Any] | None, made: Mapping[str, Any] | None, name: str
) -> Iterator[Difference]:
    """Where two rows differ; one that is there alone is told by a column."""
    if kept is not None and made is not None:
        yield from _columns(place, kept, made)
        return
    yield Difference(place, kept and kept[name], made and made[name])
