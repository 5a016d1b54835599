"""What a state writes is no message, no message of that release, or one that breaks a rule; its signature is right."""

import string
from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from lxml import etree

from esad_gateway.emcs.identifiers import ARC, MemberState, check_digit
from esad_gateway.frozen import frozen
from esad_gateway.signing.canonical import canonical
from esad_gateway.simulator.injected.model import FaultKind, Forged, InjectedFault, Original
from esad_gateway.simulator.injected.trees import Edit, called_otherwise, edited, left_out, said_otherwise
from esad_gateway.xml.parse import parse

BREAKS_RULE: Final = "breaks-rule"
UNKNOWN_RELEASE: Final = "V9.99"

_ABOUT_MOVEMENTS: Final = frozenset({"IE802", "IE813", "IE818", "IE819", "IE837", "IE871"})
_OF_A_VERSION: Final = frozenset({"IE818", "IE819"})
_ARC: Final = "AdministrativeReferenceCode"
_SERIAL: Final = 15
_CHECKED: Final = 20
_SUSPENSION: Final = "0"
"""What stands in an ARC of duty suspension where one of duty paid has a P."""


@frozen(kw_only=True)
class BrokenRule:
    """How a state breaks a rule in a ``message``, which is valid by the schema all the same.

    ``refused_by`` is the rule by which a counterpart refuses it, ``None`` for what it takes, since only the sender
    answers for it: an administration judges what its own traders write, and another one looks at structure, uniqueness
    and whose movement it is.
    """

    message: str
    edit: Edit
    refused_by: str | None = None


def _wrong_digit(code: str, original: Original) -> str:
    return code[:-1] + original.chance.choice([digit for digit in string.digits if digit != code[-1]])


def _another_movement(code: str, original: Original) -> str:
    serial = "".join(original.chance.choices(string.digits + string.ascii_uppercase, k=_SERIAL))
    return ARC.issue(2000 + int(code[:2]), MemberState(code[2:4]), serial).value


def _of_suspension(code: str, _original: Original) -> str:
    checked = code[: _CHECKED - 1] + _SUSPENSION
    return checked + check_digit(checked)


def _another_version(number: str, original: Original) -> str:
    return str(int(number) + original.chance.randrange(1, 50))


def _long_journey(_time: str, original: Original) -> str:
    return f"D{original.chance.randrange(66, 93)}"


def _long_before(day: str, original: Original) -> str:
    return str(date.fromisoformat(day) - timedelta(days=original.chance.randrange(30, 300)))


def _said(path: str, text: str) -> Edit:
    return said_otherwise(path, lambda _before, _original: text)


BROKEN: Final[Mapping[str, BrokenRule]] = MappingProxyType(
    {
        "R030": BrokenRule(message="IE801", edit=said_otherwise(_ARC, _wrong_digit), refused_by="R030"),
        "R054": BrokenRule(message="IE801", edit=said_otherwise("JourneyTime", _long_journey)),
        "R255": BrokenRule(message="IE818", edit=said_otherwise("SequenceNumber", _another_version), refused_by="R255"),
        "R258": BrokenRule(message="IE801", edit=_said("DestinationTypeCode", "1"), refused_by="R258"),
        "BR020": BrokenRule(message="IE818", edit=said_otherwise(_ARC, _another_movement), refused_by="BR020"),
        "BR056": BrokenRule(message="IE818", edit=said_otherwise("DateOfArrivalOfExciseProducts", _long_before)),
        "TC16": BrokenRule(message="IE818", edit=_said("GlobalConclusionOfReceipt", "21"), refused_by="GW-004"),
        "C010": BrokenRule(message="IE818", edit=left_out("ConsigneeTrader/Traderid")),
        "C105": BrokenRule(message="IE818", edit=left_out("DestinationOffice")),
    }
)
"""The rules that a state can break, by their numbers."""


def _break_rule(payload: etree._Element, original: Original) -> None:
    can = [number for number, broken in BROKEN.items() if broken.message == original.parcel.type]
    BROKEN[original.rule or original.chance.choice(can)].edit(payload, original)


def _of_unknown_release(original: Original) -> bytes:
    known, unknown = f":{original.release}".encode(), f":{UNKNOWN_RELEASE}".encode()
    return original.signed(parse(canonical(original.payload).replace(known, unknown)))


def _cut(original: Original) -> bytes:
    document = original.parcel.document
    return document[: original.chance.randrange(len(document) // 4, len(document) - 1)]


def _with_doctype(original: Original) -> bytes:
    return f"<!DOCTYPE {original.parcel.type}>".encode() + original.parcel.document


def _fault(name: str, act: Forged, messages: frozenset[str] = frozenset()) -> InjectedFault:
    return InjectedFault(name=name, kind=FaultKind.CONTENT, act=act, messages=messages)


FAULTS: Final = (
    _fault(BREAKS_RULE, edited(_break_rule), frozenset(one.message for one in BROKEN.values())),
    _fault("wrong-check-digit", edited(said_otherwise(_ARC, _wrong_digit)), _ABOUT_MOVEMENTS | {"IE801"}),
    _fault("unknown-movement", edited(said_otherwise(_ARC, _another_movement)), _ABOUT_MOVEMENTS),
    _fault("movement-under-suspension", edited(said_otherwise(_ARC, _of_suspension)), _ABOUT_MOVEMENTS | {"IE801"}),
    _fault("wrong-version", edited(said_otherwise("SequenceNumber", _another_version)), _OF_A_VERSION),
    _fault("breaks-schema", edited(called_otherwise)),
    _fault("unknown-release", Forged(_of_unknown_release)),
    _fault("cut-document", Forged(_cut)),
    _fault("doctype", Forged(_with_doctype)),
)
