"""What members of JSON views are called as elements of SOAP, where they are not called the same."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ONE_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "faults": "fault",
        "replies": "reply",
        "messages": "message",
        "movements": "movement",
        "lines": "line",
        "otherSides": "otherSide",
        "notes": "note",
        "signedByAgents": "signedByAgent",
        "products": "product",
        "productCategories": "productCategory",
        "besides": "beside",
        "remarks": "remark",
        "parameters": "parameter",
        "changed": "changed",
        "missing": "missing",
    }
)
"""A list -> what one of it is called."""

TOLD: Final[Mapping[str, str]] = MappingProxyType(
    {"text": "text", "hints": "hint", "titles": "title", "details": "detail", "reasons": "reason"}
)
"""What is said in every language -> its name. JSON has the English sentence besides; here it comes first."""

BY_NAME: Final[Mapping[str, str]] = MappingProxyType(
    {"values": "value", "quantities": "quantity", "counts": "count", "taken": "taken"}
)
"""Values by name -> what one of them is called."""
