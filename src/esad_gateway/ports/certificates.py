"""What tells a registered certificate from the others, where the certificate itself is not at hand."""

from collections.abc import Sequence
from typing import Protocol

from esad_gateway.frozen import frozen


@frozen
class IssuerSerial:
    """Who issued it, as text in the order and the spelling of whoever wrote it, and under which number."""

    issuer: str
    serial: int


@frozen
class SubjectKey:
    """The identifier of its key, as its extension says it."""

    identifier: bytes


class RegisteredCertificates(Protocol):
    """The certificates of the register, those of the past as well."""

    def named(self, by: IssuerSerial | SubjectKey) -> Sequence[bytes]:
        """The certificates (DER) that are meant, of which there is hardly ever more than one; empty for none."""
