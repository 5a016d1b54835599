"""Rooms 5 and 6 of the walk: the schema's verdict, the binding, and the rules that need no state."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.triggers import Origin
from esad_gateway.emcs.procedure import content
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.faults import MOST_FAULTS, Faults
from esad_gateway.gateway.abreast import Walk, alone
from esad_gateway.xml.binding import read
from esad_gateway.xml.place import with_lines
from esad_gateway.xml.release import Releases

__all__ = ["Validation", "Validator"]

LONGEST_TYPE = 40
"""How much of a root element's name is kept; no message's name is longer than five characters."""


@dataclass(frozen=True, slots=True)
class Validation:
    """What a payload is and what is wrong with it; ``message`` is ``None`` when the schema refused it.

    ``release`` is the number of the release by which it was read, ``None`` when its own is not known here.
    """

    type: str
    release: str | None
    message: Message | None
    faults: Faults


@dataclass(frozen=True, slots=True)
class Validator:
    """Validates messages by the schemas of their own release and by the rules of content, under a national profile."""

    releases: Releases
    profile: NationalProfile

    def validate(self, payload: etree._Element, origin: Origin, now: datetime) -> Validation:
        """Validate a payload (an EMCS message without its signature) at ``now``: the schema, then the content.

        Not checked: the signature, and every rule that needs the registry or the movement.
        """
        return alone(self.walk(payload, origin, now))

    def walk(self, payload: etree._Element, origin: Origin, now: datetime) -> Walk[Validation]:
        """As :meth:`validate`, stopping at the door of every room, for documents that walk :func:`.abreast`."""
        name = etree.QName(payload).localname[:LONGEST_TYPE]
        release = self.releases.named_by(payload)
        number = release.number if release else None
        accepted = release is not None and release.schemas.accepts(payload)
        yield
        message = read(payload) if accepted else None
        yield
        faults = content(name, message, origin, now, self.profile, number)
        if message is None:
            return Validation(name, number, None, faults or self.releases.faults(payload))
        return Validation(name, number, message, with_lines(payload, faults[:MOST_FAULTS]))
