"""The catalogue: for every rule the functional error (TC49) that it is answered with.

What a rule says, and what to do about a violation, are sentences by key: ``R054.text`` and ``R054.hint``, in every
language of :mod:`esad_gateway.texts`.

Numbers are the official ones and are never used for anything else. ``IR6`` is article 6 of Implementing Regulation (EU)
2022/1637, which has no number in the rulebook. Numbers that begin with ``GW-`` are this gateway's own answers, and
``XSD`` stands for everything the schema refuses; neither has a rule function.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes

XSD: Final = "XSD"
NOT_FROM_TRADERS: Final = "GW-001"
NOT_BETWEEN_ADMINISTRATIONS: Final = "GW-002"
DUPLICATE: Final = "GW-003"
OUT_OF_SEQUENCE: Final = "GW-004"
WRONG_RECIPIENT: Final = "GW-005"
WRONG_SENDER: Final = "GW-006"
NOT_FOR_DUTY_PAID: Final = "GW-007"
OTHER_SENDER: Final = "GW-008"
NO_STANDING: Final = "GW-009"
NOT_READY: Final = "GW-010"
WITHIN_ONE_STATE: Final = "GW-011"


def by_number(numbers: Mapping[FunctionalErrorCodes, str]) -> dict[str, FunctionalErrorCodes]:
    """The functional error of each rule, out of rows by error. Raises ``ValueError`` for a rule in two."""
    pairs = [(number, code) for code, several in numbers.items() for number in several.split()]
    if len(found := dict(pairs)) != len(pairs):
        raise ValueError("a rule stands twice in the catalogue")
    return found


OF_MESSAGES: Final = by_number(
    {
        FunctionalErrorCodes.INCORRECT_CODE_VALUE: """
        R027 R032 R038 R044 R045 R051 R054 R058 R059 R060 R070 R071 R072 R093 R098 R103 R109 R196 R211 R215 R216
        R218 IR6 R219 R231 R232 R236 R237 R251 R258 R259 R260 R261 R262 R271 R273 R274 BC01 BC11 BC12 BC15 BC17 BC22
        BC26 BC34 BC35 BC36 BC40 BC41 BC46 BC51 BC52 BC67 BC106 BC108 TC16 TC42 TC73 TR9121 C002 C006 C010 C012 C017
        C032 C039 C045 C047 C048 C049 C063 C065 C067 C073 C074 C078 C079 C080 C082 C090 C091 C101 C102 C103 C105
        C116 C119 C120 C121 C126 C127 C128 C129 C130 C132 C140 C142 C143 C150 C151 C156 C159 C161 C162 C164 C165
        C181 C186 C190 C191 C192 C193 C196 C198 C199 C200 C201 C202 C203 C204 C205 C206 C207 BR007 BR021 BR022 BR023
        BR024 BR025 BR026 BR027 BR028 BR041 BR045 BR046 BR047 BR048 BR049 BR050 BR052 BR053 BR055 BR056
        """,
        FunctionalErrorCodes.INVALID_ARC: "R030",
        FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE: "R255",
        FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION: """
        C084 C095 C097 C118 C149 C180 C194 C195 C208 C210
        """,
        FunctionalErrorCodes.DUPLICATE_LRN: "BR001",
        FunctionalErrorCodes.UNKNOWN_ARC: "BR020",
    }
)
"""Rules that messages break, in the order of the rulebook."""

OF_REGISTRATIONS: Final = by_number({FunctionalErrorCodes.INCORRECT_CODE_VALUE: "R233 R264 C209 BR051"})
"""Rules on registrations, which no message breaks."""

ANSWERS: Final = by_number(
    {
        FunctionalErrorCodes.INCORRECT_CODE_VALUE: f"{XSD} {WRONG_RECIPIENT} {WRONG_SENDER} {OTHER_SENDER} {NOT_READY}",
        FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION: (
            f"{NOT_FROM_TRADERS} {NOT_BETWEEN_ADMINISTRATIONS} {NOT_FOR_DUTY_PAID} {NO_STANDING} {WITHIN_ONE_STATE}"
        ),
        FunctionalErrorCodes.DUPLICATE_DETECTED: DUPLICATE,
        FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE: OUT_OF_SEQUENCE,
    }
)
"""What the gateway answers apart from the rulebook."""

OPTIONAL: Final = frozenset({"BR001"})
"""What the rulebook leaves to each member state; every other rule here is mandatory (or BR018, which R211 asks too)."""

CATALOGUE: Final[Mapping[str, FunctionalErrorCodes]] = MappingProxyType(OF_MESSAGES | OF_REGISTRATIONS | ANSWERS)
"""Every rule's functional error by its number."""
