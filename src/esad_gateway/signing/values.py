"""Step 11: what stands in a signature as base64, and the true reason when it is something else.

Length and encoding are judged before any digest, certificate or CA is looked at: a value in another form is the most
common mistake of signers that were written anew, and nothing that comes later would name it.
"""

import re
from binascii import a2b_base64
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NoReturn

from lxml import etree

from esad_gateway.errors import SignatureRefused
from esad_gateway.faults import Said, Value, said
from esad_gateway.signing.algorithms import ALGORITHMS, Algorithm
from esad_gateway.signing.profile import DIGEST_BYTES, MAX_CERTIFICATE_TEXT, MAX_DIGEST_TEXT, MAX_SIGNATURE_TEXT
from esad_gateway.signing.shape import local_name
from esad_gateway.signing.steps import Step, asks

_BLANK: Final = b" \t\r\n"
_HEXADECIMAL: Final = re.compile(r"(?=[a-fA-F]*[0-9])(?:[0-9a-fA-F]{2})+")

# What is found in a text that is no base64 -> what that means; the first that is found is told.
_SIGNS: Final = (
    (re.compile(r"-----"), Said("base64.pem")),
    (re.compile(r"[-_]"), Said("base64.url")),
    (re.compile(r"%[0-9A-Fa-f]{2}"), Said("base64.percent")),
    (re.compile(r"[^A-Za-z0-9+/=\s]"), Said("base64.others")),
    (re.compile(r"=\s*[^=\s]"), Said("base64.equals")),
)


def digest_value(element: etree._Element) -> bytes:
    """The SHA-256 digest in a DigestValue. Raises ``SignatureRefused`` (step 11)."""
    digest = _decoded(element, MAX_DIGEST_TEXT)
    if len(digest) != DIGEST_BYTES:
        _check_hexadecimal(element, DIGEST_BYTES.__eq__)
        _refuse(said("refused.digest_length", size=_bytes(len(digest))), _bytes(DIGEST_BYTES))
    return digest


def signature_value(element: etree._Element, algorithm: Algorithm) -> bytes:
    """The signature value, of a length that ``algorithm`` may write. Raises ``SignatureRefused`` (step 11)."""
    value = _decoded(element, MAX_SIGNATURE_TEXT)
    if not algorithm.may_have(len(value)):
        _check_hexadecimal(element, algorithm.may_have)
        _refuse(_other_length(value, algorithm), algorithm.length_in_words)
    return value


def certificate_value(element: etree._Element) -> bytes:
    """The bytes of a certificate (DER), unread. Raises ``SignatureRefused`` (step 11)."""
    der = _decoded(element, MAX_CERTIFICATE_TEXT, _of_base64_again)
    if der.startswith((b"-----BEGIN", b"MII")):
        _refuse(Said("refused.encoded_twice"), Said("wanted.der_once"))
    return der


def key_identifier(element: etree._Element) -> bytes:
    """The identifier of a key, as a certificate names it. Raises ``SignatureRefused`` (step 11)."""
    return _decoded(element, MAX_DIGEST_TEXT)


def check_length(element: etree._Element, value: bytes, expected: int, key: Value) -> None:
    """That ``value``, in SignatureValue, is as long as ``key`` (in words) writes. Raises ``SignatureRefused`` (11)."""
    if len(value) != expected:
        _check_hexadecimal(element, expected.__eq__)
        wanted = said("wanted.length_of_key", size=_bytes(expected), key=key)
        _refuse(said("refused.value_length", size=_bytes(len(value))), wanted)


def _of_base64(text: str) -> bytes:
    return a2b_base64(text.encode("ascii").translate(None, _BLANK), strict_mode=True)


_of_base64_again: Final = lru_cache(maxsize=256)(_of_base64)
"""For what the same signers write in every document."""


def _decoded(element: etree._Element, limit: int, decode: Callable[[str], bytes] = _of_base64) -> bytes:
    """The bytes that the element's text stands for; XML white space in base64 is allowed (XML Schema 3.2.16)."""
    text = element.text or ""
    if len(text) > limit:
        size = said("count.characters", count=len(text))
        _refuse(said("refused.long", name=_name(element), size=size), said("wanted.at_most", number=limit))
    try:
        decoded = decode(text)
    except ValueError:
        _refuse(said("refused.not_base64", name=_name(element), why=_why_not_base64(text)))
    if not decoded:
        _refuse(said("refused.empty", name=_name(element)))
    return decoded


def _name(element: etree._Element) -> str:
    return local_name(str(element.tag))


def _why_not_base64(text: str) -> Said:
    found = next((words for sign, words in _SIGNS if sign.search(text)), None)
    return found or Said("base64.length")


def _bytes(number: int) -> Said:
    return said("count.bytes", count=number)


def _check_hexadecimal(element: etree._Element, fits: Callable[[int], bool]) -> None:
    """Refuse a value in hexadecimal, all of whose letters are also those of base64, where its length would fit then."""
    digits = "".join((element.text or "").split())
    if _HEXADECIMAL.fullmatch(digits) and fits(len(digits) // 2):
        found = said("refused.hexadecimal", name=_name(element), digits=said("count.digits", count=len(digits)))
        _refuse(found, Said("wanted.base64"))


def _other_length(value: bytes, algorithm: Algorithm) -> Said:
    """How long a value is, and as what else it is written, where it has the form or the length of that."""
    size = _bytes(len(value))
    if _is_sequence(value):
        return said("refused.value_sequence", size=size)
    names = (one.name for one in ALGORITHMS.values() if one is not algorithm and one.may_have(len(value)))
    for name in names:
        return said("refused.value_of_other", size=size, name=name, algorithm=algorithm.name)
    return said("refused.value_length", size=size)


def _is_sequence(value: bytes) -> bool:
    """Whether the value is a DER sequence and nothing else, as X.509 writes r and s (RFC 3279 2.2.3)."""
    short = value[:1] == b"\x30" and len(value) > 1 and value[1] == len(value) - 2
    return short or (value[:2] == b"\x30\x81" and len(value) > 2 and value[2] == len(value) - 3)  # noqa: PLR2004  DER


def _refuse(why: Said, wanted: Said | None = None) -> NoReturn:
    raise SignatureRefused(Step.VALUES, why, wanted or asks(Step.VALUES))
