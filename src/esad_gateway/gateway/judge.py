"""Rooms 5 and 6 of the walk: the schema's verdict, the binding, and the rules that need no state."""

from dataclasses import dataclass, replace
from datetime import datetime

from lxml import etree

from esad_gateway.emcs.documents import is_validated
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules import Context, content_faults
from esad_gateway.emcs.rules.exchange import SUSPENSION_ONLY, no_such_message
from esad_gateway.emcs.rules.standing import heading_faults
from esad_gateway.faults import Fault, Faults
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.schema import MOST_FAULTS, SchemaSet, locate

LONGEST_TYPE = 40
"""How much of a root element's name is kept; no message's name is longer than five characters."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a payload is and what is wrong with it; ``message`` is ``None`` when the schema refused it."""

    type: str
    message: Message | None
    faults: Faults


@dataclass(frozen=True, slots=True)
class Judge:
    """Schemas, binding and national profile; compiled once, used for every message."""

    schemas: SchemaSet
    binder: Binder
    profile: NationalProfile

    def judge(self, payload: etree._Element, origin: Origin, now: datetime) -> Judgement:
        """Judge a payload (an EMCS message without its signature) at ``now``.

        Content rules run for traders' messages and for e-SADs: the state of dispatch answers for the content of what it
        sends, and the state of destination checks structure and uniqueness (domain facts 5.1, division of labour). The
        few rules there are on IE801 ask whether it is an e-SAD of duty paid at all.
        The header of a validated copy is left alone: it goes to another administration, and no trader submits it.
        Not checked: the signature, and every rule that needs the registry or the movement.
        """
        name = etree.QName(payload).localname[:LONGEST_TYPE]
        if not self.schemas.accepts(payload):
            return Judgement(name, None, self._unreadable(payload, name))
        message = self.binder.read(payload)
        if origin is Origin.ADMINISTRATION and not isinstance(message, IE801):
            return Judgement(name, message, ())
        heading = () if is_validated(message) else heading_faults(message, self.profile)
        faults = (heading + content_faults(message, Context(now=now, profile=self.profile)))[:MOST_FAULTS]
        return Judgement(name, message, tuple(_located(payload, fault) for fault in faults))

    def _unreadable(self, payload: etree._Element, name: str) -> Faults:
        return no_such_message(name) if name in SUSPENSION_ONLY else self.schemas.faults(payload)


def _located(payload: etree._Element, fault: Fault) -> Fault:
    return replace(fault, line=locate(payload, fault.path))
