"""What the writers share: which texts a format can hold, and which numbers a spreadsheet keeps."""

from typing import Final

from esad_gateway.letters import writable

_DIGITS_KEPT: Final = 15


def is_kept(number: str) -> bool:
    """Whether a spreadsheet keeps all digits of a number."""
    return "E" not in number and len(number.lstrip("-0.").replace(".", "")) <= _DIGITS_KEPT


def without_controls(text: str) -> str:
    """``text`` as XML can hold it: characters that it cannot have are shown as what stands for unknown ones."""
    return writable(text)


def names_of(heading: tuple[str, ...]) -> tuple[str, ...]:
    """The heading as names of values. Raises ValueError where one is empty or stands twice."""
    if not all(heading) or len(set(heading)) < len(heading):
        raise ValueError("values need names, each of its own")
    return heading
