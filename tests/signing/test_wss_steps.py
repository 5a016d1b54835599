"""Every step of WS-Security refuses what breaks it alone; whatever is done to a signed envelope, it is refused."""

import base64
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway.errors import SecurityRefused
from esad_gateway.ports.certificates import IssuerSerial, SubjectKey
from esad_gateway.ports.security import Proof
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.signing.verifier import Verifier
from esad_gateway.signing.wss.guard import Guard
from esad_gateway.signing.wss.steps import SecurityStep
from helpers.pki import PKI, load
from helpers.signatures import fingerprint_of, index, trust
from helpers.wsse import (
    DS,
    EXCLUSIVE,
    NAMES,
    WSU,
    X509_V3,
    Change,
    Signer,
    by_key,
    by_serial,
    der_of,
    nothing,
    one,
)

_T = TypeVar("_T")
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
ENVELOPE = (
    f'<s:Envelope xmlns:s="{SOAP}"><s:Body><List xmlns="urn:example"><of>me</of><of>you</of></List></s:Body>'
    "</s:Envelope>"
).encode()


@dataclass(frozen=True)
class Believing:
    """A registry of fixed certificates, under the trust of the fixtures."""

    verifier: Verifier
    known: tuple[bytes, ...] = ()

    def ask(self, question: Callable[[Verifier], _T]) -> _T:
        """Ask the one verifier."""
        return question(self.verifier)

    def named(self, _: IssuerSerial | SubjectKey) -> Sequence[bytes]:
        """What is known, whatever is asked for."""
        return self.known

    def signer(self) -> XmlSigner:
        """The administration of the fixtures."""
        identity = load("administration-lt")
        return XmlSigner(identity.key, identity.certificate)


@dataclass
class Used:
    """What was used, in memory."""

    digests: set[bytes] = field(default_factory=set)

    def first_uses(self, used: Sequence[tuple[bytes, datetime]], _: datetime) -> list[bool]:
        """Note them one by one."""
        first = []
        for digest, _until in used:
            first.append(digest not in self.digests)
            self.digests.add(digest)
        return first


def guard(*, at: datetime | None = None, registered: bool = False) -> Guard:
    """A guard that knows the traders of the fixtures, or takes any certificate as ``registered``."""
    holders = index().holders
    everybody = frozenset({"LT00000000101"})
    verifier = Verifier(trust(), lambda one, _: everybody if registered else holders.get(one, frozenset()))
    return Guard(Believing(verifier), Used(), lambda: at or index().at)


def signer(name: str = "trader-p256") -> Signer:
    """A trader of the fixtures who signs envelopes."""
    return Signer(identity=load(name), now=lambda: index().at)


def prove(envelope: bytes | etree._Element, by: Guard | None = None) -> Proof:
    """What a guard proves of an envelope of SOAP 1.1."""
    root = etree.fromstring(envelope) if isinstance(envelope, bytes) else envelope
    return (by or guard()).prove(root, f"{{{SOAP}}}actor", frozenset({""}), lambda: None)


def refused(envelope: bytes, by: Guard | None = None) -> SecurityRefused:
    """How a guard refuses it."""
    with pytest.raises(SecurityRefused) as raised:
        prove(envelope, by)
    return raised.value


@pytest.mark.parametrize("name", ["trader-p256", "trader-rsa"])
def test_signed_envelope_is_proved(name: str) -> None:
    """By either kind of key: who it is, what was signed, and until when it may be used."""
    found = prove(signer(name).signed(ENVELOPE))

    assert found.fingerprint == fingerprint_of(f"{name}.cert.pem")
    assert found.holders == index().holders[found.fingerprint]
    assert found.until == index().at + timedelta(minutes=5)


def at(path: str, do: Callable[[etree._Element], object]) -> Change:
    """Do something to the one element at a path."""
    return lambda root: do(one(root, path))


def drop(path: str) -> Change:
    """Take the element at a path out."""

    def change(root: etree._Element) -> None:
        found = one(root, path)
        parent = found.getparent()
        assert parent is not None
        parent.remove(found)

    return change


def attribute(path: str, name: str, value: str) -> Change:
    """Give the element at a path an attribute."""
    return at(path, lambda element: element.set(name, value))


def text(path: str, value: str) -> Change:
    """Give the element at a path another text."""

    def change(element: etree._Element) -> None:
        element.text = value

    return at(path, change)


def retag(path: str, tag: str) -> Change:
    """Give the element at a path another name."""

    def change(element: etree._Element) -> None:
        element.tag = tag

    return at(path, change)


def put(path: str, xml: str, place: int = 0) -> Change:
    """Put XML into the element at a path."""
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in {**NAMES, "s": SOAP}.items())
    return at(path, lambda element: element.insert(place, etree.fromstring(f"<x {names}>{xml}</x>")[0]))


def double(path: str) -> Change:
    """Put a copy of the element at a path beside it."""
    return at(path, lambda element: element.addnext(deepcopy(element)))


def wrapped(root: etree._Element) -> None:
    """The signed Body is carried away below a header, and another one stands in its place (signature wrapping)."""
    body = root[-1]
    other = deepcopy(body)
    other.attrib.pop(f"{{{WSU}}}Id")
    other[0][0].text = "somebody else"
    root[0].append(etree.fromstring("<Wrapper/>"))
    root[0][-1].append(body)
    root.append(other)


def wrapped_with_its_id(root: etree._Element) -> None:
    """The same, and the other Body has the same Id."""
    wrapped(root)
    root[-1].set(f"{{{WSU}}}Id", "the-body")


def wrapped_under_another_id(root: etree._Element) -> None:
    """The same, and the other Body has an Id of its own."""
    wrapped(root)
    root[-1].set(f"{{{WSU}}}Id", "another-body")


def timestamp_moved(root: etree._Element) -> None:
    """The signed Timestamp is carried away, and a later one stands in its place."""
    stamp = one(root, "//wsu:Timestamp")
    later = deepcopy(stamp)
    later.set(f"{{{WSU}}}Id", "later")
    stamp.addprevious(later)
    root[0].append(etree.fromstring("<Wrapper/>"))
    root[0][-1].append(stamp)


def security_moved(root: etree._Element) -> None:
    """Security stands in another block."""
    security = root[0][0]
    root[0].append(etree.fromstring("<Wrapper/>"))
    root[0][-1].append(security)


def many_namespaces(root: etree._Element) -> None:
    """More declarations in scope than anybody needs."""
    declared = {f"n{number}": f"urn:n{number}" for number in range(70)}
    security = root[0][0]
    other = etree.Element(security.tag, nsmap={**NAMES, **declared})
    other.extend(list(security))
    root[0].replace(security, other)


def enveloped_twice(root: etree._Element) -> None:
    """The harmless transform, twice."""
    for transforms in root.iterfind(".//{*}Transforms"):
        for _ in range(2):
            more = etree.Element(f"{{{DS}}}Transform", Algorithm=f"{DS}enveloped-signature")
            transforms.insert(0, more)


def inner_part(root: etree._Element) -> None:
    """A part of the Body is signed instead of it."""
    root[-1][0].set("Id", "inner")
    one(root, "//ds:Reference[1]").set("URI", "#inner")


SIGNED_INFO, SECURITY, TIMESTAMP = "//ds:SignedInfo", "//wsse:Security", "//wsu:Timestamp"
FIRST = "//ds:Reference[1]"
LISTED = f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{{}}"/>'

# What breaks a step -> the step, what is done before it is signed, what is done after that.
BROKEN: dict[str, tuple[SecurityStep, Change, Change]] = {
    "in another block": (SecurityStep.HEADER, nothing, security_moved),
    "in the body": (SecurityStep.HEADER, nothing, lambda root: root[-1].append(root[0][0])),
    "for another node": (SecurityStep.HEADER, nothing, attribute(SECURITY, f"{{{SOAP}}}actor", "urn:example:broker")),
    "twice": (SecurityStep.HEADER, nothing, double(SECURITY)),
    "in another namespace": (SecurityStep.HEADER, nothing, retag(SECURITY, "{urn:example}Security")),
    "without Timestamp": (SecurityStep.CONTENT, nothing, drop(TIMESTAMP)),
    "without Signature": (SecurityStep.CONTENT, nothing, drop("//ds:Signature")),
    "two Timestamps": (SecurityStep.CONTENT, nothing, double(TIMESTAMP)),
    "two tokens": (SecurityStep.CONTENT, nothing, double("//wsse:BinarySecurityToken")),
    "with a password": (SecurityStep.CONTENT, nothing, put(SECURITY, "<wsse:UsernameToken/>")),
    "too many namespaces": (SecurityStep.SIZE, nothing, many_namespaces),
    "too many elements": (SecurityStep.SIZE, nothing, lambda root: [put(TIMESTAMP, "<a/>")(root) for _ in range(600)]),
    "Body without Id": (SecurityStep.IDS, nothing, lambda root: root[-1].attrib.clear()),
    "Timestamp without Id": (SecurityStep.IDS, nothing, at(TIMESTAMP, lambda element: element.attrib.clear())),
    "two kinds of Id": (SecurityStep.IDS, nothing, lambda root: root[-1].set("Id", "the-body")),
    "the same Id in the Body": (SecurityStep.IDS, nothing, lambda root: root[-1][0].set("Id", "the-body")),
    "the same Id as ID": (SecurityStep.IDS, nothing, lambda root: root[-1][0].set("ID", "the-body")),
    "the same Id as xml:id": (
        SecurityStep.IDS,
        nothing,
        lambda root: root[-1][0].set("{http://www.w3.org/XML/1998/namespace}id", "the-body"),
    ),
    "Body wrapped, the new one without Id": (SecurityStep.IDS, nothing, wrapped),
    "Body wrapped, the new one with its Id": (SecurityStep.IDS, nothing, wrapped_with_its_id),
    "two parts of SignedInfo": (SecurityStep.SHAPE, nothing, double(SIGNED_INFO)),
    "one reference": (SecurityStep.SHAPE, nothing, drop(FIRST)),
    "a signature with an Object": (SecurityStep.SHAPE, nothing, put("//ds:Signature", "<ds:Object/>", 3)),
    "inclusive form": (
        SecurityStep.CANONICALIZATION,
        attribute("//ds:CanonicalizationMethod", "Algorithm", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        nothing,
    ),
    "a PrefixList that is none": (
        SecurityStep.CANONICALIZATION,
        put("//ds:CanonicalizationMethod", LISTED.format("a:b")),
        nothing,
    ),
    "two PrefixLists": (
        SecurityStep.CANONICALIZATION,
        lambda root: [put("//ds:CanonicalizationMethod", LISTED.format("s"))(root) for _ in range(2)],
        nothing,
    ),
    "a longer PrefixList": (
        SecurityStep.TRANSFORMS,
        put(f"{FIRST}//ds:Transform", LISTED.format(" ".join(f"a{number}" for number in range(33)))),
        nothing,
    ),
    "SHA-1": (SecurityStep.ALGORITHM, nothing, attribute("//ds:SignatureMethod", "Algorithm", f"{DS}rsa-sha1")),
    "HMAC": (SecurityStep.ALGORITHM, nothing, attribute("//ds:SignatureMethod", "Algorithm", f"{DS}hmac-sha1")),
    "Body wrapped, the new one under another Id": (SecurityStep.REFERENCES, nothing, wrapped_under_another_id),
    "Timestamp moved": (SecurityStep.REFERENCES, nothing, timestamp_moved),
    "a reference to an element of the Body": (
        SecurityStep.REFERENCES,
        inner_part,
        nothing,
    ),
    "a reference to everything": (SecurityStep.REFERENCES, nothing, attribute(FIRST, "URI", "")),
    "a reference by XPointer": (SecurityStep.REFERENCES, nothing, attribute(FIRST, "URI", "#xpointer(id('the-body'))")),
    "a reference to a file": (SecurityStep.REFERENCES, nothing, attribute(FIRST, "URI", "file:///etc/hostname")),
    "a reference twice": (SecurityStep.REFERENCES, nothing, double(FIRST)),
    "Body not signed": (SecurityStep.REFERENCES, attribute(FIRST, "URI", "#the-token"), nothing),
    "no transform": (SecurityStep.TRANSFORMS, nothing, drop(f"{FIRST}//ds:Transform")),
    "a program": (
        SecurityStep.TRANSFORMS,
        nothing,
        attribute(f"{FIRST}//ds:Transform", "Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
    ),
    "a transform of the reference": (
        SecurityStep.TRANSFORMS,
        nothing,
        attribute(f"{FIRST}//ds:Transform", "Algorithm", f"{NAMES['wsse']}#STR-Transform"),
    ),
    "enveloped twice": (SecurityStep.TRANSFORMS, enveloped_twice, nothing),
    "a digest by SHA-1": (
        SecurityStep.DIGEST_METHOD,
        nothing,
        attribute(f"{FIRST}/ds:DigestMethod", "Algorithm", f"{DS}sha1"),
    ),
    "the Id without #": (SecurityStep.TOKEN, nothing, attribute("//wsse:Reference", "URI", "the-token")),
    "another Id": (SecurityStep.TOKEN, nothing, attribute("//wsse:Reference", "URI", "#another")),
    "no token": (SecurityStep.TOKEN, nothing, drop("//wsse:BinarySecurityToken")),
    "a token of another kind": (
        SecurityStep.TOKEN,
        nothing,
        attribute("//wsse:BinarySecurityToken", "ValueType", X509_V3.replace("X509v3", "X509PKIPathv1")),
    ),
    "a token in hexadecimal": (
        SecurityStep.TOKEN,
        nothing,
        attribute("//wsse:BinarySecurityToken", "EncodingType", "hex"),
    ),
    "a key by name": (SecurityStep.TOKEN, nothing, retag("//wsse:Reference", f"{{{DS}}}KeyName")),
    "KeyInfo with a certificate": (
        SecurityStep.TOKEN,
        nothing,
        retag("//wsse:SecurityTokenReference", f"{{{DS}}}X509Data"),
    ),
    "no base64": (SecurityStep.VALUES, nothing, text("//ds:SignatureValue", "%%%")),
    "an empty digest": (SecurityStep.VALUES, nothing, text(f"{FIRST}/ds:DigestValue", "")),
    "no moment": (SecurityStep.TIME, text("//wsu:Created", "yesterday"), nothing),
    "a moment without zone": (SecurityStep.TIME, text("//wsu:Created", f"{index().at:%Y-%m-%dT%H:%M:%S}"), nothing),
    "a day that is none": (SecurityStep.TIME, text("//wsu:Created", "2026-02-30T10:00:00Z"), nothing),
    "the hour 24": (SecurityStep.TIME, text("//wsu:Created", f"{index().at:%Y-%m-%d}T24:00:00Z"), nothing),
    "over": (
        SecurityStep.TIME,
        text("//wsu:Expires", f"{index().at - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"),
        nothing,
    ),
    "no Created": (SecurityStep.TIME, drop("//wsu:Created"), nothing),
    "a token that is no certificate": (SecurityStep.REGISTERED, nothing, text("//wsse:BinarySecurityToken", "AAAA")),
    "Body changed": (SecurityStep.DIGESTS, nothing, lambda root: setattr(root[-1][0][0], "text", "somebody else")),
    "Timestamp changed": (SecurityStep.DIGESTS, nothing, drop("//wsu:Expires")),
    "a reference changed": (
        SecurityStep.SIGNATURE_VALUE,
        nothing,
        attribute(f"{FIRST}", "Id", "an-attribute-that-may-be-there"),
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_step_refuses_what_breaks_it(what: str) -> None:
    """Everything else about it is right, so another step would take it."""
    step, before, after = BROKEN[what]

    assert refused(signer().signed(ENVELOPE, before, after)).step == step


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("unregistered", SecurityStep.REGISTERED),
        ("administration-lt", SecurityStep.REGISTERED),
    ],
)
def test_certificate_has_to_be_a_traders(name: str, step: SecurityStep) -> None:
    """One that nobody has registered, and an administration's: that has a door of its own."""
    assert refused(signer(name).signed(ENVELOPE)).step == step


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("rsa-1024", SecurityStep.KEY),
        ("no-digital-signature", SecurityStep.USAGE),
        ("ca", SecurityStep.USAGE),
        ("untrusted", SecurityStep.CHAIN),
        ("expired", SecurityStep.VALIDITY),
        ("not-yet-valid", SecurityStep.VALIDITY),
        ("revoked", SecurityStep.REVOCATION),
    ],
)
def test_certificate_is_trusted_as_for_documents(name: str, step: SecurityStep) -> None:
    """Registered as they may be. The envelope is signed with a key that can, and sends that certificate."""
    certificate = load(name).certificate

    def sends(root: etree._Element) -> None:
        one(root, "//wsse:BinarySecurityToken").text = der_of(certificate)

    kind = "trader-rsa" if isinstance(certificate.public_key(), rsa.RSAPublicKey) else "trader-p256"
    assert refused(signer(kind).signed(ENVELOPE, sends), guard(registered=True)).step == step


def test_certificate_that_cannot_be_read_is_told() -> None:
    """Where it is registered all the same."""
    unreadable = (PKI / "not-a-certificate.der").read_bytes()

    def sends(root: etree._Element) -> None:
        one(root, "//wsse:BinarySecurityToken").text = base64.b64encode(unreadable).decode()

    assert refused(signer().signed(ENVELOPE, sends), guard(registered=True)).step == SecurityStep.CERTIFICATE


@pytest.mark.parametrize("minutes", [-6, 6])
def test_window_is_five_minutes_to_both_sides(minutes: int) -> None:
    """By the clock of the gateway, which the refusal tells."""
    now = index().at + timedelta(minutes=minutes)
    late = Signer(identity=load("trader-p256"), now=lambda: index().at, lasting=timedelta(hours=1))

    refusal = refused(late.signed(ENVELOPE), guard(at=now))

    assert refusal.step == SecurityStep.TIME
    assert f"{now:%Y-%m-%dT%H:%M:%SZ}" in refusal.reason
    found = prove(late.signed(ENVELOPE), guard(at=index().at + timedelta(minutes=minutes // 6 * 5)))
    assert found.until == index().at + timedelta(minutes=5)


def test_second_use_is_refused_whatever_beside_the_signature_is_changed() -> None:
    """Nobody but the signer can make another envelope of it."""
    by = guard()
    envelope = signer().signed(ENVELOPE)
    again = envelope.replace(b"<wsse:Security ", b'<wsse:Security s:mustUnderstand="0" ')

    assert by.use([prove(envelope, by)]) == [None]
    (refusal,) = by.use([prove(again, by)])
    assert refusal is not None
    assert refusal.step == SecurityStep.FIRST_USE
    first, second = by.use([prove(signer().signed(ENVELOPE), by)] * 2)
    assert (first, second is not None) == (None, True)


@pytest.mark.parametrize("named", [by_serial, by_key])
def test_unknown_name_of_a_certificate_is_told(named: Callable[[x509.Certificate], str]) -> None:
    """By the serial number or the key that nobody has."""
    envelope = signer().signed(ENVELOPE, key_info=named(load("trader-p256").certificate))

    assert refused(envelope).step == SecurityStep.REGISTERED


def test_serial_number_is_a_number() -> None:
    """In decimal digits, as the standard has it."""
    hexadecimal = by_serial(load("trader-p256").certificate).replace("<ds:X509SerialNumber>", "<ds:X509SerialNumber>0x")

    assert refused(signer().signed(ENVELOPE, key_info=hexadecimal)).step == SecurityStep.TOKEN


SIGNED = signer().signed(ENVELOPE)
CHEAP = settings(max_examples=150, deadline=None)


@CHEAP
@given(place=st.integers(0, len(SIGNED) - 1), byte=st.integers(0, 255))
def test_any_byte_that_is_changed_is_refused_or_changes_nothing(place: int, byte: int) -> None:
    """What is proved is the Body that was signed, and the moment."""
    changed = SIGNED[:place] + bytes([byte]) + SIGNED[place + 1 :]
    try:
        root = etree.fromstring(changed, etree.XMLParser(resolve_entities=False, remove_comments=True))
    except etree.XMLSyntaxError:
        return
    if root.tag != f"{{{SOAP}}}Envelope" or [one.tag for one in root] != [f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"]:
        return
    _is_refused_or_the_same(root)


ELEMENTS = len([*etree.fromstring(SIGNED).iter()])


@CHEAP
@given(
    what=st.integers(2, ELEMENTS - 1), where=st.integers(1, ELEMENTS - 1), beside=st.booleans(), copied=st.booleans()
)
def test_any_element_that_is_moved_is_refused_or_changes_nothing(
    what: int,
    where: int,
    beside: bool,  # noqa: FBT001
    copied: bool,  # noqa: FBT001
) -> None:
    """Anywhere else, or doubled there."""
    root = etree.fromstring(SIGNED)
    elements = [*root.iter()]
    moved, target = elements[what], elements[where]
    if moved in (target, *target.iterancestors()) and not copied:
        return
    moved = deepcopy(moved) if copied else moved
    if beside and target.getparent() is not root:
        target.addnext(moved)
    else:
        target.append(moved)
    if [one.tag for one in root] == [f"{{{SOAP}}}Header", f"{{{SOAP}}}Body"]:
        _is_refused_or_the_same(root)


def _is_refused_or_the_same(root: etree._Element) -> None:
    before = etree.fromstring(SIGNED)
    try:
        prove(root)
    except SecurityRefused:
        return
    assert etree.tostring(root[-1], method="c14n", exclusive=True) == etree.tostring(
        before[-1], method="c14n", exclusive=True
    )
    assert one(root, "//wsu:Created").text == one(before, "//wsu:Created").text
