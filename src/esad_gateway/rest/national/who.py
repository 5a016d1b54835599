"""Who acts at a national door, by the token that is shown."""

from fastapi.security import HTTPAuthorizationCredentials

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.people.acting import Acting
from esad_gateway.ais.people.wrong import wrong
from esad_gateway.errors import RoleMissing
from esad_gateway.faults import said
from esad_gateway.gateway.access import Access
from esad_gateway.rest.who import who_of


def actor_of(access: Access, bearer: HTTPAuthorizationCredentials | None, seed: str = "") -> DoneBy:
    """Who acts, in the capacity that the token is for; a person in that for ``seed``, or as an official.

    Raises NoToken, and RoleMissing for a person of whom no role counts now. Not checked: whether that one may act.
    """
    who = who_of(access, bearer)
    if who.person is not None:
        if faults := who.person.faults_without_roles():
            raise RoleMissing(faults)
        return who.person.actor(seed)
    return DoneBy(kind=ActorKind.SERVICE, name=who.name, seed=who.name)


def person_of(access: Access, bearer: HTTPAuthorizationCredentials | None) -> Acting:
    """The person whose token is shown. Raises NoToken, and RoleMissing for a token of a program."""
    who = who_of(access, bearer)
    if who.person is None:
        text, hint = said("people.no_person_token"), said("people.sign_in_first")
        raise RoleMissing((wrong("ACC-1", "token", None, text, hint),))
    return who.person
