"""Signed fixtures: reading them, their index, the verifier they are judged by, and sealing documents by hand."""

import base64
import hashlib
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.signing.pki import Identity, PrivateKey
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Signed, Verifier
from helpers.pki import PKI, certificate

SIGNATURES = PKI.parent / "signatures"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"


@dataclass(frozen=True, kw_only=True)
class Index:
    """``fixtures/signatures/index.toml``: when, by whom and against what the fixtures are judged, and the outcomes.

    ``outcomes`` maps a file, relative to the index, to ``"ok"`` or the number of the step that refuses it.
    """

    at: datetime
    trust: tuple[str, ...]
    crl: tuple[str, ...]
    holders: Mapping[str, frozenset[str]]
    outcomes: Mapping[str, str | int]


@cache
def index() -> Index:
    """The index, read once."""
    table = tomllib.loads((SIGNATURES / "index.toml").read_text("utf-8"))
    return Index(
        at=table["at"],
        trust=tuple(table["trust"]),
        crl=tuple(table["crl"]),
        holders={fingerprint_of(name): frozenset(seeds) for name, seeds in table["holders"].items()},
        outcomes=table["outcomes"],
    )


def fixtures(outcome: str | int | None = None) -> list[str]:
    """The files of the index, all or those with one outcome."""
    return [name for name, expected in index().outcomes.items() if outcome in {None, expected}]


def signer_of(name: str) -> str:
    """Who signed a valid fixture, as files of ``fixtures/pki`` are named."""
    return f"trader-{name.removesuffix('.xml').rpartition('-')[2]}"


def fingerprint_of(file: str) -> str:
    """The SHA-256 of the certificate (DER) in a file of ``fixtures/pki``, in hexadecimal."""
    path = PKI / file
    der = path.read_bytes() if path.suffix == ".der" else certificate(file.partition(".")[0]).public_bytes(Encoding.DER)
    return hashlib.sha256(der).hexdigest()


def valid() -> list[str]:
    """The valid fixtures that every verifier takes; those of ``tolerated`` are taken here only."""
    return [name for name in fixtures("ok") if name.startswith("valid/")]


@cache
def trust() -> Trust:
    """The trust of the index."""
    return Trust.load([PKI / name for name in index().trust], [PKI / name for name in index().crl])


def verifier() -> Verifier:
    """A verifier with the trust and the registry of the index."""
    holders = index().holders
    return Verifier(trust(), lambda fingerprint, _at: holders.get(fingerprint, frozenset()))


def tree(data: bytes) -> etree._Element:
    """The tree of ``data``, comments removed, everything else kept that a parser may keep."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, huge_tree=True)
    return etree.fromstring(data, parser)


def read(name: str) -> etree._Element:
    """The tree of a fixture."""
    return tree((SIGNATURES / name).read_bytes())


def form(element: etree._Element) -> bytes:
    """The exclusive canonical form."""
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def seal(root: etree._Element, key: PrivateKey) -> bytes:
    """Make digests and signature value of a signed ``root`` true again after a change; the document's bytes.

    So a document can break one rule of the profile and keep all others. The signature is found anywhere in the tree.
    """
    signature = next(root.iter(f"{DS}Signature"))
    references = signature.findall(f"{DS}SignedInfo/{DS}Reference")
    _set_digest(references[0], form(_without(root, signature)))
    for reference in references[1:]:
        signed = next((one for one in signature.iter("*") if f"#{one.get('Id')}" == reference.get("URI")), None)
        if signed is not None:
            exclusive = reference.find(f"{DS}Transforms") is not None
            _set_digest(reference, form(signed) if exclusive else etree.tostring(signed, method="c14n"))
    value = signature.find(f"{DS}SignatureValue")
    assert value is not None
    value.text = base64.b64encode(raw_signature(key, form(signature[0]))).decode()
    return etree.tostring(root, encoding="UTF-8")


def raw_signature(key: PrivateKey, data: bytes) -> bytes:
    """The SHA-256 signature value as XML signatures carry it."""
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    size = (key.key_size + 7) // 8
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(size) + s.to_bytes(size)


def _without(root: etree._Element, signature: etree._Element) -> etree._Element:
    """A copy of the document without its signature: what the enveloped-signature transform gives."""
    path = root.getroottree().getelementpath(signature)
    copied = deepcopy(root)
    found = copied.find(path)
    parent = None if found is None else found.getparent()
    assert found is not None
    assert parent is not None
    before = found.getprevious()
    if before is None:
        parent.text = (parent.text or "") + (found.tail or "")
    else:
        before.tail = (before.tail or "") + (found.tail or "")
    parent.remove(found)
    return copied


def _set_digest(reference: etree._Element, data: bytes) -> None:
    value = reference.find(f"{DS}DigestValue")
    assert value is not None
    value.text = base64.b64encode(hashlib.sha256(data).digest()).decode()


def signed_by(identity: Identity, template: bytes) -> bytes:
    """The template (a document with an unfilled signature) sealed with the identity's key and certificate."""
    root = tree(template)
    for element in root.iter(f"{DS}X509Certificate"):
        if not element.text:
            element.text = base64.b64encode(identity.certificate.public_bytes(Encoding.DER)).decode()
    return seal(root, identity.key)


def verified(document: bytes) -> Signed:
    """What the verifier of the index proves of a document, at the index's time."""
    return verifier().verify(tree(document), index().at)


def refusal(root: etree._Element) -> SignatureRefused:
    """The refusal of a tree by the verifier of the index; it is an error when there is none."""
    with pytest.raises(SignatureRefused) as caught:
        verifier().verify(root, index().at)
    return caught.value
