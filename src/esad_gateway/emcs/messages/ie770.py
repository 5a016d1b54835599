"""IE770: schedule of when business processes are unavailable."""

from datetime import datetime
from typing import ClassVar

from esad_gateway.emcs.administration_codes import (
    BusinessProcessCode,
    SystemUnavailabilityType,
    UnavailabilityScheduleMessageType,
)
from esad_gateway.emcs.messages.fields import Text, repeated
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE770."""

    unavailability_schedule_message_type: UnavailabilityScheduleMessageType


@frozen(kw_only=True)
class SystemUnavailability:
    """``SystemUnavailability`` of IE770."""

    business_process_code: BusinessProcessCode
    downtime_start_date_and_time: datetime
    type: SystemUnavailabilityType
    downtime_end_date_and_time: datetime | None = None
    justification: Text | None = None


@frozen(kw_only=True)
class UsAction:
    """``UsAction`` of IE770."""

    operation: str
    system_unavailability: tuple[SystemUnavailability, ...] = repeated(1, 99)


@frozen(kw_only=True)
class UnavailabilitySchedule:
    """``UnavailabilitySchedule`` of IE770."""

    member_state_code: str
    us_action: tuple[UsAction, ...] = repeated(1, 9)


@frozen(kw_only=True)
class IE770:
    """IE770 (C_AVA_DAT): schedule of when business processes are unavailable."""

    BODY: ClassVar[str] = "BusinessProcessUnavailabilitySchedule"

    header: Header
    attributes: Attributes
    unavailability_schedule: tuple[UnavailabilitySchedule, ...] = repeated(1, 99)
