"""Why a change of the register is refused, as the IE714 says it: the reasons (TC63) and the message."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from esad_gateway.emcs.administration_codes import ReasonToRefuseUpdateOfEconomicOperators as Reason
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.messages.ie714 import IE714, FunctionalError
from esad_gateway.emcs.refusals import ERROR_LIMIT, fit
from esad_gateway.emcs.seed.changes import Change
from esad_gateway.faults import CatalogueEntry, Fault

BODY: Final = "/IE713/Body/IncrementalUpdateOfEconomicOperators"
"""The XPath of what holds the occurrences."""


class Refusal(NamedTuple):
    """A fault whose code is one of TC63, and the identification of the action that it refuses."""

    fault: Fault
    action: str


def refusal(reason: str, change: Change, item: str, value: str | None) -> Refusal:
    """The refusal of ``change`` for a reason of :data:`REASONS`; ``item`` is the place below the occurrence."""
    entry = REASONS[reason]
    fault = Fault(
        code=entry.code,
        rule=entry.number,
        path=f"{BODY}/{change.place}/{item}",
        value=value,
        en=entry.en,
        lt=entry.lt,
        hint=entry.hint,
    )
    return Refusal(fault, change.action)


def refusal_message(refusals: Sequence[Refusal], header: Header) -> IE714:
    """The IE714 with these refusals; beyond 999 the rest is left out. ``header`` carries the correlation (TR9121)."""
    return IE714(
        header=header,
        functional_error=tuple(
            FunctionalError(
                refusal_of_update_of_economic_operators_reason_code=Reason(fault.code),
                error_reason=fit(f"{fault.rule}: {fault.en} {fault.hint}") or fault.rule,
                error_location=fit(fault.path),
                action_identification=action,
                original_attribute_value=fit(fault.value),
            )
            for fault, action in refusals[:ERROR_LIMIT]
        ),
    )


def _entry(number: str, reason: Reason, en: str, lt: str, hint: str) -> CatalogueEntry:
    return CatalogueEntry(number=number, code=reason.value, en=en, lt=lt, hint=hint)


REASONS: Final[Mapping[str, CatalogueEntry]] = MappingProxyType(
    {
        "trader exists": _entry(
            "R070",
            Reason.TRADER_AUTHORISATION_EXISTS,
            "A trader authorisation with this excise number is registered already.",
            "Leidimas su šiuo akcizo numeriu jau įregistruotas.",
            "Send an update (U), or give a number that is not taken.",
        ),
        "temporary exists": _entry(
            "R070",
            Reason.TEMPORARY_AUTHORISATION_EXISTS,
            "A temporary authorisation with this reference is registered already.",
            "Laikinasis leidimas su šiuo numeriu jau įregistruotas.",
            "Send an update (U), or give a reference that is not taken.",
        ),
        "no trader": _entry(
            "R007",
            Reason.TRADER_AUTHORISATION_NOT_FOUND,
            "No trader authorisation with this excise number is registered.",
            "Leidimas su šiuo akcizo numeriu neįregistruotas.",
            "Send a creation (C) first, or correct the number.",
        ),
        "no temporary": _entry(
            "R007",
            Reason.TEMPORARY_AUTHORISATION_NOT_FOUND,
            "No temporary authorisation with this reference is registered.",
            "Laikinasis leidimas su šiuo numeriu neįregistruotas.",
            "Send a creation (C) first, or correct the reference.",
        ),
        "number": _entry(
            "R070",
            Reason.INCORRECT_CODE_VALUE,
            "The number has not the form of an excise number.",
            "Numeris neatitinka akcizo numerio formos.",
            "Give the two letters of the state (code list BC11) and 11 letters or digits.",
        ),
        "foreign": _entry(
            "R070",
            Reason.INCORRECT_CODE_VALUE,
            "The number belongs to another state than the administration that sends the change.",
            "Numeris priklauso kitai valstybei negu pakeitimą siunčianti administracija.",
            "Send changes of your own operators; the state that registers a trader sends the others.",
        ),
        "office": _entry(
            "TC63",
            Reason.EXCISE_OFFICE_DOES_NOT_FIT_EXCISE_NUMBER,
            "The excise office belongs to another state than the number.",
            "Akcizų įstaiga priklauso kitai valstybei negu numeris.",
            "Give an office of the state that registers the trader.",
        ),
        "category": _entry(
            "TC63",
            Reason.INCORRECT_CODE_VALUE,
            "There is no such excise products category.",
            "Tokios akcizais apmokestinamų prekių kategorijos nėra.",
            "Give one of B, E, I, S, T, W.",
        ),
        "validity": _entry(
            "TC63",
            Reason.INCORRECT_CODE_VALUE,
            "The authorisation ends before it begins.",
            "Leidimas baigiasi anksčiau, negu prasideda.",
            "Give a last day that is not before the first.",
        ),
        "deletion day": _entry(
            "R007",
            Reason.NOT_SUPPORTED_IN_THIS_POSITION,
            "A deletion is active on the day of its request.",
            "Šalinimas įsigalioja prašymo dieną.",
            "Give the date of preparation of the message as activation date.",
        ),
        "denatured": _entry(
            "R264",
            Reason.INCORRECT_CODE_VALUE,
            "Only certified and temporary certified traders hold S600, completely denatured alcohol.",
            "Visiškai denatūruotas alkoholis (S600) gali būti tik sertifikuotų prekiautojų leidimuose.",
            "Leave S600 out of this authorisation.",
        ),
        "warehouse": _entry(
            "TC63",
            Reason.NO_WAREHOUSEKEEPER,
            "Only an authorised warehousekeeper uses tax warehouses.",
            "Akcizais apmokestinamų prekių sandėliu gali naudotis tik sandėlio savininkas.",
            "Leave the tax warehouses out, or give operator type 1.",
        ),
        "no counterparty": _entry(
            "C209",
            Reason.INCORRECT_CODE_VALUE,
            "This temporary authorisation must name the trader it is linked to.",
            "Šiame laikinajame leidime turi būti nurodytas susijęs prekiautojas.",
            "Give the linked trader; only a temporary certified consignee may leave it out.",
        ),
        "no number of counterparty": _entry(
            "C157",
            Reason.TRADER_EXCISE_NUMBER_MISSING,
            "The linked trader has no number and is no small wine producer.",
            "Susijęs prekiautojas neturi akcizo numerio ir nėra mažasis vyno gamintojas.",
            "Give the excise number of the linked trader.",
        ),
        "small producer": _entry(
            "R212",
            Reason.PRODUCT_NOT_OF_SMALL_WINE_PRODUCER,
            "A small wine producer sends W200 and W300 only.",
            "Mažasis vyno gamintojas siunčia tik W200 ir W300.",
            "Leave other products out, or take the flag away.",
        ),
        "same state": _entry(
            "R233",
            Reason.COUNTERPARTY_IN_SAME_STATE,
            "The linked trader is registered in the state of the temporary authorisation.",
            "Susijęs prekiautojas įregistruotas toje pačioje valstybėje kaip ir laikinasis leidimas.",
            "Give a trader of another state.",
        ),
        "counterparty": _entry(
            "R233",
            Reason.INCORRECT_CODE_VALUE,
            "The linked trader is not registered in a capacity that can deal with this one.",
            "Susijęs prekiautojas neįregistruotas kaip tinkama kita šalis.",
            "Give a consignor for a consignee and a consignee for a consignor, certified or temporary.",
        ),
        "counterparty taken": _entry(
            "BR051",
            Reason.INCORRECT_CODE_VALUE,
            "Another temporary certified consignor's authorisation names this temporary certified consignee.",
            "Šis laikinai sertifikuotas gavėjas jau nurodytas kito siuntėjo laikinajame leidime.",
            "Give a temporary certified consignee that no other authorisation names.",
        ),
    }
)
"""Reason by a short name of ours; ``code`` is TC63, ``number`` the rule, or TC63 where the list itself says it."""
