"""Signing in without a browser: what we send somebody away with, and what comes back."""

import asyncio
import http.client
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from esad_gateway.ais.people.identity import Means, ProvenIdentity
from esad_gateway.ports.national.sign_in import SignInAttempt
from esad_gateway.signin.client import SignInClient
from esad_gateway.signin.identity_provider import IdentityProvider
from helpers.gateway import NOW, PATIENCE
from helpers.own_provider import CLIENT

SECONDS = int(NOW.timestamp())
RETURN = "http://127.0.0.1:9/v1/national/sign-in/one/return"
"""Where nobody listens: a test reads what would be asked there."""


def agreed(issuer: str, **more: Any) -> IdentityProvider:
    """A provider as it was agreed with."""
    return IdentityProvider(name="one", issuer=issuer, client_id=CLIENT, means=Means.MANO_VMI, **more)


def attempt(nonce: str = "n-1") -> SignInAttempt:
    """An attempt to sign in."""
    until = NOW + timedelta(minutes=10)
    return SignInAttempt(provider="one", nonce=nonce, verifier="v" * 43, browser="", until=until)


def location(address: str) -> str:
    """Where an address sends a browser."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=PATIENCE)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        return str(connection.getresponse().getheader("Location"))
    finally:
        connection.close()


def query_of(address: str) -> dict[str, str]:
    """What an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def signed_in(
    client: SignInClient,
    *,
    at: datetime = NOW,
    code: Callable[[str], str] = lambda code: code,
    back_with: SignInAttempt | None = None,
) -> ProvenIdentity:
    """Who somebody is who goes to the provider and comes back; with another code or attempt where a test wants it."""

    async def whole() -> ProvenIdentity:
        address = await client.address("state-1", attempt(), at)
        back = await asyncio.to_thread(location, address)
        return await client.identity(code(query_of(back)["code"]), back_with or attempt(), at)

    return asyncio.run(whole())
