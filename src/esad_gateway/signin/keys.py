"""The keys of a provider: fetched when they are needed, kept for a while, and fetched again when one is not known."""

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from esad_gateway.faults import said
from esad_gateway.signin.fetching import OK, Fetching
from esad_gateway.signin.refused import ProviderFailed

KEPT: Final = timedelta(hours=1)
"""How long keys are believed without asking again: so long may one sign that the provider has taken back."""

PAUSE: Final = timedelta(minutes=1)
"""How seldom keys are fetched for one that is not known: tokens with invented names must not make us ask."""

MOST_KEYS: Final = 100
SMALLEST_RSA: Final = 2048
"""Bits: what is shorter is no key to us."""

_KINDS: Final[Mapping[str, type[RSAKey | ECKey | OKPKey]]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}
"""Kinds of public keys. A shared secret (``oct``) is none, wherever it stands."""


class ProviderKeys:
    """The keys of one provider, of which several may sign at a time."""

    def __init__(self, fetching: Fetching) -> None:
        self._fetching = fetching
        self._keys: Sequence[Key] = ()
        self._fetched: datetime | None = None
        self._one = asyncio.Lock()

    async def find(self, url: str, name: object, now: datetime) -> Sequence[Key]:
        """The keys of that name (``kid``), or all where a token names none; fetched from ``url`` by need.

        Raises ProviderFailed when there is none: such a key has been taken back, or is not the provider's.
        """
        async with self._one:
            if not self._within(KEPT, now):
                await self._fetch(url, now)
            found = self._named(name)
            if not found and not self._within(PAUSE, now):
                await self._fetch(url, now)
                found = self._named(name)
        if not found:
            raise ProviderFailed(said("sign_in.token.key", name=repr(name)[:200]))
        return found

    def _within(self, span: timedelta, now: datetime) -> bool:
        # A clock that was put back makes what is kept old, not young for ever.
        return self._fetched is not None and timedelta() <= now - self._fetched < span

    def _named(self, name: object) -> Sequence[Key]:
        return [one for one in self._keys if name is None or one.kid == name]

    async def _fetch(self, url: str, now: datetime) -> None:
        told = await self._fetching.get(url)
        listed = told.content.get("keys")
        if told.status != OK or not isinstance(listed, list) or len(listed) > MOST_KEYS:
            raise ProviderFailed(said("sign_in.provider.keys", url=url, status=told.status))
        self._keys, self._fetched = tuple(_usable(listed)), now


def _usable(listed: Sequence[Any]) -> Iterator[Key]:
    """The keys that can verify a signature; others are none of our business."""
    for one in listed:
        kind = _KINDS.get(str(one.get("kty"))) if isinstance(one, dict) else None
        if kind is None or one.get("use", "sig") != "sig":
            continue
        try:
            if kind is not RSAKey or _bits(one["n"]) >= SMALLEST_RSA:
                yield kind.import_key({name: value for name, value in one.items() if name in _PUBLIC})
        except (JoseError, ValueError, TypeError, KeyError):
            continue


_PUBLIC: Final = frozenset({"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"})
"""What describes a public key; the rest of an entry is not read."""


def _bits(number: str) -> int:
    """How long a number of a key is (RFC 7518, 6.3.1). Raises ValueError and TypeError for what is none."""
    return int.from_bytes(urlsafe_b64decode(f"{number}==")).bit_length()
