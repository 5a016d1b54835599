"""The form of a signature under ESAD-SIG-1 as a table: every element, where it stands, what it may carry."""

from dataclasses import dataclass, field
from typing import Final

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


def local_name(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One element of the signature: the step it belongs to, its tag, the names of its children, its attributes.

    ``children`` is ``None`` where any are allowed. ``fixed`` attributes have one allowed value (in the form in which
    lxml lists them), ``free`` ones must be there with any value, ``Id`` may be there. ``text`` elements hold base64.
    """

    step: Step
    tag: str
    children: tuple[str, ...] | None = ()
    fixed: list[tuple[str, str]] = field(default_factory=list)
    free: tuple[str, ...] = ()
    text: bool = False

    @property
    def expected(self) -> str:
        """The element in words."""
        attributes = "".join(f' {name}="{value}"' for name, value in self.fixed)
        free = "".join(f' {name}="…"' for name in self.free)
        inside = "…" if self.children is None else "text" if self.text else ", ".join(self.children) or "nothing"
        return f"<{local_name(self.tag)}{attributes}{free}> holding {inside}"


def _xades(name: str) -> str:
    return f"{{{XADES}}}{name}"


def _algorithm(uri: str) -> list[tuple[str, str]]:
    return [("Algorithm", uri)]


_IN_REFERENCE: Final = ("Transforms", "DigestMethod", "DigestValue")

# Rows are in document order. A sequence of tags, each with its number of children, describes exactly one tree, so
# comparing row by row compares the whole tree.


def _rows(*, xades: bool) -> tuple[Row, ...]:
    references = ("Reference", "Reference") if xades else ("Reference",)
    parts = ("SignedInfo", "SignatureValue", "KeyInfo", *(("Object",) if xades else ()))
    return (
        Row(step=Step.SHAPE, tag=SIGNATURE, children=parts),
        Row(step=Step.SHAPE, tag=ds("SignedInfo"), children=("CanonicalizationMethod", "SignatureMethod", *references)),
        Row(step=Step.CANONICALIZATION, tag=ds("CanonicalizationMethod"), fixed=_algorithm(EXCLUSIVE_C14N)),
        Row(step=Step.ALGORITHM, tag=ds("SignatureMethod"), free=("Algorithm",)),
        *_document_reference(),
        *(_properties_reference() if xades else ()),
        Row(step=Step.SHAPE, tag=ds("SignatureValue"), text=True),
        Row(step=Step.KEY_INFO, tag=ds("KeyInfo"), children=("X509Data",)),
        Row(step=Step.KEY_INFO, tag=ds("X509Data"), children=("X509Certificate",)),
        Row(step=Step.KEY_INFO, tag=ds("X509Certificate"), text=True),
        *(_qualifying_properties() if xades else ()),
    )


def _document_reference() -> tuple[Row, ...]:
    step = Step.DOCUMENT_REFERENCE
    return (
        Row(step=step, tag=ds("Reference"), children=_IN_REFERENCE, fixed=[("URI", "")]),
        Row(step=step, tag=ds("Transforms"), children=("Transform", "Transform")),
        Row(step=step, tag=ds("Transform"), fixed=_algorithm(ENVELOPED)),
        Row(step=step, tag=ds("Transform"), fixed=_algorithm(EXCLUSIVE_C14N)),
        *_digest(),
    )


def _properties_reference() -> tuple[Row, ...]:
    step = Step.PROPERTIES_REFERENCE
    return (
        Row(step=step, tag=ds("Reference"), children=_IN_REFERENCE, fixed=[("Type", SIGNED_PROPERTIES)], free=("URI",)),
        Row(step=step, tag=ds("Transforms"), children=("Transform",)),
        Row(step=step, tag=ds("Transform"), fixed=_algorithm(EXCLUSIVE_C14N)),
        *_digest(),
    )


def _digest() -> tuple[Row, ...]:
    return (
        Row(step=Step.DIGEST_METHOD, tag=ds("DigestMethod"), fixed=_algorithm(SHA256)),
        Row(step=Step.SHAPE, tag=ds("DigestValue"), text=True),
    )


def _qualifying_properties() -> tuple[Row, ...]:
    step = Step.PROPERTIES_REFERENCE
    return (
        Row(step=step, tag=ds("Object"), children=("QualifyingProperties",)),
        Row(step=step, tag=_xades("QualifyingProperties"), children=("SignedProperties",), free=("Target",)),
        Row(step=step, tag=_xades("SignedProperties"), children=None, free=("Id",)),
    )


PLAIN: Final = _rows(xades=False)
WITH_XADES: Final = _rows(xades=True)
