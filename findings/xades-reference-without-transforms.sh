#!/usr/bin/env bash
# A XAdES signature of signxml 5.2.0 whose canonical form is the exclusive one (c14n_algorithm=...xml-exc-c14n#).
# XML Signature 1.0, section 4.3.3.2: a reference without Transforms to a part of a document is digested in the
# inclusive canonical form. Seen: XAdESSigner writes the reference to the SignedProperties without Transforms, and
# digests their exclusive form, so its own XAdESVerifier refuses what it has signed; with the inclusive algorithm it
# takes it.
# What it means here: ESAD-SIG-1 takes either form of that small part where Transforms are left out
# (docs/reference/signature.md).
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check lxml==6.1.3 signxml==5.2.0 cryptography==50.0.2

cat >look.py <<'PY'
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from signxml import CanonicalizationMethod, methods
from signxml.exceptions import InvalidSignature, SignXMLException
from signxml.xades import XAdESSigner, XAdESVerifier

key = rsa.generate_private_key(65537, 2048)
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
now = datetime.now(UTC)
certificate = (
    x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
    .add_extension(x509.SubjectAlternativeName([x509.DNSName("test.example")]), critical=False)
    .sign(key, hashes.SHA256())
    .public_bytes(serialization.Encoding.PEM)
    .decode()
)
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"


def outcome(form):
    """Sign and verify a document with both classes of the library: (has the reference Transforms, what is said)."""
    signer = XAdESSigner(method=methods.enveloped, c14n_algorithm=form)
    signed = signer.sign(etree.fromstring('<a xmlns="urn:d" xmlns:unused="urn:u">text</a>'), key=key, cert=certificate)
    again = etree.fromstring(etree.tostring(signed))
    (reference,) = again.xpath(f"//*[local-name()='Reference'][@Type='{SIGNED_PROPERTIES}']")
    transforms = bool(reference.xpath("*[local-name()='Transforms']"))
    try:
        XAdESVerifier().verify(again, x509_cert=certificate, expect_references=3)
    except (InvalidSignature, SignXMLException) as error:
        return transforms, f"{type(error).__name__}: {error}"
    return transforms, "verified"


exclusive = outcome(CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0)
inclusive = outcome(CanonicalizationMethod.CANONICAL_XML_1_0)
print("exclusive:", exclusive)
print("inclusive:", inclusive)
assert inclusive[1] == "verified", "the inclusive form does not verify any more"
assert exclusive[0] is False, "the reference has Transforms now"
assert "igest" in exclusive[1], "the exclusive form verifies now, or fails for another reason"
PY
env/bin/python look.py
