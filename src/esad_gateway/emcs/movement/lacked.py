"""What the other side lacks, by our state and by the one that it says it has (scenario S15, TR9121).

After a status request or response the side that holds a message sends it again. A side that has it already files the
copy, so too much does no harm.
"""

from collections.abc import Mapping
from types import MappingProxyType

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages.triggers import Side, Trigger
from esad_gateway.emcs.movement.tables import CHANGES_OF_DESTINATION, OPEN_AT_DISPATCH

_CHANGES = CHANGES_OF_DESTINATION
_DOCUMENT = Trigger.VALIDATED_DOCUMENT
_PARTLY = Trigger.RECEIPT_PARTIALLY_REFUSED

# Our state, the states that the other side may say it has, and what it then lacks.
_AT_DISPATCH = (
    (StatusType.ACCEPTED, (StatusType.NONE,), (_DOCUMENT, *_CHANGES)),
    (StatusType.ACCEPTED, OPEN_AT_DISPATCH, _CHANGES),
    (StatusType.REJECTED, (StatusType.NONE,), (_DOCUMENT, *_CHANGES)),
    (StatusType.REJECTED, OPEN_AT_DISPATCH, _CHANGES),
    (StatusType.REFUSED, (StatusType.NONE,), (_DOCUMENT, *_CHANGES)),
    (StatusType.REFUSED, OPEN_AT_DISPATCH, _CHANGES),
    (StatusType.PARTIALLY_REFUSED, (StatusType.NONE,), (_DOCUMENT, *_CHANGES)),
    (StatusType.PARTIALLY_REFUSED, OPEN_AT_DISPATCH, _CHANGES),
    (StatusType.DELIVERED, (StatusType.NONE,), (_DOCUMENT, *_CHANGES)),
    (StatusType.DELIVERED, OPEN_AT_DISPATCH, _CHANGES),
    (StatusType.STOPPED, (StatusType.NONE,), (_DOCUMENT, *_CHANGES, Trigger.INTERRUPTION)),
    (StatusType.STOPPED, OPEN_AT_DISPATCH, (*_CHANGES, Trigger.INTERRUPTION)),
    (StatusType.STOPPED, (StatusType.DIVERTED,), (Trigger.INTERRUPTION,)),
    (StatusType.MANUALLY_CLOSED, (StatusType.NONE,), (_DOCUMENT, *_CHANGES, Trigger.CLOSURE_ACCEPTED)),
    (StatusType.MANUALLY_CLOSED, OPEN_AT_DISPATCH, (*_CHANGES, Trigger.CLOSURE_ACCEPTED)),
    (StatusType.MANUALLY_CLOSED, (StatusType.DIVERTED,), (Trigger.CLOSURE_ACCEPTED,)),
)

# A partial refusal may be lacked whatever came after it: it limits what the next report may say (S12, BR025).
_AT_DESTINATION = (
    (StatusType.ACCEPTED, OPEN_AT_DISPATCH, (_PARTLY,)),
    (StatusType.REJECTED, (StatusType.REJECTED,), (_PARTLY,)),
    (StatusType.REJECTED, (StatusType.ACCEPTED,), (_PARTLY, Trigger.REJECTION)),
    (StatusType.REJECTED, (StatusType.REFUSED,), (_PARTLY, Trigger.REJECTION)),
    (StatusType.REJECTED, (StatusType.PARTIALLY_REFUSED,), (_PARTLY, Trigger.REJECTION)),
    (StatusType.REFUSED, (StatusType.REFUSED,), (_PARTLY,)),
    (StatusType.REFUSED, (StatusType.ACCEPTED,), (_PARTLY, Trigger.RECEIPT_REFUSED)),
    (StatusType.REFUSED, (StatusType.REJECTED,), (_PARTLY, Trigger.RECEIPT_REFUSED)),
    (StatusType.REFUSED, (StatusType.PARTIALLY_REFUSED,), (_PARTLY, Trigger.RECEIPT_REFUSED)),
    (StatusType.PARTIALLY_REFUSED, (StatusType.ACCEPTED,), (_PARTLY,)),
    (StatusType.PARTIALLY_REFUSED, (StatusType.REJECTED,), (_PARTLY,)),
    (StatusType.PARTIALLY_REFUSED, (StatusType.REFUSED,), (_PARTLY,)),
    (StatusType.DIVERTED, OPEN_AT_DISPATCH, (_PARTLY,)),
    (StatusType.DELIVERED, OPEN_AT_DISPATCH, (_PARTLY, Trigger.RECEIPT_ACCEPTED)),
    (StatusType.STOPPED, OPEN_AT_DISPATCH, (_PARTLY, Trigger.INTERRUPTION)),
    (StatusType.MANUALLY_CLOSED, OPEN_AT_DISPATCH, (_PARTLY, Trigger.CLOSURE_ACCEPTED)),
)

LACKED: Mapping[Side, Mapping[tuple[StatusType, StatusType], tuple[Trigger, ...]]] = MappingProxyType(
    {
        side: MappingProxyType({(ours, theirs): lacked for ours, each, lacked in rows for theirs in each})
        for side, rows in ((Side.DISPATCH, _AT_DISPATCH), (Side.DESTINATION, _AT_DESTINATION))
    }
)
"""Which messages of ours the other side lacks, by the side that we are, our state and its state; else none."""
