"""What the doors of persons and roles ask of the desk behind them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.entities import Entity, Person
from esad_gateway.ais.people.granting import WantedRole
from esad_gateway.ais.people.roles import Grant
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class NationalAct:
    """Something that was done: ``what`` (a word with a dot, as ``role.granted``), ``about`` which thing, at a moment.

    ``detail`` are plain values, for whoever reads it later.
    """

    number: int
    at: datetime
    by: DoneBy
    what: str
    about: str
    detail: Mapping[str, Any]


class PeopleDesk(Protocol):
    """Persons, their roles, and what they did."""

    def numbers(self, entity: str) -> Sequence[str]:
        """The numbers of an entity."""

    def grants(self, entity: str, *, ended: bool) -> Sequence[Grant]:
        """The grants of the persons of an entity, by number; those that have ended too where that is asked for."""

    def grant(self, wanted: WantedRole, by: DoneBy, name: str | None = None) -> tuple[Grant, bool]:
        """Grant a role: the grant, and whether it is new. With a ``name`` a person who is not known is written down.

        Raises NationalRefused with all that is wrong.
        """

    def end(self, number: int, entity: str, by: DoneBy) -> tuple[Grant, bool]:
        """End a grant of an entity (any, when it is empty): the grant, and whether that is new. Raises NotFound."""

    def acts(self, entity: str, after: int, limit: int) -> Sequence[NationalAct]:
        """What was done by the persons of an entity, or by anybody when it is empty, after a number."""

    def persons(self) -> Sequence[Person]:
        """Every person."""

    def entities(self) -> Sequence[Entity]:
        """Every entity."""

    def acting(self, person: str, entity: str) -> Acting:
        """A person who acts for an entity now. Not checked: whether they exist."""
