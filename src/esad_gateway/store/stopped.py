"""Clocks and parked messages that a defect of ours has stopped: what is left out until the defect may be mended."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, RowMapping, bindparam, exists, select, update

from esad_gateway.build import own_build
from esad_gateway.ports.writing import Ended
from esad_gateway.store import tables
from esad_gateway.store.database import Driver
from esad_gateway.store.rows import moment
from esad_gateway.store.upserts import replacing

_stopped = tables.stopped.c
_movement = tables.movement.c
_parked = tables.parked.c
_message = tables.message.c

NO_MAILBOX = ""
"""What stands for the mailbox of a clock."""

_STOP = replacing(tables.stopped, "arc", "mailbox", "seq")
_RESUMED = (
    update(tables.stopped)
    .where(_stopped.arc == bindparam("of"), _stopped.mailbox == bindparam("owner"), _stopped.seq == bindparam("number"))
    .values(decided_at=bindparam("moment"), decided_by=bindparam("who"))
)
_OF_THIS_BUILD = (_stopped.decided_at.is_(None), _stopped.build == bindparam("build"))

# What a defect has stopped is over as well when something else has moved the clock, or decided the message.
_THE_CLOCK = (_stopped.mailbox == NO_MAILBOX) & exists().where(
    _movement.arc == _stopped.arc, _movement.clock_at == _stopped.at
)
_THE_MESSAGE = exists().where(_parked.mailbox == _stopped.mailbox, _parked.seq == _stopped.seq)
_ROWS = select(
    tables.stopped,
    select(_message.type)
    .where(_message.mailbox == _stopped.mailbox, _message.seq == _stopped.seq)
    .scalar_subquery()
    .label("type"),
    select(_message.identifier)
    .where(_message.mailbox == _stopped.mailbox, _message.seq == _stopped.seq)
    .scalar_subquery()
    .label("identifier"),
).order_by(_stopped.since, _stopped.arc, _stopped.mailbox, _stopped.seq)
EVERY = _ROWS.where(_stopped.decided_at.is_not(None) | _THE_CLOCK | _THE_MESSAGE)
"""What is stopped or was, and when somebody had it decided."""

WAITING = _ROWS.where(_stopped.decided_at.is_(None), _THE_CLOCK | _THE_MESSAGE)
"""What waits for a person."""


def stopped(arc: ColumnElement[Any], mailbox: Column[Any] | str, seq: Column[Any] | int, *also: Any) -> Any:
    """The condition that a defect of the build named by the parameter ``build`` has stopped something."""
    return exists().where(_stopped.arc == arc, _stopped.mailbox == mailbox, _stopped.seq == seq, *_OF_THIS_BUILD, *also)


CLOCK_IS_STOPPED = stopped(_movement.arc, NO_MAILBOX, 0, _stopped.at == _movement.clock_at)
MESSAGE_IS_STOPPED = stopped(_parked.arc, _parked.mailbox, _parked.seq)


def this_build() -> dict[str, str]:
    """The parameter of the conditions above."""
    return {"build": own_build()}


def write_stopped(driver: Driver, reasons: Mapping[Ended, str], at: str) -> None:
    """Keep what a defect has stopped, with why."""
    driver.many(_STOP, (_row(what, why, at) for what, why in reasons.items()))


def write_resumed(driver: Driver, by: Iterable[tuple[Ended, str]], at: str) -> None:
    """Note who had something decided that was stopped."""
    driver.many(
        _RESUMED,
        ({"of": what.arc, "owner": what.mailbox, "number": what.seq, "moment": at, "who": who} for what, who in by),
    )


def ended_of_row(row: RowMapping) -> Ended:
    """What is stopped, of its row."""
    return Ended(datetime.fromisoformat(row["at"]), row["arc"], row["mailbox"], row["seq"])


def _row(what: Ended, why: str, at: str) -> dict[str, Any]:
    return {
        "arc": what.arc,
        "mailbox": what.mailbox,
        "seq": what.seq,
        "at": moment(what.at),
        "since": at,
        "reason": why,
        **this_build(),
        "decided_at": None,
        "decided_by": None,
    }
