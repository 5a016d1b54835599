"""The two transition tables, the single home of the state rules (domain facts 4.1 and 4.2).

A pair that is not in its table is refused with code 92, message out of sequence.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from esad_gateway.emcs.codes import DestinationTypeCode, GlobalConclusionOfReceipt, StatusType, SubmitterType
from esad_gateway.emcs.messages import (
    IE717,
    IE801,
    IE802,
    IE807,
    IE813,
    IE815,
    IE818,
    IE819,
    IE837,
    IE840,
    IE871,
    IE880,
    IE881,
    IE904,
    IE905,
    IE906,
    Message,
)
from esad_gateway.emcs.movement.values import Origin, Side, Trigger

Pair: TypeAlias = tuple[StatusType, Trigger]
Table: TypeAlias = Mapping[Pair, StatusType]

REFUSED_STATES = (StatusType.REJECTED, StatusType.REFUSED, StatusType.PARTIALLY_REFUSED)
"""The consignor has to say where the goods go now (TIM_CHS runs)."""

OPEN_AT_DISPATCH = (StatusType.ACCEPTED, *REFUSED_STATES)
OPEN_AT_DESTINATION = (*OPEN_AT_DISPATCH, StatusType.DIVERTED)
CLOSED = (StatusType.DELIVERED, StatusType.MANUALLY_CLOSED, StatusType.STOPPED)

REPORTED = (StatusType.DELIVERED, StatusType.REFUSED, StatusType.PARTIALLY_REFUSED)

ENDED: Mapping[StatusType, Trigger] = MappingProxyType(
    {
        StatusType.DELIVERED: Trigger.STATUS_DELIVERED,
        StatusType.MANUALLY_CLOSED: Trigger.STATUS_CLOSED,
        StatusType.STOPPED: Trigger.STATUS_STOPPED,
    }
)
"""What an IE905 is that shows a final state; any other one is ``STATUS_KNOWN``."""

STATUS_ANSWERS = (Trigger.STATUS_KNOWN, *ENDED.values())

# Whatever the state, these are taken and change nothing.
_ALWAYS = (
    Trigger.EVENT,
    Trigger.STATUS_REQUESTED,
    *STATUS_ANSWERS,
    Trigger.NEGATIVE_ACKNOWLEDGEMENT,
    Trigger.CLOSURE_REJECTED,
)

_RECEIPTS: Table = MappingProxyType(
    {
        (StatusType.ACCEPTED, Trigger.ALERT): StatusType.ACCEPTED,
        (StatusType.ACCEPTED, Trigger.REJECTION): StatusType.REJECTED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_ACCEPTED): StatusType.DELIVERED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_REFUSED): StatusType.REFUSED,
        (StatusType.ACCEPTED, Trigger.RECEIPT_PARTIALLY_REFUSED): StatusType.PARTIALLY_REFUSED,
    }
)


def _to(after: StatusType, trigger: Trigger, states: Iterable[StatusType]) -> dict[Pair, StatusType]:
    return {(state, trigger): after for state in states}


def _staying(triggers: Iterable[Trigger], states: Iterable[StatusType]) -> dict[Pair, StatusType]:
    return {(state, trigger): state for trigger in triggers for state in states}


DISPATCH: Table = MappingProxyType(
    {
        (StatusType.NONE, Trigger.DRAFT): StatusType.ACCEPTED,
        **_RECEIPTS,
        **_to(StatusType.ACCEPTED, Trigger.CHANGE_OF_PLACE, OPEN_AT_DISPATCH),
        **_to(StatusType.ACCEPTED, Trigger.RETURN, OPEN_AT_DISPATCH),
        **_to(StatusType.STOPPED, Trigger.INTERRUPTION, OPEN_AT_DISPATCH),
        **_to(StatusType.MANUALLY_CLOSED, Trigger.CLOSURE_ACCEPTED, OPEN_AT_DISPATCH),
        **_staying((Trigger.DELAY_EXPLAINED, Trigger.CLOSURE_REQUESTED), OPEN_AT_DISPATCH),
        **_staying((Trigger.SHORTAGE_EXPLAINED,), REPORTED),
        **_staying((Trigger.JOURNEY_OVER,), (StatusType.ACCEPTED,)),
        **_staying((Trigger.CHANGE_OVERDUE,), REFUSED_STATES),
        **_staying(_ALWAYS, (*OPEN_AT_DISPATCH, *CLOSED)),
    }
)

DESTINATION: Table = MappingProxyType(
    {
        (StatusType.NONE, Trigger.VALIDATED_DOCUMENT): StatusType.ACCEPTED,
        # A status request about a movement that never arrived is answered, not refused: that is how it is found out.
        (StatusType.NONE, Trigger.STATUS_REQUESTED): StatusType.NONE,
        **_RECEIPTS,
        **_to(StatusType.ACCEPTED, Trigger.CHANGE_OF_PLACE, OPEN_AT_DISPATCH),
        **_to(StatusType.DIVERTED, Trigger.RETURN, OPEN_AT_DISPATCH),
        **_to(StatusType.STOPPED, Trigger.INTERRUPTION, OPEN_AT_DESTINATION),
        **_to(StatusType.MANUALLY_CLOSED, Trigger.CLOSURE_ACCEPTED, OPEN_AT_DESTINATION),
        **_staying((Trigger.DELAY_EXPLAINED, Trigger.CLOSURE_REQUESTED), OPEN_AT_DESTINATION),
        **_staying((Trigger.SHORTAGE_EXPLAINED,), REPORTED),
        **_staying((Trigger.REMINDER,), (StatusType.ACCEPTED,)),
        **_staying(_ALWAYS, (*OPEN_AT_DESTINATION, *CLOSED)),
        # Nothing else ever tells destination how goods that went back have ended (domain facts 4.2).
        **{(StatusType.DIVERTED, trigger): state for state, trigger in ENDED.items()},
    }
)

TABLES: Mapping[Side, Table] = MappingProxyType({Side.DISPATCH: DISPATCH, Side.DESTINATION: DESTINATION})

CHANGES_OF_DESTINATION = (Trigger.CHANGE_OF_PLACE, Trigger.RETURN)

BROUGHT_BY: Mapping[StatusType, Trigger] = MappingProxyType(
    {
        StatusType.REJECTED: Trigger.REJECTION,
        StatusType.REFUSED: Trigger.RECEIPT_REFUSED,
        StatusType.PARTIALLY_REFUSED: Trigger.RECEIPT_PARTIALLY_REFUSED,
        StatusType.DELIVERED: Trigger.RECEIPT_ACCEPTED,
        StatusType.STOPPED: Trigger.INTERRUPTION,
        StatusType.MANUALLY_CLOSED: Trigger.CLOSURE_ACCEPTED,
    }
)
"""What brings a movement into a state, where only one thing does."""


RECEIPTS: Mapping[GlobalConclusionOfReceipt, Trigger] = MappingProxyType(
    {
        GlobalConclusionOfReceipt.ACCEPTED_AND_SATISFACTORY: Trigger.RECEIPT_ACCEPTED,
        GlobalConclusionOfReceipt.ACCEPTED_ALTHOUGH_UNSATISFACTORY: Trigger.RECEIPT_ACCEPTED,
        GlobalConclusionOfReceipt.REFUSED: Trigger.RECEIPT_REFUSED,
        GlobalConclusionOfReceipt.PARTIALLY_REFUSED: Trigger.RECEIPT_PARTIALLY_REFUSED,
        # Goods with duty paid are never exported under an e-SAD: no state allows these.
        GlobalConclusionOfReceipt.EXIT_ACCEPTED_AND_SATISFACTORY: Trigger.EXPORT_RESULT,
        GlobalConclusionOfReceipt.EXIT_ACCEPTED_WITH_MINOR_DISCREPANCIES: Trigger.EXPORT_RESULT,
        GlobalConclusionOfReceipt.EXIT_REFUSED: Trigger.EXPORT_RESULT,
    }
)

# A refusal (3) goes through at once; only accepted goods owe formalities at destination (scenarios S5 to S7).
HELD_FOR_FORMALITIES = frozenset({Trigger.RECEIPT_ACCEPTED, Trigger.RECEIPT_PARTIALLY_REFUSED})

_EITHER = (Side.DISPATCH, Side.DESTINATION)

SIDES: Mapping[tuple[Origin, type[Message]], tuple[Side, ...]] = MappingProxyType(
    {
        (Origin.TRADER, IE815): (Side.DISPATCH,),
        (Origin.TRADER, IE813): (Side.DISPATCH,),
        # A consignor reports the receipt of what came back to it.
        (Origin.TRADER, IE818): (Side.DESTINATION, Side.DISPATCH),
        (Origin.TRADER, IE819): (Side.DESTINATION,),
        (Origin.TRADER, IE837): _EITHER,
        (Origin.TRADER, IE871): _EITHER,
        (Origin.OFFICE, IE717): _EITHER,
        (Origin.OFFICE, IE807): _EITHER,
        (Origin.OFFICE, IE840): _EITHER,
        (Origin.OFFICE, IE880): (Side.DESTINATION,),
        (Origin.OFFICE, IE881): (Side.DISPATCH,),
        (Origin.OFFICE, IE904): _EITHER,
        (Origin.ADMINISTRATION, IE717): _EITHER,
        (Origin.ADMINISTRATION, IE801): (Side.DESTINATION,),
        (Origin.ADMINISTRATION, IE802): (Side.DESTINATION,),
        (Origin.ADMINISTRATION, IE807): _EITHER,
        (Origin.ADMINISTRATION, IE813): (Side.DESTINATION,),
        (Origin.ADMINISTRATION, IE818): (Side.DISPATCH,),
        (Origin.ADMINISTRATION, IE819): (Side.DISPATCH,),
        (Origin.ADMINISTRATION, IE837): _EITHER,
        (Origin.ADMINISTRATION, IE840): _EITHER,
        (Origin.ADMINISTRATION, IE871): _EITHER,
        (Origin.ADMINISTRATION, IE880): (Side.DISPATCH,),
        (Origin.ADMINISTRATION, IE881): (Side.DESTINATION,),
        (Origin.ADMINISTRATION, IE904): (Side.DESTINATION, Side.DISPATCH),
        (Origin.ADMINISTRATION, IE905): _EITHER,
        (Origin.ADMINISTRATION, IE906): _EITHER,
    }
)
"""On which sides of a movement a message of that origin may act; what is missing may not be sent by it."""


def submitting_side(message: IE837 | IE871) -> Side:
    """The side of the trader who explains."""
    consignor = message.attributes.submitter_type is SubmitterType.CONSIGNOR
    return Side.DISPATCH if consignor else Side.DESTINATION


def trigger_of(message: Message) -> Trigger:
    """What a message that is in :data:`SIDES` does to a movement."""
    return _TRIGGERS[type(message)](message)


def _always(trigger: Trigger) -> Callable[[Any], Trigger]:
    return lambda _: trigger


def _change(message: IE813) -> Trigger:
    code = message.destination_changed.destination_type_code
    return Trigger.RETURN if code is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH else Trigger.CHANGE_OF_PLACE


def _receipt(message: IE818) -> Trigger:
    return RECEIPTS[message.report_of_receipt_export.global_conclusion_of_receipt]


def _alert(message: IE819) -> Trigger:
    return Trigger.REJECTION if message.alert_or_rejection.ead_esad_rejected_flag else Trigger.ALERT


def _closure(message: IE881) -> Trigger:
    accepted = message.attributes.manual_closure_request_accepted
    return Trigger.CLOSURE_ACCEPTED if accepted else Trigger.CLOSURE_REJECTED


def _answer(message: IE905) -> Trigger:
    return ENDED.get(message.attributes.status, Trigger.STATUS_KNOWN)


_TRIGGERS: Mapping[type[Message], Callable[[Any], Trigger]] = MappingProxyType(
    {
        IE717: _always(Trigger.EVENT),
        IE801: _always(Trigger.VALIDATED_DOCUMENT),
        IE802: _always(Trigger.REMINDER),
        IE807: _always(Trigger.INTERRUPTION),
        IE813: _change,
        IE815: _always(Trigger.DRAFT),
        IE818: _receipt,
        IE819: _alert,
        IE837: _always(Trigger.DELAY_EXPLAINED),
        IE840: _always(Trigger.EVENT),
        IE871: _always(Trigger.SHORTAGE_EXPLAINED),
        IE880: _always(Trigger.CLOSURE_REQUESTED),
        IE881: _closure,
        IE904: _always(Trigger.STATUS_REQUESTED),
        IE905: _answer,
        IE906: _always(Trigger.NEGATIVE_ACKNOWLEDGEMENT),
    }
)
