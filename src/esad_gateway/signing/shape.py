"""The form of a signature under ESAD-SIG-1 as a table: every element, where it stands, what it may carry."""

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import Final

from esad_gateway.faults import Said, said
from esad_gateway.signing.profile import (
    DS,
    ENVELOPED,
    EXCLUSIVE_C14N,
    SHA256,
    SIGNATURE,
    SIGNED_PROPERTIES,
    XADES,
)
from esad_gateway.signing.steps import Step


def ds(name: str) -> str:
    """The tag of an XML signature element."""
    return f"{{{DS}}}{name}"


def xades(name: str) -> str:
    """The tag of an XAdES element."""
    return f"{{{XADES}}}{name}"


def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One element of the signature: the step it belongs to, its tag, the names of its children, its attributes.

    ``children`` is ``None`` where any are allowed. ``fixed`` attributes have one allowed value (in the form in which
    lxml lists them), ``free`` ones must be there with any value, ``Id`` may be there. ``text`` elements hold base64.
    """

    step: IntEnum
    tag: str
    children: tuple[str, ...] | None = ()
    fixed: list[tuple[str, str]] = field(default_factory=list)
    free: tuple[str, ...] = ()
    text: bool = False

    @property
    def expected(self) -> Said:
        """The element in words."""
        attributes = "".join(f' {name}="{value}"' for name, value in self.fixed)
        free = "".join(f' {name}="…"' for name in self.free)
        listed = "…" if self.children is None else ", ".join(self.children)
        inside = Said("wanted.text") if self.text else listed or Said("refused.nothing")
        return said("wanted.element", element=f"<{local_name(self.tag)}{attributes}{free}>", inside=inside)


@dataclass(frozen=True, slots=True)
class Further:
    """The form of a reference beside that to the document: what it signs, and whether it names a canonical form."""

    properties: bool
    transforms: bool


@cache
def rows(further: tuple[Further, ...]) -> tuple[Row, ...]:
    """The rows of a signature up to SignatureValue, in document order, for the further references that it has.

    A sequence of tags, each with its number of children, describes exactly one tree, so comparing row by row compares
    the whole tree. KeyInfo and ds:Object, which may hold more than one form, come after and have rows of their own.
    """
    references = ("Reference",) * (1 + len(further))
    parts = ("SignedInfo", "SignatureValue", "KeyInfo", *(("Object",) if further else ()))
    return (
        Row(step=Step.SHAPE, tag=SIGNATURE, children=parts),
        Row(step=Step.SHAPE, tag=ds("SignedInfo"), children=("CanonicalizationMethod", "SignatureMethod", *references)),
        Row(step=Step.CANONICALIZATION, tag=ds("CanonicalizationMethod"), fixed=_algorithm(EXCLUSIVE_C14N)),
        Row(step=Step.ALGORITHM, tag=ds("SignatureMethod"), free=("Algorithm",)),
        *_document_reference(),
        *(row for reference in further for row in _further_reference(reference)),
        Row(step=Step.SHAPE, tag=ds("SignatureValue"), text=True),
    )


def _algorithm(uri: str) -> list[tuple[str, str]]:
    return [("Algorithm", uri)]


_DIGEST: Final = (
    Row(step=Step.DIGEST_METHOD, tag=ds("DigestMethod"), fixed=_algorithm(SHA256)),
    Row(step=Step.SHAPE, tag=ds("DigestValue"), text=True),
)


def _document_reference() -> tuple[Row, ...]:
    step = Step.DOCUMENT_REFERENCE
    children = ("Transforms", "DigestMethod", "DigestValue")
    return (
        Row(step=step, tag=ds("Reference"), children=children, fixed=[("URI", "")]),
        Row(step=step, tag=ds("Transforms"), children=("Transform", "Transform")),
        Row(step=step, tag=ds("Transform"), fixed=_algorithm(ENVELOPED)),
        Row(step=step, tag=ds("Transform"), fixed=_algorithm(EXCLUSIVE_C14N)),
        *_DIGEST,
    )


def _further_reference(form: Further) -> tuple[Row, ...]:
    step = Step.PROPERTIES_REFERENCE
    kind = [("Type", SIGNED_PROPERTIES)] if form.properties else []
    transforms = (
        Row(step=step, tag=ds("Transforms"), children=("Transform",)),
        Row(step=step, tag=ds("Transform"), fixed=_algorithm(EXCLUSIVE_C14N)),
    )
    children = (*(("Transforms",) if form.transforms else ()), "DigestMethod", "DigestValue")
    return (
        Row(step=step, tag=ds("Reference"), children=children, fixed=kind, free=("URI",)),
        *(transforms if form.transforms else ()),
        *_DIGEST,
    )


KEY_INFO: Final = Row(step=Step.KEY_INFO, tag=ds("KeyInfo"), children=None)
X509_DATA: Final = Row(step=Step.KEY_INFO, tag=ds("X509Data"), children=None)
CERTIFICATE: Final = Row(step=Step.KEY_INFO, tag=ds("X509Certificate"), text=True)

BESIDE_CERTIFICATES: Final = frozenset(map(ds, ("X509IssuerSerial", "X509SubjectName", "X509SKI")))
"""What X509Data may hold beside certificates; it is not believed."""

OBJECT: Final = (
    Row(step=Step.PROPERTIES_REFERENCE, tag=ds("Object"), children=("QualifyingProperties",)),
    Row(step=Step.PROPERTIES_REFERENCE, tag=xades("QualifyingProperties"), children=None, free=("Target",)),
    Row(step=Step.PROPERTIES_REFERENCE, tag=xades("SignedProperties"), children=None, free=("Id",)),
)
UNSIGNED: Final = Row(step=Step.PROPERTIES_REFERENCE, tag=xades("UnsignedProperties"), children=None)

PROGRAMS: Final = {
    "http://www.w3.org/TR/1999/REC-xpath-19991116": "XPath",
    "http://www.w3.org/2002/06/xmldsig-filter2": "XPath filter",
    "http://www.w3.org/TR/1999/REC-xslt-19991116": "XSLT",
}
"""Transforms that are programs of the signer: they are refused by name, and never run."""
