"""What the codes in plain data mean, beside where they stand."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from esad_gateway.explain.lists import LISTS
from esad_gateway.faults import Said, said

CODED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "submission_message_type": "TC71",
        "destination_type_code": "TC32",
        "transport_arrangement": "TC70",
        "transport_mode_code": "BC67",
        "guarantor_type_code": "TC29",
        "excise_product_code": "BC36",
        "kind_of_packages": "BC17",
        "wine_product_category": "TC38",
        "origin_type_code": "TC30",
        "transport_unit_code": "BC35",
    }
)
"""The fields of a draft that hold codes, and the list of each."""


def meanings(data: Mapping[str, Any]) -> dict[str, Said]:
    """The meaning of every code in a draft, by its path as faults and columns of CSV name it."""
    return {path: _meaning(CODED[name], value) for path, name, value in _values(data, "") if name in CODED}


def _meaning(number: str, code: str) -> Said:
    return said("list.meaning", code=code, meaning=LISTS[number].codes[code] or "", command=f"esad explain {number}")


def _values(data: Any, path: str) -> Iterator[tuple[str, str, str]]:
    """Every value with its path and the name of its field."""
    for name, value in data.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, Mapping):
            yield from _values(value, here)
        elif isinstance(value, list):
            for place, one in enumerate(value, start=1):
                yield from _values(one, f"{here}[{place}]")
        else:
            yield here, name, value
