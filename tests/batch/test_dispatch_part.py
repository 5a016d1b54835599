"""A dispatch with values that the schema refuses is judged by the others as well: every fault is told at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.sheets.table import cell_name
from helpers.tables import columns, read, sheet, told

DISPATCH = BatchKind.DISPATCH
PLACES = columns(DISPATCH)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"quantity": "0"}, {"quantity": "XSD", "gross_mass": "R219"}),
        ({"transporter_vat": "LT1"}, {"transporter_name": "XSD", "gross_mass": "R219"}),
        ({"packages_3": "2"}, {"package_kind_3": "XSD", "gross_mass": "R219"}),
        ({"wine_category": "", "wine_zone": "1"}, {"wine_category": "XSD", "gross_mass": "R219"}),
        ({"quantity": "0", "cn_code": "22"}, {"quantity": "XSD", "cn_code": "VALUE-FORM", "gross_mass": "R219"}),
        ({"net_mass": "0"}, {"net_mass": "XSD"}),
    ],
)
def test_cell_that_the_schema_refuses_hides_no_rule(cells: dict[str, str], expected: dict[str, str]) -> None:
    """Who mends the one is not told of the other after the next upload only; what needs it says nothing."""
    (document,) = read(sheet(DISPATCH, {"gross_mass": "1", **cells}), DISPATCH)

    found = {(path, rule) for path, rule, _ in told(document)}
    assert {(cell_name(2, PLACES[name]), rule) for name, rule in expected.items()} <= found
    assert {rule for _, rule in found} == set(expected.values())


def test_line_that_the_schema_refuses_hides_no_rule_of_another() -> None:
    """Each in the row of its line."""
    (document,) = read(sheet(DISPATCH, {"quantity": "0", "net_mass": "0"}, {"gross_mass": "1"}), DISPATCH)

    assert [(fault.line, fault.rule) for fault in document.faults] == [(2, "XSD"), (2, "XSD"), (3, "R219")]


REFUSED_BY_SCHEMA = {
    "quantity": ({"quantity": "0"}, {"quantity": "2"}),
    "mass": ({"gross_mass": "0"}, {"gross_mass": "1"}),
    "net": ({"net_mass": "0"}, {"net_mass": "1000000"}),
    "package": ({"packages_3": "2"}, {"packages_3": "2", "package_kind_3": "11"}),
    "unit": ({"transport_seal_3": "S-1"}, {"transport_seal_3": "S-1", "transport_unit_3": "3"}),
    "wine": ({"wine_category": "", "wine_zone": "1"}, {"wine_category": "3", "wine_zone": "1"}),
}
"""Cells that the schema refuses, by what they are about, and others in their place that it takes."""

AGAINST_RULES = (
    {"gross_mass": "1"},
    {"package_kind": "11"},
    {"document_type": "77", "document_reference": "1"},
    {"guarantor_type": "2"},
    {"third_country": "CL"},
    {"package_kind_2": "BX", "packages_2": "0"},
)
"""Cells that the schema takes, and rules refuse."""


@settings(max_examples=25)
@given(
    refused=st.sets(st.sampled_from(sorted(REFUSED_BY_SCHEMA)), min_size=1),
    ruled=st.sets(st.integers(min_value=0, max_value=len(AGAINST_RULES) - 1)),
)
def test_rules_are_told_as_they_are_of_the_mended_dispatch(refused: set[str], ruled: set[int]) -> None:
    """Whatever the schema refuses: what a rule says beside it, it says when that is mended as well."""
    row = {name: text for place in ruled for name, text in AGAINST_RULES[place].items()}

    def found(place: int) -> set[tuple[str, str]]:
        changed = {name: text for one in refused for name, text in REFUSED_BY_SCHEMA[one][place].items()}
        (document,) = read(sheet(DISPATCH, {**row, **changed}), DISPATCH)
        return {(path, rule) for path, rule, _ in told(document)}

    before, mended = found(0), found(1)

    assert "XSD" in {rule for _, rule in before}
    assert "XSD" not in {rule for _, rule in mended}
    assert {one for one in before if one[1] != "XSD"} <= mended
