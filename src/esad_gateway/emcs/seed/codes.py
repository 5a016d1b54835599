"""Operator types of SEED and ours: two code lists, one enumeration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.administration_codes import OperatorTypeCode, TemporaryOperatorTypeCode
from esad_gateway.emcs.registry import OperatorType

TRADERS: Final[Mapping[OperatorTypeCode, OperatorType]] = MappingProxyType(
    {
        OperatorTypeCode.AUTHORISED_WAREHOUSEKEEPER: OperatorType.AUTHORISED_WAREHOUSEKEEPER,
        OperatorTypeCode.REGISTERED_CONSIGNEE: OperatorType.REGISTERED_CONSIGNEE,
        OperatorTypeCode.REGISTERED_CONSIGNOR: OperatorType.REGISTERED_CONSIGNOR,
        OperatorTypeCode.CERTIFIED_CONSIGNOR: OperatorType.CERTIFIED_CONSIGNOR,
        OperatorTypeCode.CERTIFIED_CONSIGNEE: OperatorType.CERTIFIED_CONSIGNEE,
    }
)
"""TC65."""

TEMPORARIES: Final[Mapping[TemporaryOperatorTypeCode, OperatorType]] = MappingProxyType(
    {
        TemporaryOperatorTypeCode.TEMPORARY_REGISTERED_CONSIGNEE: OperatorType.TEMPORARY_REGISTERED_CONSIGNEE,
        TemporaryOperatorTypeCode.TEMPORARY_CERTIFIED_CONSIGNOR: OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
        TemporaryOperatorTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE: OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
    }
)
"""TC110."""

TRADER_CODES: Final = MappingProxyType({ours: code for code, ours in TRADERS.items()})
TEMPORARY_CODES: Final = MappingProxyType({ours: code for code, ours in TEMPORARIES.items()})

TEMPORARY: Final = frozenset(TEMPORARY_CODES)
"""The types whose record is a temporary authorisation."""
