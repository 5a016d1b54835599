"""The messages that test data begins with: every valid one that ships, and one of each type that no rule speaks of."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from esad_gateway import resources
from esad_gateway.emcs import administration_codes as codes
from esad_gateway.emcs.messages import (
    IE701,
    IE702,
    IE714,
    IE770,
    IE810,
    IE861,
    IE934,
    NAMES,
    Message,
    ie701,
    ie702,
    ie714,
    ie770,
    ie810,
    ie861,
    ie934,
)
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import ExciseMovement, Header, MovementReference, Office
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse

ONLY: Final = "typical"
"""The name of the one sample of a type that no fixture shows."""

FIRST: Final[Mapping[str, str]] = MappingProxyType(
    {
        "IE813": "other-place",
        "IE815": "wine-and-beer",
        "IE837": "weather",
        "IE871": "by-consignee",
    }
)
"""Which sample of a type is the usual one, where it is not the first by name."""

_ARC: Final = "26PL000000000000001P9"
_STAMP: Final = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - documents leave the zone out


@cache
def samples(message: str) -> Mapping[str, Message]:
    """The valid samples of a type, by name. Raises UnreadableInput for no message of the e-SAD procedure."""
    check_type(message)
    files = sorted((folder_of(message) / "valid").glob("*.xml"))
    return MappingProxyType({file.stem: load(file) for file in files} or {ONLY: _WRITTEN[message]()})


def check_type(message: str) -> None:
    """Raise UnreadableInput for what is no message of the e-SAD procedure, with those that are."""
    if message not in NAMES:
        raise UnreadableInput(said("making.no_message", name=message, known=", ".join(NAMES)))


def typical(message: str, sample: str | None = None) -> Message:
    """A sample of a type by its name, or the usual one. Raises UnreadableInput with the names that there are."""
    known = samples(message)
    name = sample or usual(message)
    if name not in known:
        raise UnreadableInput(said("making.no_sample", name=name, message=message, known=", ".join(known)))
    return known[name]


def usual(message: str) -> str:
    """The name of the usual sample of a type."""
    return FIRST.get(message) or next(iter(samples(message)))


def folder_of(message: str) -> Path:
    """The folder of the fixtures of a type."""
    return resources.fixtures() / "messages" / message.lower()


@cache
def load(file: Path) -> Message:
    """The message in a fixture."""
    return read(parse(file.read_bytes()))


def _header(sender: str = "NDEA.PL", recipient: str = "NDEA.LT") -> Header:
    return Header(
        message_sender=sender,
        message_recipient=recipient,
        date_of_preparation=date(2026, 3, 2),
        time_of_preparation=time(9, 59, 30),
        message_identifier="sample-1",
    )


def _ie701() -> IE701:
    criterion = ie701.RaPrimaryCriterion(
        primary_criterion_type_code=codes.PrimaryCriterionTypeCode.EXCISE_PRODUCT_CODE,
        ra_primary_value=(ie701.RaPrimaryValue(value="W200"),),
    )
    return IE701(
        header=_header(),
        attributes=ie701.Attributes(request_type=codes.CommonRequestType.LIST_OF_E_SADS, requesting_office="PL002000"),
        ead_esad_list_request=ie701.EadEsadListRequest(member_state_code="LT", ra_primary_criterion=(criterion,)),
    )


def _ie702() -> IE702:
    reason = codes.CommonRequestRejectionReason.NO_MATCHING_DOCUMENTS
    fault = ie702.FunctionalError(common_request_rejection_reason_code=reason, error_reason="No e-SAD of these goods")
    return IE702(header=_header(), functional_error=(fault,))


def _ie714() -> IE714:
    fault = ie714.FunctionalError(
        refusal_of_update_of_economic_operators_reason_code=(
            codes.ReasonToRefuseUpdateOfEconomicOperators.TRADER_AUTHORISATION_EXISTS
        ),
        error_reason="The trader is registered already",
        action_identification="PL-2026-0001",
    )
    return IE714(header=_header(), functional_error=(fault,))


def _ie770() -> IE770:
    closed = ie770.SystemUnavailability(
        business_process_code=codes.BusinessProcessCode.DUTY_PAID_COMMON_DOMAIN,
        downtime_start_date_and_time=_STAMP,
        type=next(iter(codes.SystemUnavailabilityType)),
    )
    action = ie770.UsAction(operation="C", system_unavailability=(closed,))
    return IE770(
        header=_header(),
        attributes=ie770.Attributes(
            unavailability_schedule_message_type=next(iter(codes.UnavailabilityScheduleMessageType))
        ),
        unavailability_schedule=(ie770.UnavailabilitySchedule(member_state_code="PL", us_action=(action,)),),
    )


def _ie810() -> IE810:
    return IE810(
        header=_header("NDEA.LT"),
        attributes=ie810.Attributes(),
        excise_movement_ead=MovementReference(administrative_reference_code=_ARC),
        cancellation=ie810.Cancellation(
            cancellation_reason_code="0", complementary_information=Text("Goods were not sold", "en")
        ),
    )


def _ie861() -> IE861:
    body = ie861.BodyAnalysis(
        excise_product_code="W200",
        body_record_unique_reference=1,
        date_of_shortage=_STAMP.date(),
        observed_shortage=Decimal(10),
        basis_quantity_for_recovery_of_duties=Decimal(10),
    )
    return IE861(
        header=_header(),
        attributes=ie861.Attributes(date_and_time_of_issuance=_STAMP),
        excise_movement=ExciseMovement(administrative_reference_code=_ARC, sequence_number=1),
        analysis=ie861.Analysis(
            date_of_analysis=_STAMP.date(),
            opening_of_inquiry_planned_flag=False,
            member_state_code_incredit="PL",
            guarantor_exemption_flag=False,
        ),
        body_analysis=(body,),
        verification_office=Office(reference_number="PL002000"),
    )


def _ie934() -> IE934:
    kind = next(one for one in codes.TechnicalMessageType if one.value == FIRST_LOST)
    data = (folder_of(FIRST_LOST) / "valid").glob("*.xml")
    return IE934(
        header=_header(),
        message_body=(ie934.MessageBody(technical_message_type=kind, message_data=min(data).read_bytes()),),
    )


FIRST_LOST: Final = "IE801"
"""The message that a package of lost ones has."""

_WRITTEN: Final[Mapping[str, Callable[[], Message]]] = MappingProxyType(
    {
        "IE701": _ie701,
        "IE702": _ie702,
        "IE714": _ie714,
        "IE770": _ie770,
        "IE810": _ie810,
        "IE861": _ie861,
        "IE934": _ie934,
    }
)
