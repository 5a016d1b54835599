"""What a state writes is no message, no message of that release, or one that breaks a rule; its signature is right."""

from typing import Final

from esad_gateway.signing.canonical import canonical
from esad_gateway.simulator.injected.model import FaultKind, Forged, InjectedFault, Original
from esad_gateway.simulator.injected.rules import EXCHANGED, break_rule
from esad_gateway.simulator.injected.trees import called_otherwise, edited, said_otherwise
from esad_gateway.simulator.injected.values import another_movement, another_version, of_suspension, wrong_digit
from esad_gateway.xml.parse import parse

BREAKS_RULE: Final = "breaks-rule"
UNKNOWN_RELEASE: Final = "V9.99"

_ABOUT_MOVEMENTS: Final = frozenset({"IE802", "IE813", "IE818", "IE819", "IE837", "IE871"})
_OF_A_VERSION: Final = frozenset({"IE818", "IE819"})
_ARC: Final = "AdministrativeReferenceCode"


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
    _fault(BREAKS_RULE, Forged(break_rule), EXCHANGED),
    _fault("wrong-check-digit", edited(said_otherwise(_ARC, wrong_digit)), _ABOUT_MOVEMENTS | {"IE801"}),
    _fault("unknown-movement", edited(said_otherwise(_ARC, another_movement)), _ABOUT_MOVEMENTS),
    _fault("movement-under-suspension", edited(said_otherwise(_ARC, of_suspension)), _ABOUT_MOVEMENTS | {"IE801"}),
    _fault("wrong-version", edited(said_otherwise("SequenceNumber", another_version)), _OF_A_VERSION),
    _fault("breaks-schema", edited(called_otherwise)),
    _fault("unknown-release", Forged(_of_unknown_release)),
    _fault("cut-document", Forged(_cut)),
    _fault("doctype", Forged(_with_doctype)),
)
