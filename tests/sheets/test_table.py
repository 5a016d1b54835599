"""Names and places of cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import coordinate_to_tuple

from esad_gateway.sheets.table import cell_name, cell_place


@pytest.mark.parametrize(
    ("row", "column", "name"), [(5, 3, "C5"), (1, 26, "Z1"), (2, 27, "AA2"), (1048576, 16384, "XFD1048576")]
)
def test_cell_has_the_name_that_spreadsheets_show(row: int, column: int, name: str) -> None:
    """Columns are counted in letters, without a nought."""
    assert cell_name(row, column) == name
    assert str(cell_place(row, column)) == name


@given(st.integers(1, 1_000_000), st.integers(1, 16_384))
def test_cell_name_leads_back_to_its_cell(row: int, column: int) -> None:
    """As another maker's library reads it."""
    assert coordinate_to_tuple(cell_name(row, column)) == (row, column)
