from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509

from esad_gateway.signing.signer import XmlSigner
from helpers import templates, xmlsec1
from helpers.pki import load
from helpers.programs import require
from helpers.signatures import SIGNATURES, form, signer_of, tree, valid, verified

SIGNERS = ("trader-rsa", "trader-p256")
TEMPLATES = (templates.plain, templates.xades)


@pytest.fixture(autouse=True)
def _xmlsec1() -> None:
    require(xmlsec1.PROGRAM)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.__name__)
@pytest.mark.parametrize("name", SIGNERS)
def test_we_verify_what_xmlsec1_signs(name: str, template: Callable[[x509.Certificate], bytes], tmp_path: Path) -> None:
    """A document signed by xmlsec1 is verified here, with the same content."""
    document = xmlsec1.sign(template(load(name).certificate), name, tmp_path)
    signed = verified(document)
    assert form(signed.payload) == form(tree(templates.PAYLOAD))
    assert signed.xades == (template is templates.xades)


@pytest.mark.parametrize(
    "payload",
    [templates.PAYLOAD, templates.DEFAULT_NAMESPACE, templates.INDENTED],
    ids=["prefixed", "default-namespace", "indented"],
)
@pytest.mark.parametrize("name", SIGNERS)
def test_xmlsec1_verifies_what_we_sign(name: str, payload: bytes, tmp_path: Path) -> None:
    """A document signed here is verified by xmlsec1, and no longer once a value is changed."""
    identity = load(name)
    document = XmlSigner(identity.key, identity.certificate).sign(tree(payload))
    assert xmlsec1.verifies(document, name, tmp_path)
    assert not xmlsec1.verifies(document.replace(b"fixture-0001", b"fixture-0002"), name, tmp_path)


def test_xmlsec1_verifies_every_valid_fixture(tmp_path: Path) -> None:
    """What this verifier finds good, whoever signed it, xmlsec1 finds good."""
    names = valid()
    documents = {name: (SIGNATURES / name).read_bytes() for name in names}
    refused = [name for name in names if not xmlsec1.verifies(documents[name], signer_of(name), tmp_path)]
    assert names
    assert not refused
