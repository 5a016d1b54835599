"""Standing: in which role somebody takes part in a movement, and which role a message belongs to.

Who takes part may know that the movement exists; to anybody else it does not exist.
"""

from collections.abc import Collection
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.messages import IE818, IE837, IE871, Message
from esad_gateway.emcs.messages.kinds import SIDES
from esad_gateway.emcs.messages.triggers import Origin, Side, submitting_side
from esad_gateway.emcs.movement.values import Movement


class Role(StrEnum):
    """What somebody is to a movement."""

    CONSIGNOR = "consignor"
    CONSIGNEE = "consignee"
    DISPATCH = "state of dispatch"
    DESTINATION = "state of destination"


_TRADERS: Final = MappingProxyType({Side.DISPATCH: Role.CONSIGNOR, Side.DESTINATION: Role.CONSIGNEE})
_STATES: Final = MappingProxyType({Side.DISPATCH: Role.DISPATCH, Side.DESTINATION: Role.DESTINATION})
_OPPOSITE: Final = MappingProxyType({Side.DISPATCH: Side.DESTINATION, Side.DESTINATION: Side.DISPATCH})


def role_in(movement: Movement, origin: Origin, names: Collection[str]) -> Role | None:
    """The role in ``movement``, as one administration sees it, of who writes under ``names``; ``None`` without a part.

    ``names`` are SEED numbers of a trader, or the address of an administration (``NDEA.PL``). A consignee keeps its
    role when the goods return to the consignor.
    """
    if origin is Origin.OFFICE:
        return _STATES[movement.side]
    if origin is Origin.ADMINISTRATION:
        return _STATES[_OPPOSITE[movement.side]] if movement.other in names else None
    if movement.consignor in names:
        return Role.CONSIGNOR
    return Role.CONSIGNEE if {movement.consignee, movement.initial_consignee} & set(names) else None


def parties_in(movement: Movement) -> frozenset[str]:
    """The SEED numbers of the traders who take part in ``movement``, or did before the goods were sent back."""
    named = (movement.consignor, movement.consignee, movement.initial_consignee)
    return frozenset(number for number in named if number is not None)


def may_write(movement: Movement, message: Message, origin: Origin, names: Collection[str]) -> bool:
    """Whether ``message`` belongs to the role that who writes under ``names`` has on the side of ``movement``.

    Not checked: whether the message acts on that side at all (``SIDES``), and whether the state allows it.
    """
    if origin is not Origin.TRADER:
        return role_in(movement, origin, names) is not None
    if isinstance(message, IE837 | IE871) and submitting_side(message) is not movement.side:
        return False
    if isinstance(message, IE818) and movement.side is Side.DISPATCH and not movement.returning:
        return False
    return movement.party in names


def writer_of(message: Message, origin: Origin) -> Role:
    """The role that ``message`` belongs to when it comes from ``origin``; the first, where more than one may write it.

    Raises ``KeyError`` for a message that nobody of that origin may write.
    """
    side = SIDES[origin, type(message).__name__][0]
    if origin is not Origin.TRADER:
        return _STATES[_OPPOSITE[side] if origin is Origin.ADMINISTRATION else side]
    return _TRADERS[submitting_side(message) if isinstance(message, IE837 | IE871) else side]
