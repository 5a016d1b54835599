"""Persons, entities with their numbers, and roles, in the store. Grants get an end, and nothing is removed."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.entities import Entity, Person
from esad_gateway.ais.people.granting import GrantFacts, WantedRole, statuses_of
from esad_gateway.ais.people.roles import AisRole, Grant
from esad_gateway.emcs.registry import Operator
from esad_gateway.faults import Faults
from esad_gateway.frozen import frozen
from esad_gateway.ports.national.people import NationalAct
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row, among, as_keys, looking, writing
from esad_gateway.store.national.acts import acts_of, note_act
from esad_gateway.store.national.people_tables import entity as _entities
from esad_gateway.store.national.people_tables import entity_number as _numbers
from esad_gateway.store.national.people_tables import person as _persons
from esad_gateway.store.national.people_tables import role_grant as _grants
from esad_gateway.store.rows import as_written, moment, operator_of_row
from esad_gateway.store.seal import note_change
from esad_gateway.store.store import SqlStore
from esad_gateway.store.upserts import replacing

_grant = _grants.c

_SET_ENTITY: Final = replacing(_entities, "code")
_SET_PERSON: Final = replacing(_persons, "id")
_SET_NUMBER: Final = replacing(_numbers, "seed")
_ENTITIES: Final = select(_entities).order_by(_entities.c.code)
_PERSONS: Final = select(_persons).order_by(_persons.c.id)
_PERSON: Final = select(_persons.c.id).where(_persons.c.id == bindparam("wanted"))
_ENTITY: Final = select(_entities.c.code).where(_entities.c.code == bindparam("wanted"))
_HOLDER: Final = select(_numbers.c.entity).where(_numbers.c.seed == bindparam("wanted"))
_NUMBERS: Final = select(_numbers.c.seed).where(_numbers.c.entity == bindparam("wanted")).order_by(_numbers.c.seed)
_RECORDS: Final = select(tables.operator).where(among(tables.operator.c.seed))
_EVERY: Final = select(_grants).order_by(_grant.number)
_OF_PERSON: Final = _EVERY.where(_grant.person == bindparam("person"))
_OF_ENTITY: Final = _EVERY.where(_grant.entity == bindparam("entity"))
_OF_BOTH: Final = _OF_PERSON.where(_grant.entity == bindparam("entity"))
_ONE: Final = select(_grants).where(_grant.number == bindparam("which"))
_ADD: Final = insert(_grants).returning(_grant.number)
_END: Final = update(_grants).where(_grant.number == bindparam("which")).values(ended_at=bindparam("at"))

_QUESTIONS: Final = {
    (False, False): _EVERY,
    (True, False): _OF_PERSON,
    (False, True): _OF_ENTITY,
    (True, True): _OF_BOTH,
}


@frozen(kw_only=True)
class SavedRole:
    """What became of a role that somebody wants to grant: the grant, and whether it is new; or all that is wrong."""

    grant: Grant | None = None
    is_new: bool = False
    faults: Faults = ()


class People:
    """Persons, entities and roles of one administration. Every change leaves an act, in the same transaction."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add_entity(self, entity: Entity, numbers: Collection[str], by: DoneBy, at: datetime) -> None:
        """Write an entity down, or its new name, and which numbers belong to it from now on.

        Not checked: what is wrong with it, whether the numbers are registered, and to whom they belonged before.
        """
        with writing(self._store.writer) as connection:
            connection.execute(_SET_ENTITY, {"code": entity.code, "name": entity.name})
            for seed in numbers:
                connection.execute(_SET_NUMBER, {"seed": seed, "entity": entity.code})
            detail = {"name": entity.name, "numbers": sorted(numbers)}
            _note(connection, by, at, "entity.added", entity.code, detail)

    def add_person(self, person: Person, by: DoneBy, at: datetime) -> None:
        """Write a person down, or a new name. Not checked: what is wrong with it."""
        with writing(self._store.writer) as connection:
            _add_person(connection, person, by, at)

    def entities(self) -> tuple[Entity, ...]:
        """Every entity, by code."""
        with looking(self._store.reader) as driver:
            return tuple(Entity(row["code"], row["name"]) for row in driver.rows(_ENTITIES))

    def persons(self) -> tuple[Person, ...]:
        """Every person, by identifier."""
        with looking(self._store.reader) as driver:
            return tuple(Person(row["id"], row["name"]) for row in driver.rows(_PERSONS))

    def numbers(self, entity: str) -> tuple[str, ...]:
        """The numbers of an entity, whatever they are today."""
        with looking(self._store.reader) as driver:
            return _numbers_of(driver, entity)

    def grants(self, *, person: str = "", entity: str = "") -> tuple[Grant, ...]:
        """Every grant that there is or was, of a person, for an entity, or all of them, by number."""
        with looking(self._store.reader) as driver:
            return grants_of(driver, person=person, entity=entity)

    def save(
        self,
        wanted: WantedRole,
        decide: Callable[[GrantFacts], Grant | Faults],
        by: DoneBy,
        day: date,
        person: Person | None = None,
    ) -> SavedRole:
        """Save a role as it is decided by what is known under the write lock.

        Of two who grant the same at once, the second gets the grant of the first. A ``person`` is written down with the
        grant if there is none yet.
        """
        with writing(self._store.writer) as connection:
            facts = _facts(Driver(connection), wanted, day)
            adds = person is not None and not facts.has_person
            decided = decide(replace(facts, has_person=facts.has_person or adds))
            if not isinstance(decided, Grant):
                return SavedRole(faults=decided)
            if decided.number:
                return SavedRole(grant=decided)
            if person is not None and adds:
                _add_person(connection, person, by, decided.saved_at)
            number = connection.execute(_ADD, _row_of(decided)).scalar_one()
            detail = {**_told(decided), "effective_at": moment(decided.effective_at)}
            _note(connection, by, decided.saved_at, "role.granted", str(number), detail)
            return SavedRole(grant=replace(decided, number=number), is_new=True)

    def end(self, number: int, entity: str, by: DoneBy, now: Callable[[], datetime]) -> tuple[Grant, bool] | None:
        """End a grant for an entity (any, when it is empty) from now on: the grant, and whether that is new.

        The first end counts. ``None`` when there is no such grant. ``now`` is asked under the write lock.
        """
        with writing(self._store.writer) as connection:
            found = [_grant_of_row(row) for row in Driver(connection).rows(_ONE, {"which": number})]
            one = next((one for one in found if entity in ("", one.entity)), None)
            at = now()
            if one is None or one.has_ended(at):
                return None if one is None else (one, False)
            connection.execute(_END, {"which": number, "at": moment(at)})
            _note(connection, by, at, "role.ended", str(number), _told(one))
            return replace(one, ended_at=at), True

    def acting(self, person: str, entity: str, at: datetime, day: date) -> Acting:
        """A person who acts for an entity at a moment, which is on a calendar day. Not checked: whether they exist."""
        with looking(self._store.reader) as driver:
            return acting_of(driver, person, entity, at, day)

    def note(self, by: DoneBy, at: datetime, what: str, about: str, detail: Mapping[str, Any]) -> None:
        """Note something that was done elsewhere; once, however often the same is noted of the same thing."""
        with writing(self._store.writer) as connection:
            known = acts_of(Driver(connection), about=about, limit=_MOST_ABOUT)
            if not any((one.by, one.what) == (by, what) for one in known):
                note_act(connection, by, at, what, about, detail)

    def acts(self, *, after: int = 0, limit: int = 200, **wanted: str) -> tuple[NationalAct, ...]:
        """Acts after a number, the oldest first; ``wanted`` as :func:`.acts_of` takes it."""
        with looking(self._store.reader) as driver:
            return acts_of(driver, after=after, limit=limit, **wanted)


_MOST_ABOUT: Final = 500


def grants_of(driver: Driver, *, person: str = "", entity: str = "") -> tuple[Grant, ...]:
    """Every grant of a person, for an entity, or all of them, by number."""
    values = {"person": person, "entity": entity}
    named = {name: value for name, value in values.items() if value}
    return tuple(map(_grant_of_row, driver.rows(_QUESTIONS[bool(person), bool(entity)], named)))


def acting_of(driver: Driver, person: str, entity: str, at: datetime, day: date) -> Acting:
    """A person who acts for an entity at a moment, which is on a calendar day."""
    numbers = _numbers_of(driver, entity)
    return Acting(
        person=person,
        entity=entity,
        grants=grants_of(driver, person=person, entity=entity),
        statuses=statuses_of(numbers, _records(driver, numbers), day),
        at=at,
    )


def _add_person(connection: Connection, person: Person, by: DoneBy, at: datetime) -> None:
    connection.execute(_SET_PERSON, {"id": person.id, "name": person.name})
    _note(connection, by, at, "person.added", person.id, {"name": person.name})


def _numbers_of(driver: Driver, entity: str) -> tuple[str, ...]:
    return tuple(row["seed"] for row in driver.rows(_NUMBERS, {"wanted": entity}))


@as_written
def _records_of_rows(rows: Collection[Row]) -> tuple[Operator, ...]:
    return tuple(map(operator_of_row, rows))


def _records(driver: Driver, numbers: Collection[str]) -> tuple[Operator, ...]:
    return _records_of_rows(driver.rows(_RECORDS, as_keys(numbers)))


def _facts(driver: Driver, wanted: WantedRole, day: date) -> GrantFacts:
    return GrantFacts(
        has_person=driver.value(_PERSON, {"wanted": wanted.person}) is not None,
        has_entity=driver.value(_ENTITY, {"wanted": wanted.entity}) is not None,
        holder=driver.value(_HOLDER, {"wanted": wanted.seed}) or "",
        operators=_records(driver, (wanted.seed,)),
        day=day,
        standing=grants_of(driver, person=wanted.person, entity=wanted.entity) if wanted.person else (),
    )


def _note(connection: Connection, by: DoneBy, at: datetime, what: str, about: str, detail: Mapping[str, Any]) -> None:
    note_act(connection, by, at, what, about, detail)
    note_change(connection, of_directory=False)


def _told(one: Grant) -> dict[str, str]:
    return {"person": one.person, "entity": one.entity, "role": one.role.value, "seed": one.seed}


def _row_of(one: Grant) -> dict[str, Any]:
    return {
        **_told(one),
        "saved_at": moment(one.saved_at),
        "effective_at": moment(one.effective_at),
        "ended_at": moment(one.ended_at) if one.ended_at else None,
    }


@as_written
def _grant_of_row(row: Row) -> Grant:
    return Grant(
        number=row["number"],
        person=row["person"],
        entity=row["entity"],
        role=AisRole(row["role"]),
        seed=row["seed"],
        saved_at=datetime.fromisoformat(row["saved_at"]),
        effective_at=datetime.fromisoformat(row["effective_at"]),
        ended_at=datetime.fromisoformat(row["ended_at"]) if row["ended_at"] else None,
    )
