"""What the rules ask for: whose registry records, which reports. It is looked up before :class:`Case` can be made."""

from collections.abc import Callable
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.emcs.messages import IE717, IE807, IE813, IE815, IE818, IE819, IE840, Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules.mechanism import Context
from esad_gateway.emcs.rules.places import nodes

_PATHS: Final = MappingProxyType(
    {
        IE815: (
            "ConsignorTrader/TraderExciseNumber",
            "ConsigneeTrader/Traderid",
            "MovementGuarantee/GuarantorTrader/TraderExciseNumber",
        ),
        IE813: ("DestinationChanged/NewConsigneeTrader/Traderid",),
        IE818: ("ConsigneeTrader/Traderid",),
        IE819: ("ConsigneeTrader/Traderid",),
        IE717: ("OtherAccompanyingDocument/PersonInvolvedInMovementTrader/TraderExciseNumber",),
        IE840: ("OtherAccompanyingDocument/PersonInvolvedInMovementTrader/TraderExciseNumber",),
    }
)

_NUMBERS: Final[MappingProxyType[type[Message], tuple[Callable[[Any], Any], ...]]] = MappingProxyType(
    {message: tuple(nodes(message, path) for path in paths) for message, paths in _PATHS.items()}
)


def operators_asked(message: Message, movement: Movement | None = None) -> frozenset[str]:
    """The SEED numbers that ``Facts.operators`` has to know, as far as they are registered, to judge ``message``.

    ``movement`` is the one that the message is about: a change of destination is judged by the parties it has. For
    messages that no rule holds against the register the answer is empty.
    """
    numbers = {number for of in _NUMBERS.get(type(message), ()) for number in of(message)}
    if isinstance(message, IE813) and movement is not None:
        numbers |= {movement.consignor, movement.initial_consignee or movement.consignee}
    return frozenset(numbers)


def day_asked(message: Message, context: Context) -> date:
    """The day as of which ``Facts.operators`` has to be, a day of our own calendar.

    A draft acts when the goods leave, whether it comes before or, after a fallback, later. Whatever else a trader or
    an office of ours sends acts at once: a change, a report, an alert.
    """
    return context.dispatched_on(message) if isinstance(message, IE815) else context.today


def reports_asked(message: Message) -> frozenset[tuple[str, str]]:
    """The event and control reports, by number and ARC, that ``Facts.reports`` has to know to judge ``message``."""
    if not isinstance(message, IE807):
        return frozenset()
    events = (one.event_report_number for one in message.reference_event_report)
    controls = (one.control_report_reference for one in message.reference_control_report)
    arc = message.attributes.administrative_reference_code
    return frozenset((number, arc) for number in (*events, *controls))
