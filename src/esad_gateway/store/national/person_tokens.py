"""Tokens of persons: hashed, with an end, revocable. Each is for one entity, and opens what the roles for it open."""

import hashlib
import secrets
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, insert, select, update

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.people.acting import Acting
from esad_gateway.ports.reading import OF_PERSON
from esad_gateway.store.database import looking, writing
from esad_gateway.store.national.acts import note_act
from esad_gateway.store.national.people import acting_of
from esad_gateway.store.national.people_tables import person_token
from esad_gateway.store.rows import moment
from esad_gateway.store.seal import note_change
from esad_gateway.store.store import SqlStore

_token = person_token.c

_FOUND: Final = select(_token.person, _token.entity).where(
    _token.sha256 == bindparam("sha"), _token.revoked_at.is_(None), _token.until > bindparam("now")
)
_REVOKE_ONE: Final = update(person_token).where(_token.sha256 == bindparam("sha"), _token.revoked_at.is_(None))
_REVOKE: Final = update(person_token).where(_token.person == bindparam("whose"), _token.revoked_at.is_(None))


class PersonTokens:
    """Tokens of the persons of one administration."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def issue(self, person: str, entity: str, until: datetime, by: DoneBy, at: datetime) -> str:
        """A new token of a person for an entity, until a moment; shown once, stored as a hash only.

        Not checked: whether the person has any role. Raises StoreUnavailable where there is no such person or entity.
        """
        token = OF_PERSON + secrets.token_urlsafe(32)
        row = {"sha256": _digest(token), "person": person, "entity": entity}
        with writing(self._store.writer) as connection:
            connection.execute(insert(person_token), {**row, "issued_at": moment(at), "until": moment(until)})
            note_act(connection, by, at, "token.issued", person, {"entity": entity, "until": moment(until)})
            note_change(connection, of_directory=False)
        return token

    def revoke(self, person: str, by: DoneBy, at: datetime) -> int:
        """Revoke every token of a person; how many there were that were not revoked before."""
        with writing(self._store.writer) as connection:
            values = {"whose": person}
            count = connection.execute(_REVOKE.values(revoked_at=moment(at)), values).rowcount
            if count:
                note_act(connection, by, at, "token.revoked", person, {"tokens": count})
                note_change(connection, of_directory=False)
        return count

    def revoke_one(self, token: str, by: DoneBy, at: datetime) -> bool:
        """Revoke one token; whether it was not revoked before."""
        with writing(self._store.writer) as connection:
            done = connection.execute(_REVOKE_ONE.values(revoked_at=moment(at)), {"sha": _digest(token)}).rowcount
            if done:
                note_act(connection, by, at, "token.revoked", by.name, {"tokens": 1})
                note_change(connection, of_directory=False)
        return bool(done)

    def acting(self, token: str, at: datetime, day: date) -> Acting | None:
        """Who acts by a token at a moment, which is on a calendar day; ``None`` for one that opens nothing then."""
        with looking(self._store.reader) as driver:
            found = driver.rows(_FOUND, {"sha": _digest(token), "now": moment(at)})
            return next((acting_of(driver, row["person"], row["entity"], at, day) for row in found), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
