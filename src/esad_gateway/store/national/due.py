"""What is still open of a trader, found by indexes; and the addresses by which calendars follow it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Select, String, bindparam, insert, literal_column, select, update

from esad_gateway.ais.board.item import DueItem, DueKind
from esad_gateway.ais.board.listing import StillOpen
from esad_gateway.ais.guarantees.cover import due_securities
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.guarantees.recalculation import standing_amount
from esad_gateway.ais.registration.acts import CaseAct
from esad_gateway.ais.registration.case import RegistrationCase
from esad_gateway.ais.registration.deadlines import open_terms
from esad_gateway.ais.registration.law import RegistrationLaw
from esad_gateway.emcs.codes import DestinationTypeCode, StatusType
from esad_gateway.emcs.moments import day_of
from esad_gateway.emcs.movement.tables import REFUSED_STATES
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.ports.due import DueFeed
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row, as_keys
from esad_gateway.store.national import case_tables, people_tables
from esad_gateway.store.national.cases import ACTS, act_of_row
from esad_gateway.store.national.due_tables import due_feed
from esad_gateway.store.national.guarantees import amount_acts_of, standing_of
from esad_gateway.store.operators import records_of
from esad_gateway.store.rows import as_written, moment
from esad_gateway.store.seal import note_change

MOST: Final = 1000
"""How many of each kind are looked at, those that end first."""

FEEDS: Final = 20
"""How many addresses of one trader are answered at a time."""

_movement = tables.movement.c
_feed = due_feed.c
_SEED: Final = "whose"
_TRADER: Final = bindparam(_SEED, type_=String())


def _open(ends: Any, *conditions: Any) -> Select[Any]:
    found = select(_movement.arc, _movement.dispatched_at, ends.label("ends")).where(*conditions)
    return found.order_by("ends", _movement.arc).limit(MOST)


_AWAITED: Final = _open(
    _movement.limit_at,
    tables.AT_DESTINATION,
    _movement.consignee == _TRADER,
    _movement.state == literal_column(f"'{StatusType.ACCEPTED}'"),
)
_RETURNING: Final = _open(
    _movement.limit_at,
    tables.AT_DISPATCH,
    _movement.consignor == _TRADER,
    _movement.state == literal_column(f"'{StatusType.ACCEPTED}'"),
    _movement.destination_type == DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH.value,
)
_REFUSED: Final = _open(
    _movement.change_at,
    tables.AT_DISPATCH,
    _movement.consignor == _TRADER,
    _movement.state.in_([literal_column(f"'{one}'") for one in sorted(REFUSED_STATES)]),
    _movement.change_at.is_not(None),
)
_KINDS: Final = ((DueKind.REPORT, _AWAITED), (DueKind.REPORT, _RETURNING), (DueKind.DESTINATION, _REFUSED))
_MOVED: Final[tuple[Select[Any], ...]] = tuple(
    select(literal_column("1")).where(side, party == _TRADER).limit(1)
    for side, party in ((tables.AT_DISPATCH, _movement.consignor), (tables.AT_DESTINATION, _movement.consignee))
)

_TRADERS: Final = (
    select(tables.operator.c.seed)
    .where(tables.operator.c.seed >= bindparam("state"), tables.operator.c.seed < bindparam("state").concat("a"))
    .distinct()
    .order_by(tables.operator.c.seed)
)

_case: Final = case_tables.registration_case.c
_number: Final = people_tables.entity_number.c
_CASES: Final = (
    select(_case.number)
    .where(_case.entity == select(_number.entity).where(_number.seed == _TRADER).scalar_subquery())
    .where(_case.due.is_not(None))
    .order_by(_case.number)
    .limit(MOST)
)

_FEEDS: Final = select(due_feed).where(_feed.seed == _TRADER).order_by(_feed.number)
_FOLLOWED: Final = select(_feed.seed).where(_feed.sha256 == bindparam("sha"), _feed.ended_at.is_(None))
_END: Final = (
    update(due_feed)
    .where(_feed.seed == bindparam("owner"), _feed.number == bindparam("which"), _feed.ended_at.is_(None))
    .values(ended_at=bindparam("at"))
)
_ADD: Final = insert(due_feed).returning(_feed.number)


def open_movements(driver: Driver, seed: str, zone: tzinfo) -> Iterator[StillOpen]:
    """Movements of which a trader owes a report or a destination, with the days on which their own clocks end."""
    for kind, question in _KINDS:
        for row in driver.rows(question, {_SEED: seed}):
            since, last = (day_of(datetime.fromisoformat(row[name]), zone) for name in ("dispatched_at", "ends"))
            yield StillOpen(kind=kind, seed=seed, about=row["arc"], since=since, last=last)


def open_number(driver: Driver, seed: str, today: date) -> Iterator[StillOpen]:
    """A temporary number that holds and that no movement has spent, with its last day."""
    held = _held(records_of(driver, seed), today)
    if held and held.temporary and held.valid_to and not any(driver.value(one, {_SEED: seed}) for one in _MOVED):
        yield StillOpen(kind=DueKind.NUMBER, seed=seed, about=seed, since=held.valid_from, last=held.valid_to)


def open_securities(
    driver: Driver, seed: str, law: GuaranteeLaw, calendar: Calendar, now: datetime
) -> Iterator[DueItem]:
    """What secures the duty of a number that holds, and has ended or ends soon (:func:`due_securities`).

    ``now`` is aware.
    """
    today = day_of(now, calendar.zone)
    if _held(records_of(driver, seed), today):
        standing = standing_of(driver, seed, calendar.zone, lambda: now)
        decision = standing_amount(amount_acts_of(driver, seed))
        yield from due_securities(seed, today, standing, decision, law, calendar)


def _held(records: Sequence[Operator], today: date) -> Operator | None:
    """The record of a number that holds today."""
    holds = (one for one in records if one.valid_from <= today and (one.valid_to is None or today <= one.valid_to))
    return next(holds, None)


def open_cases(driver: Driver, seed: str, law: RegistrationLaw, calendar: Calendar) -> Iterator[DueItem]:
    """What is owed in the cases of the entity to which a number belongs, by the terms of each case."""
    numbers = [row["number"] for row in driver.rows(_CASES, {_SEED: seed})]
    acts = map(_act_of, driver.rows(ACTS, as_keys(numbers)) if numbers else ())
    for number, of_case in groupby(acts, key=itemgetter(0)):
        case = RegistrationCase(number=number, acts=tuple(act for _, act in of_case))
        for one in open_terms(case, law, calendar):
            yield DueItem(kind=DueKind.CASE, seed=seed, about=number, since=one.since, end=one.end)


@as_written
def _act_of(row: Row) -> tuple[str, CaseAct]:
    return row["case_number"], act_of_row(row)


def traders(driver: Driver, state: str) -> list[str]:
    """The numbers of the register that a state has given."""
    return [row["seed"] for row in driver.rows(_TRADERS, {"state": state})]


def feeds_of(driver: Driver, seed: str) -> list[DueFeed]:
    """The addresses of a trader, the oldest first."""
    return list(map(_feed_of_row, driver.rows(_FEEDS, {_SEED: seed})))


def follower(driver: Driver, secret: str) -> str | None:
    """The trader whose board the address with that secret shows."""
    seed: str | None = driver.value(_FOLLOWED, {"sha": _digest(secret)})
    return seed


def add_feed(connection: Connection, seed: str, secret: str, at: datetime) -> DueFeed:
    """Add an address; of the oldest beyond :data:`FEEDS` nobody is answered any more."""
    row = {"seed": seed, "sha256": _digest(secret), "made_at": moment(at)}
    number: int = connection.execute(_ADD, row).scalar_one()
    live = [one.number for one in feeds_of(Driver(connection), seed) if one.ended_at is None]
    for old in live[:-FEEDS]:
        end_feed(connection, seed, old, at)
    note_change(connection, of_directory=False)
    return DueFeed(number=number, seed=seed, made_at=at)


def end_feed(connection: Connection, seed: str, number: int, at: datetime) -> bool:
    """End an address of a trader; whether it was there and had not ended."""
    found = connection.execute(_END, {"owner": seed, "which": number, "at": moment(at)})
    if found.rowcount:
        note_change(connection, of_directory=False)
    return bool(found.rowcount)


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


@as_written
def _feed_of_row(row: Row) -> DueFeed:
    ended = row["ended_at"]
    return DueFeed(
        number=row["number"],
        seed=row["seed"],
        made_at=datetime.fromisoformat(row["made_at"]),
        ended_at=datetime.fromisoformat(ended) if ended else None,
    )
