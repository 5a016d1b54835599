"""A second opinion: another library says the same, or the two ways of reading are there to see."""

import pytest
from lxml import etree

from esad_gateway.signing.second import second_opinion
from helpers.signatures import fixtures, index, read, valid, verifier

ALTERED = [name for name in fixtures() if name.startswith("altered/") and index().outcomes[name] in {20, 21, 22}]
TOLERATED = [name for name in fixtures("ok") if name.startswith("tolerated/")]


@pytest.mark.parametrize("name", valid())
def test_valid_signature_holds_for_both(name: str) -> None:
    """Whoever signed it, and whatever chain stands beside the signer's certificate."""
    signed = verifier().verify(read(name), index().at)

    assert second_opinion(read(name), signed.fingerprint).holds


@pytest.mark.parametrize("name", ALTERED)
def test_altered_document_is_refused_by_both(name: str) -> None:
    """Content, properties or a value that was changed after signing."""
    opinion = second_opinion(read(name), verifier().explain(read(name), index().at).fingerprint)

    assert not opinion.holds
    assert opinion.reason


@pytest.mark.parametrize("name", TOLERATED)
def test_signature_that_is_tolerated_holds_here_only(name: str) -> None:
    """Signxml writes XAdES in a form that its own verifier reads in another way: that is why we call it tolerated."""
    opinion = second_opinion(read(name), verifier().verify(read(name), index().at).fingerprint)

    assert (opinion.holds, (opinion.reason or "").split(":")[0]) == (False, "InvalidDigest")


def test_document_stays_as_it_is() -> None:
    """Asking changes nothing, so the first verifier may be asked before or after."""
    root = read("valid/esad-p256.xml")
    before = etree.tostring(root)

    second_opinion(root, verifier().explain(read("valid/esad-p256.xml"), index().at).fingerprint)

    assert etree.tostring(root) == before


def test_certificate_that_is_not_there_is_told() -> None:
    """Without the signer's certificate there is no key to ask."""
    opinion = second_opinion(read("valid/esad-p256.xml"), None)

    assert (opinion.holds, opinion.reason) == (False, "there is no certificate whose key it could ask")
