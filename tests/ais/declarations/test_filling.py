"""The fields of a form, by a definition: all of them, in their order, on as many pages as there is to say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from esad_gateway.ais.declarations.filing import DeclarationState as State
from esad_gateway.ais.declarations.filing import DeclaredMonth, FilingAsked, decide_filing, declaration_due
from esad_gateway.ais.declarations.filling import (
    FilledFor,
    FormDefinition,
    FormPage,
    definition_of,
    filled_pages,
    number_in_file,
    unknown_values,
    without_page,
)
from esad_gateway.profiles.lithuania.declarations import DECLARATIONS
from helpers.declared import CALENDAR, OLD, TRADER, beer, case_on, draft_of, received, taken, wine

WHO = FilledFor(entity="100000001", name="Trader One", on=date(2025, 9, 10))
HEAD = FormPage(name="F", fields=(("E1", "entity"), ("E2", "correction"), ("E8", "box_number"), ("E9", "to_pay")))
ROWS = FormPage(
    name="FD",
    annex="D",
    rows=1,
    fields=(("M", "month"),),
    row_fields=(("N", "row_number"), ("G", "tariff_group"), ("Q", "quantity"), ("R", "form_row")),
)
FORM = FormDefinition(form="FR0630", version="11", guid="{1}", pages=(HEAD, ROWS), fictitious=True, source="a test")
DRAFT = draft_of(received(beer("1000.5"), wine(number=2)))
FILED = taken(decide_filing(DRAFT, FilingAsked(), case_on(date(2025, 9, 10))))


def test_pages_have_every_field_and_go_on_where_they_are_full() -> None:
    """One row a page here, and two tariff groups: two pages of the annex, whose rows are counted on."""
    first, second, third = filled_pages(FILED, FORM, WHO)
    duty = number_in_file(FILED.duty)

    assert first.fields == (("E1", "100000001"), ("E2", ""), ("E8", TRADER), ("E9", duty))
    assert (second.name, second.number, third.number) == ("FD", 1, 2)
    assert second.fields == (("M", "08"), ("N_1", "1"), ("G_1", "110"), ("Q_1", "1000,5"), ("R_1", ""))
    assert third.fields[1] == ("N_1", "2")
    assert tuple(name for name, _ in second.fields) == ROWS.names


def test_rows_that_nothing_stands_in_are_there_and_empty() -> None:
    """On a page with more rows than figures."""
    roomy = replace(FORM, pages=(replace(ROWS, rows=3),))
    (page,) = filled_pages(FILED, roomy, WHO)

    assert page.fields[-4:] == (("N_3", ""), ("G_3", ""), ("Q_3", ""), ("R_3", ""))


def test_correction_says_its_number() -> None:
    """The first one does not."""
    (page, *_) = filled_pages(replace(FILED, number=2), FORM, WHO)
    assert dict(page.fields)["E2"] == "2"


def test_definition_is_that_of_form_and_version() -> None:
    """A correction of an old period is written in the version of that time."""
    assert definition_of([replace(FORM, version="10"), FORM], FILED) is FORM
    assert definition_of([replace(FORM, version="10")], FILED) is None


def test_what_a_definition_cannot_ask_for_is_named() -> None:
    """By page and field, in pages and in rows."""
    wrong = replace(HEAD, fields=(("E1", "colour"),)), replace(ROWS, row_fields=(("N", "name"),))
    assert unknown_values(replace(FORM, pages=wrong)) == ("F.E1: colour", "FD.N: name")
    assert unknown_values(FORM) == ()


def test_figures_without_a_page_are_named() -> None:
    """Annex R is not in this definition."""
    assert [key.partition("/")[0] for key in without_page(FILED, FORM)] == ["R", "R"]


def test_month_tells_what_was_filed_last() -> None:
    """Nothing, or the newest one."""
    until = declaration_due(OLD, DECLARATIONS, CALENDAR)
    month = DeclaredMonth(name="Trader One", entity="", draft=DRAFT, state=State.DUE, until=until)

    assert month.last is None
    assert replace(month, filed=(FILED, replace(FILED, number=1, duty=Decimal(1)))).last != FILED
