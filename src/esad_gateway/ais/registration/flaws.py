"""What may be wrong with an act in a case, and how it is told."""

from enum import StrEnum
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import Fault, Said, Value, said
from esad_gateway.place import Place, PlaceStep


class CaseFlaw(StrEnum):
    """One thing that may be wrong; its sentences are ``case.NAME.text`` and ``case.NAME.hint``."""

    NO_PROCEDURE = "no_procedure"
    OUT_OF_ORDER = "out_of_order"
    ALREADY_DECIDED = "already_decided"
    BEFORE_SECURITY = "before_security"
    NOT_OFFICIAL = "not_official"
    NOT_LAW = "not_law"
    OTHER_VALUES = "other_values"
    FUTURE = "future"
    BEFORE_REQUEST = "before_request"
    BACKDATED = "backdated"
    CHANNEL = "channel"
    SIGNATURE = "signature"
    MISSING = "missing"
    LICENCE = "licence"
    LICENCE_PERIOD = "licence_period"
    NOT_HELD = "not_held"
    CATEGORY = "category"
    PRODUCT = "product"
    TARIFF_GROUP = "tariff_group"
    OTHER_GROUP = "other_group"
    GOODS_TWICE = "goods_twice"
    PLACE_TWICE = "place_twice"
    QUANTITY = "quantity"
    NUMBER = "number"
    OTHER_STATE = "other_state"
    OWN_STATE = "own_state"
    OTHER_CAPACITY = "other_capacity"
    PAST = "past"
    PER_QUARTER = "per_quarter"
    TOO_MANY = "too_many"
    WINE_DOCUMENTS = "wine_documents"
    OVERLAP = "overlap"
    OTHER_REQUEST = "other_request"
    AMOUNT = "amount"
    CENTS = "cents"
    TOO_LITTLE = "too_little"
    NO_DEPOSIT = "no_deposit"
    ENDED = "ended"
    DIGEST = "digest"
    TAKEN = "taken"
    OFFICE = "office"
    ENDS_FIRST = "ends_first"
    ENDS_LATE = "ends_late"
    HAS_END = "has_end"
    NOT_REQUESTED = "not_requested"
    NOT_CERTIFIED = "not_certified"
    TWICE = "twice"
    NOT_ASKED = "not_asked"


_CODES: Final = {
    CaseFlaw.OUT_OF_ORDER: FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE,
    CaseFlaw.ALREADY_DECIDED: FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE,
    CaseFlaw.BEFORE_SECURITY: FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE,
}
"""Where a code of the protocol fits; elsewhere the number of the requirement is the code."""


def place(*way: str | int) -> Place:
    """The place of something among the values of an act: names, and after one that repeats its position."""
    steps: list[PlaceStep] = []
    for one in way:
        if isinstance(one, int):
            steps[-1] = PlaceStep(steps[-1].name, one)
        else:
            steps.append(PlaceStep(one))
    return Place(tuple(steps), in_data=True)


def fault(flaw: CaseFlaw, rule: str, where: Place, value: object = None, /, **told: Value) -> Fault:
    """The fault of a flaw by a requirement at a place; ``value`` is what stands there, ``told`` what the hint says."""
    return Fault(
        code=_CODES.get(flaw, rule),
        rule=rule,
        place=where,
        value=None if value is None else str(value),
        text=Said(f"case.{flaw}.text"),
        hint=said(f"case.{flaw}.hint", **told),
    )
