import pytest
from lxml import etree
from signxml.algorithms import CanonicalizationMethod
from signxml.signer import XMLSigner
from signxml.xades.xades import XAdESSigner

from helpers import templates
from helpers.pki import load
from helpers.signatures import form, refusal, tree, verified

EXCLUSIVE = CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
SIGNERS = {"trader-rsa": "rsa-sha256", "trader-p256": "ecdsa-sha256"}


def signed(kind: type[XMLSigner], name: str, *, chain: bool, form: CanonicalizationMethod = EXCLUSIVE) -> bytes:
    """The payload signed by signxml, with the CA's certificate behind the signer's or without."""
    identity = load(name)
    certificates = [identity.certificate, load("ca").certificate] if chain else [identity.certificate]
    signer = kind(signature_algorithm=SIGNERS[name], c14n_algorithm=form)
    root = signer.sign(tree(templates.PAYLOAD), key=identity.key, cert=certificates)
    return etree.tostring(root, encoding="UTF-8")


@pytest.mark.parametrize("chain", [False, True], ids=["alone", "with-chain"])
@pytest.mark.parametrize("kind", [XMLSigner, XAdESSigner])
@pytest.mark.parametrize("name", SIGNERS)
def test_we_verify_what_signxml_signs(name: str, kind: type[XMLSigner], *, chain: bool) -> None:
    """A document signed by signxml is verified here: XAdES has three references, a bare key and no Transforms."""
    proved = verified(signed(kind, name, chain=chain))
    assert form(proved.payload) == form(tree(templates.PAYLOAD))
    assert proved.xades == (kind is XAdESSigner)


def test_form_that_signxml_writes_by_itself_is_refused_by_name() -> None:
    """Without the setting for exclusive canonical form signxml writes C14N 1.1: the refusal names it."""
    document = signed(XMLSigner, "trader-rsa", chain=False, form=CanonicalizationMethod.CANONICAL_XML_1_1)
    refused = refusal(tree(document))
    assert refused.step == 5
    assert refused.reason == "CanonicalizationMethod has Algorithm 'http://www.w3.org/2006/12/xml-c14n11'"
