"""What a provider says of itself (OpenID Connect Discovery 1.0), as far as it is needed here."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from esad_gateway.faults import said
from esad_gateway.frozen import frozen
from esad_gateway.signin.refused import ProviderFailed

WELL_KNOWN: Final = "/.well-known/openid-configuration"
_BASIC: Final = "client_secret_basic"
_S256: Final = "S256"


@frozen(kw_only=True)
class ProviderMetadata:
    """Where a provider is asked for what; ``basic``: it takes our secret in the head of a request."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    basic: bool


def read_metadata(found: Mapping[str, Any], issuer: str) -> ProviderMetadata:
    """The metadata of ``issuer``. Raises ProviderFailed for another one's, and for any that cannot be used.

    Its address has to be the very text that our settings have (OpenID Connect Discovery 1.0, 4.3).
    """
    if found.get("issuer") != issuer:
        raise ProviderFailed(said("sign_in.provider.issuer", given=_short(found.get("issuer")), wanted=issuer))
    methods = found.get("code_challenge_methods_supported")
    if methods is not None and _S256 not in _texts(methods):
        raise ProviderFailed(said("sign_in.provider.pkce", given=_short(methods)))
    return ProviderMetadata(
        authorization=_address(found, "authorization_endpoint", issuer),
        token=_address(found, "token_endpoint", issuer),
        keys=_address(found, "jwks_uri", issuer),
        userinfo=_address(found, "userinfo_endpoint", issuer) if found.get("userinfo_endpoint") else None,
        basic=_BASIC in _texts(found.get("token_endpoint_auth_methods_supported", [_BASIC])),
    )


def _address(found: Mapping[str, Any], name: str, issuer: str) -> str:
    """An address that is as safe as that of the issuer."""
    value = found.get(name)
    try:
        usable = isinstance(value, str) and _as_safe(urlsplit(value), urlsplit(issuer))
    except ValueError:
        usable = False
    if not isinstance(value, str) or not usable:
        raise ProviderFailed(said("sign_in.provider.endpoint", name=name, given=_short(value)))
    return value


def _as_safe(parts: Any, issuer: Any) -> bool:
    # Plain HTTP is for providers on this machine (settings), and then they stay there.
    same = parts.hostname == issuer.hostname
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == issuer.scheme == "http" and same))


def _texts(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _short(value: object) -> str:
    return repr(value)[:200]
