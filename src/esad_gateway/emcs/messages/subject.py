"""What a message is about: the movement and version that it names, its place, and the report that it is."""

import re
from dataclasses import Field, fields, is_dataclass
from functools import cache
from typing import Any, Final, get_args

from esad_gateway.emcs.identifiers import ARC
from esad_gateway.emcs.messages import IE717, IE840, Message
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.messages.kinds import REFUSED_WITH_MOVEMENT
from esad_gateway.place import Place, at

FIRST_SEQUENCE: Final = 1
"""The version of a movement that the e-SAD is itself (R059); every change of destination makes the next one."""

LAST_SEQUENCE: Final = 99
"""The last version that a movement can have (``SequenceNumberType``)."""


def movement_of(message: Message) -> ExciseMovement | None:
    """The ARC and sequence number that a message names, wherever its structure has them; ``None`` when it has not."""
    arc = _first(message, _groups_with(type(message), _ARC), _ARC)
    if arc is None:
        return None
    sequence = _first(message, _groups_with(type(message), "sequence_number"), "sequence_number")
    return ExciseMovement(administrative_reference_code=arc, sequence_number=sequence or 1)


def arc_place(message: Message) -> Place:
    """Where a message has its ARC, or would have it, below its body: ``ExciseMovement/AdministrativeReferenceCode``."""
    groups = _groups_with(type(message), _ARC) or ("excise_movement",)
    given = (group for group in groups if getattr(getattr(message, group, None), _ARC, None) is not None)
    group = next(given, groups[0])
    return at("".join(word.capitalize() for word in group.split("_")), "AdministrativeReferenceCode")


def movement_named(type_name: str, arc: str | None, sequence: str | None) -> ExciseMovement | None:
    """The movement that an unreadable document of a type is about, as the texts in it say.

    ``None`` for a type whose refusal names no movement, and for a text that is no ARC (TR0104).
    """
    try:
        code = ARC(arc or "").value if type_name in REFUSED_WITH_MOVEMENT else None
    except ValueError:
        return None
    number = int(sequence) if sequence and _SEQUENCE.fullmatch(sequence) else 1
    return ExciseMovement(administrative_reference_code=code, sequence_number=number) if code else None


def report_of(message: Message) -> tuple[str, str] | None:
    """The number and ARC of an event or control report about an e-SAD; ``None`` for any other message.

    An event report has a number only when it is validated (C080).
    """
    if not isinstance(message, IE717 | IE840) or message.excise_movement is None:
        return None
    number = (
        message.header_event_report.event_report_number
        if isinstance(message, IE840)
        else message.header_control_report.control_report_reference
    )
    return (number, message.excise_movement.administrative_reference_code) if number else None


def sequence_of(message: Message) -> int | None:
    """The sequence number that a message names, ``None`` for a message or a draft without one."""
    for group in ("excise_movement", "update_ead_esad", "header_ead_esad", "attributes"):
        number: int | None = getattr(getattr(message, group, None), "sequence_number", None)
        if number is not None:
            return number
    return None


_SEQUENCE: Final = re.compile(r"[1-9][0-9]?")


def _first(message: Message, groups: tuple[str, ...], name: str) -> Any:
    """The first value of that name in some of the message's own groups."""
    values = (getattr(getattr(message, group), name, None) for group in groups)
    return next((value for value in values if value is not None), None)


@cache
def _groups_with(message: type[Message], name: str) -> tuple[str, ...]:
    """Those of the own groups of a message that can have ``name``: every message names its movement there.

    Worked out once: asked for every message several times, and most messages have twenty groups.
    """
    return tuple(field.name for field in fields(message) if _can_have(field, name))


def _can_have(group: Field[Any], name: str) -> bool:
    kinds = (group.type, *get_args(group.type))
    return "occurs" not in group.metadata and any(
        name in {field.name for field in fields(kind)} for kind in kinds if is_dataclass(kind)
    )


_ARC: Final = "administrative_reference_code"
