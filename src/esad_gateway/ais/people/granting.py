"""Granting a role, and ending one: what is wrong with that, all of it at once (ROL-2 to ROL-4, ACC-3)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from esad_gateway.ais.people.law import PeopleLaw
from esad_gateway.ais.people.roles import AisRole, Grant, lag_of
from esad_gateway.ais.people.wrong import shown, wrong
from esad_gateway.emcs.registry import Operator, OperatorType, as_of
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class WantedRole:
    """A role that somebody wants to grant, as it was written: nothing of it is known to exist.

    ``until`` (aware) is when it ends, not included; ``None`` for no end.
    """

    person: str
    entity: str
    role: str
    seed: str = ""
    until: datetime | None = None


@frozen(kw_only=True)
class GrantFacts:
    """What has to be known to grant a role: whether there are such a person and entity, and what the number is.

    ``holder`` is the entity to which the number belongs, empty for none. ``operators`` are all records of the number,
    and ``day`` is the calendar day of the grant. ``standing`` are the grants of the person for the entity.
    """

    has_person: bool
    has_entity: bool
    holder: str
    operators: tuple[Operator, ...]
    day: date
    standing: tuple[Grant, ...] = ()


def grant(wanted: WantedRole, facts: GrantFacts, law: PeopleLaw, now: datetime) -> Grant | Faults:
    """The grant that is wanted, saved ``now`` (aware) and in force when AIS has learned of it; or all that is wrong.

    One with the same key that stands already, and ends when this one would, is returned as it is: who asks twice has
    asked once. One that ends otherwise is in the way: end it first.
    """
    faults = tuple(_faults(wanted, facts, now))
    if faults:
        return faults
    new = _made(wanted, law, now)
    standing = next((one for one in facts.standing if one.key == new.key and not one.has_ended(now)), None)
    if standing is None:
        return new
    if standing.ended_at == new.ended_at:
        return standing
    ends = said("people.no_end") if standing.ended_at is None else said("people.ends", at=shown(standing.ended_at))
    text = said("people.double", number=standing.number, ends=ends)
    return (wrong("ROL-2", "until", _moment(wanted.until), text, said("people.end_first", number=standing.number)),)


def _made(wanted: WantedRole, law: PeopleLaw, now: datetime) -> Grant:
    key = (wanted.person, wanted.entity, wanted.role, wanted.seed)
    lag = lag_of(key, seed=int(law.lag_seed.number), longest=law.longest_lag)
    return Grant(
        person=wanted.person,
        entity=wanted.entity,
        role=AisRole(wanted.role),
        seed=wanted.seed,
        saved_at=now,
        effective_at=now + lag,
        ended_at=wanted.until,
    )


def _faults(wanted: WantedRole, facts: GrantFacts, now: datetime) -> Iterator[Fault]:
    if not facts.has_person:
        text = said("people.no_person", person=wanted.person)
        yield wrong("ACC-1", "person", wanted.person, text, said("people.add_person"))
    if not facts.has_entity:
        text = said("people.no_entity", entity=wanted.entity)
        yield wrong("ACC-1", "entity", wanted.entity, text, said("people.add_entity"))
    if wanted.until is not None and wanted.until <= now:
        text = said("people.ends_first", until=shown(wanted.until), now=shown(now))
        yield wrong("ROL-2", "until", _moment(wanted.until), text, said("people.later_end"))
    if wanted.role in _KNOWN:
        yield from _faults_of_number(AisRole(wanted.role), wanted, facts)
    else:
        text = said("people.no_role", role=wanted.role)
        yield wrong("ROL-1", "role", wanted.role, text, said("people.known_roles", roles=", ".join(AisRole)))


def _faults_of_number(role: AisRole, wanted: WantedRole, facts: GrantFacts) -> Iterator[Fault]:
    seed, named = wanted.seed, Said(f"people.role.{role}")
    if not role.is_for_number:
        if seed:
            yield wrong("ROL-2", "seed", seed, said("people.needs_none", role=named), said("people.leave_out"))
        return
    if not seed:
        yield wrong("ROL-2", "seed", None, said("people.needs_number", role=named), said("people.say_number"))
        return
    if facts.holder != wanted.entity:
        text = said("people.not_the_entitys", number=seed, entity=wanted.entity)
        yield wrong("ROL-2", "seed", seed, text, said("people.own_number"))
    yield from _faults_of_status(role, seed, facts)


def _faults_of_status(role: AisRole, seed: str, facts: GrantFacts) -> Iterator[Fault]:
    record = as_of(facts.operators, facts.day)
    if record is None:
        yield wrong("ROL-4", "seed", seed, said("people.unregistered", number=seed), said("people.register_first"))
    elif role.status not in (None, record.operator_type):
        status, named = Said(f"operator.{record.operator_type}"), (Said(f"people.role.{role}"),)
        text = said("people.other_status", number=seed, status=status, roles=named)
        yield wrong("ROL-4", "role", role.value, text, said("people.number_of_status"))
    elif record.valid_to is not None and record.valid_to < facts.day:
        text = said("people.number_ended", number=seed, day=record.valid_to.isoformat())
        yield wrong("ROL-4", "seed", seed, text, said("people.register_first"))


def statuses_of(numbers: Iterable[str], records: Iterable[Operator], day: date) -> dict[str, OperatorType | None]:
    """What each number is on a calendar day by the records of the register; ``None`` where it is nothing then."""
    by_number: dict[str, list[Operator]] = {number: [] for number in numbers}
    for one in records:
        by_number.setdefault(one.seed, []).append(one)
    found = {number: as_of(rows, day) for number, rows in by_number.items()}
    return {number: one.operator_type if one and one.valid_on(day) else None for number, one in found.items()}


def _moment(at: datetime | None) -> str | None:
    return None if at is None else shown(at)


_KNOWN: Final = frozenset(AisRole)
