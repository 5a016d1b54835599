"""Structure before cryptography: a signed tree is compared with the table of ``shape``, element by element.

Everything that decides what is signed, and by which key, is at a fixed place in the tree and is read from there; no
Id is ever looked up to find it. So moving, doubling or nesting parts of a signed document (signature wrapping) does
not change what is read: it makes the document differ from the table, and it is refused here. Nothing is
canonicalised, hashed or decoded before the whole signature has the form of the table, so references by the thousand,
transforms with programs in them and inclusive canonical forms cost no more than finding them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, NoReturn

from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said, said
from esad_gateway.signing.algorithms import ALGORITHMS, Algorithm
from esad_gateway.signing.differences import children, clipped, difference
from esad_gateway.signing.profile import (
    MAX_CERTIFICATES,
    MAX_HINTS,
    MAX_KEY_INFO,
    MAX_NAMESPACES,
    MAX_PROPERTIES,
    MAX_REFERENCES,
    MAX_UNSIGNED,
    SIGNATURE,
    SIGNED_PROPERTIES,
)
from esad_gateway.signing.shape import (
    BESIDE_CERTIFICATES,
    CERTIFICATE,
    KEY_INFO,
    OBJECT,
    UNSIGNED,
    X509_DATA,
    Further,
    Row,
    ds,
    local_name,
    rows,
)
from esad_gateway.signing.steps import Step, asks
from esad_gateway.signing.values import certificate_value, digest_value, signature_value


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPart:
    """An element of the signature that is signed as well: its digest, and whether in exclusive canonical form.

    ``exclusive`` is false where the reference names no transform, which means inclusive canonical form 1.0.
    """

    element: etree._Element
    digest: bytes
    exclusive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The parts of a signature that has the profile's form; nothing in it is proved yet.

    ``certificates`` are DER, in the document's order. ``properties`` is the XAdES SignedProperties element, ``None``
    for a plain XML signature; ``further`` is what is signed beside the document.
    """

    signature: etree._Element
    signed_info: etree._Element
    algorithm: Algorithm
    digest: bytes
    value: bytes
    certificates: tuple[bytes, ...]
    properties: etree._Element | None
    further: tuple[SignedPart, ...]


_PLAIN_PARTS: Final = 3  # children of Signature, and of SignedInfo, with one reference
_KEY_INFO_PARTS: Final = 2  # X509Data and KeyValue
_BEFORE_REFERENCES: Final = 2  # CanonicalizationMethod and SignatureMethod
_INHERITED: Final = "{http://www.w3.org/XML/1998/namespace}"  # attributes that inclusive canonical forms pass down
_IDS: Final = etree.XPath("//@*[local-name()='Id' or local-name()='ID' or local-name()='id'][. = $id]")


def outline(root: etree._Element) -> Outline:
    """The parts of the one signature of ``root``, after steps 1 to 11; the tree is not changed.

    Raises ``SignatureRefused`` with the first step that fails, and beside it what else is wrong with the form. Nothing
    is proved: no digest, key or certificate is looked into.
    """
    try:
        return _outline(root)
    except SignatureRefused as refused:
        refused.besides = tuple(islice(_besides(root, refused), MOST_BESIDES))
        raise


def _outline(root: etree._Element) -> Outline:
    foreign = foreign_node(root)
    if foreign:
        _refuse(Step.DOCUMENT, foreign)
    signature = _only_signature(root)
    _check_size(signature)
    further = _further(signature)
    for element, row in zip(signature.iter(), rows(further), strict=False):
        reason = difference(element, row)
        if reason:
            raise SignatureRefused(row.step, reason, row.expected)
    algorithm = _signature_algorithm(signature[0][1])
    parts = _parts(root, signature, further) if further else ()
    certificates = _certificates(signature[2])
    return Outline(
        signature=signature,
        signed_info=signature[0],
        algorithm=algorithm,
        digest=digest_value(signature[0][2][2]),
        value=signature_value(signature[1], algorithm),
        certificates=tuple(certificate_value(element) for element in certificates),
        properties=signature[3][0][0] if further else None,
        further=parts,
    )


def _besides(root: etree._Element, first: SignatureRefused) -> Iterator[SignatureRefused]:
    """What is wrong with the form of a refused signature apart from the ``first`` fault, each once.

    Nothing is told of one that is not at its place, nor of one that is too large: that may cost nothing more.
    """
    if first.step in (Step.PLACE, Step.SIZE):
        return
    told = {(first.step, first.why)}
    for one in _objections(root):
        if (one.step, one.why) not in told:
            told.add((one.step, one.why))
            yield one


def _objections(root: etree._Element) -> Iterator[SignatureRefused]:
    """Every fault of the form that can be told from the others.

    Nothing is looked into that is larger than the profile allows, nor what has no known place, since an element before
    it is missing or another one.
    """
    try:
        signature = _only_signature(root)
        _check_size(signature)
        further = _further(signature)
    except SignatureRefused as refused:
        yield refused
        return
    for element, row in zip(signature.iter(), rows(further), strict=False):
        if reason := difference(element, row):
            yield SignatureRefused(row.step, reason, row.expected)
            if element.tag != row.tag or (row.children is not None and len(element) != len(row.children)):
                return
    for check in _independent(root, signature, further):
        try:
            check()
        except SignatureRefused as refused:
            yield refused


def _independent(
    root: etree._Element, signature: etree._Element, further: tuple[Further, ...]
) -> Iterator[Callable[[], object]]:
    """What is looked into after the table, each without the others."""
    yield partial(_signature_algorithm, signature[0][1])
    if further:
        yield partial(_parts, root, signature, further)
    yield lambda: [certificate_value(one) for one in _certificates(signature[2])]
    yield partial(digest_value, signature[0][2][2])
    if algorithm := ALGORITHMS.get(signature[0][1].get("Algorithm", "")):
        yield partial(signature_value, signature[1], algorithm)


MOST_BESIDES: Final = 12
"""How many faults are told beside the first one."""


def foreign_node(root: etree._Element) -> Said | None:
    """What makes ``root`` more, or less, than a document of elements and text only; ``None`` when nothing does.

    A comment splits the text that a program reads, while canonical forms leave it out: so it could hide text in what
    was signed.
    """
    if root.getparent() is not None:
        return Said("refused.part")
    if root.getprevious() is not None or root.getnext() is not None:
        return Said("refused.beside_root")
    if root.getroottree().docinfo.doctype:
        return Said("refused.doctype")
    node = next(root.iter(etree.Comment, etree.ProcessingInstruction, etree.Entity), None)
    return None if node is None else said("refused.comment", found=clipped(str(node)))


def claimed_certificates(root: etree._Element) -> tuple[bytes, ...]:
    """The certificates (DER, unread) of a document, whatever else is wrong with it; none when there are too many.

    Only for telling people who a refused document claims to be from.
    """
    found = list(islice(root.iter(ds("X509Certificate")), MAX_CERTIFICATES + 1))
    try:
        return tuple(certificate_value(one) for one in found) if len(found) <= MAX_CERTIFICATES else ()
    except SignatureRefused:
        return ()


def _only_signature(root: etree._Element) -> etree._Element:
    found = list(islice(root.iter(SIGNATURE), 2))
    if not found:
        _refuse(Step.PLACE, Said("refused.no_signature"))
    if len(found) > 1:
        inside = found[0] in found[1].iterancestors()
        _refuse(Step.PLACE, Said("refused.signatures_nested") if inside else Said("refused.signatures"))
    if len(root) == 0 or root[-1] is not found[0]:
        _refuse(Step.PLACE, Said("refused.not_last"))
    return found[0]


def _check_size(signature: etree._Element) -> None:
    """The sizes that the table does not fix: namespaces in scope, and what the free parts hold.

    libxml2 copies the declarations around an element that it canonicalises one by one, and compares them with each
    other: thousands of them cost seconds. Those inside cost no more than the rest of the document.
    """
    if len(signature.nsmap) > MAX_NAMESPACES:
        _refuse(Step.SIZE, said("refused.namespaces", namespaces=_in_scope(signature)), _most(MAX_NAMESPACES))
    if len(signature) <= _PLAIN_PARTS:
        return
    for element in signature[2:4]:
        _at_most(element, MAX_PROPERTIES + MAX_UNSIGNED)
        for part in element.iter("*"):
            if len(part.nsmap) > MAX_NAMESPACES:
                name = local_name(str(element.tag))
                found = said("refused.namespaces_in", namespaces=_in_scope(part), name=name)
                _refuse(Step.SIZE, found, _most(MAX_NAMESPACES))


def _in_scope(element: etree._Element) -> Said:
    return said("count.namespaces", count=len(element.nsmap))


def _most(number: int) -> Said:
    return said("wanted.at_most", number=number)


def _at_most(element: etree._Element, most: int) -> None:
    if next(islice(element.iter(), most, None), None) is not None:
        _refuse(Step.SIZE, said("refused.elements", number=most, name=local_name(str(element.tag))), _most(most))


def _further(signature: etree._Element) -> tuple[Further, ...]:
    """The form of the references after the first, which tells the table that the signature is measured against.

    They come together with a ds:Object or not at all.
    """
    count = len(signature[0]) - _BEFORE_REFERENCES if len(signature) else 0
    has_object = len(signature) > _PLAIN_PARTS
    if count <= 1 and not has_object:
        return ()
    if not 1 < count <= MAX_REFERENCES:
        there = said("count.references", count=count)
        beside = said("refused.references_object", references=there)
        _refuse(Step.SHAPE, beside if has_object else said("refused.references", references=there), _REFERENCES)
    if not has_object:
        there = said("count.references", count=count)
        _refuse(Step.SHAPE, said("refused.no_object", references=there), _REFERENCES)
    return tuple(_form(reference) for reference in signature[0][_BEFORE_REFERENCES + 1 :])


_REFERENCES: Final = Said("wanted.references")


def _form(reference: etree._Element) -> Further:
    return Further(
        properties=reference.get("Type") == SIGNED_PROPERTIES,
        transforms=len(reference) > 0 and reference[0].tag == ds("Transforms"),
    )


def _certificates(key_info: etree._Element) -> tuple[etree._Element, ...]:
    """The certificates of KeyInfo (step 10); what may stand beside them is counted, and not looked into."""
    _expect(key_info, KEY_INFO)
    if len(key_info) == 1 and len(key_info[0]) == 1 and key_info[0][0].tag == CERTIFICATE.tag:  # as most write it
        _expect(key_info[0], X509_DATA)
        _expect(key_info[0][0], CERTIFICATE)
        return (key_info[0][0],)
    found = {str(child.tag): child for child in islice(key_info, _KEY_INFO_PARTS)}
    data = found.get(X509_DATA.tag)
    if data is None or len(key_info) != len(found) or not found.keys() <= {X509_DATA.tag, ds("KeyValue")}:
        _refuse(Step.KEY_INFO, _holds("KeyInfo", key_info), Said("wanted.key_info"))
    _expect(data, X509_DATA)
    few = data[: MAX_CERTIFICATES + MAX_HINTS]
    certificates = tuple(child for child in few if child.tag == CERTIFICATE.tag)
    hints = sum(child.tag in BESIDE_CERTIFICATES for child in few)
    fits = 0 < len(certificates) <= MAX_CERTIFICATES and hints <= MAX_HINTS
    if not fits or len(certificates) + hints != len(data):
        beside = ", ".join(sorted(map(local_name, BESIDE_CERTIFICATES)))
        expected = said("wanted.x509_data", number=MAX_CERTIFICATES, hints=MAX_HINTS, beside=beside)
        _refuse(Step.KEY_INFO, _holds("X509Data", data), expected)
    for certificate in certificates:
        _expect(certificate, CERTIFICATE)
    if next(islice(key_info.iter(), MAX_KEY_INFO, None), None) is not None:
        _refuse(Step.KEY_INFO, said("refused.elements", number=MAX_KEY_INFO, name="KeyInfo"), _most(MAX_KEY_INFO))
    return certificates


def _holds(name: str, element: etree._Element) -> Said:
    return said("refused.holds", name=name, what=children(element))


def _parts(root: etree._Element, signature: etree._Element, further: tuple[Further, ...]) -> tuple[SignedPart, ...]:
    """What the further references sign (step 9), read from fixed places: the properties always, each part once."""
    for element, row in zip(signature[3].iter(), OBJECT, strict=False):
        _expect(element, row)
    qualifying = signature[3][0]
    _check_qualifying(root, signature, qualifying)
    forms = [form.properties for form in further]
    if sorted(forms) not in ([True], [False, True]):
        found = said("refused.properties_references", found=sum(forms), others=len(forms) - sum(forms))
        _refuse(Step.PROPERTIES_REFERENCE, found, Said("wanted.properties_references"))
    references = signature[0][_BEFORE_REFERENCES + 1 :]
    parts = []
    for reference, form in zip(references, further, strict=True):
        element = qualifying[0] if form.properties else signature[2]
        _check_pointer(root, element, reference.get("URI", ""))
        if not form.transforms:
            _check_nothing_inherited(root)
        parts.append(SignedPart(element=element, digest=digest_value(reference[-1]), exclusive=form.transforms))
    return tuple(parts)


def _check_qualifying(root: etree._Element, signature: etree._Element, qualifying: etree._Element) -> None:
    """That QualifyingProperties are those of this signature: signed ones, and perhaps unsigned ones, not believed."""
    if [child.tag for child in qualifying] not in ([OBJECT[-1].tag], [OBJECT[-1].tag, UNSIGNED.tag]):
        _refuse(Step.PROPERTIES_REFERENCE, _holds("QualifyingProperties", qualifying), Said("wanted.properties"))
    for unsigned in qualifying[1:]:
        _expect(unsigned, UNSIGNED)
    _at_most(qualifying[0], MAX_PROPERTIES)
    _check_pointer(root, signature, qualifying.get("Target", ""))


def _check_pointer(root: etree._Element, element: etree._Element, pointer: str) -> None:
    """That ``pointer`` means ``element``, and that no other element could be meant."""
    name, identifier = local_name(str(element.tag)), element.get("Id", "")
    if not identifier or pointer != f"#{identifier}":
        named = said("refused.pointer", pointer=clipped(pointer), identifier=clipped(identifier), name=name)
        _refuse(Step.PROPERTIES_REFERENCE, named)
    if len(_IDS(root, id=identifier)) != 1:
        _refuse(Step.PROPERTIES_REFERENCE, said("refused.id_twice", identifier=clipped(identifier), name=name))


def _check_nothing_inherited(root: etree._Element) -> None:
    found = next((str(name) for name in root.keys() if str(name).startswith(_INHERITED)), None)  # noqa: SIM118  lxml
    if found:
        reason = said("refused.inherited", name=local_name(found))
        _refuse(Step.PROPERTIES_REFERENCE, reason, Said("wanted.nothing_inherited"))


def _signature_algorithm(method: etree._Element) -> Algorithm:
    uri = method.get("Algorithm", "")
    algorithm = ALGORITHMS.get(uri)
    if algorithm is None:
        allowed = said("said.as_it_is", text=tuple(ALGORITHMS))
        _refuse(Step.ALGORITHM, said("refused.algorithm", uri=clipped(uri)), allowed)
    return algorithm


def _expect(element: etree._Element, row: Row) -> None:
    reason = difference(element, row)
    if reason:
        raise SignatureRefused(row.step, reason, row.expected)


def _refuse(step: Step, why: Said, wanted: Said | None = None) -> NoReturn:
    raise SignatureRefused(step, why, wanted or asks(step))
