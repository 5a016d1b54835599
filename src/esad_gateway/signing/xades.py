"""XAdES-B: whether the SigningCertificate that was signed is the certificate the signature came with (step 19)."""

import base64
import hashlib
from typing import Final

from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.profile import DS, MAX_DIGEST_TEXT, SHA256, XADES
from esad_gateway.signing.steps import STEPS, Step

# The hash over the certificate protects nothing that the registry's fingerprint does not, so the longer SHA-2 hashes
# that many XAdES signers write here are taken as well. XMLDSIG 6.2, RFC 6931 2.1.3.
_HASHES: Final = (
    (SHA256, hashlib.sha256),
    ("http://www.w3.org/2001/04/xmldsig-more#sha384", hashlib.sha384),
    ("http://www.w3.org/2001/04/xmlenc#sha512", hashlib.sha512),
)
_FORMS: Final = (f"{{{XADES}}}SigningCertificateV2", f"{{{XADES}}}SigningCertificate")
_DIGEST: Final = f"{{{XADES}}}Cert/{{{XADES}}}CertDigest"


def check_signing_certificate(properties: etree._Element, certificate: bytes) -> None:
    """That every SigningCertificate of ``properties`` names ``certificate`` (DER) first, by its digest.

    Raises ``SignatureRefused`` (step 19). Properties without one pass: the certificate is pinned by the registry
    anyway. Not checked: issuer and serial number, which are hints, and the other properties.
    """
    for form in _FORMS:
        for element in properties.iter(form):
            _check(element.find(_DIGEST), certificate)


def _check(digest: etree._Element | None, certificate: bytes) -> None:
    if digest is None:
        raise SignatureRefused(Step.SIGNING_CERTIFICATE, "it has no CertDigest", STEPS[Step.SIGNING_CERTIFICATE])
    method = digest.find(f"{{{DS}}}DigestMethod")
    uri = "" if method is None else method.get("Algorithm", "")
    hashing = next((hashing for known, hashing in _HASHES if known == uri), None)
    if hashing is None:
        raise SignatureRefused(Step.SIGNING_CERTIFICATE, f"its digest is made with {uri[:120]!r}", "SHA-256 or longer")
    value = "".join(digest.findtext(f"{{{DS}}}DigestValue", "")[:MAX_DIGEST_TEXT].split())
    if value != base64.b64encode(hashing(certificate).digest()).decode():
        reason = "its digest is that of another certificate"
        raise SignatureRefused(Step.SIGNING_CERTIFICATE, reason, STEPS[Step.SIGNING_CERTIFICATE])
