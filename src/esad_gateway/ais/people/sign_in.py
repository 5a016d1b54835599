"""Whether somebody who has proved who that is may enter AIS (ACC-1 to ACC-7), and if not, for how long (ERR-1)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from esad_gateway.ais.people.identity import Means, ProvenIdentity
from esad_gateway.ais.people.law import PeopleLaw
from esad_gateway.ais.people.roles import Grant
from esad_gateway.ais.people.wrong import shown, wrong
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.frozen import frozen

NOT_FOUND: Final = "ERR-1"
"""The code of what AIS says to somebody whom it does not know."""


@frozen(kw_only=True)
class SignedIn:
    """That ``person`` has entered AIS for ``entity``, with the ``grants`` in force, until a moment (aware).

    ``comes`` are those that AIS does not know yet.
    """

    person: str
    entity: str
    grants: tuple[Grant, ...]
    comes: tuple[Grant, ...]
    until: datetime


@frozen(kw_only=True)
class Denied:
    """That somebody may not enter, with every fault. It may do so later, until ``retry_until``; never when ``None``.

    ``person`` is who it is, as far as that was told.
    """

    faults: Faults
    person: str = ""
    retry_until: datetime | None = None


def decide(
    identity: ProvenIdentity, grants: Sequence[Grant], law: PeopleLaw, now: datetime, entity: str | None = None
) -> SignedIn | Denied:
    """Whether somebody may enter at ``now`` (aware), by all ``grants`` that are known of that person.

    ``entity`` is the one for which the person wants to act, where the provider has not told it (ACC-5): the ways in
    lead to the same person (ACC-4). Not checked: that the identity is proved.
    """
    person = person_of(identity)
    chosen = identity.entity or entity
    faults = (*_faults_of_person(identity), *_faults_of_entity(identity, entity))
    if faults or person is None or chosen is None:
        return Denied(faults=tuple(faults), person=person or "")
    own = [one for one in grants if (one.person, one.entity) == (person, chosen)]
    in_force = tuple(one for one in own if one.counts(now))
    comes = tuple(one for one in own if one.comes(now))
    if in_force:
        return SignedIn(person=person, entity=chosen, grants=in_force, comes=comes, until=now + law.session_length)
    return _unknown(identity, person, chosen, comes, law)


def person_of(identity: ProvenIdentity) -> str | None:
    """By what AIS knows a person: the personal code, or the user name that VMI has issued, on whatever way in."""
    return identity.personal_code or identity.user_name


def _faults_of_person(identity: ProvenIdentity) -> Iterator[Fault]:
    if identity.resident:
        if identity.personal_code is None:
            yield wrong("ACC-1", "personal_code", None, said("people.no_code"), said("people.register_person"))
        return
    if identity.means is Means.VMI:
        if identity.user_name is None:
            yield wrong("ACC-6", "user_name", None, said("people.no_user_name"), said("people.by_vmi"))
        return
    if identity.permit is None:
        yield wrong("ACC-7", "permit", None, said("people.no_permit"), said("people.by_vmi"))
    if identity.personal_code is None:
        yield wrong("ACC-7", "personal_code", None, said("people.no_lithuanian_code"), said("people.by_vmi"))


def _faults_of_entity(identity: ProvenIdentity, wanted: str | None) -> Iterator[Fault]:
    if identity.entity is None and wanted is None:
        yield wrong("ACC-1", "entity", None, said("people.represents_none"), said("people.choose_entity"))
    elif None not in (identity.entity, wanted) and identity.entity != wanted:
        text = said("people.represents_other", entity=str(identity.entity), wanted=str(wanted))
        yield wrong("ACC-1", "entity", wanted, text, said("people.choose_entity"))


def _unknown(identity: ProvenIdentity, person: str, entity: str, comes: tuple[Grant, ...], law: PeopleLaw) -> Denied:
    """ERR-1 with its true cause: roles on their way (ACC-3), not assigned yet (ACC-2), or given by nobody (ACC-1)."""
    if comes:
        until = max(one.saved_at for one in comes) + law.longest_lag
        hint = said("people.try_until", until=shown(until))
        return Denied(faults=(_not_found("ACC-3", person, hint),), person=person, retry_until=until)
    if law.manager_right in identity.rights:
        return Denied(
            faults=(_not_found("ACC-2", person, said("people.self_assign", minutes=str(law.lag.number))),),
            person=person,
        )
    hint = said("people.ask_manager", entity=entity)
    return Denied(faults=(_not_found("ACC-1", person, hint),), person=person)


def _not_found(rule: str, person: str, hint: Said) -> Fault:
    text = said("people.ERR-1.text", portal='"Mano VMI"')
    return wrong(rule, "person", person, text, hint, NOT_FOUND)
