"""Persons at the doors of a gateway: who acts by a token, and what was done. Loaded when the first one comes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from esad_gateway.store.store import SqlStore

if TYPE_CHECKING:
    from esad_gateway.ais.actors import DoneBy
    from esad_gateway.ais.people.acting import Acting


@dataclass(frozen=True, slots=True)
class PersonsAtDoors:
    """Looks persons up in a store at the moment of ``now``, on the calendar day that ``day_of`` tells of it."""

    store: SqlStore
    now: Callable[[], datetime]
    day_of: Callable[[datetime], date]

    def acting(self, token: str) -> "Acting | None":
        """Who acts by a token now; ``None`` for one that opens nothing."""
        from esad_gateway.store.national.person_tokens import PersonTokens  # noqa: PLC0415 - most gateways have none

        at = self.now()
        return PersonTokens(self.store).acting(token, at, self.day_of(at))

    def note(self, by: "DoneBy", what: str, about: str, detail: Mapping[str, Any]) -> None:
        """Keep what a person has done, once."""
        from esad_gateway.store.national.people import People  # noqa: PLC0415 - see acting

        People(self.store).note(by, self.now(), what, about, detail)
