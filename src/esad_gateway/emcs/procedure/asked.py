"""What has to be looked up before a message can be answered: registry records, local reference numbers, reports."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

from esad_gateway.emcs.messages import (
    IE801,
    IE807,
    IE813,
    IE815,
    IE871,
    IE904,
    IE905,
    Message,
)
from esad_gateway.emcs.messages.kinds import kind_of
from esad_gateway.emcs.movement import SENT_AGAIN, Movement, Origin
from esad_gateway.emcs.rules.places import nodes
from esad_gateway.frozen import frozen


@cache
def _numbers(message: type[Message]) -> tuple[Callable[[Any], Any], ...]:
    """What finds the SEED numbers in a message that rules hold against the register; worked out once."""
    return tuple(nodes(message, path) for path in kind_of(message).operators)


@frozen
class Asked:
    """What the answer to one message may depend on, and whose mailbox it may go to.

    ``seeds`` are SEED numbers, ``lrns`` pairs of consignor and local reference number, ``reports`` pairs of the number
    of an event or control report and its ARC. ``held``: until when something of the movement is held, since what the
    message brings about may have to wait behind it (scenario S18). ``sent_again`` are the types of the messages that
    the sender may lack: when there are any, it is asked what was exchanged with the sender (TR9121).
    """

    seeds: frozenset[str] = frozenset()
    lrns: frozenset[tuple[str, str]] = frozenset()
    reports: frozenset[tuple[str, str]] = frozenset()
    held: bool = False
    sent_again: frozenset[str] = frozenset()


NOTHING: Final = Asked()


def asked_by(message: Message, origin: Origin) -> Asked:
    """What to look up for a message. The trader to whom another administration's e-SAD is passed on is asked for."""
    seeds = operators_asked(message)
    if isinstance(message, IE801) and message.consignee_trader and message.consignee_trader.traderid:
        seeds |= {message.consignee_trader.traderid}
    lacks = origin is Origin.ADMINISTRATION and isinstance(message, IE904 | IE905)
    return Asked(
        seeds=seeds,
        lrns=frozenset(lrns_asked(message)),
        reports=reports_asked(message),
        held=isinstance(message, IE871),
        sent_again=SENT_AGAIN if lacks else frozenset(),
    )


def lrns_asked(message: Message) -> tuple[tuple[str, str], ...]:
    """The consignor with the local reference number of a draft, which nobody may have used (BR001)."""
    if not isinstance(message, IE815):
        return ()
    return ((message.consignor_trader.trader_excise_number, message.ead_esad_draft.local_reference_number),)


def operators_asked(message: Message) -> frozenset[str]:
    """The SEED numbers in ``message`` that rules hold against the register; empty where none does."""
    return frozenset(number for of in _numbers(type(message)) for number in of(message))


def parties_asked(message: Message, movement: Movement | None) -> frozenset[str]:
    """The SEED numbers of ``movement`` by which a message about it is judged too: a change, by the parties it has."""
    if not isinstance(message, IE813) or movement is None:
        return frozenset()
    return frozenset({movement.consignor, movement.initial_consignee or movement.consignee})


def reports_asked(message: Message) -> frozenset[tuple[str, str]]:
    """The event and control reports, by number and ARC, that ``Facts.reports`` has to know to judge ``message``."""
    if not isinstance(message, IE807):
        return frozenset()
    events = (one.event_report_number for one in message.reference_event_report)
    controls = (one.control_report_reference for one in message.reference_control_report)
    arc = message.attributes.administrative_reference_code
    return frozenset((number, arc) for number in (*events, *controls))
