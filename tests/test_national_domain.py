"""The national domain of a member state is a value that its profile names."""

import pytest

from esad_gateway.profiles import STATES
from esad_gateway.profiles.national import domain_named, domain_of


def test_lithuania_has_a_national_domain_and_others_have_none() -> None:
    """The profile says which module has it, and nobody else does."""
    found = {code: domain_of(code) for code in STATES}

    assert {code: one.state for code, one in found.items() if one} == {"LT": "LT"}


def test_name_of_something_else_is_refused() -> None:
    """What a profile names has to be a national domain."""
    with pytest.raises(TypeError):
        domain_named("esad_gateway.profiles:STATES")
