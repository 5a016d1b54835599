"""An entity at a real gateway, its persons and their tokens."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.people.entities import Entity
from esad_gateway.ais.people.granting import WantedRole
from esad_gateway.national.people import PeopleOffice, people_office
from esad_gateway.profiles.national import domain_of
from helpers.gateway import CONSIGNEE, CONSIGNOR, Station
from helpers.people import ENTITY, PERSON
from helpers.served import JSON, Answer, Served

OPERATOR = DoneBy(kind=ActorKind.OPERATOR, name="operator")
OTHER_ENTITY = "100000002"
ALL_LAG = timedelta(minutes=15)


@dataclass(frozen=True)
class Staff:
    """The persons of a gateway of Lithuania, as its operator writes them down."""

    station: Station
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def office(self) -> PeopleOffice:
        """The desk of the gateway."""
        runtime = self.station.runtime
        return people_office(runtime.store, domain_of("LT"), runtime.clock, runtime.profile.local_date)

    def entity(self, code: str, *numbers: str) -> None:
        """An entity with numbers."""
        now = self.station.clock.at
        self.office.people.add_entity(Entity(code, f"Trader {code}"), numbers, OPERATOR, now)

    def granted(self, role: str, seed: str = "", *, person: str = PERSON, entity: str = ENTITY) -> int:
        """The number of a grant that the operator makes now."""
        wanted = WantedRole(person=person, entity=entity, role=role, seed=seed)
        return self.office.grant(wanted, OPERATOR, f"Person {person}")[0].number

    def arrived(self) -> None:
        """Let AIS learn of all that was granted."""
        self.station.clock.at += ALL_LAG

    def token(self, person: str = PERSON, entity: str = ENTITY, hours: int = 8) -> str:
        """A new token of a person."""
        now = self.station.clock.at
        return self.office.tokens.issue(person, entity, now + timedelta(hours=hours), OPERATOR, now)


def staff_of(gateway: Served) -> Staff:
    """An entity with a consignor's and a consignee's number; another one without."""
    staff = Staff(gateway.station)
    staff.entity(ENTITY, CONSIGNOR, CONSIGNEE)
    staff.entity(OTHER_ENTITY)
    return staff


def post(gateway: Served, token: str, path: str, body: Any = None) -> Answer:
    """Ask for a change with a token."""
    sent = json.dumps(body or {}).encode()
    return gateway.ask("POST", path, sent, {"Authorization": f"Bearer {token}", "Content-Type": JSON})


def rules(answer: Answer) -> list[tuple[str, str]]:
    """Of each fault of an answer its requirement and its place."""
    return [(one["rule"], one["path"]) for one in answer.json["faults"]]
