"""What the writers share: which texts a format can hold, and which numbers a spreadsheet keeps."""

import re
from typing import Final

_DIGITS_KEPT: Final = 15
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SHOWN: Final = "\ufffd"


def is_kept(number: str) -> bool:
    """Whether a spreadsheet keeps all digits of a number."""
    return "E" not in number and len(number.lstrip("-0.").replace(".", "")) <= _DIGITS_KEPT


def without_controls(text: str) -> str:
    """``text`` as XML can hold it: characters that it cannot have are shown as what stands for unknown ones."""
    return _NO_XML.sub(_SHOWN, text)


def names_of(heading: tuple[str, ...]) -> tuple[str, ...]:
    """The heading as names of values. Raises ValueError where one is empty or stands twice."""
    if not all(heading) or len(set(heading)) < len(heading):
        raise ValueError("values need names, each of its own")
    return heading
