"""Movements: the state of a consignment at dispatch and at destination, and how a message changes it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from esad_gateway.emcs.codes import DestinationTypeCode, StatusType


class Side(StrEnum):
    """Which administration's view of a movement this is."""

    DISPATCH = "dispatch"
    DESTINATION = "destination"


@dataclass(frozen=True, slots=True)
class Line:
    """One body record of the e-SAD: its reference, product and quantity; ``refused`` since the last partial refusal."""

    reference: int
    product: str
    quantity: Decimal
    refused: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One side's view of a movement, after its latest change. ``limit`` is dispatch plus journey time, in UTC."""

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
