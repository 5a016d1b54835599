"""What claims of a provider tell about a person."""

import pytest

from esad_gateway.ais.people.identity import (
    LONGEST_VALUE,
    MOST_RIGHTS,
    ClaimNames,
    Means,
    ProvenIdentity,
    ResidencePermit,
    read_identity,
)
from esad_gateway.texts import say

ISSUER = "https://provider.example"
NAMES = ClaimNames()


def read(claims: dict[str, object], means: Means = Means.MANO_VMI, names: ClaimNames = NAMES) -> object:
    """What a provider has told."""
    return read_identity(claims, names, issuer=ISSUER, means=means)


def test_everything_that_is_told_is_read() -> None:
    """Each claim has its place in the identity, and what nobody asks for is passed over."""
    claims: dict[str, object] = {
        "sub": "s-1",
        "personal_code": "39001010000",
        "preferred_username": "ignored",
        "name": " Trader One ",
        "resident": True,
        "country": "LT",
        "residence_permit": "permanent",
        "entity": "100000001",
        "rights": ["AIS subjekto rolių tvarkytojas"],
        "colour": 3,
    }

    assert read(claims) == ProvenIdentity(
        issuer=ISSUER,
        subject="s-1",
        means=Means.MANO_VMI,
        personal_code="39001010000",
        name="Trader One",
        resident=True,
        country="LT",
        permit=ResidencePermit.PERMANENT,
        entity="100000001",
        rights=frozenset({"AIS subjekto rolių tvarkytojas"}),
    )


def test_what_is_not_told_is_not_the_case() -> None:
    """A subject is enough for an identity, which then says nothing of rights or of residence."""
    assert read({"sub": "s-1"}) == ProvenIdentity(issuer=ISSUER, subject="s-1", means=Means.MANO_VMI)


def test_names_of_claims_are_data() -> None:
    """Another provider has other names."""
    found = read(
        {"sub": "s-1", "asmens_kodas": "1", "role": "one"},
        names=ClaimNames(personal_code="asmens_kodas", rights="role"),
    )

    assert found == ProvenIdentity(
        issuer=ISSUER, subject="s-1", means=Means.MANO_VMI, personal_code="1", rights=frozenset({"one"})
    )


def test_means_of_vmi_need_the_user_name_that_vmi_has_issued() -> None:
    """ACC-6: such a person is known by that name."""
    found = read({"sub": "s-2", "preferred_username": "visitor-1"}, Means.VMI)
    faults = read({"sub": "s-2"}, Means.VMI)

    assert found == ProvenIdentity(issuer=ISSUER, subject="s-2", means=Means.VMI, user_name="visitor-1")
    assert isinstance(faults, tuple)
    assert [(one.rule, one.path, one.value) for one in faults] == [("ACC-6", "preferred_username", None)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sub", 7),
        ("sub", ""),
        ("sub", "x" * (LONGEST_VALUE + 1)),
        ("personal_code", "39001\n010000"),
        ("name", ["Trader One"]),
        ("resident", "true"),
        ("country", " "),
        ("residence_permit", "for ever"),
        ("entity", {}),
        ("rights", [1]),
        ("rights", {"one": True}),
        ("rights", [f"right {n}" for n in range(MOST_RIGHTS + 1)]),
    ],
)
def test_claim_of_another_kind_is_a_fault(name: str, value: object) -> None:
    """It is named with what was found and what was expected, never guessed."""
    faults = read({"sub": "s-1", name: value})

    assert isinstance(faults, tuple)
    (fault,) = faults
    assert (fault.rule, fault.path) == ("ACC-5", name)
    assert fault.value
    assert fault.value == repr(value)[:LONGEST_VALUE]
    assert name in say(fault.text, "lt")


def test_all_faults_are_told_at_once() -> None:
    """Whoever mends one sees the others as well."""
    faults = read({"resident": 1, "residence_permit": 2, "rights": None}, Means.VMI)

    assert isinstance(faults, tuple)
    assert [one.path for one in faults] == ["sub", "preferred_username", "resident", "residence_permit"]
