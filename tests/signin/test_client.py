"""Whatever a provider does, somebody is signed in with everything right, or nobody is and the true cause is told."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from esad_gateway.ais.people.identity import ClaimNames, ResidencePermit
from esad_gateway.errors import NotConfigured
from esad_gateway.signin.client import SignInClient
from esad_gateway.signin.fetching import LARGEST
from esad_gateway.signin.refused import ProviderFailed, ProviderSlow, SignInRefused
from esad_gateway.texts import languages, say
from helpers.gateway import NOW
from helpers.own_provider import CLIENT, SECRET, OwnProvider, answer
from helpers.signing_in import RETURN, SECONDS, agreed, attempt, query_of, signed_in


def client_of(provider: OwnProvider, **more: Any) -> SignInClient:
    """We, to that provider."""
    return SignInClient(agreed(provider.issuer, **more), RETURN)


def refused(provider: OwnProvider, **more: Any) -> str:
    """How a sign-in fails that the provider is to blame for; told in every language."""
    with pytest.raises(ProviderFailed) as caught:
        signed_in(client_of(provider, **more))
    assert len({say(caught.value.what, language) for language in languages()}) == len(languages())
    return caught.value.what.key


def test_everything_right_signs_in(provider: OwnProvider) -> None:
    """The facts are those that the provider tells, under its names."""
    provider.person = {"asmens_kodas": "39001010000", "residence_permit": "permanent", "entity": "100000001"}

    found = signed_in(client_of(provider, claims=ClaimNames(personal_code="asmens_kodas")))

    assert (found.issuer, found.subject) == (provider.issuer, "s-1")
    assert (found.personal_code, found.permit, found.entity) == ("39001010000", ResidencePermit.PERMANENT, "100000001")


def test_person_is_sent_away_with_a_challenge_and_without_the_secret(provider: OwnProvider) -> None:
    """Code flow, PKCE with S256, a nonce and a state; the verifier stays here (RFC 7636)."""
    address = asyncio.run(client_of(provider).address("state-1", attempt(), NOW))

    asked = query_of(address)
    assert asked["response_type"] == "code"
    assert (asked["state"], asked["nonce"], asked["redirect_uri"]) == ("state-1", "n-1", RETURN)
    assert asked["code_challenge_method"] == "S256"
    assert attempt().verifier not in address


def test_claims_that_the_token_lacks_are_asked_for(provider: OwnProvider) -> None:
    """Some providers tell them apart from the token; what the token says counts first."""
    provider.person = {"entity": "100000001"}
    provider.told_later = {"personal_code": "39001010000", "entity": "100000002"}

    found = signed_in(client_of(provider))

    assert (found.personal_code, found.entity) == ("39001010000", "100000001")


def test_what_is_told_of_somebody_else_is_refused(provider: OwnProvider) -> None:
    """The subject has to be that of the token (Core, 5.3.2)."""
    provider.told_later = {"sub": "s-2"}

    assert refused(provider) == "sign_in.provider.other"


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"iss": "http://127.0.0.1:1"}, "issuer"),
        ({"iss": ["http://127.0.0.1:1"]}, "issuer"),
        ({"aud": "somebody-else"}, "audience"),
        ({"aud": [CLIENT, "somebody-else"]}, "audience"),
        ({"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"}, "audience"),
        ({"azp": "somebody-else"}, "audience"),
        ({"aud": None}, "missing"),
        ({"sub": None}, "missing"),
        ({"iat": None}, "missing"),
        ({"exp": None}, "missing"),
        ({"exp": SECONDS - 61}, "expired"),
        ({"exp": "tomorrow"}, "claim"),
        ({"iat": SECONDS + 61}, "early"),
        ({"nbf": SECONDS + 61}, "early"),
        ({"nbf": "now"}, "claim"),
        ({"nonce": "n-2"}, "nonce"),
        ({"nonce": None}, "missing"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "access"),
        ({"at_hash": 7}, "access"),
    ],
)
def test_token_with_one_thing_wrong_signs_nobody_in(provider: OwnProvider, claims: dict[str, Any], told: str) -> None:
    """Each check is there, and says which it is."""
    provider.claims = claims

    assert refused(provider) == f"sign_in.token.{told}"


@pytest.mark.parametrize("claims", [{"exp": SECONDS - 59}, {"iat": SECONDS + 59}, {"aud": [CLIENT]}, {"azp": CLIENT}])
def test_clocks_may_differ_by_the_setting(provider: OwnProvider, claims: dict[str, Any]) -> None:
    """By less than a minute, unless it is set otherwise; and an audience may stand in a list."""
    provider.claims = claims

    assert signed_in(client_of(provider)).subject == "s-1"


def test_token_without_a_signature_is_refused(provider: OwnProvider) -> None:
    """``alg: none`` is not agreed, so no key is even asked for."""
    provider.header = {"alg": "none"}

    assert refused(provider) == "sign_in.token.algorithm"
    assert provider.asked["/jwks"] == 0


def test_public_key_is_no_shared_secret(provider: OwnProvider) -> None:
    """Whoever takes the public key for the secret of HS256 signs nobody in."""
    provider.header, provider.shared = {"alg": "HS256"}, b"0123456789" * 10

    assert refused(provider) == "sign_in.token.algorithm"


def test_signature_that_was_changed_is_refused(provider: OwnProvider) -> None:
    """The token is another than was signed."""
    provider.cut = True

    assert refused(provider) == "sign_in.token.signature"


def test_algorithm_that_was_not_agreed_is_refused(provider: OwnProvider) -> None:
    """Also a good one."""
    assert refused(provider, algorithms=("ES256",)) == "sign_in.token.algorithm"


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"issuer": "http://127.0.0.1:1"}, "issuer"),
        ({"code_challenge_methods_supported": ["plain"]}, "pkce"),
        ({"token_endpoint": None}, "endpoint"),
        ({"token_endpoint": "http://elsewhere.example/token"}, "endpoint"),
        ({"jwks_uri": "file:///etc/passwd"}, "endpoint"),
        ({"authorization_endpoint": "http://[x/"}, "endpoint"),
    ],
)
def test_provider_that_describes_itself_wrongly_is_not_used(
    provider: OwnProvider, metadata: dict[str, Any], told: str
) -> None:
    """Another issuer, no S256, and addresses that are missing or unsafe."""
    provider.metadata = metadata

    assert refused(provider) == f"sign_in.provider.{told}"


def raw(body: bytes, status: int = 200, location: str = "") -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer as it stands."""
    return lambda handler: answer(handler, status, body, location)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"])
@pytest.mark.parametrize(
    ("body", "told"),
    [(b"<html>", "garbage"), (b"[1]", "garbage"), (b"[" * 100_000, "garbage"), (b" " * (LARGEST + 1), "huge")],
    ids=["html", "list", "deep", "huge"],
)
def test_garbage_of_a_provider_is_told_as_such(provider: OwnProvider, path: str, body: bytes, told: str) -> None:
    """At every address, and no more of it is read than the limit."""
    provider.otherwise[path] = raw(body)

    assert refused(provider) == f"sign_in.provider.{told}"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/.well-known/openid-configuration", "status"),
        ("/jwks", "keys"),
        ("/token", "token"),
        ("/userinfo", "status"),
    ],
)
@pytest.mark.parametrize("status", [302, 500])
def test_refusal_and_redirect_are_told_and_not_followed(
    provider: OwnProvider, path: str, told: str, status: int
) -> None:
    """A provider answers where it said that it does."""
    provider.otherwise[path] = raw(b"{}", status, f"{provider.issuer}/elsewhere")

    assert refused(provider) == f"sign_in.provider.{told}"
    assert provider.asked["/elsewhere"] == 0


def test_provider_that_is_down_is_told() -> None:
    """Nobody listens there."""
    with pytest.raises(ProviderFailed, match=r"was not reached at http://127\.0\.0\.1:1/"):
        signed_in(SignInClient(agreed("http://127.0.0.1:1"), RETURN))


def test_provider_that_is_slow_is_not_waited_for(provider: OwnProvider) -> None:
    """No longer than the setting says."""
    provider.otherwise["/jwks"] = lambda _: sleep(0.3)

    with pytest.raises(ProviderSlow, match="did not answer in time"):
        signed_in(client_of(provider, seconds=0.1))


def test_code_counts_once(provider: OwnProvider) -> None:
    """The provider refuses it the second time, and that is the visitor's to mend."""
    client, used = client_of(provider), list[str]()

    def noted(code: str) -> str:
        used.append(code)
        return code

    signed_in(client, code=noted)

    with pytest.raises(SignInRefused) as caught:
        signed_in(client, code=lambda _: used[0])
    assert caught.value.what.key == "sign_in.visitor.code"


def test_code_of_another_attempt_is_refused(provider: OwnProvider) -> None:
    """Its verifier is another one, so the provider does not give the token."""
    other = attempt()
    with pytest.raises(SignInRefused):
        signed_in(client_of(provider), back_with=type(other)(**{**_plain(other), "verifier": "w" * 43}))


def _plain(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("provider", "nonce", "verifier", "browser", "until")}


def test_claim_of_another_kind_is_the_providers_to_mend(provider: OwnProvider) -> None:
    """It is named, with what was expected."""
    provider.person = {"resident": "yes"}

    with pytest.raises(ProviderFailed, match=r"resident otherwise than was agreed: expected is true or false"):
        signed_in(client_of(provider))


def test_secret_is_read_when_it_is_used(provider: OwnProvider, tmp_path: Path) -> None:
    """It is shown in the head of the request, and may be replaced while the gateway runs."""
    file, seen = tmp_path / "one.secret", list[str]()
    client = client_of(provider, secret_file=file)

    def keep(handler: BaseHTTPRequestHandler) -> None:
        seen.append(str(handler.headers["Authorization"]))
        answer(handler, 401, b'{"error": "invalid_client"}')

    provider.otherwise["/token"] = keep
    with pytest.raises(NotConfigured, match=r"one\.secret"):
        signed_in(client)
    file.write_text(f"{SECRET}\n", encoding="utf-8")
    with pytest.raises(ProviderFailed, match="invalid_client"):
        signed_in(client)
    assert seen == ["Basic ZXNhZDphJTIwc2VjcmV0JTIwJTI2JTIwbW9yZQ=="]


def test_what_a_provider_says_of_itself_is_asked_for_seldom(provider: OwnProvider) -> None:
    """Once an hour, and again when the clock was put back."""
    client = client_of(provider)

    for at in (NOW, NOW + timedelta(minutes=4), NOW - timedelta(seconds=30)):
        signed_in(client, at=at)

    assert provider.asked["/.well-known/openid-configuration"] == 2


def test_provider_that_has_just_failed_is_left_alone(provider: OwnProvider) -> None:
    """Whoever begins meanwhile is told the same at once; five seconds later it is asked again."""
    client, path = client_of(provider), "/.well-known/openid-configuration"
    provider.otherwise[path] = raw(b"<html>")

    for seconds in (0, 1, 4.9):
        with pytest.raises(ProviderFailed, match="no object of JSON"):
            asyncio.run(client.address("state-1", attempt(), NOW + timedelta(seconds=seconds)))
    assert provider.asked[path] == 1
    provider.otherwise.clear()
    assert asyncio.run(client.address("state-1", attempt(), NOW + timedelta(seconds=5)))
