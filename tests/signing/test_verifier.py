import base64
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import STEPS, Verifier
from helpers import templates
from helpers.operations import operations
from helpers.pki import certificate, load
from helpers.signature_edits import content, plain, replaced, xades
from helpers.signatures import fingerprint_of, index, read, refusal, signed_by, tree, trust, verified, verifier

AT = index().at


def test_signed_says_what_was_proved() -> None:
    """The result names payload, certificate, holders, algorithm and whether XAdES properties were signed."""
    signed = verified(plain())
    assert signed.fingerprint == fingerprint_of("trader-rsa.cert.pem")
    assert signed.holders == {"LT00000000101"}
    assert (signed.certificate_subject, signed.algorithm, signed.xades) == ("CN=LT00000000101", "RSA-SHA256", False)


def test_signed_xades_is_said() -> None:
    """A signature with signed properties is told from a plain one."""
    assert verified(xades()).xades


def test_payload_is_the_very_tree_that_was_digested() -> None:
    """Nothing is parsed again: the payload is the element that was given, without its signature."""
    root = tree(plain())
    signed = verifier().verify(root, AT)
    assert signed.payload is root
    assert not list(root.iter("{http://www.w3.org/2000/09/xmldsig#}*"))


def test_message_costs_two_canonical_forms() -> None:
    """One for the document, one for SignedInfo; a third only for XAdES properties."""
    plain_document, with_properties = plain(), xades()
    assert operations(lambda: verified(plain_document))["canonical"] == 2
    assert operations(lambda: verified(with_properties))["canonical"] == 3


def test_text_around_the_signature_stays() -> None:
    """White space before and after the signature belongs to the document, so it stays in the payload."""
    identity = load("trader-rsa")
    template = templates.plain(identity.certificate, templates.INDENTED)
    document = signed_by(identity, replaced(template, b"</ds:Signature>", b"</ds:Signature>\t"))
    assert verified(document).payload[-1].tail == "\n\t"


def test_text_before_an_only_signature_stays() -> None:
    """The text of a root whose only child is the signature is kept."""
    root = tree(b"<a>before" + plain()[plain().index(b"<ds:Signature") :].replace(b"</ie818:IE818>", b"after</a>"))
    assert refusal(root).step == 20
    assert root.text == "beforeafter"


def test_unregistered_certificate_is_never_parsed() -> None:
    """A certificate of nobody costs no key operation: bytes that are no certificate are refused at the same step."""
    garbage = replaced(plain(), b"<ds:X509Certificate>", b"<ds:X509Certificate>AAAA")
    counts = operations(lambda: refusal(tree(garbage)))
    assert refusal(tree(garbage)).step == 12
    assert not counts["_read_credential"]
    assert not counts["canonical"]


def test_second_message_of_a_signer_parses_no_certificate() -> None:
    """Certificate, key and path are kept from the first message; time and revocation are judged again."""
    judge = verifier()
    judge.verify(tree(plain()), AT)
    counts = operations(lambda: judge.verify(tree(plain()), AT))
    assert not counts["_read_credential"]
    assert not counts["_found_paths"]
    with pytest.raises(SignatureRefused) as caught:
        judge.verify(tree(plain()), datetime(2060, 1, 1, tzinfo=UTC))
    assert caught.value.step == 17


def test_verifier_without_registry_leaves_that_step_out() -> None:
    """Offline there may be no registry: the certificate is still judged, and nobody is named as its holder."""
    signed = Verifier(trust(), None).verify(tree(plain()), AT)
    assert signed.holders == frozenset()
    assert Verifier(trust(), None).explain(read("untrusted/untrusted.xml"), AT).step == 16


def test_explain_of_a_good_document_has_the_proof() -> None:
    """The value carries what ``verify`` returns, and names signer and subject."""
    verification = verifier().explain(tree(plain()), AT)
    assert verification.ok
    assert verification.signed is not None
    assert verification.fingerprint == verification.signed.fingerprint
    assert verification.subject == "CN=LT00000000101"


def test_explain_of_a_refused_document_names_step_expectation_and_claimed_signer() -> None:
    """Whoever reads the refusal learns what failed, what would have passed and who is said to have signed."""
    verification = verifier().explain(read("structure/rsa-sha1.xml"), AT)
    assert (verification.ok, verification.step, verification.signed) == (False, 6, None)
    assert "http://www.w3.org/2000/09/xmldsig#rsa-sha1" in (verification.reason or "")
    assert "rsa-sha256" in (verification.expected or "")
    assert verification.subject == "CN=LT00000000101"


@pytest.mark.parametrize("name", ["unsigned", "nine-certificates", "certificate-not-ascii"])
def test_explain_without_a_certificate_names_nobody(name: str) -> None:
    """Without a readable certificate, or with more than a chain has, there is nobody to name."""
    verification = verifier().explain(read(f"structure/{name}.xml"), AT)
    assert (verification.fingerprint, verification.subject) == (None, None)


def test_explain_of_an_unreadable_certificate_names_its_fingerprint_only() -> None:
    """Bytes that are no certificate have a fingerprint, but no subject."""
    verification = verifier().explain(read("untrusted/not-a-certificate.xml"), AT)
    assert (verification.step, verification.subject) == (13, None)
    assert verification.fingerprint == fingerprint_of("not-a-certificate.der")


def test_key_of_a_kind_that_the_profile_lacks_is_refused_by_name() -> None:
    """Ed25519 is neither RSA nor EC on P-256."""
    key, name = Ed25519PrivateKey.generate(), certificate("ca").subject
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, AT, AT)
    der = builder.sign(load("ca").key, SHA256()).public_bytes(Encoding.DER)
    root = tree(replaced(plain(), content(plain(), "X509Certificate"), base64.b64encode(der)))
    verification = Verifier(trust(), None).explain(root, AT)
    assert (verification.step, verification.reason) == (14, "the certificate's key is Ed25519")


def test_document_without_canonical_form_is_refused() -> None:
    """A relative namespace name has no canonical form; that is a refusal, not an error of the program."""
    assert refusal(tree(replaced(plain(), b"<ie818:Body>", b'<ie818:Body><x xmlns="relative"/>'))).step == 20


def test_part_of_a_document_is_refused() -> None:
    """A reference to the whole document means nothing for an element inside another document."""
    outer = etree.Element("outer")
    outer.append(tree(plain()))
    assert refusal(outer[0]).step == 1


@pytest.mark.parametrize(
    "document",
    [plain() + b"<?a b?>", b"<!DOCTYPE a>" + plain(), plain() + b"<!-- a -->"],
    ids=["processing-instruction-after", "document-type", "comment-after"],
)
def test_anything_beside_the_root_is_refused(document: bytes) -> None:
    """The signature covers nothing outside the root that a schema would see, so nothing may be there."""
    assert refusal(etree.fromstring(document, etree.XMLParser(resolve_entities=False))).step == 1


def test_entity_is_refused() -> None:
    """An entity that was not resolved is no text."""
    root = tree(plain())
    root[0].append(etree.Entity("amp"))
    assert refusal(root).step == 1


def test_steps_are_numbered_without_gap() -> None:
    """Numbers are public: they start at 1 and follow each other."""
    assert list(STEPS) == list(range(1, len(STEPS) + 1))


def test_trust_of_another_ca_refuses() -> None:
    """Registered is not enough: the issuing CA has to be configured."""
    judge = Verifier(Trust((certificate("untrusted-ca"),)), lambda _fingerprint, _at: frozenset({"LT00000000101"}))
    with pytest.raises(SignatureRefused) as caught:
        judge.verify(tree(plain()), AT)
    assert caught.value.step == 16


def test_import_is_light() -> None:
    """Verifying offline loads neither the web framework nor the store, nor any other signature library."""
    heavy = {"fastapi", "sqlalchemy", "signxml", "xmlschema", "pydantic", "aiohttp"}
    program = "import sys, esad_gateway.signing.verifier, esad_gateway.signing.signer; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    assert not heavy & set(loaded.split())
