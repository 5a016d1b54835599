"""The messages that say no: IE704 to a trader, IE906 between administrations, IE917 when the schema refused."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import Field, fields, is_dataclass
from types import MappingProxyType
from typing import Any, Final, get_args

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.identifiers import ARC
from esad_gateway.emcs.messages import IE704, IE815, IE906, IE917, MESSAGES, Message, ie704, ie917
from esad_gateway.emcs.messages.groups import ExciseMovement, FunctionalError
from esad_gateway.faults import Fault, Faults

ERROR_LIMIT = 999
"""How many errors one message may carry (schema of IE704, IE906, IE917)."""

TEXT_LIMIT = 350
"""How long an error's reason, location and value may be (``ErrorReasonType`` and its siblings)."""


def generic_refusal(refused: Message, faults: Faults, stamp: Stamp) -> IE704:
    """The IE704 that refuses a trader's message, addressed to our own administration's traders.

    It carries the LRN for a draft (C151), ARC and sequence number for everything else that names a movement (C150),
    and the refused message's identifier as correlation (TR9121). Beyond 999 faults the rest is left out.
    """
    return IE704(
        header=stamp.header(stamp.profile.address, refused.header.message_identifier),
        attributes=_refused_message(refused),
        functional_error=functional_errors(faults),
    )


def functional_negative_acknowledgement(refused: Message, faults: Faults, stamp: Stamp) -> IE906:
    """The IE906 that refuses another administration's message; ARC and sequence number as TR0104 asks."""
    return IE906(
        header=stamp.header(refused.header.message_sender, refused.header.message_identifier),
        attributes=movement_of(refused),
        functional_error=functional_errors(faults),
    )


def xml_negative_acknowledgement(
    faults: Faults, stamp: Stamp, recipient: str, correlation: str | None, about: ExciseMovement | None = None
) -> IE917:
    """The IE917 for a document that the schema refused.

    ``correlation`` is its identifier and ``about`` its movement (:func:`movement_named`), as far as they were readable.
    """
    return IE917(
        header=stamp.header(recipient, correlation),
        attributes=about,
        xml_error=tuple(
            ie917.XmlError(
                error_line_number=fault.line or 0,
                error_column_number=fault.column or 0,
                error_reason=fit(f"{fault.en} {fault.hint}") or fault.rule,
                error_location=fit(fault.path),
                original_attribute_value=fit(fault.value),
            )
            for fault in faults[:ERROR_LIMIT]
        ),
    )


def functional_errors(faults: Iterable[Fault]) -> tuple[FunctionalError, ...]:
    """Faults as the functional errors of an IE704 or IE906; the rule's number opens the reason."""
    return tuple(
        FunctionalError(
            error_type=FunctionalErrorCodes(fault.code),
            error_reason=fit(f"{fault.rule}: {fault.en} {fault.hint}") or fault.rule,
            error_location=fit(fault.path),
            original_attribute_value=fit(fault.value),
        )
        for fault in tuple(faults)[:ERROR_LIMIT]
    )


def movement_of(message: Message) -> ExciseMovement | None:
    """The ARC and sequence number that a message names, wherever its structure has them; ``None`` when it has not."""
    arc = _first(message, _WITH_ARC[type(message)], _ARC)
    if arc is None:
        return None
    sequence = _first(message, _WITH_SEQUENCE[type(message)], "sequence_number")
    return ExciseMovement(administrative_reference_code=arc, sequence_number=sequence or 1)


def arc_place(message: Message) -> str:
    """Where a message has its ARC, or would have it, below its body: ``ExciseMovement/AdministrativeReferenceCode``."""
    groups = _WITH_ARC[type(message)] or ("excise_movement",)
    given = (group for group in groups if getattr(getattr(message, group, None), _ARC, None) is not None)
    group = next(given, groups[0])
    return f"{''.join(word.capitalize() for word in group.split('_'))}/AdministrativeReferenceCode"


def movement_named(type_name: str, arc: str | None, sequence: str | None) -> ExciseMovement | None:
    """The movement that an unreadable document of a type is about, as the texts in it say.

    ``None`` for a type whose refusal names no movement, and for a text that is no ARC (TR0104).
    """
    try:
        code = ARC(arc or "").value if type_name in _REFUSED_WITH_MOVEMENT else None
    except ValueError:
        return None
    number = int(sequence) if sequence and _SEQUENCE.fullmatch(sequence) else 1
    return ExciseMovement(administrative_reference_code=code, sequence_number=number) if code else None


_SEQUENCE: Final = re.compile(r"[1-9][0-9]?")

_REFUSED_WITH_MOVEMENT: Final = frozenset(
    # As a list this would take 16 lines.
    "IE717 IE801 IE802 IE803 IE807 IE810 IE813 IE818 IE819 IE837 IE861 IE871 IE880 IE881 IE904 IE905".split()  # noqa: SIM905
)
"""The messages whose refusal names their movement (TR0104)."""


def _first(message: Message, groups: tuple[str, ...], name: str) -> Any:
    """The first value of that name in some of the message's own groups."""
    values = (getattr(getattr(message, group), name, None) for group in groups)
    return next((value for value in values if value is not None), None)


def _groups_with(name: str) -> Mapping[type[Message], tuple[str, ...]]:
    """For every message those of its own groups that can have ``name``: every message names its movement there."""
    return MappingProxyType(
        {message: tuple(field.name for field in fields(message) if _can_have(field, name)) for message in MESSAGES}
    )


def _can_have(group: Field[Any], name: str) -> bool:
    kinds = (group.type, *get_args(group.type))
    return "occurs" not in group.metadata and any(
        name in {field.name for field in fields(kind)} for kind in kinds if is_dataclass(kind)
    )


# Worked out once: asked for every message several times, and most messages have twenty groups.
_ARC: Final = "administrative_reference_code"
_WITH_ARC: Final = _groups_with(_ARC)
_WITH_SEQUENCE: Final = _groups_with("sequence_number")


def _refused_message(refused: Message) -> ie704.Attributes | None:
    if isinstance(refused, IE815):
        return ie704.Attributes(local_reference_number=refused.ead_esad_draft.local_reference_number)
    movement = movement_of(refused)
    if movement is None:
        return None
    return ie704.Attributes(
        administrative_reference_code=movement.administrative_reference_code,
        sequence_number=movement.sequence_number,
    )


def fit(text: str | None) -> str | None:
    """``text`` as one line of at most 350 characters, ``None`` when nothing is left of it."""
    line = " ".join(text.split()) if text else ""
    return (line if len(line) <= TEXT_LIMIT else line[: TEXT_LIMIT - 1] + "…") or None
