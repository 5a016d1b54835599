"""The two transition tables, the single home of the state rules (domain facts 4.1 and 4.2).

A pair that is not in its table is refused with code 92, message out of sequence.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages.triggers import ENDED, Side, Trigger

Pair: TypeAlias = tuple[StatusType, Trigger]
Table: TypeAlias = Mapping[Pair, StatusType]

REFUSED_STATES = (StatusType.REJECTED, StatusType.REFUSED, StatusType.PARTIALLY_REFUSED)
"""The consignor has to say where the goods go now (TIM_CHS runs)."""

OPEN_AT_DISPATCH = (StatusType.ACCEPTED, *REFUSED_STATES)
OPEN_AT_DESTINATION = (*OPEN_AT_DISPATCH, StatusType.DIVERTED)
CLOSED = (StatusType.DELIVERED, StatusType.MANUALLY_CLOSED, StatusType.STOPPED)

REPORTED = (StatusType.DELIVERED, StatusType.REFUSED, StatusType.PARTIALLY_REFUSED)

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


# A refusal (3) goes through at once; only accepted goods owe formalities at destination (scenarios S5 to S7).
HELD_FOR_FORMALITIES = frozenset({Trigger.RECEIPT_ACCEPTED, Trigger.RECEIPT_PARTIALLY_REFUSED})
