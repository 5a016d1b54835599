"""What was done in national procedures: by whom, when, in which capacity. Rows are only ever added."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ports.national.people import NationalAct
from esad_gateway.store.database import Driver, Row
from esad_gateway.store.national.people_tables import national_act
from esad_gateway.store.rows import as_written, moment

_act = national_act.c

_ADD: Final = insert(national_act)
_PAGE: Final = (
    select(national_act).where(_act.number > bindparam("after")).order_by(_act.number).limit(bindparam("most"))
)
_QUESTIONS: Final = {
    "": _PAGE,
    "entity": _PAGE.where(_act.entity == bindparam("wanted")),
    "name": _PAGE.where(_act.name == bindparam("wanted")),
    "about": _PAGE.where(_act.about == bindparam("wanted")),
}


def note_act(
    connection: Connection, by: DoneBy, at: datetime, what: str, about: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Note that something was done, in the transaction that does it.

    ``at`` is aware; ``about`` names the thing (a case, a number, an ARC), at most 255 characters; ``detail`` is what
    JSON can hold. Not checked: whether the same was noted before.
    """
    connection.execute(
        _ADD,
        {
            "at": moment(at),
            "kind": by.kind.value,
            "name": by.name,
            "seed": by.seed,
            "role": by.role,
            "entity": by.entity,
            "what": what,
            "about": about,
            "detail": json.dumps(dict(detail or {}), ensure_ascii=False, sort_keys=True, default=str),
        },
    )


def acts_of(driver: Driver, *, after: int = 0, limit: int = 200, **wanted: str) -> tuple[NationalAct, ...]:
    """Acts after a number, the oldest first, at most ``limit`` of them.

    ``wanted`` names at most one of ``entity``, ``name`` (of whoever did it) and ``about``; all without one.
    """
    field, value = next(iter(wanted.items()), ("", ""))
    values = {"after": after, "most": limit, **({"wanted": value} if field else {})}
    return tuple(map(_act_of_row, driver.rows(_QUESTIONS[field], values)))


@as_written
def _act_of_row(row: Row) -> NationalAct:
    by = DoneBy(kind=ActorKind(row["kind"]), name=row["name"], seed=row["seed"], role=row["role"], entity=row["entity"])
    return NationalAct(
        number=row["number"],
        at=datetime.fromisoformat(row["at"]),
        by=by,
        what=row["what"],
        about=row["about"],
        detail=json.loads(row["detail"]),
    )
