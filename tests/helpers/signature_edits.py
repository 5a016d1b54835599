"""Well-signed documents and ways to spoil them, for the refused signature fixtures and the attack tests."""

from collections.abc import Iterable
from dataclasses import dataclass

from esad_gateway.signing.signer import XmlSigner
from helpers import templates
from helpers.pki import load
from helpers.signatures import seal, signed_by, tree

EXCLUSIVE = b"http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = b"http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED = b"http://www.w3.org/2000/09/xmldsig#enveloped-signature"
RSA_SHA256 = b"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = b"http://www.w3.org/2001/04/xmlenc#sha256"

TRANSFORM_ENVELOPED = b'<ds:Transform Algorithm="' + ENVELOPED + b'"></ds:Transform>'
TRANSFORM_EXCLUSIVE = b'<ds:Transform Algorithm="' + EXCLUSIVE + b'"></ds:Transform>'
DIGEST_METHOD = b'<ds:DigestMethod Algorithm="' + SHA256 + b'"></ds:DigestMethod>'
SECOND_REFERENCE = (
    b'<ds:Reference URI="#part"><ds:Transforms>' + TRANSFORM_EXCLUSIVE + b"</ds:Transforms>"
    b"" + DIGEST_METHOD + b"<ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>"
)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A fixture: its file relative to the index, ``"ok"`` or the step that refuses it, what it shows, its bytes."""

    file: str
    outcome: str | int
    why: str
    document: bytes


Edit = tuple[str, int, str, bytes, bytes]
"""Name, step that refuses it, what it shows, the bytes to replace, the bytes in their place."""


def plain() -> bytes:
    """A document that is signed well: RSA, no XAdES."""
    identity = load("trader-rsa")
    return XmlSigner(identity.key, identity.certificate).sign(tree(templates.PAYLOAD))


def xades() -> bytes:
    """A document that is signed well: RSA, XAdES-B."""
    identity = load("trader-rsa")
    return signed_by(identity, templates.xades(identity.certificate))


def full(*, transforms: bool = True) -> bytes:
    """A document that is signed well: RSA, XAdES with all that is tolerated."""
    identity = load("trader-rsa")
    return signed_by(identity, templates.full(identity.certificate, load("ca").certificate, transforms=transforms))


def part(document: bytes, name: str) -> bytes:
    """The bytes of the last ``ds:`` element with this name."""
    end = f"</ds:{name}>".encode()
    start = max(document.rfind(f"<ds:{name}{after}".encode()) for after in "> ")
    return document[start : document.index(end, start) + len(end)]


def content(document: bytes, name: str) -> bytes:
    """The text of the ``ds:`` element with this name."""
    return part(document, name).partition(b">")[2].rpartition(b"<")[0]


def replaced(document: bytes, old: bytes, new: bytes) -> bytes:
    """The document with the first ``old`` replaced; ``old`` must be there."""
    assert old in document, old
    return document.replace(old, new, 1)


def sealed(document: bytes, old: bytes, new: bytes) -> bytes:
    """The document changed, with digests and signature value made true again by the trader."""
    return seal(tree(replaced(document, old, new)), load("trader-rsa").key)


def spoiled(folder: str, document: bytes, edits: Iterable[Edit]) -> list[Case]:
    """One case for each edit of the document; whoever receives it sees that it was changed."""
    return [
        Case(file=f"{folder}/{name}.xml", outcome=step, why=why, document=replaced(document, old, new))
        for name, step, why, old, new in edits
    ]


def made_wrong(folder: str, document: bytes, edits: Iterable[Edit]) -> list[Case]:
    """One case for each edit of the document, sealed: the trader signed it like that."""
    return [
        Case(file=f"{folder}/{name}.xml", outcome=step, why=why, document=sealed(document, old, new))
        for name, step, why, old, new in edits
    ]
