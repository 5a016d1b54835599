"""The layouts: every column has one name and one heading a language, and leads somewhere."""

from dataclasses import fields

import pytest

from esad_gateway.ais.saad.record import SaadEntry, SaadLine
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind, Layout
from esad_gateway.batch.tables.headings import plain
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.rules.places import steps
from esad_gateway.texts import languages, say

every_layout = pytest.mark.parametrize("layout", LAYOUTS.values(), ids=[kind.value for kind in LAYOUTS])
GOODS = {one.name for one in fields(SaadLine)}
DOCUMENT = {one.name for one in fields(SaadEntry)} - {"lines"}


@every_layout
def test_heading_means_one_column(layout: Layout) -> None:
    """No name and no heading of any language is that of two columns, case and blanks aside."""
    called = [{plain(column.name), *(plain(column.called(one)) for one in languages())} for column in layout.columns]

    assert len(set.union(*called)) == sum(map(len, called))


@every_layout
def test_column_explains_itself(layout: Layout) -> None:
    """What it means and what it takes is said in every language."""
    for column in layout.columns:
        for language in languages():
            assert say(column.about, language).endswith(".")
            assert say(column.reader.expected, language)


@pytest.mark.parametrize("kind", [BatchKind.SAAD, BatchKind.MVV])
def test_columns_of_an_entry_are_its_fields(kind: BatchKind) -> None:
    """Every field of an entry and its lines has a column; the kind of document of wine is known."""
    columns = [column for column in LAYOUTS[kind].columns if column.way]

    assert {column.name for column in columns if column.of_line} == GOODS
    known = {"source"} if kind is BatchKind.MVV else set()
    assert {column.name for column in columns if not column.of_line} == DOCUMENT - known
    assert all(column.way == (column.name,) for column in columns)


def test_columns_of_a_dispatch_lead_into_the_draft() -> None:
    """Every way is one of an IE815, and that of a column of goods leads through its lines."""
    for column in LAYOUTS[BatchKind.DISPATCH].columns:
        way = [step for step in column.way if not step.startswith("@")]
        steps(IE815, "/".join(way))
        assert column.of_line == (way[:1] == ["BodyEadEsad"])
