"""Why a change of the register is refused, as the IE714 says it: the reasons (TC63) and the message."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from esad_gateway.emcs.administration_codes import ReasonToRefuseUpdateOfEconomicOperators as Reason
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.messages.ie714 import IE714, FunctionalError
from esad_gateway.emcs.refusals import ERROR_LIMIT, fit, reason_of
from esad_gateway.emcs.seed.changes import Change
from esad_gateway.faults import Fault, Said
from esad_gateway.place import at

BODY: Final = at("IE713/Body/IncrementalUpdateOfEconomicOperators")
"""The place of what holds the occurrences."""


class Refusal(NamedTuple):
    """A fault whose code is one of TC63, and the identification of the action that it refuses."""

    fault: Fault
    action: str


def refusal(reason: str, change: Change, item: str, value: str | None) -> Refusal:
    """The refusal of ``change`` for a reason of :data:`REASONS`; ``item`` is the place below the occurrence."""
    ground = REASONS[reason]
    fault = Fault(
        code=ground.reason,
        rule=ground.rule,
        place=BODY / change.place / at(item),
        value=value,
        text=Said(f"IE714.{reason}.text"),
        hint=Said(f"IE714.{reason}.hint"),
    )
    return Refusal(fault, change.action)


def refusal_message(refusals: Sequence[Refusal], header: Header) -> IE714:
    """The IE714 with these refusals; beyond 999 the rest is left out. ``header`` carries the correlation (TR9121)."""
    return IE714(
        header=header,
        functional_error=tuple(
            FunctionalError(
                refusal_of_update_of_economic_operators_reason_code=Reason(fault.code),
                error_reason=reason_of(fault),
                error_location=fit(fault.path),
                action_identification=action,
                original_attribute_value=fit(fault.value),
            )
            for fault, action in refusals[:ERROR_LIMIT]
        ),
    )


class Ground(NamedTuple):
    """A ground of refusal: the rule that is broken, and the reason (TC63) that it is answered with."""

    rule: str
    reason: Reason


REASONS: Final[Mapping[str, Ground]] = MappingProxyType(
    {
        "trader exists": Ground("R070", Reason.TRADER_AUTHORISATION_EXISTS),
        "temporary exists": Ground("R070", Reason.TEMPORARY_AUTHORISATION_EXISTS),
        "no trader": Ground("R007", Reason.TRADER_AUTHORISATION_NOT_FOUND),
        "no temporary": Ground("R007", Reason.TEMPORARY_AUTHORISATION_NOT_FOUND),
        "number": Ground("R070", Reason.INCORRECT_CODE_VALUE),
        "foreign": Ground("R070", Reason.INCORRECT_CODE_VALUE),
        "office": Ground("TC63", Reason.EXCISE_OFFICE_DOES_NOT_FIT_EXCISE_NUMBER),
        "category": Ground("TC63", Reason.INCORRECT_CODE_VALUE),
        "validity": Ground("TC63", Reason.INCORRECT_CODE_VALUE),
        "deletion day": Ground("R007", Reason.NOT_SUPPORTED_IN_THIS_POSITION),
        "denatured": Ground("R264", Reason.INCORRECT_CODE_VALUE),
        "warehouse": Ground("TC63", Reason.NO_WAREHOUSEKEEPER),
        "no counterparty": Ground("C209", Reason.INCORRECT_CODE_VALUE),
        "no number of counterparty": Ground("C157", Reason.TRADER_EXCISE_NUMBER_MISSING),
        "small producer": Ground("R212", Reason.PRODUCT_NOT_OF_SMALL_WINE_PRODUCER),
        "same state": Ground("R233", Reason.COUNTERPARTY_IN_SAME_STATE),
        "counterparty": Ground("R233", Reason.INCORRECT_CODE_VALUE),
        "counterparty taken": Ground("BR051", Reason.INCORRECT_CODE_VALUE),
    }
)
"""Each ground by a short name of ours, as its sentences have it; where TC63 says the rule itself, that is the rule."""
