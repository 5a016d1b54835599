"""Identifiers of EMCS as values that refuse to exist when they are wrong.

Every class takes one text and raises :class:`Malformed`, saying what was expected, when the text is no such identifier.
None of them asks whether the identifier is *known*: that is a fact of the register, and so a rule.
"""

import re
from string import ascii_uppercase, digits
from types import MappingProxyType
from typing import Final

from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.texts import say

__all__ = [
    "ARC",
    "NATIONAL_ADMINISTRATIONS",
    "ExciseNumber",
    "LocalReferenceNumber",
    "Malformed",
    "MemberState",
    "OfficeReference",
]

NATIONAL_ADMINISTRATIONS: Final = frozenset(
    # As a list this would take 28 lines.
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()  # noqa: SIM905
)
"""Code list BC11: the 27 member states, Greece as EL, and XI for Northern Ireland."""

_ALIASES: Final = MappingProxyType({"GR": "EL"})
_ISO_6346_VALUES: Final = MappingProxyType(
    # Letters count on from 10 and leave out the multiples of 11, which would add nothing to a sum taken modulo 11.
    dict(zip(digits + ascii_uppercase, (n for n in range(39) if n == 0 or n % 11), strict=True))
)
_FIRST_DUTY_PAID_YEAR: Final = 2023
_DUTY_PAID: Final = "P"

_ARC = re.compile(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{16}[0-9]")
_EXCISE_NUMBER = re.compile(r"[A-Z]{2}[a-zA-Z0-9]{11}")
_OFFICE_REFERENCE = re.compile(r"[A-Z]{2}[A-Z0-9]{6}")
_AGENT_REFERENCE = re.compile(r"AG\.[A-Z]{2}[A-Z0-9]{1,15}")
_LRN_LENGTH: Final = 22
_ARC_CODE_LENGTH: Final = 15
_ARC_CHECKED_LENGTH: Final = 20


class Malformed(ValueError):
    """A text is no such identifier; ``why`` says what was expected, and the exception says it in English."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return say(self.why)


def reason_of(error: ValueError) -> Said:
    """Why a value was refused: in every language if the refusal is ours, otherwise the first line of what it says."""
    if isinstance(error, Malformed):
        return error.why
    return said("said.library", words=next(iter(str(error).splitlines()), ""))


@frozen
class MemberState:
    """A national administration, by the two letters of code list BC11: Greece is EL, Northern Ireland is XI."""

    code: str

    def __post_init__(self) -> None:
        if self.code in _ALIASES:
            raise Malformed(said("identifier.alias", code=self.code, right=_ALIASES[self.code]))
        if self.code not in NATIONAL_ADMINISTRATIONS:
            raise Malformed(said("identifier.state", code=self.code))

    def __str__(self) -> str:
        return self.code


@frozen
class ARC:
    """An administrative reference code in the form of phase 4 (R030): 21 characters, the last a check digit.

    Two digits of the year of acceptance, the state of submission, 15 characters of that state's own choice, the type of
    movement, the check digit. Not checked: that such a movement exists, nor that it is duty paid (:attr:`duty_paid`).
    """

    value: str

    def __post_init__(self) -> None:
        if not _ARC.fullmatch(self.value):
            raise Malformed(said("identifier.arc", value=self.value))
        MemberState(self.value[2:4])
        expected = check_digit(self.value[:_ARC_CHECKED_LENGTH])
        if self.value[-1] != expected:
            raise Malformed(said("identifier.check_digit", value=self.value, expected=expected))

    @classmethod
    def issue(cls, year: int, state: MemberState, serial: str) -> "ARC":
        """A new duty-paid ARC for ``serial``, 15 digits or capitals that ``state`` has used in no other ARC.

        ``year`` is the year of acceptance in four digits. Whatever is returned is valid. A serial whose sum leaves 10
        is not refused, though its digit 0 is shared with the sums that leave 0: such ARCs are in circulation, so every
        reader has to take them, and refusing one serial in eleven would only move the problem to the caller.

        Raises ``ValueError`` for a year before 2023 or after 2099, or a serial of another form.
        """
        if not _FIRST_DUTY_PAID_YEAR <= year <= 2099:  # noqa: PLR2004 - two digits hold no more
            raise ValueError(f"no duty-paid ARC can be issued in {year}; expected a year from 2023 to 2099")
        if len(serial) != _ARC_CODE_LENGTH or not set(serial) <= _ISO_6346_VALUES.keys():
            raise ValueError(f"{serial!r} is no serial of an ARC; expected 15 digits or capitals")
        checked = f"{year % 100:02}{state}{serial}{_DUTY_PAID}"
        return cls(checked + check_digit(checked))

    @property
    def year(self) -> int:
        """The year of acceptance, in four digits; ARCs exist since 2010, so the century is this one."""
        return 2000 + int(self.value[:2])

    @property
    def state(self) -> MemberState:
        """The state where the document was submitted first."""
        return MemberState(self.value[2:4])

    @property
    def duty_paid(self) -> bool:
        """Whether the movement is duty paid.

        The character in position 20 says so only since 2023: in an older ARC a P there is chance (R030), so the year
        comes first. The check digit does not protect this character: P and 5 count the same.
        """
        return not self.before_duty_paid and self.value[19] == _DUTY_PAID

    @property
    def before_duty_paid(self) -> bool:
        """Whether it is from before 2023, when there were no movements of duty-paid goods in EMCS."""
        return self.year < _FIRST_DUTY_PAID_YEAR

    def __str__(self) -> str:
        return self.value


@frozen
class ExciseNumber:
    """A SEED number (R070): an excise number, tax warehouse reference or temporary authorisation reference.

    Two letters of the state and 11 letters or digits. Small letters are allowed, as the schema allows them.
    """

    value: str

    def __post_init__(self) -> None:
        if not _EXCISE_NUMBER.fullmatch(self.value):
            raise Malformed(said("identifier.excise_number", value=self.value))
        MemberState(self.value[:2])

    @property
    def state(self) -> MemberState:
        """The state that registered the trader."""
        return MemberState(self.value[:2])

    def __str__(self) -> str:
        return self.value


@frozen
class LocalReferenceNumber:
    """The consignor's own number of a draft: 1 to 22 characters, without spaces that XML would collapse."""

    value: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.value) <= _LRN_LENGTH or self.value != " ".join(self.value.split()):
            raise Malformed(said("identifier.lrn", value=self.value))

    def __str__(self) -> str:
        return self.value


@frozen
class OfficeReference:
    """An excise office (R032): two letters of the state and 6 digits or capitals.

    The schema lets small letters pass; the rule does not, and the rule decides.
    """

    value: str

    def __post_init__(self) -> None:
        if not _OFFICE_REFERENCE.fullmatch(self.value):
            raise Malformed(said("identifier.office", value=self.value))
        MemberState(self.value[:2])

    @property
    def state(self) -> MemberState:
        """The state the office belongs to."""
        return MemberState(self.value[:2])

    def __str__(self) -> str:
        return self.value


@frozen
class AgentReference:
    """An agent that is no trader of the register: ``AG.`` and its EORI number, two letters and up to 15 more.

    So the longest is as long as a mailbox's name may be. An agent that is a trader has its SEED number.
    """

    value: str

    def __post_init__(self) -> None:
        if not _AGENT_REFERENCE.fullmatch(self.value):
            raise Malformed(said("identifier.agent", value=self.value))

    def __str__(self) -> str:
        return self.value


def check_digit(first20: str) -> str:
    """The check digit, one character, that follows the first 20 characters of an ARC.

    The weighting is that of freight containers (ISO 6346): the value of position i counts 2 to the power i - 1, and
    the digit is the sum modulo 11, with 10 written as 0.

    Raises ``ValueError`` when ``first20`` is not 20 digits or capitals.
    """
    if len(first20) != _ARC_CHECKED_LENGTH or not set(first20) <= _ISO_6346_VALUES.keys():
        raise ValueError(f"{first20!r} cannot have a check digit; expected 20 digits or capitals")
    return weighted_digit(first20)


def weighted_digit(text: str) -> str:
    """The digit that ISO 6346's weighting gives for ``text``, digits or capitals of any length.

    For an ARC it is proven on data (:func:`check_digit`); that event and control report numbers end with the same is an
    inference (domain facts 11).
    """
    total = sum([_ISO_6346_VALUES[character] << position for position, character in enumerate(text)])
    return str(total % 11 % 10)
