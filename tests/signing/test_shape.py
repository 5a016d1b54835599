"""The rows of a signature, word for word as the profile ESAD-SIG-1 has them, for every form of its references."""

import pytest

from esad_gateway.signing.shape import Further, Row, rows
from esad_gateway.signing.steps import Step

DS = "{http://www.w3.org/2000/09/xmldsig#}"
C14N = [("Algorithm", "http://www.w3.org/2001/10/xml-exc-c14n#")]
ENVELOPED = [("Algorithm", "http://www.w3.org/2000/09/xmldsig#enveloped-signature")]
SHA256 = [("Algorithm", "http://www.w3.org/2001/04/xmlenc#sha256")]
PROPERTIES = [("Type", "http://uri.etsi.org/01903#SignedProperties")]
DIGESTED = ("DigestMethod", "DigestValue")
DIGEST = (
    Row(step=Step.DIGEST_METHOD, tag=f"{DS}DigestMethod", fixed=SHA256),
    Row(step=Step.SHAPE, tag=f"{DS}DigestValue", text=True),
)


def further(attributes: list[tuple[str, str]], *, transforms: bool) -> tuple[Row, ...]:
    """The rows of a reference beside that to the document."""
    step = Step.PROPERTIES_REFERENCE
    children = ("Transforms", *DIGESTED) if transforms else DIGESTED
    named = (
        Row(step=step, tag=f"{DS}Transforms", children=("Transform",)),
        Row(step=step, tag=f"{DS}Transform", fixed=C14N),
    )
    return (
        Row(step=step, tag=f"{DS}Reference", children=children, fixed=attributes, free=("URI",)),
        *(named if transforms else ()),
        *DIGEST,
    )


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        ((), ()),
        ((Further(properties=True, transforms=True),), further(PROPERTIES, transforms=True)),
        (
            (Further(properties=True, transforms=False), Further(properties=False, transforms=True)),
            (*further(PROPERTIES, transforms=False), *further([], transforms=True)),
        ),
    ],
    ids=["the document only", "its properties as well", "properties as they stand, and KeyInfo"],
)
def test_signature_has_the_shape_of_the_profile(forms: tuple[Further, ...], expected: tuple[Row, ...]) -> None:
    """Every element with its step, children and attributes, in document order; made anew, not taken from memory."""
    step = Step.DOCUMENT_REFERENCE
    references = ("Reference",) * (1 + len(forms))
    parts = ("SignedInfo", "SignatureValue", "KeyInfo", *(("Object",) if forms else ()))
    info = ("CanonicalizationMethod", "SignatureMethod", *references)

    assert rows.__wrapped__(forms) == (
        Row(step=Step.SHAPE, tag=f"{DS}Signature", children=parts),
        Row(step=Step.SHAPE, tag=f"{DS}SignedInfo", children=info),
        Row(step=Step.CANONICALIZATION, tag=f"{DS}CanonicalizationMethod", fixed=C14N),
        Row(step=Step.ALGORITHM, tag=f"{DS}SignatureMethod", free=("Algorithm",)),
        Row(step=step, tag=f"{DS}Reference", children=("Transforms", *DIGESTED), fixed=[("URI", "")]),
        Row(step=step, tag=f"{DS}Transforms", children=("Transform", "Transform")),
        Row(step=step, tag=f"{DS}Transform", fixed=ENVELOPED),
        Row(step=step, tag=f"{DS}Transform", fixed=C14N),
        *DIGEST,
        *expected,
        Row(step=Step.SHAPE, tag=f"{DS}SignatureValue", text=True),
    )
