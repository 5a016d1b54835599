import pytest
from cryptography import x509
from lxml import etree
from signxml.exceptions import InvalidDigest, InvalidSignature
from signxml.verifier import SignatureConfiguration, XMLVerifier

from esad_gateway.signing.structure import claimed_certificates
from esad_gateway.signing.verifier import STEPS
from esad_gateway.xml.parse import parse
from helpers.signatures import SIGNATURES, fixtures, form, index, read, valid, verifier
from helpers.templates import DEFAULT_NAMESPACE, INDENTED, PAYLOAD

ALTERED = [name for name in fixtures() if name.startswith("altered/") and index().outcomes[name] in {20, 21, 22}]


@pytest.mark.parametrize("name", fixtures())
def test_fixture_has_the_outcome_of_the_index(name: str) -> None:
    """Each fixture is verified, or refused at the step that the index names."""
    verification = verifier().explain(read(name), index().at)
    assert ("ok" if verification.ok else verification.step) == index().outcomes[name], verification.reason


def test_fixtures_are_all_in_the_index() -> None:
    """No file lies in the folder without an outcome, and no outcome is without a file."""
    files = {path.relative_to(SIGNATURES).as_posix() for path in SIGNATURES.glob("*/*.xml")}
    assert files == {name for name in fixtures() if not name.startswith("..")}


def test_fixtures_cover_every_step() -> None:
    """Every step of the profile refuses at least one fixture."""
    assert set(index().outcomes.values()) - {"ok"} == set(STEPS)


@pytest.mark.parametrize("name", fixtures("ok"))
def test_payload_of_a_valid_fixture_is_the_document_without_its_signature(name: str) -> None:
    """What the verifier returns is exactly what was given to the signer."""
    payload = DEFAULT_NAMESPACE if "default" in name else INDENTED if "indented" in name else PAYLOAD
    signed = verifier().verify(read(name), index().at)
    assert form(signed.payload) == form(etree.fromstring(payload))


@pytest.mark.parametrize("name", fixtures("ok"))
def test_valid_fixture_passes_the_gateway_parser(name: str) -> None:
    """Trees as the gateway makes them from bytes are verified."""
    root = parse((SIGNATURES / name).read_bytes())
    assert verifier().verify(root, index().at).payload is root


@pytest.mark.parametrize("name", valid())
def test_signxml_verifies_every_valid_fixture(name: str) -> None:
    """An independent verifier agrees with the good outcomes, and on the content."""
    judged = _judged_by_signxml(name)
    assert form(judged) == form(verifier().verify(read(name), index().at).payload)


@pytest.mark.parametrize("name", ALTERED)
def test_signxml_refuses_every_altered_fixture(name: str) -> None:
    """An independent verifier agrees that the content was changed after signing."""
    with pytest.raises((InvalidSignature, InvalidDigest)):
        _judged_by_signxml(name)


def _judged_by_signxml(name: str) -> etree._Element:
    root = read(name)
    references = len(root[-1][0]) - 2
    claimed = claimed_certificates(root)
    assert claimed
    results = XMLVerifier().verify(
        root,
        x509_cert=x509.load_der_x509_certificate(claimed[-1]),
        expect_config=SignatureConfiguration(expect_references=references),
    )
    judged = (results[0] if isinstance(results, list) else results).signed_xml
    assert judged is not None
    return judged
