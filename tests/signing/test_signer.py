from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway.errors import NotConfigured, UnreadableInput
from esad_gateway.signing.signer import XmlSigner, load_signer
from helpers.operations import operations
from helpers.pki import certificate_path, key_path, load
from helpers.signatures import fingerprint_of, form, tree, verified
from helpers.templates import DEFAULT_NAMESPACE, INDENTED, PAYLOAD

SIGNERS = {name: XmlSigner(load(name).key, load(name).certificate) for name in ("trader-rsa", "trader-p256")}
RSA = SIGNERS["trader-rsa"]


@pytest.mark.parametrize("payload", [PAYLOAD, DEFAULT_NAMESPACE, INDENTED], ids=["prefixed", "default", "indented"])
@pytest.mark.parametrize("name", SIGNERS)
def test_signed_document_verifies(name: str, payload: bytes) -> None:
    """What is signed is verified, by the same holder and with the same content."""
    signed = verified(SIGNERS[name].sign(tree(payload)))
    assert signed.fingerprint == fingerprint_of(f"{name}.cert.pem")
    assert form(signed.payload) == form(tree(payload))


@pytest.mark.parametrize("name", SIGNERS)
def test_signed_info_is_written_in_canonical_form(name: str) -> None:
    """SignedInfo as written, with the namespace it has in scope, is byte for byte its canonical form."""
    document = SIGNERS[name].sign(tree(PAYLOAD))
    canonical = form(tree(document)[-1][0])
    declared = b'<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
    start, end = document.index(b"<ds:SignedInfo>"), document.index(b"</ds:SignedInfo>")
    assert canonical == declared + document[start + len(b"<ds:SignedInfo>") : end] + b"</ds:SignedInfo>"


def test_signed_document_is_the_canonical_payload_around_the_signature() -> None:
    """Taking the signature's bytes out gives the canonical form of the payload: that is what was digested."""
    document = RSA.sign(tree(INDENTED))
    start, end = document.index(b"<ds:Signature "), document.index(b"</ds:Signature>") + len(b"</ds:Signature>")
    assert document[:start] + document[end:] == form(tree(INDENTED))


def test_characters_that_some_readers_take_for_line_ends_are_written_as_references() -> None:
    """U+2028 and U+0085 are line feeds to xmldom, which would digest another text; references it reads right."""
    root = tree(PAYLOAD)
    root[-1].text = "Vynas\u2028ir alus\u0085"
    document = RSA.sign(root)

    assert b"Vynas&#8232;ir alus&#133;" in document
    assert form(verified(document).payload) == form(root)


def test_signing_costs_one_canonical_form() -> None:
    """SignedInfo is never canonicalised, and the document once."""
    assert operations(lambda: RSA.sign(tree(PAYLOAD)))["canonical"] == 1


def test_payload_is_not_changed_by_signing() -> None:
    """The tree that was signed can be used further."""
    root = tree(PAYLOAD)
    RSA.sign(root)
    assert form(root) == form(tree(PAYLOAD))


@pytest.mark.parametrize(
    "payload",
    [
        b"<a/>",
        b'<ds:a xmlns:ds="urn:other"/>',
        b'<ds:a xmlns:ds="urn:other"><ds:b/></ds:a>',
        b'<a xmlns="http://www.w3.org/2000/09/xmldsig#"/>',
        b'<a xmlns:ds="http://www.w3.org/2000/09/xmldsig#" ds:b="c"/>',
        b"<a>&lt;/a&gt;</a>",
        "<ąžuolas>ė</ąžuolas>".encode(),
    ],
    ids=["empty", "prefix-taken", "prefix-taken-inside", "default-ds", "prefix-in-use", "end-tag-as-text", "not-ascii"],
)
def test_any_root_can_be_signed(payload: bytes) -> None:
    """Prefixes, default namespaces and names of the root do not get in the way of the signature."""
    assert form(verified(RSA.sign(tree(payload))).payload) == form(tree(payload))


Plan = tuple[str, str, str, dict[str, str], list[Any]]
"""Tag, text, tail, attributes and the plans of the children."""
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMES = st.sampled_from(["a", "{urn:one}b", "{urn:two}c", "{http://www.w3.org/2000/09/xmldsig#}Object"])
TEXTS = st.text(st.sampled_from("ab<>&\"'\r\n\t ą\U0001f600]"), max_size=8)
ATTRIBUTES = st.dictionaries(st.sampled_from(["a", "xmlnsa", LANG]), TEXTS, max_size=2)
TREES: st.SearchStrategy[Plan] = st.recursive(
    st.tuples(NAMES, TEXTS, TEXTS, ATTRIBUTES, st.just([])),
    lambda inner: st.tuples(NAMES, TEXTS, TEXTS, ATTRIBUTES, st.lists(inner, max_size=3)),
    max_leaves=8,
)


def built(plan: Plan) -> etree._Element:
    """The element of a plan: tag, text, tail, attributes, children."""
    tag, text, tail, attributes, children = plan
    element = etree.Element(tag, attributes)
    element.text, element.tail = text, tail
    element.extend([built(child) for child in children])
    return element


@settings(max_examples=60, deadline=None)
@given(TREES)
def test_any_tree_that_is_signed_verifies_as_itself(plan: Plan) -> None:
    """Whatever elements, texts, white space and namespaces a document has, it comes back as it was signed."""
    root = built(plan)
    root.tail = None
    assert form(verified(SIGNERS["trader-p256"].sign(root)).payload) == form(root)


def test_signed_document_is_not_signed_again() -> None:
    """A second signature would be refused by everybody, so it is not made."""
    with pytest.raises(UnreadableInput, match="signed already"):
        RSA.sign(tree(RSA.sign(tree(PAYLOAD))))


@pytest.mark.parametrize(
    "payload",
    [b"<a><!-- b --></a>", b"<a><?b?></a>", b"<a/><?b?>"],
    ids=["comment", "processing-instruction", "instruction-after-root"],
)
def test_document_that_the_verifier_would_refuse_is_not_signed(payload: bytes) -> None:
    """Comments and processing instructions are refused before they are signed."""
    with pytest.raises(UnreadableInput, match="cannot be signed"):
        RSA.sign(etree.fromstring(payload))


def test_document_without_canonical_form_is_not_signed() -> None:
    """A relative namespace name has no canonical form."""
    with pytest.raises(UnreadableInput, match="canonical form"):
        RSA.sign(etree.fromstring(b'<a xmlns="relative"/>'))


def test_signer_knows_its_fingerprint() -> None:
    """The fingerprint is the one that registries know the certificate by."""
    assert RSA.fingerprint == fingerprint_of("trader-rsa.cert.pem")


def test_certificate_of_another_key_is_refused() -> None:
    """Key and certificate must belong together, or nobody could verify."""
    with pytest.raises(NotConfigured, match="another key"):
        XmlSigner(load("trader-rsa").key, load("trader-p256").certificate)


@pytest.mark.parametrize("name", ["rsa-1024", "rsa-8192", "p384"])
def test_key_outside_the_profile_is_refused(name: str) -> None:
    """Nobody would accept its signatures."""
    with pytest.raises(NotConfigured, match="RSA of 2048 to 4096 bit or EC on P-256"):
        XmlSigner(load(name).key, load(name).certificate)


def test_load_signer_reads_key_and_certificate() -> None:
    """Files give the same signer as objects."""
    signer = load_signer(key_path("trader-p256"), certificate_path("trader-p256"))
    assert verified(signer.sign(tree(PAYLOAD))).algorithm == "ECDSA-SHA256"


def test_load_signer_names_the_file_that_is_missing(tmp_path: Path) -> None:
    """A wrong path is told, not a traceback."""
    with pytest.raises(NotConfigured, match=r"none\.pem"):
        load_signer(tmp_path / "none.pem", certificate_path("trader-rsa"))


def test_load_signer_names_the_file_that_is_no_key() -> None:
    """Key and certificate swapped is a common mistake."""
    with pytest.raises(NotConfigured, match="holds no private key"):
        load_signer(certificate_path("trader-rsa"), key_path("trader-rsa"))
