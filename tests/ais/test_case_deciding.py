"""Acts in registration cases: what is taken and what comes of it, and what is refused with all that is wrong."""

from datetime import date
from decimal import Decimal

import pytest

from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import (
    CaseState,
    GuaranteeOutcome,
    NoticeOutcome,
    RegisterOutcome,
)
from esad_gateway.ais.registration.request import Channel, SecurityKind
from esad_gateway.ais.registration.states import state_of
from esad_gateway.emcs.administration_codes import ModificationType
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.texts import in_every_language
from helpers.registrations import (
    BEER,
    OTHER_OFFICER,
    SECURED,
    SEED,
    STATUSES,
    TEMPORARY,
    WAREHOUSE,
    WINE,
    act,
    at,
    begun,
    refused,
    registered,
    secured,
    taken,
    told,
)

every_status = pytest.mark.parametrize("status", STATUSES)


@every_status
def test_whole_way_leads_to_a_record_of_the_register(status: OperatorType) -> None:
    """A complete request, its security where one is asked for, and a number: the register says what was granted."""
    found = taken(secured(status), act(ActKind.REGISTER))

    entry = next(one for one in found.outcomes if isinstance(one, RegisterOutcome))
    assert (entry.operation, entry.activation, entry.entity) == (
        ModificationType.CREATE,
        date(2026, 3, 10),
        "100000001",
    )
    assert (entry.operator.seed, entry.operator.operator_type, entry.operator.name) == (SEED, status, "Trader One")
    assert (entry.operator.products, entry.places, entry.certificate) == (frozenset({"W200"}), (WAREHOUSE,), "C-1")
    assert entry.address == {
        "street": "Example street",
        "number": "1",
        "postcode": "01001",
        "city": "Vilnius",
        "language": "lt",
    }
    assert state_of(found.case) is CaseState.REGISTERED


@pytest.mark.parametrize("status", sorted(TEMPORARY))
def test_temporary_number_is_for_one_movement_with_one_trader_within_thirty_days(status: OperatorType) -> None:
    """CCE-6: what the register says limits the number, so that the next message is judged by it."""
    found = taken(secured(status), act(ActKind.REGISTER))

    entry = next(one for one in found.outcomes if isinstance(one, RegisterOutcome))
    assert entry.operator.valid_to == date(2026, 4, 9)
    assert entry.operator.temporary is not None
    assert entry.operator.temporary.counterparty == "PL0000000C001"
    assert entry.operator.temporary.quantities == {"W200": Decimal(900)}
    assert not entry.operator.temporary.reusable
    assert entry.operator.temporary.linked is not None
    assert entry.operator.temporary.linked.name == "Trader Two"


def test_deposit_that_was_given_becomes_the_guarantee_of_the_number() -> None:
    """The security of the case is that of the capacity, from the decision on."""
    found = taken(secured(), act(ActKind.REGISTER))

    guarantee = next(one for one in found.outcomes if isinstance(one, GuaranteeOutcome))
    assert (guarantee.seed, guarantee.kind, guarantee.amount) == (SEED, SecurityKind.DEPOSIT, Decimal("2286.00"))
    assert (guarantee.reference, guarantee.until) == ("P-1", None)


def test_applicant_is_told_of_the_number_on_the_next_working_day() -> None:
    """The notice names its channel and the term within which it has to be given."""
    found = taken(secured(), act(ActKind.REGISTER, date(2026, 3, 6)))

    notice = next(one for one in found.outcomes if isinstance(one, NoticeOutcome))
    assert (notice.to, notice.about, notice.channel) == ("100000001", ActKind.REGISTER, Channel.MANO_VMI)
    assert notice.until is not None
    assert notice.until.day == date(2026, 3, 9)


@pytest.mark.parametrize("status", sorted(SECURED))
def test_no_number_before_security(status: OperatorType) -> None:
    """CCE-4, RC-8: not with an amount alone, and not with a deposit whose proof has not been handed in."""
    rule = "RC-2" if status is OperatorType.REGISTERED_CONSIGNOR else "CCE-4"
    for acts in ([], [ActKind.SET_AMOUNT], [ActKind.SET_AMOUNT, ActKind.PAY], [ActKind.SET_AMOUNT, ActKind.PROVE]):
        found = refused(begun(status, *acts), act(ActKind.REGISTER))
        assert [(one.rule, one.code, one.path) for one in found.faults] == [(rule, "92", "kind")]
        assert found.conflict


def test_certified_consignor_has_no_step_of_security() -> None:
    """CCR-2: an amount cannot be set, and a number follows upon the request."""
    case = begun(OperatorType.CERTIFIED_CONSIGNOR)

    assert told(case, act(ActKind.SET_AMOUNT))[0] == ("out_of_order", "CCR-2", "kind")
    assert state_of(taken(case, act(ActKind.REGISTER)).case) is CaseState.REGISTERED


def test_second_official_is_told_what_stands() -> None:
    """Whoever decides what is decided already hears what it is, since when, and by whom."""
    found = refused(registered(), act(ActKind.REGISTER, by=OTHER_OFFICER))

    assert found.conflict
    (fault,) = found.faults
    assert fault.text.key == "case.already_decided.text"
    assert "registered, since 2026-03-02T08:00:00Z (entered by: officer-1)" in in_every_language(fault.hint)["en"]


def test_trader_is_not_told_which_official_has_decided() -> None:
    """Names of officials are for officials."""
    fault = refused(registered(), act(ActKind.WITHDRAW)).faults[0]

    assert "officer-1" not in in_every_language(fault.hint)["en"]


def test_same_act_by_the_same_hand_is_the_same_act() -> None:
    """A retry changes nothing, and nothing comes of it a second time."""
    case = registered()

    found = taken(case, act(ActKind.REGISTER, date(2026, 3, 5)))

    assert (found.case, found.outcomes, found.again) == (case, (), True)


def test_clock_that_steps_back_is_not_believed() -> None:
    """An act is entered no earlier than the one before it."""
    case = begun()

    found = taken(case, act(ActKind.SET_AMOUNT, date(2026, 2, 27)))

    assert found.case.acts[-1].at == at(date(2026, 3, 2))


def test_all_that_is_wrong_is_told_at_once() -> None:
    """A number with twelve characters, an unknown office, a day that is over, and goods that nobody has asked for."""
    wrong = act(
        ActKind.REGISTER,
        seed="LT0000000C00",
        office="LT1",
        valid_from=date(2026, 3, 1),
        goods=(WINE, BEER),
        certificate=" ",
    )

    assert told(secured(), wrong) == [
        ("number", "CCE-4", "seed"),
        ("office", "CCE-4", "office"),
        ("missing", "CCE-4", "certificate"),
        ("past", "CCE-4", "valid_from"),
        ("not_requested", "CCE-4", "goods[2]"),
    ]


@pytest.mark.parametrize("seed", ["LT0000000C01", "LT0000000C0001", SEED.lower(), "LT0000000c001"])
def test_number_of_twelve_characters_or_with_small_letters_is_refused(seed: str) -> None:
    """Numbers of the register have thirteen characters, and capitals."""
    assert told(secured(), act(ActKind.REGISTER, seed=seed)) == [("number", "CCE-4", "seed")]
