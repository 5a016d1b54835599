"""IE837: explanation of a delay."""

from datetime import datetime
from typing import ClassVar

from esad_gateway.emcs.codes import MessageRoleCode, SubmitterType
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import ExciseMovement, Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Attributes:
    """``Attributes`` of IE837."""

    submitter_identification: str
    submitter_type: SubmitterType
    explanation_code: str
    complementary_information: Text | None = None
    message_role: MessageRoleCode
    date_and_time_of_validation_of_explanation_on_delay: datetime | None = None


@frozen(kw_only=True)
class IE837:
    """IE837 (C_DEL_EXP): explanation of a delay."""

    BODY: ClassVar[str] = "ExplanationOnDelayForDelivery"

    header: Header
    attributes: Attributes
    excise_movement: ExciseMovement
