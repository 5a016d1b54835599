"""Providers that others have made sign people in here: over real HTTP, each in a process of its own."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from esad_gateway.ais.people.identity import Means, ProvenIdentity, ResidencePermit
from esad_gateway.signin.client import SignInClient
from esad_gateway.signin.refused import SignInRefused
from helpers.foreign_providers import oidc_provider, provider_mock
from helpers.own_provider import SECRET
from helpers.signing_in import RETURN, agreed, attempt, query_of
from helpers.visitor import Visitor

PERSON: Final = {
    "personal_code": "39001010000",
    "name": "Trader One",
    "resident": False,
    "country": "LV",
    "residence_permit": "temporary",
    "entity": "100000001",
    "rights": ["AIS subjekto rolių tvarkytojas"],
}


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with our secret."""
    file = tmp_path_factory.mktemp("keys") / "one.secret"
    file.write_text(SECRET, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def javascript() -> Iterator[str]:
    """``oidc-provider``."""
    with oidc_provider(PERSON) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def python() -> Iterator[str]:
    """``oidc-provider-mock``."""
    with provider_mock(PERSON) as issuer:
        yield issuer


def expected(issuer: str) -> ProvenIdentity:
    """Who has to come back."""
    return ProvenIdentity(
        issuer=issuer,
        subject="person-1",
        means=Means.MANO_VMI,
        personal_code="39001010000",
        name="Trader One",
        country="LV",
        permit=ResidencePermit.TEMPORARY,
        entity="100000001",
        rights=frozenset({"AIS subjekto rolių tvarkytojas"}),
    )


def come_back(client: SignInClient, form: dict[str, str] | None = None) -> tuple[dict[str, str], datetime]:
    """Go to the provider, sign in there, and be sent back with a code."""
    at = datetime.now(UTC)
    address = asyncio.run(client.address("state-1", attempt(), at))
    return query_of(Visitor(RETURN).go(address, form).headers["location"]), at


def test_provider_for_javascript_signs_in(javascript: str, secret: Path) -> None:
    """It asks for PKCE and our secret, and tells everything but the subject apart from the token."""
    client = SignInClient(agreed(javascript, secret_file=secret), RETURN)
    back, at = come_back(client)

    found = asyncio.run(client.identity(back["code"], attempt(), at))

    assert found == expected(javascript)
    with pytest.raises(SignInRefused):
        asyncio.run(client.identity(back["code"], attempt(), at))


def test_provider_for_javascript_wants_our_verifier(javascript: str, secret: Path) -> None:
    """Whoever has only the code gets nothing for it."""
    client = SignInClient(agreed(javascript, secret_file=secret), RETURN)
    back, at = come_back(client)
    stolen = attempt()
    other = type(stolen)(provider="one", nonce="n-1", verifier="w" * 43, browser="", until=stolen.until)

    with pytest.raises(SignInRefused):
        asyncio.run(client.identity(back["code"], other, at))


def test_provider_for_python_signs_in(python: str, secret: Path) -> None:
    """It has a form to sign in, and takes any secret, but wants one."""
    client = SignInClient(agreed(python, secret_file=secret), RETURN)
    back, at = come_back(client, {"sub": "person-1"})

    assert asyncio.run(client.identity(back["code"], attempt(), at)) == expected(python)


def test_visitor_who_declines_is_sent_back_without_a_code(python: str) -> None:
    """With the provider's word for it."""
    back, _ = come_back(SignInClient(agreed(python), RETURN), {"action": "deny"})

    assert back["error"] == "access_denied"
    assert "code" not in back
