"""Letters that documents cannot hold: XML 1.0 has no place for them, whatever an encoding could write."""

import re
from typing import Final

UNWRITABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Control characters, halves of letters beyond 16 bits, and what is no character."""


def writable(text: str) -> str:
    """A text in which every letter that no document can hold is replaced."""
    return UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
