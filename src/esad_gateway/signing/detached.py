"""Detached signatures of files that people hand out: XAdES-B, beside the file, made and verified with signxml.

A list, a report or an export is no EMCS message, so ESAD-SIG-1 has no place in it for a signature. Speed does not count
here, and what comes from signxml is read by other software for XAdES. What a signature may look like is checked before
any key is used, by the numbered steps of ESAD-SIG-1 where they mean the same.
"""

import base64
import binascii
import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, NoReturn
from urllib.parse import quote, unquote

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from lxml import etree
from signxml.algorithms import (
    CanonicalizationMethod,
    DigestAlgorithm,
    SignatureConstructionMethod,
    SignatureMethod,
)
from signxml.exceptions import InvalidDigest, InvalidSignature, SignXMLException
from signxml.xades.xades import XAdESDataObjectFormat, XAdESSignatureConfiguration, XAdESSigner, XAdESVerifier

from esad_gateway.errors import SignatureRefused, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.signing.algorithms import ALGORITHMS
from esad_gateway.signing.profile import EXCLUSIVE_C14N, MAX_QUOTE, SHA256, XADES
from esad_gateway.signing.shape import ds
from esad_gateway.signing.signer import algorithm_for
from esad_gateway.signing.steps import Step, asks
from esad_gateway.signing.structure import claimed_certificates, foreign_node
from esad_gateway.signing.trust import Trust

__all__ = ["ENDING", "SignedFile", "sign_file", "verify_file"]

ENDING: Final = ".xades.xml"
"""What the name of a signature has after the name of its file."""

_INCLUSIVE_C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_FORMS: Final = (EXCLUSIVE_C14N, _INCLUSIVE_C14N)
_MOST_REFERENCES: Final = 3  # the file, SignedProperties, KeyInfo
_TARGETS: Final = (f"{{{XADES}}}SignedProperties", ds("KeyInfo"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """What a detached signature proved: who signed a file of this name.

    ``at`` is when its signer says it was signed, which nobody else vouches for; ``None`` where it does not say.
    """

    name: str
    subject: str
    fingerprint: str
    at: str | None


def sign_file(content: bytes, name: str, key: PrivateKeyTypes, certificate: x509.Certificate) -> bytes:
    """A signature of ``content``, a document of its own; ``name`` is the name of the file, without a folder.

    Raises NotConfigured for a key that ESAD-SIG-1 does not take, and for the certificate of another key;
    UnreadableInput for a name that no XML document can hold.
    """
    _check_name(name)
    algorithm, _ = algorithm_for(key, certificate)
    signer = XAdESSigner(
        method=SignatureConstructionMethod.detached,
        signature_algorithm=SignatureMethod(algorithm.uri),
        digest_algorithm=DigestAlgorithm.SHA256,
        # Its references name no transform, which means this form: with another one nobody else could verify them.
        c14n_algorithm=CanonicalizationMethod.CANONICAL_XML_1_0,
        data_object_format=XAdESDataObjectFormat(
            Description=name, MimeType=mimetypes.guess_type(name)[0] or "application/octet-stream"
        ),
    )
    # The library digests elements only. It calls this before SignedInfo is signed.
    signer.signature_annotators.insert(0, partial(_refer_to, content))
    placeholder = etree.Element("file")
    signing: Any = key  # a kind that the profile takes
    signature: etree._Element = signer.sign(
        placeholder, key=signing, cert=[certificate], reference_uri=quote(name), always_add_key_value=False
    )
    return etree.tostring(signature, xml_declaration=True, encoding="UTF-8")


def _check_name(name: str) -> None:
    try:
        name.encode()
        etree.Element("file").text = name
    except ValueError as error:
        raise UnreadableInput(said("sign.bad_name", name=name)) from error


def _refer_to(content: bytes, signature: etree._Element, **_settings: Any) -> None:
    """Let the first reference be to the bytes of a file, as they are."""
    reference = _the(signature, "SignedInfo/Reference")
    reference.remove(_the(reference, "Transforms"))
    _the(reference, "DigestValue").text = base64.b64encode(hashlib.sha256(content).digest()).decode()


def verify_file(content: bytes, signature: etree._Element, trust: Trust, at: datetime) -> SignedFile:
    """Who signed ``content``, by a detached ``signature`` that holds and whose certificate is trusted ``at`` a moment.

    Raises SignatureRefused with the step. Not checked: that the file still has its name, the time at which it claims to
    be signed, timestamps and other unsigned properties, and whom the certificate belongs to.
    """
    reference = _checked_structure(signature)
    certificate, fingerprint = _certificate(signature)
    trust.check(certificate, at)
    if _value(reference) != hashlib.sha256(content).digest():
        _refuse(Step.DOCUMENT_DIGEST, Said("refused.file_changed"))
    properties = _verified(content, signature, certificate, at)
    return SignedFile(
        name=unquote(reference.get("URI", ""))[:MAX_QUOTE],
        subject=certificate.subject.rfc4514_string(),
        fingerprint=fingerprint,
        at=properties.findtext(f".//{{{XADES}}}SigningTime"),
    )


def _checked_structure(signature: etree._Element) -> etree._Element:
    """The reference to the file, when the signature has a form that leaves nothing open; steps 1 to 9."""
    if foreign := foreign_node(signature):
        _refuse(Step.DOCUMENT, foreign)
    if signature.tag != ds("Signature"):
        found = said("refused.not_a_signature", name=etree.QName(signature).localname[:MAX_QUOTE])
        _refuse(Step.PLACE, found, Said("wanted.signature"))
    if next(signature.iterdescendants(ds("Signature")), None) is not None:
        _refuse(Step.PLACE, Said("refused.signature_inside"), Said("wanted.one_signature"))
    _check_method(signature, "CanonicalizationMethod", _FORMS, Step.CANONICALIZATION)
    _check_method(signature, "SignatureMethod", tuple(ALGORITHMS), Step.ALGORITHM)
    references = signature.findall(f"{ds('SignedInfo')}/{ds('Reference')}")
    outside = [one for one in references if not one.get("URI", "#").startswith("#") and one.get("URI")]
    if len(outside) != 1 or len(references) > _MOST_REFERENCES:
        found = said("refused.files", found=len(outside), all=len(references))
        _refuse(Step.DOCUMENT_REFERENCE, found, Said("wanted.one_file"))
    if outside[0].find(f"{ds('Transforms')}/{ds('Transform')}") is not None:
        _refuse(Step.DOCUMENT_REFERENCE, Said("refused.transformed"), Said("wanted.file_bytes"))
    for reference in references:
        if _method(reference, "DigestMethod") != SHA256:
            _refuse(Step.DIGEST_METHOD, Said("refused.other_digest"))
    _check_targets(signature, [one for one in references if one is not outside[0]])
    return outside[0]


def _check_targets(signature: etree._Element, references: Sequence[etree._Element]) -> None:
    """That the other references are to SignedProperties, and perhaps KeyInfo, which no other element can pass for."""
    named = [value for one in signature.iter() for name, value in one.attrib.items() if str(name).lower() == "id"]
    targets = {f"#{one.get('Id')}": one.tag for one in signature.iter(*_TARGETS)}
    found = [targets.get(one.get("URI", "")) for one in references]
    if len(named) != len(set(named)) or None in found or _TARGETS[0] not in found or len(found) != len(set(found)):
        _refuse(Step.PROPERTIES_REFERENCE, Said("refused.other_targets"))
    for reference in references:
        methods = [one.get("Algorithm") for one in reference.iter(ds("Transform"))]
        if len(methods) > 1 or not set(methods) <= set(_FORMS):
            _refuse(Step.PROPERTIES_REFERENCE, Said("refused.other_transform"))


def _certificate(signature: etree._Element) -> tuple[x509.Certificate, str]:
    """The certificate that comes first, which has to be the signer's, and its fingerprint; steps 10 to 14."""
    claimed = claimed_certificates(signature)
    if not claimed:
        _refuse(Step.KEY_INFO, Said("refused.certificates"))
    try:
        certificate = x509.load_der_x509_certificate(claimed[0])
        key = certificate.public_key()
    except ValueError as error:
        _refuse(Step.CERTIFICATE, _quoted(str(error)) if str(error) else Said("refused.no_certificate"))
    if ALGORITHMS[_method(signature, "SignedInfo/SignatureMethod")].check(key) is None:
        _refuse(Step.KEY, Said("refused.other_key"))
    return certificate, hashlib.sha256(claimed[0]).hexdigest()


def _verified(content: bytes, signature: etree._Element, certificate: x509.Certificate, at: datetime) -> etree._Element:
    """SignedProperties, when all digests and the signature value hold; steps 19 to 22, by signxml."""
    config = XAdESSignatureConfiguration(
        expect_references=len(signature.findall(f"{ds('SignedInfo')}/{ds('Reference')}")),
        signature_methods=frozenset(map(SignatureMethod, ALGORITHMS)),
        digest_algorithms=frozenset({DigestAlgorithm.SHA256}),
        default_reference_c14n_method=CanonicalizationMethod.CANONICAL_XML_1_0,
        verification_time=at,
    )
    try:
        verified: Any = XAdESVerifier().verify(
            signature, x509_cert=certificate, uri_resolver=lambda _uri: content, expect_config=config
        )
    except InvalidDigest as error:
        certificates = "certificate" in str(error)
        _refuse(Step.SIGNING_CERTIFICATE if certificates else Step.PROPERTIES_DIGEST, _quoted(str(error)))
    except InvalidSignature as error:
        _refuse(Step.SIGNATURE_VALUE, _quoted(str(error)))
    except (SignXMLException, ValueError, TypeError, etree.LxmlError) as error:
        _refuse(Step.SHAPE, _quoted(f"{type(error).__name__}: {error}".rstrip(": ")))
    properties: etree._Element = next(one.signed_properties for one in verified if hasattr(one, "signed_properties"))
    return properties


def _check_method(signature: etree._Element, name: str, allowed: Sequence[str], step: Step) -> None:
    given = _method(signature, f"SignedInfo/{name}")
    if given not in allowed:
        found = said("refused.method", name=name, given=given[:MAX_QUOTE])
        _refuse(step, found, said("wanted.one_of", names=", ".join(allowed)))


def _method(element: etree._Element, path: str) -> str:
    return _the(element, path).get("Algorithm", "")


def _the(element: etree._Element, path: str) -> etree._Element:
    found = element.find("/".join(map(ds, path.split("/"))))
    if found is None:
        _refuse(Step.SHAPE, said("refused.missing", path=path))
    return found


def _value(reference: etree._Element) -> bytes:
    try:
        return base64.b64decode("".join((_the(reference, "DigestValue").text or "").split()), validate=True)
    except binascii.Error:
        _refuse(Step.VALUES, Said("refused.digest_not_base64"))


def _quoted(words: str) -> Said:
    return said("said.library", words=words)


def _refuse(step: Step, why: Said, wanted: Said | None = None) -> NoReturn:
    raise SignatureRefused(step, why, wanted or asks(step))
