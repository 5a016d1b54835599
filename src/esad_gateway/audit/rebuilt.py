"""A movement's row and its log as its messages lead to them, held against those that a store has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from esad_gateway.audit.replay import Replay
from esad_gateway.emcs.movement import Side
from esad_gateway.store.chain import NO_LOG, logged
from esad_gateway.store.movement_log import act_row
from esad_gateway.store.rows import movement_row


class Difference(NamedTuple):
    """What differs (a column, or one of a line of the log), what the store has there, and what it should have."""

    what: str
    kept: Any
    rebuilt: Any


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One side of a movement as its messages lead to it, as the store writes it: its row, and the lines of its log."""

    row: Mapping[str, Any]
    lines: Sequence[Mapping[str, Any]]

    def differences(self, row: Mapping[str, Any] | None, lines: Sequence[Mapping[str, Any]]) -> Iterator[Difference]:
        """Where a store has something else; of the log the first such line only, since all after it may be others."""
        if row is None:
            yield Difference("movement", "none", self.row["state"])
        else:
            yield from _columns("", row, self.row)
        for number, (kept, made) in enumerate(zip_longest(lines, self.lines), 1):
            if kept != made:
                yield from _lines(f"line {number} of its log", kept, made)
                return


def sides_of(replay: Replay) -> dict[Side, Rebuilt]:
    """Each side that a replay has led to."""
    return {side: _rebuilt(replay, side) for side in replay.movements}


def _rebuilt(replay: Replay, side: Side) -> Rebuilt:
    number, head = NO_LOG
    lines = []
    for acted in replay.log:
        if acted.act.side is side:
            number += 1
            lines.append(act_row(acted, number))
            head = logged(head, lines[-1])
    row = movement_row(replay.movements[side], replay.changed[side])
    return Rebuilt(row | {"acts": number, "log": head}, lines)


def _columns(place: str, kept: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[Difference]:
    # The count of a log and the head of its chain say nothing to people; its lines do.
    names = [name for name in made if name not in ("acts", "log") and kept[name] != made[name]]
    yield from (Difference(f"{place}{name}", kept[name], made[name]) for name in names)
    if not names and kept != made:
        yield Difference(f"{place}log", kept["acts"], made["acts"])


def _lines(place: str, kept: Mapping[str, Any] | None, made: Mapping[str, Any] | None) -> Iterator[Difference]:
    if kept is not None and made is not None:
        yield from _columns(f"{place}: ", kept, made)
        return
    yield Difference(place, kept and kept["trigger"], made and made["trigger"])
