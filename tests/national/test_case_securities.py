"""What secured a case secures its number: in the transaction of the decision, or the number is not given."""

from datetime import UTC, date
from decimal import Decimal

import pytest

from esad_gateway.ais.guarantees.guarantee import AmountAct, EntryKind, Guarantee, GuaranteeKind, SecuredShare
from esad_gateway.ais.guarantees.recalculation import standing_amount
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.store.database import looking
from esad_gateway.store.national.acts import acts_of
from esad_gateway.store.national.guarantees import amount_acts_of, guarantees_of, standing_of
from helpers.cases import CONSIGNEE_FOR_GOOD, CONSIGNEE_ONCE, OFFICE, OFFICER, Clerk, desk_of
from helpers.gateway import NOW, Station

TODAY = NOW.date()
AMOUNT = Decimal("2286.00")


@pytest.fixture
def clerk(lt: Station) -> Clerk:
    """Who acts in the cases of Lithuania."""
    return Clerk(desk_of(lt))


def of(station: Station, seed: str | None) -> tuple[tuple[Guarantee, ...], AmountAct | None]:
    """What secures a number, and the amount that counts for it."""
    with looking(station.runtime.store.reader) as driver:
        return guarantees_of(driver, seed or ""), standing_amount(amount_acts_of(driver, seed or ""))


def test_deposit_of_the_case_begins_the_ledger_of_the_number(lt: Station, clerk: Clerk) -> None:
    """RC-8: what was paid counts from the first day of the number, and so does the amount that was set (RC-5)."""
    seed = clerk.registered(CONSIGNEE_FOR_GOOD).row.seed or ""

    (found,), decision = of(lt, seed)

    assert (found.kind, found.amount, found.reference) == (GuaranteeKind.DEPOSIT, AMOUNT, "P-1")
    assert (found.since, found.until) == (TODAY, None)
    assert decision is not None
    assert (decision.amount, decision.basis, decision.share) == (AMOUNT, AMOUNT, SecuredShare.WHOLE)
    assert decision.why == clerk.number
    with looking(lt.runtime.store.reader) as driver:
        lines = standing_of(driver, seed, UTC, lambda: NOW).lines
        acts = [(one.what, one.by) for one in acts_of(driver, about=f"{seed} {found.number}")]
    assert [(line.kind, line.amount) for line in lines] == [(EntryKind.SECURED, AMOUNT)]
    assert ("guarantee.added", OFFICER) in acts
    assert lt.checked().problems == ()


def test_surety_counts_to_its_end(lt: Station, clerk: Clerk) -> None:
    """RC-7: under the number by which it was registered."""
    clerk.submit(CONSIGNEE_FOR_GOOD, security="surety")
    clerk.secure_by_surety("2027-03-01")

    (found,), _ = of(lt, clerk.register().row.seed)

    assert (found.kind, found.reference, found.until) == (GuaranteeKind.SURETY, "S-1", date(2027, 3, 1))


def test_temporary_number_is_secured_for_its_one_consignment(lt: Station, clerk: Clerk) -> None:
    """RC-8: by its deposit; there is no amount that would be recalculated after a quarter."""
    (found,), decision = of(lt, clerk.registered(CONSIGNEE_ONCE).row.seed)

    assert (found.kind, found.amount) == (GuaranteeKind.DEPOSIT, AMOUNT)
    assert decision is None


def test_exempt_number_has_no_guarantee_and_says_so(lt: Station, clerk: Clerk) -> None:
    """RC-6: nothing has to be secured, and nothing is."""
    licence = {"number": "L-1", "categories": "W", "valid_from": "2026-01-01"}
    clerk.submit("registered_consignor", licences=[licence], security="deposit")
    clerk.act(ActKind.EXEMPT, {"why": "three years without a fault"})

    found, decision = of(lt, clerk.register().row.seed)

    assert found == ()
    assert decision is not None
    assert (decision.amount, decision.share) == (Decimal(0), SecuredShare.EXEMPT)


def test_consignor_is_not_secured(lt: Station, clerk: Clerk) -> None:
    """CCR-2: a certified consignor has no step of security, and so no ledger."""
    assert of(lt, clerk.registered().row.seed) == ((), None)


def test_number_is_not_given_where_its_security_cannot_be_kept(lt: Station, clerk: Clerk) -> None:
    """A surety that has ended before the number begins: told as the answer to the act, and nothing is written."""
    clerk.submit(CONSIGNEE_FOR_GOOD, security="surety")
    clerk.secure_by_surety("2026-03-05")
    tables = ("case_act", "case_notice", "operator", "entity_number", "guarantee", "guarantee_amount", "outbox")
    before = {table: lt.rows(table) for table in tables}

    refused = clerk.try_(ActKind.REGISTER, {"office": OFFICE, "valid_from": "2026-03-06"})

    assert [(fault.rule, fault.path, fault.value) for fault in refused.faults] == [("RC-7", "until", "2026-03-05")]
    assert refused.case is not None
    assert refused.case.row.state is CaseState.SECURED
    assert {table: lt.rows(table) for table in tables} == before
    assert clerk.register(valid_from="2026-03-05").row.state is CaseState.REGISTERED
    assert lt.checked().problems == ()
