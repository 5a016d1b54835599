"""What the OpenAPI document says of signing in."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.rest.national.described import IN_JSON, DescribedRoute
from esad_gateway.rest.national.sign_in import AT_PROVIDER, RETURN, SESSION, SIGN_IN, SIGN_OUT, SessionAsked

_PROVIDER: Final = {
    "name": "mano-vmi",
    "means": "mano_vmi",
    "issuer": "https://provider.example",
    "address": SIGN_IN + "/mano-vmi",
}
_SESSION: Final = {
    "person": "38001010001",
    "entity": "100000001",
    "until": "2026-03-02T18:00:00+00:00",
    "roles": ["certified_consignor"],
    "token": "Zm9yIGV4YW1wbGU",
}
_NO_PROVIDER: Final = {"404": ("not-found", "there is no such provider")}
_FAILED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "502": ("provider-failed", "the provider gave no answer that can be used"),
        "504": ("provider-slow", "the provider did not answer in time"),
    }
)
_NOBODY: Final = {"403": ("sign-in-refused", "nobody was signed in, or the law does not let that person in (ERR-1)")}

SIGNING_IN: Final[Mapping[tuple[str, str], DescribedRoute]] = MappingProxyType(
    {
        (SIGN_IN, "get"): DescribedRoute(example={"providers": [_PROVIDER]}, is_open=True),
        (AT_PROVIDER, "get"): DescribedRoute(
            example={}, about="to the provider", status="303", problems={**_NO_PROVIDER, **_FAILED}, is_open=True
        ),
        (RETURN, "get"): DescribedRoute(
            example=_SESSION,
            about="signed in",
            also={"303": "to the program that waits for it"},
            problems={**_NO_PROVIDER, **_NOBODY, **_FAILED},
            is_open=True,
        ),
        (SESSION, "post"): DescribedRoute(
            example=_SESSION,
            about="signed in",
            problems={**_NOBODY, **IN_JSON, "422": ("invalid-parameter", "a code or verifier that cannot be one")},
            body={"code": "Zm9yIGV4YW1wbGU", "verifier": "v" * 43},
            schema=SessionAsked.model_json_schema(),
            is_open=True,
        ),
        (SIGN_OUT, "post"): DescribedRoute(example={"signed_out": True}, about="the token is none any more"),
    }
)
"""The routes of signing in."""
