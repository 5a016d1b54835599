"""The signing certificate that XAdES properties name, and the form of the properties that is digested."""

import base64
import hashlib

import pytest
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.steps import Step
from esad_gateway.signing.xades import check_signing_certificate
from helpers.pki import load
from helpers.signature_edits import xades
from helpers.signatures import form, index, raw_signature, tree, verifier

HASHES = {
    "sha256": "http://www.w3.org/2001/04/xmlenc#sha256",
    "sha384": "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "sha512": "http://www.w3.org/2001/04/xmlenc#sha512",
}
CERTIFICATE = b"a certificate in DER"
DS = "{http://www.w3.org/2000/09/xmldsig#}"


def properties(hashing: str, digest: str) -> etree._Element:
    """Properties that name a certificate by a digest."""
    return etree.fromstring(
        '<q:SignedProperties xmlns:q="http://uri.etsi.org/01903/v1.3.2#" xmlns:d="http://www.w3.org/2000/09/xmldsig#">'
        f'<q:SigningCertificateV2><q:Cert><q:CertDigest><d:DigestMethod Algorithm="{HASHES[hashing]}"/>'
        f"<d:DigestValue>{digest}</d:DigestValue></q:CertDigest></q:Cert></q:SigningCertificateV2></q:SignedProperties>"
    )


@pytest.mark.parametrize("hashing", HASHES)
def test_digest_of_the_certificate_may_stand_in_lines(hashing: str) -> None:
    """Base64 may be broken wherever a signer breaks it (RFC 2045); it is the same digest."""
    digest = base64.b64encode(hashlib.new(hashing, CERTIFICATE).digest()).decode()
    broken = f"\n  {digest[:20]}\n  {digest[20:]}\n"

    check_signing_certificate(properties(hashing, broken), CERTIFICATE)

    with pytest.raises(SignatureRefused, match="another certificate"):
        check_signing_certificate(properties(hashing, broken), CERTIFICATE + b".")


def test_properties_are_digested_in_the_form_that_their_reference_names() -> None:
    """Who names the exclusive form and digests the inclusive one has signed something else, and is refused."""
    root = tree(xades())
    signature = next(root.iter(f"{DS}Signature"))
    signed = next(one for one in signature.iter("*") if etree.QName(one).localname == "SignedProperties")
    assert verifier().verify(tree(xades()), index().at).xades
    inclusive = etree.tostring(signed, method="c14n")
    assert inclusive != form(signed)
    signature[0][3][-1].text = base64.b64encode(hashlib.sha256(inclusive).digest()).decode()
    signature[1].text = base64.b64encode(raw_signature(load("trader-rsa").key, form(signature[0]))).decode()

    with pytest.raises(SignatureRefused) as refused:
        verifier().verify(tree(etree.tostring(root)), index().at)

    assert refused.value.step is Step.PROPERTIES_DIGEST
