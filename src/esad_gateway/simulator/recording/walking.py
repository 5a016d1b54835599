"""Ways through documents, text by text: XML and JSON, in each other as well, packed and in base64."""

import base64
import binascii
import gzip
import json
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, TypeAlias

import zstandard
from cryptography import x509
from cryptography.x509.oid import NameOID
from lxml import etree

from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.signing.profile import DS, SIGNATURE, XADES
from esad_gateway.simulator.recording.model import DOCUMENTS, LARGEST
from esad_gateway.xml.parse import parse

RECORDING: Final = "urn:esad-gateway:recording:1"
SIGNED: Final = f"{{{RECORDING}}}signed"
"""The element that stands where a signature was: ``by`` is who signed, ``form`` how."""

DEEPEST: Final = 6
"""How many documents may be in each other."""

SHORTEST: Final = 12
"""Characters that may be base64, in which an identity may be."""

SURELY: Final = 64
"""Characters from which on what looks like base64 is taken for it, also where it cannot be read."""

Leaf: TypeAlias = Callable[[str, str], str]
"""What becomes of a text: its name, in small letters without what divides words, and the text."""

_BASE64: Final = re.compile(r"(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}")
_USUAL, _OF_ADDRESSES = str.maketrans("-_", "+/"), str.maketrans("+/", "-_")
"""The alphabets of base64: the usual one, and the one for addresses, of which the padding may be missing (RFC 4648)."""

_LARGE: Final = 10**7
"""Above which a number of JSON may be an identity that is told as a number: a count or a quantity seldom is."""
_PEM: Final = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----\s*", re.DOTALL)
_GZIP, _ZSTD, _SEQUENCE = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x30"


class NotLookedInto(ValueError):
    """What cannot be read as a document, so that nobody knows whose names are in it; ``why`` is in English."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def plain_name(name: str) -> str:
    """A name of an element or a member, however words are divided in it."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through documents, on which each text becomes what ``leaf`` says, and each XML what ``written`` writes."""

    leaf: Leaf
    written: Callable[[etree._Element], bytes]

    def xml(self, document: bytes, depth: int = 0) -> bytes:
        """The document anew. Raises NotLookedInto."""
        try:
            root = parse(document, DOCUMENTS)
        except (MalformedXml, TooLarge) as error:
            raise NotLookedInto("it cannot be read as XML") from error
        root = unsigned(root)
        self._look_at_names(root)
        for element in root.iter("*"):
            name = plain_name(etree.QName(element).localname)
            for attribute, value in element.attrib.items():
                element.set(attribute, self.text(plain_name(etree.QName(attribute).localname), str(value), depth))
            element.text = self._inside(name, element.text, depth)
            element.tail = self._inside("", element.tail, depth)
        return self.written(root)

    def _look_at_names(self, root: etree._Element) -> None:
        """Names are kept as they are. Raises NotLookedInto where one of them tells who somebody is."""
        names = {str(name) for element in root.iter("*") for name in (element.tag, *element.attrib)}
        names.update(f"{prefix} {uri}" for prefix, uri in root.nsmap.items())
        for one in names:
            bare = one.replace("://", " ")  # where somebody listens is replaced in texts
            if self.leaf("", bare) != bare:
                raise NotLookedInto("a name in it tells who somebody is")

    def json(self, value: Any, name: str = "", depth: int = 0) -> Any:
        """A value of JSON anew. Raises NotLookedInto."""
        if isinstance(value, dict):
            about = "seed" in value
            return {
                self.text("", key, depth): self.json(one, _name_in(key, about=about), depth)
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self.json(one, name, depth) for one in value]
        if isinstance(value, int) and value > _LARGE:
            other = self.leaf(name, str(value))
            return int(other) if other.isdigit() else other
        return self.text(name, value, depth) if isinstance(value, str) else value

    def text(self, name: str, text: str, depth: int = 0) -> str:
        """A text anew, with what is packed into it. Raises NotLookedInto."""
        if depth > DEEPEST:
            raise NotLookedInto("too many documents are in each other")
        if "-----BEGIN" in text:
            text = _PEM.sub(lambda found: self._pem(found[0].encode(), found[1]), text)
        bare = text.strip()
        if bare.startswith("<") and bare.endswith(">"):
            return self.xml(bare.encode(), depth + 1).decode()
        together = "".join(bare.split())
        if len(together) >= SHORTEST and _BASE64.fullmatch(together):
            inside = self._base64(name, together, depth)
            if inside is not None:
                return inside
        return self.leaf(name, text)

    def _inside(self, name: str, text: str | None, depth: int) -> str | None:
        return self.text(name, text, depth) if text and not text.isspace() else text

    def _base64(self, name: str, text: str, depth: int) -> str | None:
        """A text in base64 anew; ``None`` where it need not be one, and nothing is found in it."""
        usual = text.translate(_USUAL).rstrip("=")
        usual += "=" * (-len(usual) % 4)
        try:
            content = base64.b64decode(usual, validate=True)
        except binascii.Error:
            return None
        if (len(text) < SURELY or text != usual) and not _readable(content):
            return None
        other = self.packed(name, content, depth + 1)
        if other == content:
            return None
        coded = base64.b64encode(other).decode()
        return coded if text == usual else coded.translate(_OF_ADDRESSES).rstrip("=")

    def packed(self, name: str, content: bytes, depth: int) -> bytes:
        """Bytes anew, whatever they are; what nobody can look into is left out. Raises NotLookedInto."""
        if content.startswith(_GZIP):
            return gzip.compress(self.packed(name, unpacked(content, "gzip"), depth + 1), mtime=0)
        if content.startswith(_ZSTD):
            return zstandard.compress(self.packed(name, unpacked(content, "zstd"), depth + 1))
        if content.startswith(_SEQUENCE) and (holder := _holder(content)):
            return f"certificate of {self.leaf('holder', holder)}".encode()
        try:
            text = content.decode()
        except UnicodeDecodeError:
            return f"{len(content)} bytes are left out".encode()
        return self.any_text(name, text, depth).encode()

    def any_text(self, name: str, text: str, depth: int = 0) -> str:
        """A text that may be a document as a whole. Raises NotLookedInto."""
        if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["}:
            try:
                return json.dumps(self.json(json.loads(text), name, depth), ensure_ascii=False)
            except (ValueError, RecursionError) as error:
                raise NotLookedInto("it cannot be read as JSON") from error
        return self.text(name, text.lstrip("\ufeff"), depth)

    def _pem(self, block: bytes, kind: str) -> str:
        if kind != "CERTIFICATE":
            return f"[{kind.lower()} left out]"
        try:
            found = x509.load_pem_x509_certificate(block)
        except ValueError:
            return "[certificate left out]"
        return f"[certificate of {self.leaf('holder', _common_name(found))}]"


def _readable(content: bytes) -> bool:
    """Whether bytes are packed in a way that is known, or a text."""
    if content.startswith((_GZIP, _ZSTD)):
        return True
    try:
        return all(one.isprintable() or one.isspace() for one in content.decode())
    except UnicodeDecodeError:
        return False


def unsigned(root: etree._Element) -> etree._Element:
    """The document with a note of who signed, and how, wherever a signature stands."""
    for signature in list(root.iter(SIGNATURE)):
        note = _note(signature)
        around = signature.getparent()
        if around is None:
            return note
        note.tail = signature.tail
        around.replace(signature, note)
    return root


def unpacked(content: bytes, coding: str) -> bytes:
    """What a content coding of HTTP has packed. Raises NotLookedInto for another one, and for what is too large."""
    if coding in {"", "identity"}:
        return content
    unpack = _CODINGS.get(coding)
    if unpack is None:
        raise NotLookedInto(f"its content coding {coding[:40]!r} is unknown")
    try:
        found = unpack(content)
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        raise NotLookedInto(f"it cannot be unpacked ({coding})") from error
    if len(found) > LARGEST:
        raise NotLookedInto(f"it is larger than {LARGEST} bytes")
    return found


def _gunzipped(content: bytes) -> bytes:
    with gzip.GzipFile(fileobj=BytesIO(content)) as file:
        return file.read(LARGEST + 1)


def _inflated(content: bytes) -> bytes:
    return zlib.decompressobj().decompress(content, LARGEST + 1)


def _from_zstd(content: bytes) -> bytes:
    with zstandard.ZstdDecompressor().stream_reader(BytesIO(content)) as file:
        return file.read(LARGEST + 1)


_CODINGS: Final = {"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _inflated, "zstd": _from_zstd}


def _name_in(key: str, *, about: bool) -> str:
    """How a member is called: ``name`` means a trader's where there is a trader."""
    name = plain_name(key)
    return "tradername" if name == "name" and about else name


def _note(signature: etree._Element) -> etree._Element:
    """What is kept of a signature: who signed, and how, so that it can be signed again."""
    holders = filter(None, map(_holder_in, signature.iter(f"{{{DS}}}X509Certificate")))
    extended = next(signature.iter(f"{{{XADES}}}QualifyingProperties"), None) is not None
    note: etree._Element = etree.Element(SIGNED, nsmap={None: RECORDING})
    note.set("by", next(holders, ""))
    note.set("form", "XAdES" if extended else "ESAD-SIG-1")
    return note


def _holder_in(element: etree._Element) -> str:
    try:
        return _holder(base64.b64decode("".join((element.text or "").split()), validate=True))
    except ValueError:
        return ""


def _holder(der: bytes) -> str:
    """Whose certificate that is; empty when it is none."""
    try:
        return _common_name(x509.load_der_x509_certificate(der))
    except ValueError:
        return ""


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()
