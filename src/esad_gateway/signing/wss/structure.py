"""Structure before cryptography: where a signed envelope has its parts, and what they may look like (steps 1 to 12).

Body and Timestamp are at fixed places: the last child of the envelope, and a child of the one Security header. They
are read from there and from nowhere else; no Id is ever looked up. A reference has to name the Id of what stands at
such a place, and no other element may have the same Id. So moving, doubling or wrapping what was signed does not
change what is read: it is refused here, before anything is canonicalised, digested or decoded.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from lxml import etree

from esad_gateway.faults import Said, said
from esad_gateway.signing.algorithms import ALGORITHMS, Algorithm
from esad_gateway.signing.differences import children, clipped, difference
from esad_gateway.signing.profile import ENVELOPED, EXCLUSIVE_C14N, MAX_NAMESPACES, SHA256, SIGNATURE
from esad_gateway.signing.shape import Row, ds, local_name
from esad_gateway.signing.values import digest_value, signature_value
from esad_gateway.signing.wss.canonical import prefixes_of
from esad_gateway.signing.wss.names import MAX_ID, MAX_PARTS, MAX_SECURITY, SECURITY, wsse, wsu
from esad_gateway.signing.wss.steps import SecurityStep, as_here, refuse
from esad_gateway.signing.wss.tokens import Token, token_of

TIMESTAMP: Final = wsu("Timestamp")
TOKEN: Final = wsse("BinarySecurityToken")
_ID: Final = wsu("Id")
_ALL_IDS: Final = etree.XPath("//@*[local-name()='Id' or local-name()='ID' or local-name()='id']")
_BEFORE_REFERENCES: Final = 2  # CanonicalizationMethod and SignatureMethod

_SIGNATURE: Final = Row(step=SecurityStep.SHAPE, tag=SIGNATURE, children=("SignedInfo", "SignatureValue", "KeyInfo"))
_SIGNED_INFO: Final = Row(step=SecurityStep.SHAPE, tag=ds("SignedInfo"), children=None)
_METHOD: Final = Row(
    step=SecurityStep.CANONICALIZATION,
    tag=ds("CanonicalizationMethod"),
    children=None,
    fixed=[("Algorithm", EXCLUSIVE_C14N)],
)
_ALGORITHM: Final = Row(step=SecurityStep.ALGORITHM, tag=ds("SignatureMethod"), free=("Algorithm",))
_VALUE: Final = Row(step=SecurityStep.SHAPE, tag=ds("SignatureValue"), text=True)
_KEY_INFO: Final = Row(step=SecurityStep.TOKEN, tag=ds("KeyInfo"), children=("SecurityTokenReference",))
_REFERENCE: Final = Row(
    step=SecurityStep.REFERENCES,
    tag=ds("Reference"),
    children=("Transforms", "DigestMethod", "DigestValue"),
    free=("URI",),
)
_TRANSFORMS: Final = Row(step=SecurityStep.TRANSFORMS, tag=ds("Transforms"), children=None)
_TRANSFORM: Final = Row(
    step=SecurityStep.TRANSFORMS, tag=ds("Transform"), children=None, fixed=[("Algorithm", EXCLUSIVE_C14N)]
)
_ENVELOPED: Final = Row(step=SecurityStep.TRANSFORMS, tag=ds("Transform"), fixed=[("Algorithm", ENVELOPED)])
_DIGEST: Final = Row(step=SecurityStep.DIGEST_METHOD, tag=ds("DigestMethod"), fixed=[("Algorithm", SHA256)])
_DIGEST_VALUE: Final = Row(step=SecurityStep.SHAPE, tag=ds("DigestValue"), text=True)


@dataclass(frozen=True, slots=True)
class Addressee:
    """How an envelope says for whom a header block is: the attribute, and its values that mean the gateway."""

    attribute: str
    ours: frozenset[str]

    def is_meant(self, block: etree._Element) -> bool:
        """Whether a header block is for the gateway."""
        return block.get(self.attribute, "").strip() in self.ours


@dataclass(frozen=True, slots=True)
class Part:
    """An element that a reference signs, the digest that was signed, and the PrefixList of its canonical form."""

    element: etree._Element
    digest: bytes
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedEnvelope:
    """The parts of a signed envelope that has the right form; nothing in it is proved yet."""

    timestamp: etree._Element
    token: Token
    signed_info: etree._Element
    prefixes: tuple[str, ...]
    algorithm: Algorithm
    value_element: etree._Element
    value: bytes
    parts: tuple[Part, ...]


def claims_security(root: etree._Element) -> bool:
    """Whether an envelope has something that is called Security, in whatever namespace, wherever, for whomever."""
    return next(root.iter("{*}Security"), None) is not None


def outline(root: etree._Element, addressee: Addressee) -> SignedEnvelope:
    """The parts of a signed envelope, after steps 1 to 12; the tree is not changed.

    ``root`` is an envelope of a Header and a Body. Raises SecurityRefused with the first step that fails.
    """
    security = _only_security(root, addressee)
    timestamp, token, signature = _content(security)
    _check_size(security)
    places = _places(root, security, timestamp, token)
    signed_info = _signed_info(signature)
    _expect(signed_info[0], _METHOD)
    prefixes = prefixes_of(signed_info[0], SecurityStep.CANONICALIZATION)
    algorithm = _algorithm(signed_info[1])
    parts = tuple(_part(reference, places) for reference in signed_info[_BEFORE_REFERENCES:])
    _check_signed(parts, root[-1], timestamp)
    _expect(signature[2], _KEY_INFO)
    with as_here():
        value = signature_value(signature[1], algorithm)
    return SignedEnvelope(
        timestamp=timestamp,
        token=token_of(signature[2][0], token),
        signed_info=signed_info,
        prefixes=prefixes,
        algorithm=algorithm,
        value_element=signature[1],
        value=value,
        parts=parts,
    )


def _blocks(root: etree._Element) -> Sequence[etree._Element]:
    """The header blocks of an envelope, which has a Header or none before its Body."""
    return () if len(root) == 1 else root[0][:]


def _only_security(root: etree._Element, addressee: Addressee) -> etree._Element:
    """The one Security header of the gateway (step 1)."""
    blocks = _blocks(root)
    found = list(islice(root.iter("{*}Security"), MAX_SECURITY))
    for one in found:
        if one not in blocks:
            parent = one.getparent()
            where = "" if parent is None else local_name(str(parent.tag))
            refuse(SecurityStep.HEADER, said("security.not_a_header", parent=clipped(where)))
    mine = [one for one in found if addressee.is_meant(one)]
    if not mine:
        named = found[0].get(addressee.attribute, "")
        name = local_name(addressee.attribute)
        refuse(SecurityStep.HEADER, said("security.for_another", name=name, found=clipped(named)))
    if len(mine) > 1:
        refuse(SecurityStep.HEADER, Said("security.several"))
    if mine[0].tag != SECURITY:
        space = etree.QName(mine[0]).namespace or ""
        refuse(
            SecurityStep.HEADER, said("security.namespace", found=clipped(space)), said("said.as_it_is", text=SECURITY)
        )
    return mine[0]


def _content(security: etree._Element) -> tuple[etree._Element, etree._Element | None, etree._Element]:
    """Timestamp, token and signature (step 2), in whatever order."""
    if sorted(str(child.tag) for child in security[:MAX_SECURITY]) not in _CONTENTS:
        refuse(SecurityStep.CONTENT, said("refused.holds", name="Security", what=children(security)))
    found = {str(child.tag): child for child in security}
    return found[TIMESTAMP], found.get(TOKEN), found[SIGNATURE]


_CONTENTS: Final = (sorted((TIMESTAMP, SIGNATURE)), sorted((TIMESTAMP, SIGNATURE, TOKEN)))


def _check_size(security: etree._Element) -> None:
    """As in documents: libxml2 compares the declarations around what it canonicalises with each other (step 3)."""
    if next(islice(security.iter(), MAX_SECURITY, None), None) is not None:
        reason = said("refused.elements", number=MAX_SECURITY, name="Security")
        refuse(SecurityStep.SIZE, reason, said("wanted.at_most", number=MAX_SECURITY))
    for element in (*security, security.getroottree().getroot()[-1]):
        if len(element.nsmap) > MAX_NAMESPACES:
            count = said("count.namespaces", count=len(element.nsmap))
            reason = said("refused.namespaces_in", namespaces=count, name=local_name(str(element.tag)))
            refuse(SecurityStep.SIZE, reason, said("wanted.at_most", number=MAX_NAMESPACES))


def _places(
    root: etree._Element, security: etree._Element, timestamp: etree._Element, token: etree._Element | None
) -> dict[str, etree._Element]:
    """What a reference may name: Id -> Body, Timestamp, the token, header blocks (step 4)."""
    needed = (root[-1], timestamp)
    for one in needed:
        if not _identifier(one):
            refuse(SecurityStep.IDS, said("security.no_id", name=local_name(str(one.tag))))
    others = (one for one in (token, *_blocks(root)) if one is not None and one is not security)
    places = {identifier: one for one in (*needed, *others) if (identifier := _identifier(one))}
    counted = Counter(map(str, _ALL_IDS(root)))
    twice = next((one for one in places if counted[one] > 1), None)
    if twice is not None:
        name = local_name(str(places[twice].tag))
        refuse(SecurityStep.IDS, said("refused.id_twice", identifier=clipped(twice), name=name))
    return places


def _identifier(element: etree._Element) -> str:
    """The Id of an element: ``wsu:Id``, or ``Id`` as some clients write it, and never both."""
    given = [value for value in (element.get(_ID), element.get("Id")) if value is not None]
    if len(given) > 1:
        refuse(SecurityStep.IDS, said("security.two_ids", name=local_name(str(element.tag))))
    return given[0] if given and len(given[0]) <= MAX_ID else ""


def _signed_info(signature: etree._Element) -> etree._Element:
    """SignedInfo of a signature of the right parts (step 5)."""
    _expect(signature, _SIGNATURE)
    signed_info = signature[0]
    _expect(signed_info, _SIGNED_INFO)
    _expect(signature[1], _VALUE)
    references = len(signed_info) - _BEFORE_REFERENCES
    if not _BEFORE_REFERENCES <= references <= MAX_PARTS:
        count = said("count.references", count=max(references, 0))
        wanted = said("security.references", number=MAX_PARTS)
        refuse(SecurityStep.SHAPE, said("refused.references", references=count), wanted)
    return signed_info


def _algorithm(method: etree._Element) -> Algorithm:
    _expect(method, _ALGORITHM)
    uri = method.get("Algorithm", "")
    if uri not in ALGORITHMS:
        allowed = said("said.as_it_is", text=tuple(ALGORITHMS))
        refuse(SecurityStep.ALGORITHM, said("refused.algorithm", uri=clipped(uri)), allowed)
    return ALGORITHMS[uri]


def _part(reference: etree._Element, places: dict[str, etree._Element]) -> Part:
    """What one reference signs, which stands at its place (steps 8 to 10)."""
    _expect(reference, _REFERENCE)
    pointer = reference.get("URI", "")
    element = places.get(pointer.removeprefix("#")) if pointer.startswith("#") else None
    if element is None:
        refuse(SecurityStep.REFERENCES, said("security.pointer", pointer=clipped(pointer)))
    prefixes = _transform(reference[0])
    _expect(reference[1], _DIGEST)
    _expect(reference[2], _DIGEST_VALUE)
    with as_here():
        return Part(element, digest_value(reference[2]), prefixes)


def _transform(transforms: etree._Element) -> tuple[str, ...]:
    """The PrefixList of the one canonical form of a part (step 9).

    Before it may stand enveloped-signature: it takes the signature out of what holds it, and no part does.
    """
    _expect(transforms, _TRANSFORMS)
    form = transforms[:]
    if len(form) == 2 and form[0].get("Algorithm") == ENVELOPED:  # noqa: PLR2004  the two transforms
        _expect(form.pop(0), _ENVELOPED)
    if len(form) != 1:
        refuse(SecurityStep.TRANSFORMS, said("refused.holds", name="Transforms", what=children(transforms)))
    _expect(form[0], _TRANSFORM)
    return prefixes_of(form[0], SecurityStep.TRANSFORMS)


def _check_signed(parts: Sequence[Part], *needed: etree._Element) -> None:
    """That Body and Timestamp are signed, and nothing is twice (step 8)."""
    signed = [part.element for part in parts]
    missing = next((one for one in needed if one not in signed), None)
    if missing is not None:
        refuse(SecurityStep.REFERENCES, said("security.unsigned", name=local_name(str(missing.tag))))
    if len(set(signed)) != len(signed):
        refuse(SecurityStep.REFERENCES, Said("security.part_twice"))


def _expect(element: etree._Element, row: Row) -> None:
    reason = difference(element, row)
    if reason:
        refuse(SecurityStep(row.step), reason, row.expected)
