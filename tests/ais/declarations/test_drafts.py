"""The declaration of a month: what follows from receipts, for which capacity, on which form."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.ais.declarations.period import TaxPeriod, periods_between
from esad_gateway.ais.declarations.projecting import DeclarationBasis, drafted
from esad_gateway.ais.declarations.receipt import Route
from esad_gateway.ais.provenance import Mark, overlapping
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.profiles.lithuania.declarations import DECLARATIONS
from helpers.declared import ARC, BASIS, CERTIFIED, KEEPER, NEW, OLD, TEMPORARY, TRADER, beer, draft_of, received, wine

REGISTERED = OperatorType.REGISTERED_CONSIGNEE


def test_receipts_of_a_month_are_one_declaration() -> None:
    """DEC-1: all of them, by tariff group; the duty is that of the worked values of 2.5."""
    draft = draft_of(received(beer()), received(wine(), beer(number=2), document="OTHER"))

    duty = {figure.key: figure.duty for figure in draft.figures if figure.annex == "D"}
    assert sorted(duty.values()) == [Decimal("1097.00"), Decimal("2286.00")]
    assert duty["D/110"] == Decimal("1097.00")
    assert draft.duty == Decimal("3383.00")
    assert (draft.faults, len(draft.covered)) == ((), 2)


def test_figure_leads_back_to_its_documents() -> None:
    """Each has the lines of the documents that make it, and adds up to them."""
    draft = draft_of(received(wine(), beer(number=2)), received(beer("500"), document="OTHER"))
    figure = draft.figure("D/110")

    assert figure is not None
    assert [(one.document, one.line, one.quantity) for one in figure.sources] == [
        (ARC, 2, Decimal(1000)),
        ("OTHER", 1, Decimal(500)),
    ]
    assert figure.duty == sum(one.duty for one in figure.sources)
    assert draft.figure("D/999") is None


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_duty_is_additive_over_receipts(litres: list[int]) -> None:
    """A month is the sum of its receipts, and their order changes nothing."""
    receipts = [received(beer(str(one)), document=f"R{number}") for number, one in enumerate(litres)]

    assert draft_of(*receipts) == draft_of(*reversed(receipts))
    assert draft_of(*receipts).duty == sum(draft_of(one).duty for one in receipts)


@pytest.mark.parametrize(
    ("status", "period", "form"),
    [
        (CERTIFIED, OLD, "FR0630"),
        (CERTIFIED, NEW, "AKC430"),
        (TEMPORARY, OLD, "FR0630A"),
        (TEMPORARY, NEW, "AKC430"),
        (KEEPER, OLD, "FR0630"),
        (CERTIFIED, TaxPeriod(date(2025, 9, 1)), "AKC430"),
        (CERTIFIED, TaxPeriod(date(2023, 2, 1)), "FR0630"),
        (CERTIFIED, TaxPeriod(date(2023, 1, 1)), None),
        (OperatorType.CERTIFIED_CONSIGNOR, OLD, None),
    ],
)
def test_form_follows_from_status_and_period(status: OperatorType, period: TaxPeriod, form: str | None) -> None:
    """By where the period begins: AKC430 from September 2025 on."""
    found = draft_of(status=status, period=period).form
    assert (found and found.name) == form


def test_rows_of_forms_do_not_overlap() -> None:
    """One form for each status and day."""
    for status in {one.status for one in DECLARATIONS.forms}:
        assert overlapping(tuple(DECLARATIONS.forms_of(status))) == ()


def test_no_form_is_said_to_be_known_from_its_source() -> None:
    """Annexes and versions are inferred up to August 2025, and were not found for AKC430 (2.6)."""
    marks = {(one.name, one.provenance.mark) for one in DECLARATIONS.forms}

    assert marks == {("FR0630", Mark.INFERRED), ("FR0630A", Mark.INFERRED), ("AKC430", Mark.NOT_FOUND)}


def test_wine_of_small_producers_has_a_place_for_each_status() -> None:
    """MVV-3: into a warehouse in row 30 of annex S, without duty; otherwise in annexes D and R."""
    mvv = received(wine(), route=Route.MVV, document="r1")
    stored = draft_of(replace(mvv, in_warehouse=True), status=KEEPER)

    group = draft_of(mvv).figures[0].group
    assert [(one.key, one.quantity, one.duty) for one in stored.figures] == [
        (f"S/30/{group}", Decimal(900), Decimal(0))
    ]
    assert stored.duty == 0
    for status in (REGISTERED, CERTIFIED):
        assert [one.key for one in draft_of(mvv, status=status).figures] == [f"D/{group}", f"R/{group}"]


@pytest.mark.parametrize(
    ("status", "route", "rule"),
    [(TEMPORARY, Route.MVV, "MVV-3"), (KEEPER, Route.MVV, "MVV-3"), (REGISTERED, Route.SAAD, "DEC-6")],
)
def test_receipt_that_the_capacity_does_not_declare_is_told(status: OperatorType, route: Route, rule: str) -> None:
    """With its document; other receipts are declared all the same."""
    draft = draft_of(received(wine(), route=route, document="r1"), status=status)

    (fault,) = draft.faults
    assert (fault.rule, fault.path) == (rule, "receipts.r1.route")


def test_line_that_cannot_be_assessed_is_told_and_others_are_declared() -> None:
    """With ARC and line; the other figures stand, and the draft shows both."""
    draft = draft_of(received(replace(beer(), strength=None), wine(number=2)))

    (fault,) = draft.faults
    assert (fault.rule, fault.arc) == ("DEC-1", ARC)
    assert fault.path.startswith(f"receipts.{ARC}.goods[1]")
    assert draft.duty == Decimal("2286.00")


def test_goods_in_a_capacity_that_declares_nothing_are_told() -> None:
    """Nothing is lost: whoever has received them is told so."""
    (fault,) = draft_of(received(), status=OperatorType.CERTIFIED_CONSIGNOR).faults
    assert (fault.rule, fault.value) == ("DEC-6", "2025-08")


def test_state_without_tariffs_assesses_nothing() -> None:
    """It says so of every receipt."""
    draft = drafted(TRADER, CERTIFIED, OLD, [received()], DeclarationBasis(law=BASIS.law, duty=None))
    assert [(one.rule, one.arc) for one in draft.faults] == [("DEC-1", ARC)]


def test_periods_are_months() -> None:
    """Written as 2026-10, one after the other over the end of a year."""
    first, last = date(2025, 11, 30), date(2026, 2, 1)

    assert [str(one) for one in periods_between(first, last)] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert TaxPeriod.read("2024-02").last == date(2024, 2, 29)
    for text in ("2026-13", "2026-1", "0000-01", "october"):
        with pytest.raises(Malformed):
            TaxPeriod.read(text)
    with pytest.raises(ValueError, match="first day"):
        TaxPeriod(first)
