"""IE714: refusal of changes to the register of economic operators."""

from typing import ClassVar

from esad_gateway.emcs.administration_codes import ReasonToRefuseUpdateOfEconomicOperators
from esad_gateway.emcs.messages.fields import repeated
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class FunctionalError:
    """``FunctionalError`` of IE714."""

    refusal_of_update_of_economic_operators_reason_code: ReasonToRefuseUpdateOfEconomicOperators
    error_reason: str
    error_location: str | None = None
    action_identification: str
    original_attribute_value: str | None = None


@frozen(kw_only=True)
class IE714:
    """IE714 (C_QRO_REF): refusal of changes to the register of economic operators."""

    BODY: ClassVar[str] = "RefusalOfUpdateOfEconomicOperators"

    header: Header
    functional_error: tuple[FunctionalError, ...] = repeated(1, 999)
