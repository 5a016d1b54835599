"""What the codes on a paper mean: whoever checks goods on the road has no code list at hand."""

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.ais.saad.record import Source, Status
from esad_gateway.emcs.codes import (
    CategoryOfWineProduct,
    IndicatorOfShortageOrExcess,
    OriginTypeCode,
    TransportArrangement,
)
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.rules import code_lists
from esad_gateway.faults import Said

UNIT: Final = "unit"
"""The unit of a quantity, which follows from the excise product (BC36)."""

GUARANTOR: Final = "guarantor"
"""TC29: every digit of a joint code is one guarantor."""

SPOKEN: Final[Mapping[str, Collection[str]]] = MappingProxyType(
    {
        UNIT: tuple(code_lists.UNITS_OF_MEASURE),
        GUARANTOR: ("1", "2", "3", "4", "5"),
        "arrangement": tuple(TransportArrangement),
        "conclusion": ("1", "2", "3", "4"),  # 21 to 23 are of exports
        "destination": ("9", "10", "11"),  # the others are of duty suspension
        "flag": ("0", "1"),
        "indicator": tuple(IndicatorOfShortageOrExcess),
        "operator": tuple(OperatorType),
        "origin": tuple(OriginTypeCode),
        "reason": tuple(code_lists.UNSATISFACTORY_REASONS),
        "saad_status": tuple(Status),
        "source": tuple(Source),
        "transport_mode": tuple(code_lists.TRANSPORT_MODES),
        "transport_unit": tuple(code_lists.TRANSPORT_UNITS),
        "wine_category": tuple(CategoryOfWineProduct),
    }
)
"""The codes that have a sentence, by the group of these sentences; other codes stand on a paper alone."""


def meaning(group: str, code: str, beside: Any) -> tuple[Said, ...]:
    """What ``code`` means; nothing where there is no sentence. ``beside`` is the value of whose boxes this is one."""
    return tuple(Said(f"{group}.{one}") for one in _codes(group, code, beside) if one in SPOKEN.get(group, ()))


def _codes(group: str, code: str, beside: Any) -> Iterator[str]:
    if group == UNIT:
        name = str(getattr(beside, "excise_product_code", getattr(beside, "product", "")))
        product = code_lists.EXCISE_PRODUCTS.get(name)
        yield product.unit if product else ""
    elif group == GUARANTOR:
        yield from code
    else:
        yield code
