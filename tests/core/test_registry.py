"""Registry values in rules: an authorisation for a whole category covers every product of it."""

from dataclasses import replace

import pytest

from esad_gateway.emcs.rules import case_faults
from esad_gateway.texts import say
from helpers.case import setting
from helpers.samples import draft

CONSIGNEE = "PL00000000201"


@pytest.mark.parametrize(
    ("products", "categories", "refused"),
    [
        ({"W200", "B000"}, "", []),
        ((), "BW", []),
        ({"W200"}, "B", []),
        ((), "W", ["B000"]),
        ({"W300"}, "SB", ["W200"]),
    ],
    ids=["products", "categories", "both", "one category", "another product"],
)
def test_categories_of_the_consignee(products: set[str], categories: str, refused: list[str]) -> None:
    """BR048 takes a product that is named, or whose whole category is."""
    case = setting().case_of(draft())
    consignee = replace(case.facts.operators[CONSIGNEE], products=frozenset(products), categories=frozenset(categories))
    facts = replace(case.facts, operators=dict(case.facts.operators) | {CONSIGNEE: consignee})

    faults = case_faults(draft(), replace(case, facts=facts))

    assert [(fault.rule, fault.value) for fault in faults] == [("BR048", value) for value in refused]
    assert all(f"covers {', '.join([*sorted(categories), *sorted(products)])}." in say(fault.hint) for fault in faults)
