"""What the system says of its clock."""

import ctypes
from typing import Final

_ERROR: Final = 5
"""What the kernel answers while nothing keeps its clock (adjtimex(2), TIME_ERROR)."""

_ROOM: Final = 512
"""Bytes: more than the structure has that the kernel fills in."""


def kept_by_a_server() -> bool:
    """Whether the kernel says that its clock is synchronised; without an answer, no.

    Not checked: how well. In a container that is the kernel of the machine below it.
    """
    try:
        adjtimex = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return False
    answer: int = adjtimex(ctypes.create_string_buffer(_ROOM))
    return answer not in {-1, _ERROR}
