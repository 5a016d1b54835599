"""How a state breaks a rule in a message that its schema accepts: rules by their numbers."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs import rules as emcs_rules
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.rules.mechanism import Context
from esad_gateway.frozen import frozen
from esad_gateway.profiles import profile_of
from esad_gateway.simulator.injected.model import Original
from esad_gateway.simulator.injected.trees import Edit, left_out, said_otherwise
from esad_gateway.simulator.injected.values import (
    another_movement,
    another_version,
    long_before,
    long_journey,
    wrong_digit,
)
from esad_gateway.simulator.making.breaking import breaks
from esad_gateway.xml.release import current, shipped

EXCHANGED: Final = frozenset({"IE801", "IE802", "IE813", "IE818", "IE819", "IE837", "IE840", "IE871", "IE904", "IE905"})
"""What administrations send each other and the rules say something about."""

_VALIDATED: Final = "C149"
"""Forbids traders what marks the validated copy of their message, which an administration's copy must have."""

_MANY: Final = 8
"""Among how many ways to break a rule the seed chooses."""

_ARC: Final = "AdministrativeReferenceCode"


@frozen(kw_only=True)
class BrokenRule:
    """A rule that can be broken in every ``message`` of a type.

    ``refused_by`` is the rule by which a counterpart refuses it, ``None`` for what it takes, since only the sender
    answers for it: an administration judges what its own traders write, and another one looks at structure, uniqueness
    and whose movement it is.
    """

    message: str
    edit: Edit
    refused_by: str | None = None


def _said(path: str, text: str) -> Edit:
    return said_otherwise(path, lambda _before, _original: text)


BROKEN: Final[Mapping[str, BrokenRule]] = MappingProxyType(
    {
        "R030": BrokenRule(message="IE801", edit=said_otherwise(_ARC, wrong_digit), refused_by="R030"),
        "R054": BrokenRule(message="IE801", edit=said_otherwise("JourneyTime", long_journey)),
        "R255": BrokenRule(message="IE818", edit=said_otherwise("SequenceNumber", another_version), refused_by="R255"),
        "R258": BrokenRule(message="IE801", edit=_said("DestinationTypeCode", "1"), refused_by="R258"),
        "BR020": BrokenRule(message="IE818", edit=said_otherwise(_ARC, another_movement), refused_by="BR020"),
        "BR056": BrokenRule(message="IE818", edit=said_otherwise("DateOfArrivalOfExciseProducts", long_before)),
        "TC16": BrokenRule(message="IE818", edit=_said("GlobalConclusionOfReceipt", "21"), refused_by="GW-004"),
        "C010": BrokenRule(message="IE818", edit=left_out("ConsigneeTrader/Traderid")),
        "C105": BrokenRule(message="IE818", edit=left_out("DestinationOffice")),
    }
)
"""The rules that can be broken whatever the message says, by their numbers."""


@cache
def breakable() -> Mapping[str, frozenset[str]]:
    """Every rule that can be broken, and in which messages: those of the table, and all others on content."""
    found = {number: {broken.message} for number, broken in BROKEN.items()}
    for rule in emcs_rules.RULES:
        name = rule.message.__name__
        if rule.needs is Context and name in EXCHANGED and rule.number not in {*BROKEN, _VALIDATED}:
            found.setdefault(rule.number, set()).add(name)
    return MappingProxyType({number: frozenset(messages) for number, messages in sorted(found.items())})


def break_rule(original: Original) -> bytes | None:
    """The message with a rule broken: the one that is named, or one of the table that the seed chooses.

    ``None`` when nothing in this message can break the rule that is named, and no other, or when the table has none.
    """
    usual = [number for number, broken in BROKEN.items() if broken.message == original.parcel.type]
    if original.rule is None and not usual:
        return None
    number = original.rule or original.chance.choice(usual)
    if number in usual:
        payload = original.payload
        BROKEN[number].edit(payload, original)
        return original.signed(payload)
    found = list(islice(_breaking(original.message, number, original.parcel.sender), _MANY))
    return original.signed(original.written(original.chance.choice(found))) if found else None


def _breaking(message: Message, number: str, state: str) -> Iterator[Message]:
    """The message with one item broken, in the ways that break this rule and no other."""
    header = message.header
    prepared = datetime.combine(header.date_of_preparation, header.time_of_preparation, UTC)
    context = Context(now=prepared, profile=profile_of(state))
    for one in breaks(message):
        faults = {fault.rule for fault in emcs_rules.content_faults(one.message, context)} - {_VALIDATED}
        if faults == {number} and shipped().accepts(current().write(one.message)):
            yield one.message
