"""IE810: cancellation of an e-AD; does not exist for duty paid."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import Header, MovementReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """``Attributes`` of IE810."""

    date_and_time_of_validation_of_cancellation: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """``Cancellation`` of IE810."""

    cancellation_reason_code: str
    complementary_information: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IE810:
    """IE810 (C_CAN_DAT): cancellation of an e-AD; does not exist for duty paid."""

    BODY: ClassVar[str] = "CancellationOfEAD"

    header: Header
    attributes: Attributes
    excise_movement_ead: MovementReference
    cancellation: Cancellation
