"""Fresh identities: ARCs and message identifiers. Random, so that nobody can guess another trader's ARC."""

import secrets
import string
import uuid
from collections.abc import Iterator
from datetime import datetime

from esad_gateway.emcs.identifiers import ARC, MemberState

_ALPHABET = string.digits + string.ascii_uppercase
_SERIAL_LENGTH = 15


def new_arc(state: str, now: datetime) -> str:
    """A new duty-paid ARC of ``state`` for a movement accepted at ``now``; 77 random bits keep it unique."""
    serial = "".join(secrets.choice(_ALPHABET) for _ in range(_SERIAL_LENGTH))
    return ARC.issue(now.year, MemberState(state), serial).value


def message_identifiers(state: str) -> Iterator[str]:
    """An endless supply of message identifiers that no one else makes (at most 44 characters)."""
    while True:
        yield f"{state}-{uuid.uuid4()}"
