"""Who asks, by the token, at every route that belongs to a trader."""

from typing import Annotated

from fastapi import Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from esad_gateway.gateway.access import Access, Principal, check_reads

Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(auto_error=False, description="the token of `esad token issue`")),
]


def who_of(access: Access, bearer: HTTPAuthorizationCredentials | None) -> Principal:
    """The holder of the token that was shown. Raises NoToken."""
    return access.bearer(bearer.credentials.strip() if bearer else "")


def check_owner(access: Access, bearer: HTTPAuthorizationCredentials | None, seed: str) -> None:
    """Raise NoToken, or NotFound unless the token is that of ``seed``: what belongs to others does not exist."""
    check_reads(who_of(access, bearer), seed)
