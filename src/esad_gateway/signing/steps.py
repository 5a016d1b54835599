"""The numbered steps of a verification: the numbers are public (answers, logs, manual) and are never re-used."""

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Final

from esad_gateway.faults import Said
from esad_gateway.texts import say


class Step(IntEnum):
    """A step of ESAD-SIG-1. Steps 1 to 11 look at the tree only; no key is used before step 16."""

    DOCUMENT = 1
    PLACE = 2
    SIZE = 3
    SHAPE = 4
    CANONICALIZATION = 5
    ALGORITHM = 6
    DOCUMENT_REFERENCE = 7
    DIGEST_METHOD = 8
    PROPERTIES_REFERENCE = 9
    KEY_INFO = 10
    VALUES = 11
    REGISTERED = 12
    CERTIFICATE = 13
    KEY = 14
    USAGE = 15
    CHAIN = 16
    VALIDITY = 17
    REVOCATION = 18
    SIGNING_CERTIFICATE = 19
    DOCUMENT_DIGEST = 20
    PROPERTIES_DIGEST = 21
    SIGNATURE_VALUE = 22


def asks(step: Step) -> Said:
    """What a step asks, without a language."""
    return Said(f"step.{int(step)}")


class _Told(Mapping[int, str]):
    """What each step asks, in English; the sentences stand with all others and are read when one is asked for."""

    def __getitem__(self, number: int) -> str:
        if number not in set(Step):
            raise KeyError(number)
        return say(asks(Step(number)))

    def __iter__(self) -> Iterator[int]:
        return iter(Step)

    def __len__(self) -> int:
        return len(Step)


STEPS: Final[Mapping[int, str]] = _Told()
"""The steps by their numbers, each with what it asks."""
