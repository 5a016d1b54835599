"""Text as a terminal may be given it: what would act on the terminal, or reorder what is read, is shown instead.

Documents, answers and file names come from others. A control character in one could move the cursor, hide a fault or
retitle the window, a bidirectional one could make a number read backwards, a line break could forge a line of ours.
"""

import re
import unicodedata
from typing import Final

_SPACES: Final = "Zs"
"""The category of blanks: Python does not call all of them printable, though they only take up room."""

_UNPRINTABLE_IN_DOCUMENT: Final = re.compile(r"[^\t\n\r]")


def shown(text: str) -> str:
    r"""``text`` on one line with every control, formatting and unassigned character escaped: ``\x1b``, ``\u202e``."""
    return text if text.isprintable() else "".join(_escaped(one) for one in text)


def shown_json(text: str) -> str:
    r"""A line of JSON in which such characters are escaped as JSON has it: what it says stays the same."""
    return text if text.isprintable() else "".join(one if _harmless(one) else _json_escape(one) for one in text)


def shown_document(text: str) -> str:
    """An XML document with such characters as character references, and with its own lines."""
    return _UNPRINTABLE_IN_DOCUMENT.sub(_reference, text)


def _harmless(one: str) -> bool:
    return one.isprintable() or unicodedata.category(one) == _SPACES


def _escaped(one: str) -> str:
    return one if _harmless(one) else one.encode("unicode_escape").decode("ascii")


def _json_escape(one: str) -> str:
    units = one.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def _reference(found: re.Match[str]) -> str:
    return found[0] if _harmless(found[0]) else f"&#x{ord(found[0]):x};"
