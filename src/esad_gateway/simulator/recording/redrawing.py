"""Other identities of the same form: one for each, always the same one, and never one that there was."""

import re
from collections.abc import Iterable, Mapping
from random import Random
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from esad_gateway.emcs.identifiers import ARC, NATIONAL_ADMINISTRATIONS, check_digit

_UUID: Final = re.compile(r"([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_OF_A_STATE: Final = re.compile(r"[A-Z]{2}[A-Za-z0-9]{6,}")
_PATIENT: Final = 64
"""How often another one is drawn before it gets longer: of one digit there are nine others."""


def redrawn(originals: Iterable[str], seed: int) -> Mapping[str, str]:
    """Another identity for each of ``originals``: a bijection, in which none of these is a replacement.

    A digit stays a digit, a small letter a small letter. An ARC, an excise number and a VAT number keep their state; an
    ARC keeps its year and what kind of movement it is of, and has the check digit that is right. An identifier made of
    a UUID has another UUID. All else follows the ``seed``: who knows it can find out whether a guess is right.
    """
    known = set(originals)
    taken, found = set(known), {}
    for original in sorted(known):
        found[original] = _other(original, seed, taken)
        taken.add(found[original])
    return found


def _other(original: str, seed: int, taken: set[str]) -> str:
    random, longer = Random(f"{seed}/{original}"), original  # noqa: S311 - repeatable; the seed is not kept
    while True:
        for _ in range(_PATIENT):
            if (drawn := _drawn(longer, random)) not in taken:
                return drawn
        longer += "0"


def _drawn(text: str, random: Random) -> str:
    if is_arc(text):
        first = text[:4] + _same_classes(text[4:19], random) + text[19]
        return first + check_digit(first)
    if _OF_A_STATE.fullmatch(text) and text[:2] in NATIONAL_ADMINISTRATIONS:
        return text[:2] + _same_classes(text[2:], random)
    parts = _UUID.split(text)
    return "".join(_hexadecimal(one, random) if at % 2 else _same_classes(one, random) for at, one in enumerate(parts))


def is_arc(text: str) -> bool:
    """Whether a text is an ARC, its check digit included."""
    try:
        ARC(text)
    except ValueError:
        return False
    return True


def _hexadecimal(text: str, random: Random) -> str:
    of = "0123456789abcdef" if text == text.lower() else "0123456789ABCDEF"
    return "".join(random.choice(of) if one != "-" else one for one in text)


def _same_classes(text: str, random: Random) -> str:
    return "".join(_same_class(one, random) for one in text)


def _same_class(one: str, random: Random) -> str:
    if one.isdigit():
        return random.choice(digits)
    if one.isalpha():
        return random.choice(ascii_uppercase if one.isupper() else ascii_lowercase)
    return one
