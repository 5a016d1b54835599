"""The numbered steps of WS-Security: the numbers are public (faults, logs, manual) and are never re-used."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from types import MappingProxyType
from typing import Final, NoReturn

from esad_gateway.errors import SecurityRefused, SignatureRefused
from esad_gateway.faults import Said
from esad_gateway.signing.steps import Step as Profile


class SecurityStep(IntEnum):
    """A step of WS-Security at ``/soap/gateway``. Steps 1 to 13 look at the tree only; no key is used before 18."""

    HEADER = 1
    CONTENT = 2
    SIZE = 3
    IDS = 4
    SHAPE = 5
    CANONICALIZATION = 6
    ALGORITHM = 7
    REFERENCES = 8
    TRANSFORMS = 9
    DIGEST_METHOD = 10
    TOKEN = 11
    VALUES = 12
    TIME = 13
    REGISTERED = 14
    CERTIFICATE = 15
    KEY = 16
    USAGE = 17
    CHAIN = 18
    VALIDITY = 19
    REVOCATION = 20
    DIGESTS = 21
    SIGNATURE_VALUE = 22
    FIRST_USE = 23


_OF_PROFILE: Final[Mapping[int, SecurityStep]] = MappingProxyType(
    {
        Profile.VALUES: SecurityStep.VALUES,
        Profile.REGISTERED: SecurityStep.REGISTERED,
        Profile.CERTIFICATE: SecurityStep.CERTIFICATE,
        Profile.KEY: SecurityStep.KEY,
        Profile.USAGE: SecurityStep.USAGE,
        Profile.CHAIN: SecurityStep.CHAIN,
        Profile.VALIDITY: SecurityStep.VALIDITY,
        Profile.REVOCATION: SecurityStep.REVOCATION,
    }
)
"""Steps that are those of documents, by the same code and the same trust -> their number here."""


def asks(step: SecurityStep) -> Said:
    """What a step asks, without a language."""
    return Said(f"security.{int(step)}")


def refuse(step: SecurityStep, why: Said, wanted: Said | None = None) -> NoReturn:
    """Raise SecurityRefused; without ``wanted`` it says what the step asks."""
    raise SecurityRefused(step, why, wanted or asks(step))


@contextmanager
def as_here() -> Iterator[None]:
    """Let what documents are refused for be refused by its number here."""
    try:
        yield
    except SignatureRefused as refusal:
        raise SecurityRefused(_OF_PROFILE[refusal.step], refusal.why, refusal.wanted) from refusal
