"""An ARC taken apart, right or wrong: what stands where, and everything that is wrong with it (R030)."""

from dataclasses import dataclass
from typing import Final

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS, check_digit

ARC_LENGTH: Final = 21
_FIRST_YEAR_WITH_TYPE: Final = 2023
_DUTY_PAID: Final = "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an ARC: its positions (from 1), what stands there, and what that means in both languages."""

    name: str
    positions: str
    value: str
    en: str
    lt: str
    ok: bool = True


def take_apart(text: str) -> tuple[Part, ...]:
    """The parts of ``text``, 21 characters, in order; one that breaks R030 is not ``ok`` and says what should be.

    Never raises for 21 characters of any kind. Not checked: whether there is such a movement.

    Raises ``ValueError`` for a text of another length: then no character has a known place.
    """
    if len(text) != ARC_LENGTH:
        raise ValueError(f"{text!r} has {len(text)} characters; an ARC has {ARC_LENGTH}")
    return (_year(text[:2]), _state(text[2:4]), _serial(text[4:19]), _kind(text), _check(text))


def _year(value: str) -> Part:
    ok = value.isascii() and value.isdigit()
    return Part(
        name="year",
        positions="1-2",
        value=value,
        en=f"year of acceptance: 20{value}" if ok else "expected two digits of the year of acceptance",
        lt=f"priėmimo metai: 20{value}" if ok else "turi būti du priėmimo metų skaitmenys",
        ok=ok,
    )


def _state(value: str) -> Part:
    ok = value in NATIONAL_ADMINISTRATIONS
    return Part(
        name="state",
        positions="3-4",
        value=value,
        en="state of submission" if ok else "no national administration; Greece is EL, Northern Ireland XI",
        lt="pateikimo valstybė" if ok else "tokios administracijos nėra; Graikijos kodas EL, Šiaurės Airijos XI",
        ok=ok,
    )


def _serial(value: str) -> Part:
    ok = _digits_or_capitals(value)
    return Part(
        name="serial",
        positions="5-19",
        value=value,
        en="the state's own serial" if ok else "expected 15 digits or capitals",
        lt="valstybės suteiktas numeris" if ok else "turi būti 15 skaitmenų arba didžiųjų raidžių",
        ok=ok,
    )


def _kind(text: str) -> Part:
    en, lt = _kind_texts(text)
    return Part(name="type", positions="20", value=text[19], en=en, lt=lt, ok=_digits_or_capitals(text[19]))


def _kind_texts(text: str) -> tuple[str, str]:
    if not _digits_or_capitals(text[19]):
        return "expected a digit or capital", "turi būti skaitmuo arba didžioji raidė"
    if not _year(text[:2]).ok or int(text[:2]) + 2000 < _FIRST_YEAR_WITH_TYPE:
        return (
            "means nothing: the type of movement stands here since 2023 only",
            "nieko nereiškia: gabenimo rūšis čia nurodoma tik nuo 2023 metų",
        )
    if text[19] == _DUTY_PAID:
        return "type of movement: duty paid (e-SAD)", "gabenimo rūšis: akcizai sumokėti (e-SAD)"
    return "type of movement: not duty paid, so no e-SAD", "gabenimo rūšis: ne sumokėtų akcizų, taigi ne e-SAD"


def _check(text: str) -> Part:
    en, lt, ok = _check_texts(text[:20], text[20])
    return Part(name="check digit", positions="21", value=text[20], en=en, lt=lt, ok=ok)


def _check_texts(checked: str, digit: str) -> tuple[str, str, bool]:
    if not _digits_or_capitals(checked):
        return (
            "check digit; it cannot be computed for these characters",
            "kontrolinio skaitmens apskaičiuoti negalima",
            False,
        )
    expected = check_digit(checked)
    if digit == expected:
        return "check digit, right", "kontrolinis skaitmuo teisingas", True
    return f"check digit, wrong: expected {expected}", f"kontrolinis skaitmuo neteisingas: turi būti {expected}", False


def _digits_or_capitals(text: str) -> bool:
    return text.isascii() and text.isalnum() and text == text.upper()
