"""The log of movements as rows: written beside each message that acts, read back as what it did."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, select

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.movement import Act, Effect, Side, Stage, Timer, Trigger
from esad_gateway.ports.writing import Acted
from esad_gateway.store import tables
from esad_gateway.store.database import Row, among, as_keys

_log, _message = tables.movement_log.c, tables.message.c
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)

_EVERY_ACT = (
    select(tables.movement_log, _message.arc)
    .join(tables.message, (_message.mailbox == _log.mailbox) & (_message.seq == _log.seq))
    .order_by(_message.arc, _log.side, _log.number)
)
_ACTS = _EVERY_ACT.where(among(_message.arc))


def act_row(acted: Acted, number: int, notes: bytes | None = None) -> dict[str, Any]:
    """An act as a row; ``number`` counts those on its side of the movement, ``notes`` is the digest of its notes."""
    act = acted.act
    return {
        "mailbox": acted.mailbox,
        "seq": acted.seq,
        "number": number,
        "side": act.side,
        "at": _ticks(act.at),
        "trigger": act.trigger.name,
        "effect": act.effect,
        "before": act.before,
        "after": act.after,
        "sequence": act.sequence,
        "journey_at": _ticks(act.journey.ends),
        "journey_stage": act.journey.stage,
        "change_at": act.change and _ticks(act.change.ends),
        "change_stage": act.change and act.change.stage,
        "waited": act.waited,
        "rule": act.rule,
        "notes": notes,
    }


def acted_of_row(row: Row) -> Acted:
    """The act of a row that has the ``arc`` of its message beside it. Raises ValueError for what nobody wrote."""
    change = None if row["change_at"] is None else _timer(row["change_at"], row["change_stage"])
    try:
        trigger = Trigger[row["trigger"]]
    except KeyError as error:
        raise ValueError(f"{row['trigger']!r} is no trigger") from error
    act = Act(
        arc=row["arc"],
        side=Side(row["side"]),
        at=_moment(row["at"]),
        trigger=trigger,
        effect=Effect(row["effect"]),
        before=StatusType(row["before"]),
        after=StatusType(row["after"]),
        sequence=row["sequence"],
        journey=_timer(row["journey_at"], row["journey_stage"]),
        change=change,
        waited=bool(row["waited"]),
        rule=row["rule"],
    )
    return Acted(row["mailbox"], row["seq"], act)


def acts_about(connection: Connection, arcs: Collection[str]) -> Sequence[Acted]:
    """The logs of some movements, by ARC and side, oldest first."""
    return [acted_of_row(row) for row in connection.execute(_ACTS, as_keys(arcs)).mappings()]


def every_act(connection: Connection) -> Sequence[Acted]:
    """The logs of all movements, by ARC and side, oldest first."""
    return [acted_of_row(row) for row in connection.execute(_EVERY_ACT).mappings()]


def log_lines(connection: Connection, arcs: Collection[str]) -> Sequence[tuple[str, dict[str, Any]]]:
    """The same as rows: each line as it is stored, with its ARC before it."""
    rows = (dict(row) for row in connection.execute(_ACTS, as_keys(arcs)).mappings())
    return [(row.pop("arc"), row) for row in rows]


def _ticks(at: datetime) -> int:
    """A moment in microseconds since 1970, UTC."""
    return (at - _EPOCH) // _TICK


def _moment(ticks: int) -> datetime:
    return _EPOCH + ticks * _TICK


def _timer(ticks: int, stage: str) -> Timer:
    return Timer(_moment(ticks), Stage(stage))
