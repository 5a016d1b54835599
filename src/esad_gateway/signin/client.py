"""Signing in at one provider: the address to go to, and who somebody is who has come back (code flow with PKCE)."""

from asyncio import Lock
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from esad_gateway.ais.people.identity import ProvenIdentity, read_identity
from esad_gateway.faults import listed, said
from esad_gateway.ports.national.sign_in import SignInAttempt
from esad_gateway.signin.fetching import OK, Fetching
from esad_gateway.signin.identity_provider import IdentityProvider
from esad_gateway.signin.keys import ProviderKeys
from esad_gateway.signin.metadata import WELL_KNOWN, ProviderMetadata, read_metadata
from esad_gateway.signin.proofs import challenge_of
from esad_gateway.signin.refused import ProviderFailed, SignInRefused
from esad_gateway.signin.token import claims_of, opened_token

KEPT: Final = timedelta(hours=1)
"""How long what a provider says of itself is believed."""

PAUSE: Final = timedelta(seconds=5)
"""How long a provider that has just failed is not asked again: anybody may begin to sign in, as often as they like."""

_OVER: Final = "invalid_grant"
"""What a provider says of a code that was used, has ended, or was given to another client (RFC 6749, 5.2)."""


class SignInClient:
    """We, to one provider. ``returns_to`` is where it sends people back, as it is registered there."""

    def __init__(self, provider: IdentityProvider, returns_to: str) -> None:
        self.provider = provider
        self._returns_to = returns_to
        self._fetching = Fetching(provider.seconds)
        self._keys = ProviderKeys(self._fetching)
        self._metadata: tuple[ProviderMetadata, datetime] | None = None
        self._failed: tuple[ProviderFailed, datetime] | None = None
        self._one = Lock()

    async def address(self, state: str, attempt: SignInAttempt, now: datetime) -> str:
        """Where somebody is sent to sign in. Raises ProviderFailed."""
        metadata = await self._asked(now)
        query = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self._returns_to,
            "scope": self.provider.scope,
            "state": state,
            "nonce": attempt.nonce,
            "code_challenge": challenge_of(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return f"{metadata.authorization}{'&' if '?' in metadata.authorization else '?'}{urlencode(query)}"

    async def identity(self, code: str, attempt: SignInAttempt, now: datetime) -> ProvenIdentity:
        """Who came back with ``code``. Raises SignInRefused for a code that is over, ProviderFailed for all else."""
        metadata = await self._asked(now)
        tokens = await self._exchanged(metadata, code, attempt)
        access = str(tokens.get("access_token") or "")
        token = opened_token(tokens.get("id_token"), self.provider)
        keys = await self._keys.find(metadata.keys, token.key, now)
        claims = claims_of(token, keys, self.provider, nonce=attempt.nonce, access=access, now=now)
        claims = await self._with_more(metadata, claims, access)
        found = read_identity(claims, self.provider.claims, issuer=self.provider.issuer, means=self.provider.means)
        if isinstance(found, tuple):
            told = (said("sign_in.claim.told", text=one.text, rule=one.rule) for one in found)
            raise ProviderFailed(said("said.as_it_is", text=listed(told, "; ")))
        return found

    async def look(self, now: datetime) -> None:
        """See whether people could sign in there: it says what it is, and with which keys. Raises ProviderFailed."""
        metadata = await self._asked(now)
        await self._keys.find(metadata.keys, None, now)

    async def _asked(self, now: datetime) -> ProviderMetadata:
        async with self._one:
            if self._metadata and _within(KEPT, self._metadata[1], now):
                return self._metadata[0]
            if self._failed and _within(PAUSE, self._failed[1], now):
                raise self._failed[0]
            try:
                metadata = await self._described()
            except ProviderFailed as error:
                self._failed = error, now
                raise
            self._metadata = metadata, now
            return metadata

    async def _described(self) -> ProviderMetadata:
        issuer = self.provider.issuer
        url = issuer.rstrip("/") + WELL_KNOWN
        told = await self._fetching.get(url)
        if told.status != OK:
            raise ProviderFailed(said("sign_in.provider.status", url=url, status=told.status))
        return read_metadata(told.content, issuer)

    async def _exchanged(self, metadata: ProviderMetadata, code: str, attempt: SignInAttempt) -> Mapping[str, Any]:
        provider = self.provider
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._returns_to,
            "code_verifier": attempt.verifier,
        }
        secret = provider.secret()
        basic = (provider.client_id, secret) if secret and metadata.basic else None
        if basic is None:
            form |= {"client_id": provider.client_id, **({"client_secret": secret} if secret else {})}
        told = await self._fetching.post(metadata.token, form, basic)
        if told.status == OK:
            return told.content
        error = told.content.get("error")
        if error == _OVER:
            raise SignInRefused(said("sign_in.visitor.code"))
        words = repr(error)[:100]
        raise ProviderFailed(said("sign_in.provider.token", url=metadata.token, status=told.status, words=words))

    async def _with_more(self, metadata: ProviderMetadata, claims: Mapping[str, Any], access: str) -> Mapping[str, Any]:
        """The claims with those that a provider tells apart from the token, where some are wanted (Core, 5.3)."""
        wanted = {getattr(self.provider.claims, one.name) for one in fields(self.provider.claims)}
        if wanted <= claims.keys() or not metadata.userinfo or not access:
            return claims
        told = await self._fetching.get(metadata.userinfo, access)
        if told.status != OK:
            raise ProviderFailed(said("sign_in.provider.status", url=metadata.userinfo, status=told.status))
        if told.content.get("sub") != claims["sub"]:
            raise ProviderFailed(said("sign_in.provider.other", url=metadata.userinfo))
        return {**told.content, **claims}


def _within(span: timedelta, since: datetime, now: datetime) -> bool:
    # A clock that was put back makes what is kept old, not young for ever.
    return timedelta() <= now - since < span
