"""Declarations in the world: from a report of receipt to what is filed, corrected and set off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from esad_gateway.ais.declarations.filing import DeclarationState, FilingAsked
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.guarantees.guarantee import EntryKind, Guarantee, GuaranteeKind
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.errors import NationalRefused, NotFound
from esad_gateway.national.declarations import DeclarationDesk, declaration_desk
from esad_gateway.profiles.lithuania.guarantees import GUARANTEES
from esad_gateway.store.database import looking, writing
from esad_gateway.store.national.acts import acts_of
from esad_gateway.store.national.declarations import open_declarations
from esad_gateway.store.national.guarantees import add_guarantee, entries_of
from helpers.declared import OPERATOR
from helpers.gateway import CONSIGNEE, FOREIGN_CONSIGNOR, Box, Station, copy_of_box, new_draft, new_report

MARCH = TaxPeriod(date(2026, 3, 1))
IN_APRIL = datetime(2026, 4, 10, 8, tzinfo=UTC)
AS_IT_IS = FilingAsked()


@dataclass(frozen=True)
class Importer:
    """A certified consignee in Lithuania whose goods come from Poland."""

    box: Box
    lt: Station
    pl: Station

    @property
    def desk(self) -> DeclarationDesk:
        """The desk by the clock of the gateway."""
        found = declaration_desk(self.lt.runtime.store, self.lt.runtime.settings, lambda: self.lt.clock.at)
        assert found is not None
        return found

    def receive(self) -> str:
        """An e-SAD arrives and is reported; returns its ARC."""
        draft = new_draft(FOREIGN_CONSIGNOR, CONSIGNEE, self.pl.clock.at)
        assert not self.pl.take(self.box.signed(FOREIGN_CONSIGNOR, draft)).faults
        self.pl.deliver_to(self.lt)
        esad = self.lt.last(CONSIGNEE, "IE801")
        assert not self.lt.take(self.box.signed(CONSIGNEE, new_report(esad, self.lt.clock.at))).faults
        return str(esad.excise_movement.administrative_reference_code)


@pytest.fixture
def importer(tmp_path: Path) -> Iterator[Importer]:
    """One that has received nothing yet."""
    box = copy_of_box(tmp_path)
    with box.open("LT") as lt, box.open("PL") as pl:
        yield Importer(box, lt, pl)


def test_report_of_receipt_is_declared_filed_and_corrected(importer: Importer) -> None:
    """The figure leads back to its ARC; the same again is the same; what comes after is a correction."""
    arc = importer.receive()
    assert importer.desk.month(CONSIGNEE, MARCH).state is DeclarationState.OPEN
    importer.lt.clock.at = IN_APRIL
    month = importer.desk.month(CONSIGNEE, MARCH)
    (first, *_) = month.draft.figures

    assert (month.state, month.draft.faults) == (DeclarationState.DUE, ())
    assert {one.document for one in importer.desk.figure(CONSIGNEE, MARCH, first.key).sources} == {arc}
    filed = importer.desk.file(CONSIGNEE, MARCH, AS_IT_IS, OPERATOR)
    again = importer.desk.file(CONSIGNEE, MARCH, AS_IT_IS, OPERATOR)
    assert (again.again, again.declaration) == (True, filed.declaration)
    assert importer.desk.month(CONSIGNEE, MARCH).last == filed.declaration
    assert importer.lt.checked().problems == ()


def test_month_with_a_late_report_is_to_be_corrected(importer: Importer) -> None:
    """What arrived in March and was reported in April belongs to March."""
    importer.receive()
    importer.lt.clock.at = importer.pl.clock.at = IN_APRIL
    first = importer.desk.file(CONSIGNEE, MARCH, AS_IT_IS, OPERATOR).declaration
    importer.lt.run_sql(
        "INSERT INTO note (kind, subject, arc, side, mailbox, seq, noted_at, content) SELECT kind, subject,"
        " '26PL00000000000000XX1', side, mailbox, seq, noted_at, content FROM note WHERE kind = 'receipt of goods'"
    )

    assert importer.desk.month(CONSIGNEE, MARCH).state is DeclarationState.TO_BE_CORRECTED
    corrected = importer.desk.file(CONSIGNEE, MARCH, AS_IT_IS, OPERATOR).declaration
    assert (corrected.number, corrected.duty) == (1, 2 * first.duty)
    assert importer.desk.month(CONSIGNEE, MARCH).state is DeclarationState.FILED
    with looking(importer.lt.runtime.store.reader) as driver:
        told = [(act.what, act.about) for act in acts_of(driver)]
    assert told == [("declaration.filed", f"{CONSIGNEE} 2026-03/{number}") for number in (0, 1)]


def test_months_are_listed_the_newest_first_without_those_of_nothing(importer: Importer) -> None:
    """The month that runs, and the one in which something came."""
    importer.receive()
    importer.lt.clock.at = IN_APRIL

    states = [(str(one.draft.period), one.state) for one in importer.desk.months(CONSIGNEE)]
    assert states == [("2026-04", DeclarationState.OPEN), ("2026-03", DeclarationState.DUE)]
    assert [one.draft.seed for one in importer.desk.every(MARCH)] == [CONSIGNEE]
    assert importer.desk.receivers(MARCH) == 1


def test_month_that_is_over_is_due_until_it_is_filed(importer: Importer) -> None:
    """As an item of the deadline board; not while it runs."""

    def items(day: date) -> list[tuple[str, date]]:
        desk = importer.desk
        with looking(importer.lt.runtime.store.reader) as driver:
            found = open_declarations(driver, CONSIGNEE, desk.basis.law, desk.calendar, day)
            return [(one.about, one.end.day) for one in found]

    importer.receive()
    assert (items(date(2026, 3, 31)), items(date(2022, 1, 1))) == ([], [])
    assert items(date(2026, 4, 1)) == [("2026-03", date(2026, 4, 15))]
    importer.lt.clock.at = IN_APRIL
    importer.desk.file(CONSIGNEE, MARCH, AS_IT_IS, OPERATOR)
    assert items(date(2026, 4, 10)) == []


def test_nothing_is_filed_of_what_may_not_be(importer: Importer) -> None:
    """Every fault at once, and the store is as it was."""
    importer.receive()
    with pytest.raises(NationalRefused) as refused:
        importer.desk.file(CONSIGNEE, MARCH, FilingAsked(form="FR0630", number=""), OPERATOR)

    assert [fault.rule for fault in refused.value.faults] == ["DEC-2", "DEC-1", "DEC-3"]
    assert importer.lt.rows("declaration") == []


def test_duty_of_a_temporary_number_is_set_off_against_its_deposit(importer: Importer) -> None:
    """DEC-5: an entry in the ledger, once; what the e-SAD had reserved is free again."""
    arc = importer.receive()
    kind = OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE.value
    importer.lt.run_sql(f"UPDATE operator SET operator_type = '{kind}' WHERE seed = '{CONSIGNEE}'")  # noqa: S608
    deposit = Guarantee(
        seed=CONSIGNEE, kind=GuaranteeKind.DEPOSIT, amount=Decimal(100_000), reference="P-1", since=date(2026, 1, 1)
    )
    with writing(importer.lt.runtime.store.writer) as connection:
        add_guarantee(connection, deposit, GUARANTEES, importer.lt.clock.at)
    importer.lt.clock.at = IN_APRIL
    filed = importer.desk.file(CONSIGNEE, MARCH, AS_IT_IS, OPERATOR).declaration
    importer.desk.file(CONSIGNEE, MARCH, AS_IT_IS, OPERATOR)

    assert (filed.box_number, filed.set_off, filed.to_pay) == ("", filed.duty, Decimal("0.00"))
    with looking(importer.lt.runtime.store.reader) as driver:
        found = entries_of(driver, CONSIGNEE)
    assert [one.amount for one in found if one.kind is EntryKind.SET_OFF] == [filed.duty]
    assert [one.subject for one in found if one.kind is EntryKind.RELEASED] == [arc]


def test_number_that_nobody_has_and_figure_that_is_not_there_are_not_found(importer: Importer) -> None:
    """Both are told with what there is."""
    with pytest.raises(NotFound, match="LT00000000999"):
        importer.desk.month("LT00000000999", MARCH)
    with pytest.raises(NotFound, match="D/999"):
        importer.desk.figure(CONSIGNEE, MARCH, "D/999")


def test_state_without_a_law_of_declarations_has_no_desk(importer: Importer) -> None:
    """Poland, as far as this gateway knows."""
    assert declaration_desk(importer.pl.runtime.store, importer.pl.runtime.settings, lambda: IN_APRIL) is None
