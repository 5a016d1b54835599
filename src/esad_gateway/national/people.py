"""The desk of persons and roles: it looks up, asks the law, and writes what follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.domain import NationalDomain
from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.entities import Entity, Person
from esad_gateway.ais.people.granting import GrantFacts, WantedRole, grant
from esad_gateway.ais.people.identity import ProvenIdentity
from esad_gateway.ais.people.law import PeopleLaw
from esad_gateway.ais.people.roles import Grant
from esad_gateway.ais.people.sign_in import Denied, decide, person_of
from esad_gateway.errors import NationalRefused, NotAdmitted, NotConfigured, NotFound
from esad_gateway.faults import Faults, said
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.national.people import NationalAct
from esad_gateway.store.national.people import People
from esad_gateway.store.national.person_tokens import PersonTokens
from esad_gateway.store.store import SqlStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleOffice:
    """Persons, their roles, and what they did; ``day_of`` is the calendar day of a moment."""

    people: People
    tokens: PersonTokens
    law: PeopleLaw
    clock: Clock
    day_of: Callable[[datetime], date]

    def numbers(self, entity: str) -> tuple[str, ...]:
        """The numbers of an entity."""
        return self.people.numbers(entity)

    def grants(self, entity: str, *, ended: bool) -> tuple[Grant, ...]:
        """The grants of the persons of an entity, by number; those that have ended too where that is asked for."""
        now = self.clock.now()
        return tuple(one for one in self.people.grants(entity=entity) if ended or not one.has_ended(now))

    def grant(self, wanted: WantedRole, by: DoneBy, name: str | None = None) -> tuple[Grant, bool]:
        """Grant a role: the grant, and whether it is new. With a ``name`` a person who is not known is written down.

        Raises NationalRefused with all that is wrong; then nothing is written.
        """
        person = Person(wanted.person, name) if name is not None else None
        decided = partial(self._decided, wanted, person)
        found = self.people.save(wanted, decided, by, self.day_of(self.clock.now()), person)
        if found.grant is None:
            raise NationalRefused(found.faults)
        return found.grant, found.is_new

    def end(self, number: int, entity: str, by: DoneBy) -> tuple[Grant, bool]:
        """End a grant of an entity (any, when it is empty): the grant, and whether that is new. Raises NotFound."""
        found = self.people.end(number, entity, by, self.clock.now)
        if found is None:
            raise NotFound(said("people.no_grant", number=number))
        return found

    def acts(self, entity: str, after: int, limit: int) -> tuple[NationalAct, ...]:
        """What was done by the persons of an entity, or by anybody when it is empty, after a number."""
        wanted = {"entity": entity} if entity else {}
        return self.people.acts(after=after, limit=limit, **wanted)

    def persons(self) -> tuple[Person, ...]:
        """Every person."""
        return self.people.persons()

    def entities(self) -> tuple[Entity, ...]:
        """Every entity."""
        return self.people.entities()

    def acting(self, person: str, entity: str) -> Acting:
        """A person who acts for an entity now. Not checked: whether they exist."""
        at = self.clock.now()
        return self.people.acting(person, entity, at, self.day_of(at))

    def open(self, identity: ProvenIdentity, at: datetime) -> Mapping[str, Any]:
        """Let somebody in who has proved who that is: the token, and until when (aware) it is good.

        Raises NotAdmitted with every fault (ACC-1 to ACC-7, ERR-1).
        """
        person = person_of(identity)
        grants = self.people.grants(person=person) if person else ()
        found = decide(identity, grants, self.law, at)
        if isinstance(found, Denied):
            raise NotAdmitted(found.faults, found.retry_until)
        by = DoneBy(kind=ActorKind.PERSON, name=found.person, entity=found.entity)
        token = self.tokens.issue(found.person, found.entity, found.until, by, at)
        told = {"person": found.person, "entity": found.entity, "until": found.until.isoformat()}
        return {**told, "roles": sorted({one.role.value for one in found.grants}), "token": token}

    def close(self, token: str, at: datetime) -> bool:
        """Let a token open nothing any more; whether it opened anything before."""
        who = self.tokens.acting(token, at, self.day_of(at))
        if who is None:
            return False
        by = DoneBy(kind=ActorKind.PERSON, name=who.person, entity=who.entity)
        return self.tokens.revoke_one(token, by, at)

    def _decided(self, wanted: WantedRole, person: Person | None, facts: GrantFacts) -> Grant | Faults:
        decided = grant(wanted, facts, self.law, self.clock.now())
        faults = () if person is None else person.faults
        return (*faults, *(() if isinstance(decided, Grant) else decided)) or decided


def people_office(
    store: SqlStore, domain: NationalDomain | None, clock: Clock, day_of: Callable[[datetime], date]
) -> PeopleOffice:
    """The desk of a store, by what a national domain decides. Raises NotConfigured where that knows no persons."""
    if domain is None or domain.people is None:
        raise NotConfigured(said("people.no_law"))
    return PeopleOffice(people=People(store), tokens=PersonTokens(store), law=domain.people, clock=clock, day_of=day_of)
