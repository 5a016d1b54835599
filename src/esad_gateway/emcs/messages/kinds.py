"""What the procedure knows of each type of message, one row a type; what rows have in common is read from them.

A type without a row, or without a field of one, is not special in that respect. How the values of a message decide
(a rejection is no alert) is in ``triggers``, whose signature it must bear in ``signatories``, what it is about in
``subject``.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.messages import Message, triggers
from esad_gateway.emcs.messages import signatories as signed_by
from esad_gateway.emcs.messages.triggers import Origin, Side, Trigger, always
from esad_gateway.frozen import frozen

_NOBODY: Final[Mapping[Origin, tuple[Side, ...]]] = MappingProxyType({})


@frozen(kw_only=True)
class Kind:
    """One type of message.

    ``sides``: who may send it about a movement, and on which sides of the movement it then acts, the likelier first.
    ``trigger`` is what it does to a movement. ``signed_by`` gives the trader who must have signed it, ``None`` where
    administrations sign. ``stamped`` is the item of its attributes with the time at which an administration has
    validated it (C149). ``operators`` are the paths of the SEED numbers that rules hold against the register.
    ``refused_with_movement``: its refusal names the movement (TR0104). ``sent_again``: a side that lacks it gets it
    again (TR9121). ``filed``: of another administration it is kept for people to read, and changes no movement.
    ``never_refused``: it is a refusal itself, so that two would go on refusing. ``suspension_only``: duty paid has no
    use for it.
    """

    sides: Mapping[Origin, tuple[Side, ...]] = field(default_factory=lambda: _NOBODY)
    trigger: Callable[[Any], Trigger] | None = None
    signed_by: Callable[[Any], str | None] | None = None
    stamped: str | None = None
    operators: tuple[str, ...] = ()
    refused_with_movement: bool = False
    sent_again: bool = False
    filed: bool = False
    never_refused: bool = False
    suspension_only: bool = False


_DISPATCH: Final = (Side.DISPATCH,)
_DESTINATION: Final = (Side.DESTINATION,)
_EITHER: Final = (Side.DISPATCH, Side.DESTINATION)
_EITHER_BACKWARDS: Final = (Side.DESTINATION, Side.DISPATCH)

_TRADER, _OFFICE, _ADMINISTRATION = Origin.TRADER, Origin.OFFICE, Origin.ADMINISTRATION

_PERSON_INVOLVED: Final = ("OtherAccompanyingDocument/PersonInvolvedInMovementTrader/TraderExciseNumber",)

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "IE701": Kind(),
        "IE702": Kind(),
        "IE704": Kind(),
        "IE713": Kind(),
        "IE714": Kind(filed=True),
        "IE717": Kind(
            sides={_OFFICE: _EITHER, _ADMINISTRATION: _EITHER},
            trigger=always(Trigger.EVENT),
            operators=_PERSON_INVOLVED,
            refused_with_movement=True,
        ),
        "IE770": Kind(),
        "IE801": Kind(
            sides={_ADMINISTRATION: _DESTINATION},
            trigger=always(Trigger.VALIDATED_DOCUMENT),
            refused_with_movement=True,
            sent_again=True,
        ),
        "IE802": Kind(
            sides={_ADMINISTRATION: _DESTINATION}, trigger=always(Trigger.REMINDER), refused_with_movement=True
        ),
        "IE803": Kind(refused_with_movement=True),
        "IE807": Kind(
            sides={_OFFICE: _EITHER, _ADMINISTRATION: _EITHER},
            trigger=always(Trigger.INTERRUPTION),
            refused_with_movement=True,
            sent_again=True,
        ),
        "IE810": Kind(refused_with_movement=True, suspension_only=True),
        "IE813": Kind(
            sides={_TRADER: _DISPATCH, _ADMINISTRATION: _DESTINATION},
            trigger=triggers.change,
            signed_by=signed_by.unnamed,
            stamped="date_and_time_of_validation_of_change_of_destination",
            operators=("DestinationChanged/NewConsigneeTrader/Traderid",),
            refused_with_movement=True,
            sent_again=True,
        ),
        "IE815": Kind(
            sides={_TRADER: _DISPATCH},
            trigger=always(Trigger.DRAFT),
            signed_by=signed_by.consignor,
            operators=(
                "ConsignorTrader/TraderExciseNumber",
                "ConsigneeTrader/Traderid",
                "MovementGuarantee/GuarantorTrader/TraderExciseNumber",
            ),
        ),
        "IE818": Kind(
            # A consignor reports the receipt of what came back to it.
            sides={_TRADER: _EITHER_BACKWARDS, _ADMINISTRATION: _DISPATCH},
            trigger=triggers.receipt,
            signed_by=signed_by.consignee,
            stamped="date_and_time_of_validation_of_report_of_receipt_export",
            operators=("ConsigneeTrader/Traderid",),
            refused_with_movement=True,
            sent_again=True,
        ),
        "IE819": Kind(
            sides={_TRADER: _DESTINATION, _ADMINISTRATION: _DISPATCH},
            trigger=triggers.alert,
            signed_by=signed_by.consignee,
            stamped="date_and_time_of_validation_of_alert_rejection",
            operators=("ConsigneeTrader/Traderid",),
            refused_with_movement=True,
            sent_again=True,
        ),
        "IE837": Kind(
            sides={_TRADER: _EITHER, _ADMINISTRATION: _EITHER},
            trigger=always(Trigger.DELAY_EXPLAINED),
            signed_by=signed_by.submitter,
            stamped="date_and_time_of_validation_of_explanation_on_delay",
            refused_with_movement=True,
        ),
        "IE840": Kind(
            sides={_OFFICE: _EITHER, _ADMINISTRATION: _EITHER},
            trigger=always(Trigger.EVENT),
            operators=_PERSON_INVOLVED,
        ),
        "IE861": Kind(refused_with_movement=True),
        "IE871": Kind(
            sides={_TRADER: _EITHER, _ADMINISTRATION: _EITHER},
            trigger=always(Trigger.SHORTAGE_EXPLAINED),
            signed_by=signed_by.explainer,
            stamped="date_and_time_of_validation_of_explanation_on_shortage",
            refused_with_movement=True,
        ),
        "IE880": Kind(
            sides={_OFFICE: _DESTINATION, _ADMINISTRATION: _DISPATCH},
            trigger=always(Trigger.CLOSURE_REQUESTED),
            refused_with_movement=True,
        ),
        "IE881": Kind(
            sides={_OFFICE: _DISPATCH, _ADMINISTRATION: _DESTINATION},
            trigger=triggers.closure,
            refused_with_movement=True,
            sent_again=True,
        ),
        "IE904": Kind(
            sides={_OFFICE: _EITHER, _ADMINISTRATION: _EITHER_BACKWARDS},
            trigger=always(Trigger.STATUS_REQUESTED),
            refused_with_movement=True,
        ),
        "IE905": Kind(sides={_ADMINISTRATION: _EITHER}, trigger=triggers.answer, refused_with_movement=True),
        "IE906": Kind(
            sides={_ADMINISTRATION: _EITHER}, trigger=always(Trigger.NEGATIVE_ACKNOWLEDGEMENT), never_refused=True
        ),
        "IE917": Kind(filed=True, never_refused=True),
        "IE934": Kind(filed=True),
    }
)


def kind_of(message: Message | type[Message]) -> Kind:
    """The row of a message, or of a type of messages."""
    return KINDS[(message if isinstance(message, type) else type(message)).__name__]


def trigger_of(message: Message) -> Trigger:
    """What a message that is in :data:`SIDES` does to a movement. Raises ``KeyError`` for any other one."""
    return _TRIGGERS[type(message).__name__](message)


def trader_of(message: Message) -> str | None:
    """The SEED number of the trader who must have signed ``message``, ``None`` when the message names none.

    That is so for an administration's message, for every IE813, and where an optional group is left out (the consignee
    of an IE819, either trader of an IE871); :func:`written_by_trader` tells the first from the others. Not checked:
    that the number is registered, and that its holder has that role in the movement.
    """
    signer = kind_of(message).signed_by
    return signer(message) if signer else None


def written_by_trader(message_type: type[Message]) -> bool:
    """Whether messages of this type are signed by traders, and not by administrations."""
    return kind_of(message_type).signed_by is not None


def is_validated(message: Any) -> bool:
    """Whether a message is the validated copy of a trader's: it has the time of its validation (C149)."""
    stamped = kind_of(message).stamped
    return stamped is not None and getattr(message.attributes, stamped) is not None


SIDES: Final[Mapping[tuple[Origin, str], tuple[Side, ...]]] = MappingProxyType(
    {(origin, message): sides for message, kind in KINDS.items() for origin, sides in kind.sides.items()}
)
"""On which sides of a movement a message of that origin and name may act; what is missing may not be sent by it."""

_TRIGGERS: Final[Mapping[str, Callable[[Any], Trigger]]] = MappingProxyType(
    {message: kind.trigger for message, kind in KINDS.items() if kind.trigger is not None}
)

SENT_AGAIN: Final = frozenset(message for message, kind in KINDS.items() if kind.sent_again)
"""The messages that can be lacked."""

REFUSED_WITH_MOVEMENT: Final = frozenset(message for message, kind in KINDS.items() if kind.refused_with_movement)
"""The messages whose refusal names their movement (TR0104)."""
