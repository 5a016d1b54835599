"""A second opinion on a signature: that of signxml, whose code shares none of ours.

It costs more than all else that a message needs, so nothing but ``esad verify --second`` asks for it.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from cryptography import x509
from lxml import etree
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from esad_gateway.faults import Said, said
from esad_gateway.signing.shape import ds
from esad_gateway.signing.structure import claimed_certificates
from esad_gateway.texts import say


@dataclass(frozen=True, slots=True)
class Opinion:
    """What ``library`` says of a signature.

    ``holds``: digests and signature value belong to the document and the certificate. If not, ``why`` quotes the
    library.
    """

    library: str
    holds: bool
    why: Said | None = None

    @property
    def reason(self) -> str | None:
        """Why it does not hold, in English."""
        return None if self.why is None else say(self.why)

    def as_json(self) -> dict[str, Any]:
        """The opinion as scripts read it."""
        return {"library": self.library, "holds": self.holds, "reason": self.reason}


def second_opinion(root: etree._Element, fingerprint: str | None) -> Opinion:
    """Have signxml verify the digests and the signature value of a signed document, whose tree stays as it is.

    The key is that of the certificate in the document with this ``fingerprint`` (SHA-256 in hexadecimal). Not asked:
    trust, time, revocation, whose certificate it is, and the form of the signature beyond what signxml can read.
    """
    library = f"signxml {version('signxml')}"
    found = [one for one in claimed_certificates(root) if hashlib.sha256(one).hexdigest() == fingerprint]
    if not found:
        return Opinion(library, holds=False, why=Said("verify.no_key"))
    references = len(root.findall(f".//{ds('SignedInfo')}/{ds('Reference')}"))
    try:
        XMLVerifier().verify(
            root,
            x509_cert=x509.load_der_x509_certificate(found[0]),
            expect_config=SignatureConfiguration(expect_references=references),
        )
    except (SignXMLException, ValueError, TypeError, etree.LxmlError) as error:
        words = f"{type(error).__name__}: {error}".rstrip(": ")
        return Opinion(library, holds=False, why=said("said.library", words=words))
    return Opinion(library, holds=True)
