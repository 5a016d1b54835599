"""Keys are fetched when they are needed, and whatever tokens come, no more often than that."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from esad_gateway.signin.client import SignInClient
from esad_gateway.signin.refused import ProviderFailed
from helpers.gateway import NOW
from helpers.own_provider import OwnProvider, answer
from helpers.signing_in import RETURN, agreed, signed_in

LATER = NOW + timedelta(minutes=1)


def test_new_key_counts_without_a_restart(provider: OwnProvider) -> None:
    """A token with a name that is not known has the keys fetched once more."""
    client = SignInClient(agreed(provider.issuer), RETURN)
    signed_in(client)
    provider.rotate()

    assert signed_in(client, at=LATER).subject == "s-1"
    assert provider.asked["/jwks"] == 2


def test_key_that_is_gone_signs_nobody_in(provider: OwnProvider) -> None:
    """As soon as the keys were fetched again: at the latest after an hour."""
    client = SignInClient(agreed(provider.issuer), RETURN)
    signed_in(client)
    old = provider.keys
    provider.rotate()
    signed_in(client, at=LATER)
    new, provider.keys = provider.keys, old
    provider.otherwise["/jwks"] = lambda handler: answer(handler, 200, _listed(new))

    with pytest.raises(ProviderFailed, match="does not have, or has taken back"):
        signed_in(client, at=LATER + timedelta(minutes=2))


def test_invented_names_do_not_make_us_ask(provider: OwnProvider) -> None:
    """One more fetch a minute, however many tokens come."""
    client = SignInClient(agreed(provider.issuer), RETURN)
    signed_in(client)
    provider.header = {"kid": "invented"}

    for seconds in (1, 2, 59, 60, 61, 90):
        with pytest.raises(ProviderFailed, match="invented"):
            signed_in(client, at=NOW + timedelta(seconds=seconds))

    assert provider.asked["/jwks"] == 2


def test_clock_that_was_put_back_does_not_keep_keys_for_ever(provider: OwnProvider) -> None:
    """What was fetched later than now is old."""
    client = SignInClient(agreed(provider.issuer), RETURN)
    signed_in(client)

    signed_in(client, at=NOW - timedelta(seconds=30))

    assert provider.asked["/jwks"] == 2


def _listed(keys: Any, *more: Any) -> bytes:
    return json.dumps({"keys": [*(one.as_dict(private=False) for one in keys), *more]}).encode()


def test_what_is_no_key_for_signatures_is_passed_over(provider: OwnProvider) -> None:
    """Secrets, short keys, keys for encryption, and what cannot be read; the one among them counts."""
    odd: tuple[Any, ...] = (
        OctKey.import_key(b"0123456789" * 10).as_dict(private=True),
        {"kty": "RSA", "n": urlsafe_b64encode(b"\xf1" * 128).rstrip(b"=").decode(), "e": "AQAB"},
        {**ECKey.generate_key("P-256").as_dict(private=False), "use": "enc"},
        {"kty": "RSA", "n": "AQAB"},
        {"kty": "XYZ"},
        7,
    )
    provider.otherwise["/jwks"] = lambda handler: answer(handler, 200, _listed(provider.keys, *odd))
    client = SignInClient(agreed(provider.issuer), RETURN)

    assert signed_in(client).subject == "s-1"


def test_token_that_names_no_key_is_tried_with_each(provider: OwnProvider) -> None:
    """One of them holds, or none."""
    provider.header = {"kid": None}
    keys = (RSAKey.generate_key(2048), *provider.keys)
    provider.otherwise["/jwks"] = lambda handler: answer(handler, 200, _listed(keys))

    assert signed_in(SignInClient(agreed(provider.issuer), RETURN)).subject == "s-1"


def test_more_keys_than_anybody_has_are_refused(provider: OwnProvider) -> None:
    """A list that long is no list of keys."""
    provider.otherwise["/jwks"] = lambda handler: answer(handler, 200, _listed([], *({"kty": "XYZ"},) * 101))

    with pytest.raises(ProviderFailed, match="gives no keys at"):
        signed_in(SignInClient(agreed(provider.issuer), RETURN))
