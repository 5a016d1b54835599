"""The token by which a provider says who somebody is (OpenID Connect Core 1.0, 3.1.3.7), checked step by step."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import BadSignatureError, ClaimError, ExpiredTokenError, JoseError, MissingClaimError
from joserfc.jwk import Key
from joserfc.jws import extract_compact

from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.signin.identity_provider import IdentityProvider
from esad_gateway.signin.refused import ProviderFailed

LONGEST: Final = 64 * 1024
"""Characters of a token."""

_DIGESTS: Final = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}
_USUAL: Final = "256"


@frozen(kw_only=True)
class IdToken:
    """A token that nobody has verified: its text, by which algorithm it says to be signed, and with which key."""

    text: str
    algorithm: str
    key: object


def opened_token(text: object, provider: IdentityProvider) -> IdToken:
    """The token, as far as it can be read without a key.

    Raises ProviderFailed for what is none, and for an algorithm that was not agreed: ``none``, or one with a shared
    secret, for which anybody could take the public key.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        raise ProviderFailed(said("sign_in.token.none"))
    try:
        header = extract_compact(text.encode()).headers()
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise ProviderFailed(said("sign_in.token.none")) from error
    algorithm = header.get("alg")
    if algorithm not in provider.algorithms:
        agreed = ", ".join(provider.algorithms)
        raise ProviderFailed(said("sign_in.token.algorithm", given=repr(algorithm)[:50], agreed=agreed))
    return IdToken(text=text, algorithm=str(algorithm), key=header.get("kid"))


def claims_of(
    token: IdToken, keys: Sequence[Key], provider: IdentityProvider, *, nonce: str, access: str, now: datetime
) -> Mapping[str, Any]:
    """The claims of a token, when all of it is right: signature, issuer, audience, times, nonce and access token.

    Raises ProviderFailed with the first thing that is not. Not checked: whether its key is still the provider's, and
    what the claims say of a person.
    """
    claims = _verified(token, keys)
    try:
        _registry(provider, nonce, now).validate(dict(claims))
    except ClaimError as error:
        raise ProviderFailed(_wrong(error, claims, provider)) from error
    _check_party(claims, provider)
    _check_access(claims, token.algorithm, access)
    return claims


def _verified(token: IdToken, keys: Sequence[Key]) -> Mapping[str, Any]:
    reason: Exception | None = None
    for key in keys:
        try:
            return jwt.decode(token.text, key, algorithms=[token.algorithm]).claims
        except BadSignatureError as error:
            reason = error
        except (JoseError, ValueError, TypeError) as error:
            reason = reason or error
    raise ProviderFailed(said("sign_in.token.signature")) from reason


def _registry(provider: IdentityProvider, nonce: str, now: datetime) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=int(provider.skew.total_seconds()),
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )


def _wrong(error: ClaimError, claims: Mapping[str, Any], provider: IdentityProvider) -> Said:
    """What is wrong with a claim. The nonce is not told: it is a secret of this attempt."""
    name, given = error.claim, _short(claims, error.claim)
    if isinstance(error, MissingClaimError):
        return said("sign_in.token.missing", names=name)
    if isinstance(error, ExpiredTokenError):
        return said("sign_in.token.expired", skew=f"{provider.skew.total_seconds():g}")
    if name in _TIMES and isinstance(claims[name], int | float):
        return said("sign_in.token.early", name=name, given=given)
    others = {
        "iss": said("sign_in.token.issuer", given=given, wanted=provider.issuer),
        "aud": said("sign_in.token.audience", given=given, wanted=provider.client_id),
        "nonce": said("sign_in.token.nonce"),
    }
    return others.get(name) or said("sign_in.token.claim", name=name, given=given)


_TIMES: Final = frozenset({"iat", "nbf"})


def _short(claims: Mapping[str, Any], name: str) -> str:
    return repr(claims.get(name))[:200]


def _check_party(claims: Mapping[str, Any], provider: IdentityProvider) -> None:
    """That the token was made for us, where it is for several (``azp``)."""
    party = claims.get("azp")
    several = isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1
    if party != provider.client_id and (several or party is not None):
        raise ProviderFailed(said("sign_in.token.audience", given=_short(claims, "azp"), wanted=provider.client_id))


def _check_access(claims: Mapping[str, Any], algorithm: str, access: str) -> None:
    """That the access token which came along belongs to this token (3.1.3.8), where it says so."""
    told = claims.get("at_hash")
    if told is None:
        return
    digest = _DIGESTS.get(algorithm[-3:], _DIGESTS[_USUAL])(access.encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=")
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), half):
        raise ProviderFailed(said("sign_in.token.access"))
