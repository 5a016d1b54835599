"""XAdES-B: whether the SigningCertificate that was signed is the certificate the signature came with (step 19)."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Final, NoReturn

from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said, said
from esad_gateway.signing.profile import DS, MAX_DIGEST_TEXT, MAX_QUOTE, SHA256, XADES
from esad_gateway.signing.steps import Step, asks

# The hash over the certificate protects nothing that the registry's fingerprint does not, so the longer SHA-2 hashes
# that many XAdES signers write here are taken as well. XMLDSIG 6.2, RFC 6931 2.1.3.
_HASHES: Final[Mapping[str, str]] = {
    SHA256: "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
_FORMS: Final = (f"{{{XADES}}}SigningCertificateV2", f"{{{XADES}}}SigningCertificate")
_DIGEST: Final = f"{{{XADES}}}Cert/{{{XADES}}}CertDigest"


def check_signing_certificate(properties: etree._Element, certificate: bytes) -> None:
    """That every SigningCertificate of ``properties`` names ``certificate`` (DER), by its digest.

    It may name the chain as well. A form whose digests are all SHA-1 counts for nothing beside one that holds, since
    signers write the old form beside the new one.

    Raises ``SignatureRefused`` (step 19). Properties without one pass: the certificate is pinned by the registry
    anyway. Not checked: issuer and serial number, which are hints, and the other properties.
    """
    forms = [element for form in _FORMS for element in properties.iter(form)]
    counted = [_names(element, certificate) for element in forms]
    if forms and not any(counted):
        method = forms[0].find(f"{_DIGEST}/{{{DS}}}DigestMethod")
        uri = "" if method is None else method.get("Algorithm", "")
        _refuse(said("refused.weak_digest", uri=uri[:MAX_QUOTE]), Said("wanted.hash"))


def _names(form: etree._Element, certificate: bytes) -> bool:
    """Whether one form names the certificate; false when it has no digest that counts."""
    digests = form.findall(_DIGEST)
    if not digests:
        _refuse(Said("refused.no_certificate_digest"), asks(Step.SIGNING_CERTIFICATE))
    counted = [(hashing, digest) for digest in digests if (hashing := _hashing(digest)) is not None]
    if counted and not any(_value(digest) == _digest(hashing, certificate) for hashing, digest in counted):
        _refuse(Said("refused.other_certificate"), asks(Step.SIGNING_CERTIFICATE))
    return bool(counted)


def _hashing(digest: etree._Element) -> str | None:
    method = digest.find(f"{{{DS}}}DigestMethod")
    return None if method is None else _HASHES.get(method.get("Algorithm", ""))


def _value(digest: etree._Element) -> str:
    return "".join(digest.findtext(f"{{{DS}}}DigestValue", "")[:MAX_DIGEST_TEXT].split())


def _digest(hashing: str, certificate: bytes) -> str:
    return base64.b64encode(hashlib.new(hashing, certificate).digest()).decode()


def _refuse(why: Said, wanted: Said) -> NoReturn:
    raise SignatureRefused(Step.SIGNING_CERTIFICATE, why, wanted)
