"""Fresh identities: ARCs and message identifiers. Random, so that nobody can guess another trader's ARC."""

import secrets
import string
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.messages.groups import Header

_ALPHABET = string.digits + string.ascii_uppercase
_SERIAL_LENGTH = 15
_SERIALS = len(_ALPHABET) ** _SERIAL_LENGTH
_STEP = 2**44
"""How far a rising serial goes: six billion of them fit behind any first one."""


def random_serial() -> int:
    """The serial of a new ARC; 77 random bits keep it unique."""
    return secrets.randbelow(_SERIALS)


def rising_serials() -> Callable[[], int]:
    """Serials of new ARCs, each higher than those before it, for many threads; what is between them is random.

    What is in the order of ARCs is then in the order in which the movements of a state began: for tests.
    """
    numbers, first = count(), secrets.randbelow(_SERIALS // 2)
    return lambda: first + next(numbers) * _STEP + secrets.randbelow(_STEP)


def new_arc(state: str, now: datetime, serial: Callable[[], int] = random_serial) -> str:
    """A new duty-paid ARC of ``state`` for a movement accepted at ``now``."""
    return ARC.issue(now.year, MemberState(state), _digits(serial())).value


def message_identifiers(state: str) -> Iterator[str]:
    """An endless supply of message identifiers that no one else makes (at most 44 characters), for many threads."""
    # Not a generator: of two threads that ask one at the same moment the second gets an error.
    return iter(lambda: f"{state}-{uuid.uuid4()}", "")


def header(state: str, now: datetime) -> Header:
    """A trader's header in ``state``: to its own administration, with a fresh identifier."""
    moment = now.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return Header(
        message_sender=f"NDEA.{state}",
        message_recipient=f"NDEA.{state}",
        date_of_preparation=moment.date(),
        time_of_preparation=moment.time(),
        message_identifier=str(uuid.uuid4()),
    )


def _digits(number: int) -> str:
    """``number`` to the base 36, in as many digits as a serial has."""
    digits = []
    for _ in range(_SERIAL_LENGTH):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
