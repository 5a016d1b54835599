"""Who acts at a national door, by the token that is shown."""

from fastapi.security import HTTPAuthorizationCredentials

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.gateway.access import Access
from esad_gateway.rest.who import who_of


def actor_of(access: Access, bearer: HTTPAuthorizationCredentials | None) -> DoneBy:
    """Who acts, in the capacity that the token is for. Raises NoToken."""
    name = who_of(access, bearer).name
    return DoneBy(kind=ActorKind.SERVICE, name=name, seed=name)
