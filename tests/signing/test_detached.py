"""Detached signatures of files: XAdES-B, read here and by xmlsec1, and refused by the step that fails."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.signing.detached import SignedFile, sign_file, verify_file
from esad_gateway.signing.steps import Step
from esad_gateway.signing.trust import Trust
from esad_gateway.xml.parse import parse
from helpers import xmlsec1
from helpers.pki import load
from helpers.programs import require
from helpers.signatures import DS, XADES, index, trust

NAME = "LT 2026.csv"
CONTENT = b"arc;state\r\n26LTP;X03\r\n\x00\xff"
SIGNERS = ("trader-rsa", "trader-p256")


@cache
def signature(name: str = "trader-rsa") -> bytes:
    """The signature of the file by ``name``."""
    identity = load(name)
    return sign_file(CONTENT, NAME, identity.key, identity.certificate)


def verified(document: bytes, content: bytes = CONTENT) -> SignedFile:
    """What a signature proves of a content, at the fixtures' time."""
    return verify_file(content, parse(document), trust(), index().at)


@pytest.mark.parametrize("name", SIGNERS)
def test_signature_says_who_signed_which_file(name: str) -> None:
    """Signer and file are told, whatever bytes the file has, and the time is the signer's own word."""
    signed = verified(signature(name))

    assert signed.subject == load(name).certificate.subject.rfc4514_string()
    assert signed.name == NAME
    assert signed.at is not None


@pytest.mark.parametrize("name", SIGNERS)
def test_xmlsec1_verifies_what_we_sign(name: str, tmp_path: Path) -> None:
    """Software of others verifies file and properties, and refuses a file that was changed."""
    require(xmlsec1.PROGRAM)
    (tmp_path / NAME).write_bytes(CONTENT)
    assert xmlsec1.verifies(signature(name), name, tmp_path)

    (tmp_path / NAME).write_bytes(CONTENT + b"\n")
    assert not xmlsec1.verifies(signature(name), name, tmp_path)


@pytest.mark.parametrize("name", SIGNERS)
def test_we_verify_what_xmlsec1_signs(name: str, tmp_path: Path) -> None:
    """A detached signature whose digests and value were made by software of others is verified here."""
    require(xmlsec1.PROGRAM)
    (tmp_path / NAME).write_bytes(CONTENT)
    template = etree.fromstring(signature(name))
    for reference in template.iter(f"{DS}Reference"):
        reference[-1].text = None
    template[1].text = None

    signed = verified(xmlsec1.sign(etree.tostring(template), name, tmp_path))

    assert (signed.name, signed.subject) == (NAME, load(name).certificate.subject.rfc4514_string())


def _reference(root: etree._Element, place: int) -> etree._Element:
    return root[0][2 + place]


def _twice_an_id(root: etree._Element) -> None:
    etree.SubElement(root[-1], f"{DS}Object", Id=root[2].get("Id", ""))


def _transformed(root: etree._Element) -> None:
    transforms = etree.Element(f"{DS}Transforms")
    etree.SubElement(transforms, f"{DS}Transform", Algorithm="http://www.w3.org/2000/09/xmldsig#base64")
    _reference(root, 0).insert(0, transforms)


EDITS: dict[str, tuple[Callable[[Any], object], Step]] = {
    "comment": (lambda root: root.append(etree.Comment("x")), Step.DOCUMENT),
    "other root": (lambda root: setattr(root, "tag", f"{DS}Manifest"), Step.PLACE),
    "signature inside": (lambda root: etree.SubElement(root[-1], f"{DS}Signature"), Step.PLACE),
    "no SignedInfo": (lambda root: root.remove(root[0]), Step.SHAPE),
    "other canonical form": (lambda root: root[0][0].set("Algorithm", "urn:x"), Step.CANONICALIZATION),
    "other algorithm": (lambda root: root[0][1].set("Algorithm", "urn:x"), Step.ALGORITHM),
    "no file": (lambda root: _reference(root, 0).set("URI", root[2].get("Id", "")[:0]), Step.DOCUMENT_REFERENCE),
    "two files": (lambda root: _reference(root, 2).set("URI", "other.csv"), Step.DOCUMENT_REFERENCE),
    "file transformed": (_transformed, Step.DOCUMENT_REFERENCE),
    "other digest": (lambda root: _reference(root, 1)[-2].set("Algorithm", "urn:x"), Step.DIGEST_METHOD),
    "properties not signed": (lambda root: root[0].remove(_reference(root, 1)), Step.PROPERTIES_REFERENCE),
    "an Id twice": (_twice_an_id, Step.PROPERTIES_REFERENCE),
    "no certificate": (lambda root: root[2].remove(root[2][0]), Step.KEY_INFO),
    "no base64": (lambda root: setattr(_reference(root, 0)[-1], "text", "!"), Step.VALUES),
    "other key": (lambda root: root[2].__setitem__(0, etree.fromstring(signature("trader-p256"))[2][0]), Step.KEY),
    "properties changed": (
        lambda root: setattr(next(root.iter(f"{XADES}SigningTime")), "text", "2020-01-01T00:00:00Z"),
        Step.PROPERTIES_DIGEST,
    ),
    "value of another": (lambda root: setattr(root[1], "text", _other_value()), Step.SIGNATURE_VALUE),
}


def _other_value() -> str | None:
    identity = load("trader-rsa")
    return etree.fromstring(sign_file(b"", NAME, identity.key, identity.certificate))[1].text


@pytest.mark.parametrize("what", EDITS)
def test_signature_that_leaves_something_open_is_refused(what: str) -> None:
    """Whatever is not the one form is refused with its step, most of it before any key is used."""
    edit, step = EDITS[what]
    root = etree.fromstring(signature())
    edit(root)

    with pytest.raises(SignatureRefused) as refused:
        verify_file(CONTENT, root, trust(), index().at)

    assert refused.value.step == step


def test_other_content_is_refused() -> None:
    """One byte more, and the signature is not of this file."""
    with pytest.raises(SignatureRefused, match="not the one that was signed"):
        verified(signature(), CONTENT + b"\n")


def test_certificate_must_be_trusted_at_the_time() -> None:
    """A signature of anybody else's authority is refused, and one of a certificate that has ended."""
    with pytest.raises(SignatureRefused) as unknown:
        verify_file(CONTENT, parse(signature()), Trust((), ()), index().at)
    with pytest.raises(SignatureRefused) as ended:
        verify_file(CONTENT, parse(signature()), trust(), index().at + timedelta(days=36500))

    assert (unknown.value.step, ended.value.step) == (Step.CHAIN, Step.VALIDITY)


def test_certificate_of_another_key_signs_nothing() -> None:
    """Key and certificate must belong together, or nobody could verify what was signed."""
    with pytest.raises(NotConfigured, match="belongs to another key"):
        sign_file(CONTENT, NAME, load("trader-rsa").key, load("trader-p256").certificate)
