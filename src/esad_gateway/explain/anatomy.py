"""An ARC taken apart, right or wrong: what stands where, and everything that is wrong with it (R030)."""

from typing import Final

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS, check_digit
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

ARC_LENGTH: Final = 21
_FIRST_YEAR_WITH_TYPE: Final = 2023
_DUTY_PAID: Final = "P"


@frozen(kw_only=True)
class ArcPart:
    """One part of an ARC: its positions (from 1), what stands there, and what that means."""

    name: str
    positions: str
    value: str
    text: Said
    ok: bool = True


def take_apart(text: str) -> tuple[ArcPart, ...]:
    """The parts of ``text``, 21 characters, in order; one that breaks R030 is not ``ok`` and says what should be.

    Never raises for 21 characters of any kind. Not checked: whether there is such a movement.

    Raises ``ValueError`` for a text of another length: then no character has a known place.
    """
    if len(text) != ARC_LENGTH:
        raise ValueError(f"{text!r} has {len(text)} characters; an ARC has {ARC_LENGTH}")
    return (_year(text[:2]), _state(text[2:4]), _serial(text[4:19]), _kind(text), _check(text))


def _year(value: str) -> ArcPart:
    ok = value.isascii() and value.isdigit()
    return ArcPart(
        name="year",
        positions="1-2",
        value=value,
        text=said("arc.year", value=value) if ok else Said("arc.no_year"),
        ok=ok,
    )


def _state(value: str) -> ArcPart:
    ok = value in NATIONAL_ADMINISTRATIONS
    return ArcPart(
        name="state",
        positions="3-4",
        value=value,
        text=Said("arc.state") if ok else Said("arc.no_state"),
        ok=ok,
    )


def _serial(value: str) -> ArcPart:
    ok = _digits_or_capitals(value)
    return ArcPart(
        name="serial",
        positions="5-19",
        value=value,
        text=Said("arc.serial") if ok else Said("arc.no_serial"),
        ok=ok,
    )


def _kind(text: str) -> ArcPart:
    ok = _digits_or_capitals(text[19])
    return ArcPart(
        name="type", positions="20", value=text[19], text=_kind_text(text) if ok else Said("arc.no_type"), ok=ok
    )


def _kind_text(text: str) -> Said:
    if not _year(text[:2]).ok or int(text[:2]) + 2000 < _FIRST_YEAR_WITH_TYPE:
        return Said("arc.type_before_2023")
    return Said("arc.duty_paid") if text[19] == _DUTY_PAID else Said("arc.not_duty_paid")


def _check(text: str) -> ArcPart:
    expected = check_digit(text[:20]) if _digits_or_capitals(text[:20]) else None
    ok = text[20] == expected
    return ArcPart(
        name="check digit",
        positions="21",
        value=text[20],
        text=Said("arc.check_digit") if ok else _no_check_digit(expected),
        ok=ok,
    )


def _no_check_digit(expected: str | None) -> Said:
    if expected is None:
        return Said("arc.no_check_digit")
    return said("arc.wrong_check_digit", expected=expected)


def _digits_or_capitals(text: str) -> bool:
    return text.isascii() and text.isalnum() and text == text.upper()
