"""What the gateway needs of signatures: to verify those of others, and to sign as its own administration."""

from datetime import datetime
from typing import Protocol

from lxml import etree

from esad_gateway.emcs.delegation import Agency


class Signed(Protocol):
    """What a verification proved: this very tree, without its signature, was signed by this certificate's holder."""

    @property
    def payload(self) -> etree._Element:
        """The root of the tree that was digested."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing certificate (DER), in hexadecimal."""

    @property
    def holders(self) -> frozenset[str]:
        """The SEED numbers or administrations (``NDEA.PL``) that the certificate is registered for; never empty."""


class Verifier(Protocol):
    """Checks a signature of the profile ESAD-SIG-1."""

    def verify(self, root: etree._Element, at: datetime) -> Signed:
        """Verify at a moment; raises SignatureRefused with the step. Only ``Signed.payload`` may be used afterwards."""


class Agencies(Protocol):
    """Tells for whom else the holders of a certificate may sign, because traders have said so."""

    def __call__(self, holders: frozenset[str], at: datetime, *, anew: bool) -> Agency | None:
        """All that they were ever let do, judged as of a moment; ``None`` for nothing.

        What was said within the last second may be missing, unless it is looked for ``anew``.
        """


def nobody_delegates(holders: frozenset[str], at: datetime, *, anew: bool) -> Agency | None:  # noqa: ARG001
    """Say of everybody that no trader lets them sign: ``Agencies`` where there are no agents."""
    return None


class Signer(Protocol):
    """Signs as our own administration."""

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the signing certificate (DER), in hexadecimal."""

    def sign(self, payload: etree._Element) -> bytes:
        """The signed document, as the bytes that will ever be sent."""

    def sign_form(self, document: bytes) -> bytes:
        """The signed document of one in exclusive canonical form, as the bytes that will ever be sent."""
