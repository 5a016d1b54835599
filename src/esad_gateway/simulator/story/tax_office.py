"""What the tax administration does besides deciding cases: it keeps the portal's roles, and registers keys."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Final

from esad_gateway.access import FILE_MODE
from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.people.entities import Entity
from esad_gateway.ais.people.granting import WantedRole
from esad_gateway.errors import NotFound
from esad_gateway.faults import said
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.national.people import PeopleOffice, people_office
from esad_gateway.provision import issue_certificate
from esad_gateway.settings import FILE, read_settings
from esad_gateway.simulator.box import Member, Trader
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore

_LAG: Final = ('"ACC-3_lag" = 0.1', '"ACC-3_lag_seed" = 1712')
"""A role is on its way for 6 seconds at most instead of a quarter of an hour (ACC-3); by this seed the first one takes
three, so that it is seen, and the others take less than one."""

_SECRET: Final = "keys/sign-in.secret"  # noqa: S105 - the name of the file

_BY: Final = DoneBy(kind=ActorKind.OPERATOR, name="Mano VMI")


@dataclass(frozen=True, slots=True)
class TaxOffice:
    """The administration of one member state, beside its gateway; ``code`` is its own as an entity."""

    member: Member
    code: str

    def agree(self, issuer: str, *providers: tuple[str, str]) -> None:
        """Agree with a provider of identities: its settings, once for each name and its means."""
        lines = [f'public_url = "{self.member.url}"', "[national_terms]", *_LAG]
        (secret := self.member.data.root / _SECRET).touch(FILE_MODE)
        secret.write_text(token_urlsafe(), encoding="utf-8")
        for name, means in providers:
            lines += [f"[sign_in.{name}]", f'issuer = "{issuer}"', 'client_id = "esad"', f'means = "{means}"']
            lines.append(f'client_secret_file = "{_SECRET}"')
        settings = self.member.data.root / FILE
        settings.write_text(settings.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")

    def granted(self, person: str, entity: str, role: str, name: str) -> datetime:
        """Save a role of a person of this name for an entity; when it will count."""
        with self._store() as store:
            office = self._people(store)
            office.people.add_entity(Entity(entity, name), (), _BY, datetime.now(UTC))
            wanted = WantedRole(person=person, entity=entity, role=role)
            return office.grant(wanted, _BY, name)[0].effective_at

    def with_key(self, seed: str, token: str) -> Trader:
        """The holder of a number, with a new key that is registered for it; ``token`` opens its mailbox."""
        now = datetime.now(UTC)
        identity = issue_certificate(self.member.data, seed, now)
        with self._store() as store:
            registry = Registry(store, lambda: now)
            registry.add_certificates(seed, (identity.certificate,))
            known = registry.operator(seed)
        if known is None:
            raise NotFound(said("detail.no_operator", seed=seed))
        return Trader(operator=known[0], member=self.member, identity=identity, token=token)

    @contextlib.contextmanager
    def _store(self) -> Iterator[SqlStore]:
        store = open_store(self.member.data.database, self.member.address)
        try:
            yield store
        finally:
            store.close()

    def _people(self, store: SqlStore) -> PeopleOffice:
        settings = read_settings(self.member.data.root)
        return people_office(store, settings.national_domain(), SystemClock(), settings.profile().local_date)
