"""The desk at which somebody signs in: sends to a provider, takes who comes back, and has a token given."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from esad_gateway.ais.people.identity import Means, ProvenIdentity, ResidencePermit
from esad_gateway.errors import NotFound
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.national.sign_in import Loopback, PersonSessions, SignInAttempt, SingleUse
from esad_gateway.signin.attempts import attempt_of, attempt_text
from esad_gateway.signin.proofs import is_proved, new_secret
from esad_gateway.signin.refused import ProviderFailed, SignInRefused

if TYPE_CHECKING:  # it takes long to load, and whoever has clients has it loaded
    from esad_gateway.signin.client import SignInClient

TO_SIGN_IN: Final = timedelta(minutes=10)
"""How long somebody may take at the provider."""

TO_FETCH: Final = timedelta(minutes=1)
"""How long a program may take to fetch its token."""

_ITS_FAULT: Final = frozenset({"server_error", "temporarily_unavailable", "invalid_client", "unauthorized_client"})
"""What a provider says (RFC 6749, 4.1.2.1) when it is not about the person."""


@frozen(kw_only=True)
class SentAway:
    """Where to go, and what the browser keeps under ``name`` meanwhile."""

    address: str
    name: str
    browser: str


@frozen(kw_only=True)
class CameBack:
    """What a provider has sent somebody back with."""

    state: str
    code: str | None = None
    error: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class SignInDesk:
    """Signs people in at the providers of ``clients``, by their names; what has to be remembered is in ``steps``."""

    clients: "Mapping[str, SignInClient]"
    steps: SingleUse
    sessions: PersonSessions
    clock: Clock

    async def send(self, name: str, loopback: Loopback | None = None) -> SentAway:
        """Send somebody to a provider. Raises NotFound, Busy and ProviderFailed."""
        client, now = self._client(name), self.clock.now()
        state, browser = new_secret(), new_secret()
        attempt = SignInAttempt(
            provider=name,
            nonce=new_secret(),
            verifier=new_secret(),
            browser=_digest(browser),
            until=now + TO_SIGN_IN,
            loopback=loopback,
        )
        address = await client.address(state, attempt, now)
        await asyncio.to_thread(self.steps.keep, state, attempt_text(attempt), attempt.until, now)
        return SentAway(address=address, name=cookie_name(state), browser=browser)

    async def taken(self, name: str, back: CameBack, browser: str) -> SignInAttempt:
        """The attempt with which somebody is back; it is used up. Raises NotFound and SignInRefused."""
        self._client(name)
        text = await asyncio.to_thread(self.steps.take, back.state, self.clock.now())
        attempt = attempt_of(text) if text else None
        if attempt is None or attempt.provider != name:
            raise SignInRefused(Said("sign_in.visitor.state"))
        if _digest(browser) != attempt.browser:
            raise SignInRefused(Said("sign_in.visitor.browser"))
        return attempt

    async def received(self, attempt: SignInAttempt, back: CameBack) -> ProvenIdentity:
        """Who is back with an attempt. Raises SignInRefused and ProviderFailed."""
        client = self._client(attempt.provider)
        issuer = client.provider.issuer
        if back.issuer is not None and back.issuer != issuer:
            raise SignInRefused(said("sign_in.visitor.issuer", given=back.issuer, wanted=issuer))
        if back.code is None:
            raise _declined(back.error)
        return await client.identity(back.code, attempt, self.clock.now())

    async def opened(self, identity: ProvenIdentity) -> Mapping[str, Any]:
        """The session of a person, with its token. Raises what says why there is none."""
        return await asyncio.to_thread(self.sessions.open, identity, self.clock.now())

    async def handed_over(self, identity: ProvenIdentity, loopback: Loopback) -> str:
        """Where the browser goes, so that the program that waits there fetches the session. Raises Busy."""
        code, now = new_secret(), self.clock.now()
        content = json.dumps({"challenge": loopback.challenge, "identity": _plain(identity)})
        await asyncio.to_thread(self.steps.keep, _fetching(code), content, now + TO_FETCH, now)
        return loopback_address(loopback, code=code)

    async def fetched(self, code: str, verifier: str) -> Mapping[str, Any]:
        """The session for a program that shows the code, and the secret behind its challenge; once."""
        text = await asyncio.to_thread(self.steps.take, _fetching(code), self.clock.now())
        kept = json.loads(text) if text else {}
        if "challenge" not in kept or not is_proved(verifier, kept["challenge"]):
            raise SignInRefused(Said("sign_in.visitor.fetched"))
        return await self.opened(_identity(kept["identity"]))

    async def left(self, token: str) -> bool:
        """End the session of a token; whether there was one."""
        return await asyncio.to_thread(self.sessions.close, token, self.clock.now())

    def _client(self, name: str) -> "SignInClient":
        try:
            return self.clients[name]
        except KeyError:
            known = ", ".join(sorted(self.clients)) or "-"
            raise NotFound(said("sign_in.visitor.provider", name=name, known=known)) from None


def loopback_address(loopback: Loopback, **told: str) -> str:
    """The address of a program on the visitor's own machine, which is told so much."""
    return f"http://127.0.0.1:{loopback.port}/?{urlencode({**told, 'state': loopback.state})}"


def cookie_name(state: str) -> str:
    """Under which name a browser keeps what belongs to an attempt: several may be under way beside each other."""
    return f"esad_sign_in_{_digest(state)[:12]}"


def _fetching(code: str) -> str:
    """Under what the session of a code is kept: who shows a code as the state of an attempt finds nothing."""
    return f"fetch {code}"


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _declined(error: str | None) -> SignInRefused | ProviderFailed:
    told = repr(error)[:100]
    if error in _ITS_FAULT:
        return ProviderFailed(said("sign_in.provider.declined", words=told))
    return SignInRefused(said("sign_in.visitor.declined", words=told))


def _plain(identity: ProvenIdentity) -> dict[str, Any]:
    every = {one.name: getattr(identity, one.name) for one in fields(identity)}
    return {**every, "rights": sorted(identity.rights)}


def _identity(plain: Mapping[str, Any]) -> ProvenIdentity:
    permit = plain["permit"]
    read = {
        "means": Means(plain["means"]),
        "permit": None if permit is None else ResidencePermit(permit),
        "rights": frozenset(plain["rights"]),
    }
    return ProvenIdentity(**{**plain, **read})
