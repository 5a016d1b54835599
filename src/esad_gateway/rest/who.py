"""Who asks, by the token, at every route that belongs to a trader."""

from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from esad_gateway.ais.people.doing import Doing
from esad_gateway.gateway.access import Access, Principal, check_does, check_reads

Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(auto_error=False, description="the token of `esad token issue`, or of a person")),
]


def who_of(access: Access, bearer: HTTPAuthorizationCredentials | None) -> Principal:
    """The holder of the token that was shown. Raises NoToken."""
    return access.bearer(bearer.credentials.strip() if bearer else "")


def check_owner(
    access: Access, bearer: HTTPAuthorizationCredentials | None, seed: str, doing: Doing = Doing.READ
) -> Principal:
    """Who asks about ``seed``; raises NoToken, or NotFound unless it is its own: what belongs to others does not exist.

    A person needs the role for what is done; raises RoleMissing otherwise. Who may not even read finds nothing.
    """
    who = who_of(access, bearer)
    if doing is Doing.READ:
        check_reads(who, seed)
    else:
        check_does(who, doing, seed)
    return who
