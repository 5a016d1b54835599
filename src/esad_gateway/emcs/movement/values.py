"""What is said about movements: sides, triggers, the movement itself, and the decisions about it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from esad_gateway.emcs.codes import DestinationTypeCode, IndicatorOfShortageOrExcess, StatusType
from esad_gateway.emcs.messages import Message


class Side(StrEnum):
    """Which administration's view of a movement this is."""

    DISPATCH = "dispatch"
    DESTINATION = "destination"


class Origin(StrEnum):
    """Who a message comes from: a trader of our own state, or another administration."""

    TRADER = "trader"
    ADMINISTRATION = "administration"


class Trigger(StrEnum):
    """What happened to a movement, in the words of the transition tables."""

    DRAFT = "draft submitted"
    VALIDATED_DOCUMENT = "validated document received"
    RECEIPT_ACCEPTED = "receipt accepted"
    RECEIPT_REFUSED = "receipt refused"
    RECEIPT_PARTIALLY_REFUSED = "receipt partially refused"
    EXPORT_RESULT = "result of an export"


@dataclass(frozen=True, slots=True)
class Line:
    """One body record of the e-SAD: its reference, product and quantity; ``refused`` since the last partial refusal.

    ``discrepancy``: whether the last report of receipt declared a shortage or an excess of it.
    """

    reference: int
    product: str
    quantity: Decimal
    refused: Decimal | None = None
    discrepancy: IndicatorOfShortageOrExcess | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One side's view of a movement, after its latest change. ``limit`` is dispatch plus journey time, in UTC.

    ``initial_consignee`` is the consignee of the e-SAD as it was issued, where a return has put the consignor in its
    place; ``transport_mode`` the latest code of BC67, ``None`` when it is not known here.
    """

    arc: str
    side: Side
    state: StatusType
    sequence: int
    lrn: str
    consignor: str
    consignee: str
    delivery_place: str | None
    destination_type: DestinationTypeCode
    destination_state: str
    dispatched_on: date
    limit: datetime
    lines: tuple[Line, ...]
    initial_consignee: str | None = None
    transport_mode: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """A message of our own: signed once, then sent to administration ``to`` and put into ``mailboxes``.

    ``not_before`` holds both back until then (fiscal formalities, scenario S5); ``None`` means at once.
    """

    message: Message
    to: str
    mailboxes: tuple[str, ...]
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The movement as it is from now on, what we send, and whose mailboxes get the received document as it is."""

    movement: Movement
    sends: tuple[Send, ...] = ()
    forward_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutOfSequence:
    """The movement's state does not allow the message (code 92); ``state`` is ``NONE`` when there is no movement."""

    state: StatusType
    trigger: Trigger
