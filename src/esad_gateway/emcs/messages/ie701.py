"""IE701: common request for data, lists or statistics."""

from datetime import date
from typing import ClassVar

from esad_gateway.emcs.administration_codes import (
    CommonRequestType,
    Month,
    PrimaryCriterionTypeCode,
    Quarter,
    RequestedListOfCodesFull,
    RequestMessageName,
    Semester,
    StatisticsType,
)
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE701."""

    request_type: CommonRequestType
    request_message_name: RequestMessageName | None = None
    requesting_office: str


@frozen(kw_only=True)
class RaPrimaryValue:
    """``RaPrimaryValue`` of IE701."""

    value: str


@frozen(kw_only=True)
class RaPrimaryCriterion:
    """``RaPrimaryCriterion`` of IE701."""

    primary_criterion_type_code: PrimaryCriterionTypeCode
    ra_primary_value: tuple[RaPrimaryValue, ...] = repeated(1, 99)


@frozen(kw_only=True)
class EadEsadListRequest:
    """``EadEsadListRequest`` of IE701."""

    member_state_code: str
    ra_primary_criterion: tuple[RaPrimaryCriterion, ...] = repeated(1, 99)


@frozen(kw_only=True)
class ListOfMemberStates:
    """``ListOfMemberStates`` of IE701."""

    member_state_code: str


@frozen(kw_only=True)
class StatisticsRequest:
    """``StatisticsRequest`` of IE701."""

    statistic_type: StatisticsType
    list_of_member_states: tuple[ListOfMemberStates, ...] = repeated(1, 99)


@frozen(kw_only=True)
class StatisticsPeriod:
    """``StatisticsPeriod`` of IE701."""

    year: int
    semester: Semester | None = None
    quarter: Quarter | None = None
    month: Month | None = None


@frozen(kw_only=True)
class ReferenceSynchronisation:
    """``ReferenceSynchronisation`` of IE701."""

    period_from_date: date
    period_to_date: date
    extraction: str | None = None
    member_state_code: str | None = None


@frozen(kw_only=True)
class ListOfCodes:
    """``ListOfCodes`` of IE701."""

    requested_list_of_codes_code: RequestedListOfCodesFull | None = None


@frozen(kw_only=True)
class ReferenceRequest:
    """``ReferenceRequest`` of IE701."""

    common_risk_assessment_criteria_flag: bool | None = None
    list_of_codes: tuple[ListOfCodes, ...] = repeated(0, 99)


@frozen(kw_only=True)
class IE701:
    """IE701 (C_REQ_SUB): common request for data, lists or statistics."""

    BODY: ClassVar[str] = "CommonRequest"

    header: Header
    attributes: Attributes
    ead_esad_list_request: EadEsadListRequest | None = None
    statistics_request: StatisticsRequest | None = None
    statistics_period: StatisticsPeriod | None = None
    reference_synchronisation: ReferenceSynchronisation | None = None
    reference_request: ReferenceRequest | None = None
