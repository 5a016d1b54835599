"""Temporary authorisations: their ledger, their links, and what may be registered at all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.emcs.authorisations import Ledger, left, quantities, receives_from, sends_to, used_up
from esad_gateway.emcs.codes import DestinationTypeCode
from esad_gateway.emcs.effects import Note
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Side
from esad_gateway.emcs.procedure import Known as WhatIsKnown
from esad_gateway.emcs.registry import Facts, Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.emcs.rules import case_faults
from esad_gateway.emcs.rules.register import registration_faults
from esad_gateway.emcs.rules.temporary import link_problem
from esad_gateway.place import at
from esad_gateway.texts import say
from helpers.case import FIXTURES, setting
from helpers.fixtures import load
from helpers.playbook import ARC, Administration, stamp
from helpers.samples import draft
from helpers.seed import Known

OPERATORS = setting().facts.operators
CONSIGNEE = "PL00000000202"
TO_A_TEMPORARY_CONSIGNEE: dict[str, Any] = {
    "header_ead_esad.destination_type_code": DestinationTypeCode.TEMPORARY_CERTIFIED_CONSIGNEE,
    "consignee_trader.traderid": CONSIGNEE,
    "body_ead_esad": draft().body_ead_esad[:1],
}


def operator(seed: str, **changes: Any) -> Operator:
    """An operator of the fixtures, with other contents."""
    return replace(OPERATORS[seed], **changes)


def stateful_faults(message: IE815, *operators: Operator, **facts: Any) -> list[tuple[str, str | None]]:
    """The stateful rules that a draft breaks when these operators are registered instead of those of the fixtures."""
    case = setting().case_of(message)
    known = {**case.facts.operators, **{one.seed: one for one in operators}}
    found = case_faults(message, replace(case, facts=replace(case.facts, operators=known, **facts)))
    return [(fault.rule, fault.value) for fault in found]


def linked(consignor: Operator, consignee: Operator) -> bool:
    """Whether the parties' authorisations allow them a movement."""
    return sends_to(consignor, consignee) and receives_from(consignee, consignor)


def test_ledger_of_a_movement() -> None:
    """A movement takes up its quantities, summed for every product, under both numbers; a second one adds to them."""
    begun = Administration("LT", Side.DISPATCH).takes(draft()).movement
    assert begun is not None
    wine, beer = begun.lines
    ledger = Ledger()

    ledger.take_up(replace(begun, lines=(wine, beer, replace(wine, reference=3))))
    ledger.take_up(replace(begun, lines=(beer,)))

    parties = {begun.consignor, begun.consignee}
    assert ledger.movements_under == dict.fromkeys(parties, 2)
    assert ledger.used == {
        (seed, line.product): quantity
        for seed in parties
        for line, quantity in ((wine, 2 * wine.quantity), (beer, 2 * beer.quantity))
    }


def test_group_that_is_rehearsed_reckons_with_the_one_before() -> None:
    """What was taken up and noted counts on; a movement that is not written is known to nobody."""
    stand, wine = stamp("LT"), {("LT1", "W200"): Decimal(900)}
    note = Note(kind="guarantee", subject="LT1", arc=ARC)
    before, after = (
        WhatIsKnown(
            now=stand.now, profile=stand.profile, identifiers=stand.identifiers, ledger=Ledger(dict(wine), {"LT1": 1})
        )
        for _ in range(2)
    )
    before.note([note])
    before.used_lrns["LT1", "A"] = ARC

    after.reckon(before)

    assert after.ledger == Ledger({("LT1", "W200"): Decimal(1800)}, {"LT1": 2})
    assert after.notes == {note.key: [note]}
    assert not after.used_lrns


def test_quantities_of_one_product_are_summed() -> None:
    """Two lines of a draft with one product code take up both their quantities."""
    wine, beer, *_ = draft().body_ead_esad
    assert quantities((wine, beer, replace(wine, body_record_unique_reference=3))) == {
        wine.excise_product_code: 2 * wine.quantity,
        beer.excise_product_code: beer.quantity,
    }


def test_return_gives_nothing_back_to_the_ledger() -> None:
    """Goods that go back were taken up by the consignee of the e-SAD, whoever it is now."""
    begun = Administration("LT", Side.DISPATCH).takes(draft()).movement
    assert begun is not None
    ledger = Ledger()

    ledger.take_up(replace(begun, consignee=begun.consignor, initial_consignee=begun.consignee))

    assert set(ledger.movements_under) == {begun.consignor, begun.consignee}


def test_parties_with_excise_numbers_are_never_used_up() -> None:
    """Who has an excise number has no limits, whatever the ledger says."""
    lasting = OPERATORS["LT00000000101"]
    assert not used_up(lasting, Facts(movements_under={lasting.seed: 5}))


def test_what_is_left_of_an_authorisation() -> None:
    """What is left is the quantity in SEED less what the ledger says; of an unknown product there is nothing."""
    temporary = OPERATORS[CONSIGNEE]
    assert left(temporary, "W200", Facts()) == 900
    assert left(temporary, "W200", Facts(used={(CONSIGNEE, "W200"): Decimal("900.5")})) == Decimal("-0.5")
    assert left(temporary, "B000", Facts()) == 0
    assert left(OPERATORS["LT00000000101"], "W200", Facts()) == 0


@pytest.mark.parametrize(("reusable", "movements", "expected"), [(False, 0, False), (False, 1, True), (True, 9, False)])
def test_authorisation_for_one_movement(*, reusable: bool, movements: int, expected: bool) -> None:
    """An authorisation that may not be used again is used up by one movement, another one by its quantities only."""
    one = operator(CONSIGNEE, temporary=TemporaryAuthorisation(reusable=reusable))
    assert used_up(one, Facts(movements_under={CONSIGNEE: movements})) is expected


@pytest.mark.parametrize(
    ("consignor", "consignee", "expected"),
    [
        ("LT00000000101", "PL00000000201", True),
        ("LT00000000301", "PL00000000201", True),
        ("LT00000000303", "PL00000000201", False),
        ("LT00000000101", "PL00000000202", True),
        ("LT00000000101", "PL00000000208", False),
        ("LT00000000101", "PL00000000212", True),
        ("LT00000000302", "PL00000000210", True),
        ("LT00000000302", "PL00000000208", False),
        ("LT00000000301", "PL00000000210", False),
    ],
)
def test_parties_that_are_linked(consignor: str, consignee: str, *, expected: bool) -> None:
    """A temporary authorisation names the other party; only a consignee's may name nobody."""
    assert linked(OPERATORS[consignor], OPERATORS[consignee]) is expected


def test_consignor_without_counterparty() -> None:
    """A temporary certified consignor whose record names nobody may send to nobody."""
    assert not linked(operator("LT00000000301", temporary=None), OPERATORS["PL00000000201"])


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [("900", []), ("900.001", [("BR052", "900.001")])],
)
def test_quantity_of_a_single_authorisation(quantity: str, expected: list[tuple[str, str]]) -> None:
    """A single authorisation is limited by its quantity too, to the last millilitre."""
    message = draft(TO_A_TEMPORARY_CONSIGNEE | {"body_ead_esad.0.quantity": Decimal(quantity)})
    assert stateful_faults(message) == expected


@pytest.mark.parametrize(("used", "expected"), [("100", []), ("100.5", [("BR052", "900")])])
def test_quantity_of_a_reusable_authorisation(used: str, expected: list[tuple[str, str]]) -> None:
    """What earlier e-SADs took from a reusable authorisation is gone."""
    limits = TemporaryAuthorisation(
        counterparty="LT00000000101", reusable=True, quantities={"W200": Decimal(1000), "B000": Decimal(1)}
    )
    reusable = operator(CONSIGNEE, temporary=limits)
    ledger = {(CONSIGNEE, "W200"): Decimal(used)}
    message = draft(TO_A_TEMPORARY_CONSIGNEE)
    assert stateful_faults(message, reusable, used=ledger, movements_under={CONSIGNEE: 3}) == expected


def test_products_of_a_temporary_consignor() -> None:
    """A product that a temporary consignor's authorisation does not have is beyond its quantities (BR052)."""
    message = draft({"consignor_trader.trader_excise_number": "LT00000000301"})
    wine_only = TemporaryAuthorisation(counterparty="PL00000000201", quantities={"W200": Decimal(900)})
    assert stateful_faults(message, operator("LT00000000301", temporary=wine_only)) == [("BR052", "1000")]


def test_products_of_a_temporary_consignee_without_record() -> None:
    """A temporary consignee whose record has no quantities may receive nothing (BR049), and BR052 adds nothing."""
    message = draft(TO_A_TEMPORARY_CONSIGNEE)
    assert stateful_faults(message, operator(CONSIGNEE, temporary=None)) == [("BR049", "W200")]


@pytest.mark.parametrize(("journey", "expected"), [("D28", []), ("D29", [("BR055", "D29")]), ("H24", [])])
def test_journey_until_the_authorisation_ends(journey: str, expected: list[tuple[str, str]]) -> None:
    """The last day of the authorisation is the last day of the journey."""
    assert stateful_faults(draft(TO_A_TEMPORARY_CONSIGNEE | {"header_ead_esad.journey_time": journey})) == expected


def test_journey_under_an_open_authorisation() -> None:
    """An authorisation without an end does not limit the journey."""
    message = draft(TO_A_TEMPORARY_CONSIGNEE | {"header_ead_esad.journey_time": "D60"})
    assert stateful_faults(message, operator(CONSIGNEE, valid_to=None)) == []


@pytest.mark.parametrize(
    ("seed", "changes", "expected"),
    [
        pytest.param("LT00000000301", {}, [], id="to a certified consignee"),
        pytest.param("LT00000000302", {}, [], id="to a temporary consignee that no other names"),
        pytest.param("PL00000000202", {}, [], id="consignee"),
        pytest.param("PL00000000212", {}, [], id="consignee that names nobody"),
        pytest.param("LT00000000101", {}, [], id="excise number"),
        pytest.param("LT00000000301", {"temporary": None}, ["C209"], id="consignor that names nobody"),
        pytest.param(
            "LT00000000301",
            {"temporary": TemporaryAuthorisation(counterparty="LT00000000102")},
            ["R233"],
            id="own state",
        ),
        pytest.param(
            "LT00000000301", {"temporary": TemporaryAuthorisation(counterparty="PL00000000210")}, ["BR051"], id="taken"
        ),
        pytest.param(
            "LT00000000301", {"temporary": TemporaryAuthorisation(counterparty="PL00000000999")}, [], id="not known yet"
        ),
        pytest.param(
            "LT00000000301",
            {"temporary": TemporaryAuthorisation(counterparty="PL00000000203")},
            ["R233"],
            id="consignor",
        ),
        pytest.param(
            "LT00000000301",
            {"temporary": None, "operator_type": OperatorType.TEMPORARY_REGISTERED_CONSIGNEE},
            ["C209"],
            id="registered consignee that names nobody",
        ),
        pytest.param("LT00000000101", {"products": frozenset({"S600"})}, [], id="S600 of a certified consignor"),
        pytest.param(
            "LT00000000101",
            {"products": frozenset({"S600"}), "operator_type": OperatorType.AUTHORISED_WAREHOUSEKEEPER},
            ["R264"],
            id="S600 of a warehousekeeper",
        ),
    ],
)
def test_registration(seed: str, changes: dict[str, Any], expected: list[str]) -> None:
    """What may be registered: one counterparty abroad, no other consignor's consignee, S600 for certified traders."""
    register = Known(tuple(OPERATORS.values()))
    assert [
        fault.rule for fault in registration_faults(operator(seed, **changes), register, at("operators", 1))
    ] == expected


@pytest.mark.parametrize(
    ("times", "later", "expected"),
    [
        pytest.param((date(2026, 4, 1), None), {}, [], id="after the end of the other"),
        pytest.param((date(2026, 3, 31), None), {}, ["BR051"], id="on its last day"),
        pytest.param((date(2026, 1, 1), date(2026, 2, 15)), {}, [], id="until the day before it"),
        pytest.param((date(2026, 3, 1), None), {"temporary": None}, [], id="when the other names nobody any more"),
        pytest.param((date(2026, 2, 28), None), {"temporary": None}, ["BR051"], id="the day before that"),
    ],
)
def test_consignee_is_taken_for_a_time(
    times: tuple[date, date | None], later: dict[str, Any], expected: list[str]
) -> None:
    """BR051 asks of two authorisations only where they meet: each counts to its end or to the next of its number."""
    other = operator("LT00000000302")
    records = (other, replace(other, valid_from=date(2026, 3, 1), **later)) if later else (other,)
    one = replace(other, seed="LT00000000309", valid_from=times[0], valid_to=times[1])
    register = Known((OPERATORS["PL00000000210"], *records))
    assert [fault.rule for fault in registration_faults(one, register, at("operators", 1))] == expected


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("ie81[35]/invalid/BR0[45]*.xml")), ids=lambda path: path.stem)
def test_hints_keep_what_is_in_a_consignees_authorisation(path: Path) -> None:
    """A consignor is refused without reading whom a consignee's authorisation names, for which products, how much.

    What it wrote itself, and what its movement carries, it knows.
    """
    message = load(path)
    told = " ".join(f"{fault.value} {say(fault.text)} {say(fault.hint)}" for fault in setting().faults_of(message))
    known = f"{path.read_text(encoding='utf-8')} {setting().movement_of(message)}"
    for one in OPERATORS.values():
        if one.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE and one.temporary and one.seed in known:
            secrets = {f"{quantity:f}" for quantity in one.temporary.quantities.values()}
            secrets |= one.temporary.quantities.keys() | {one.temporary.counterparty or "-"}
            assert not [secret for secret in secrets if secret in told and secret not in known]


def test_authorisation_that_names_nobody_says_so() -> None:
    """BR045: the consignor is told that its own authorisation names nobody."""
    consignor = replace(operator("LT00000000302"), temporary=None)
    problem = link_problem(consignor, OPERATORS["PL00000000201"], which=(True, False))
    assert problem is not None
    assert say(problem) == "Your authorisation LT00000000302 names nobody, not PL00000000201."


def test_stranger_learns_nothing_of_quantities() -> None:
    """A consignor that is not named reads that, and not also which products there are or whether enough is left."""
    stranger = TemporaryAuthorisation(counterparty="LT00000000199", quantities={"B000": Decimal(1)})
    message = draft(TO_A_TEMPORARY_CONSIGNEE)
    movements = {"movements_under": {CONSIGNEE: 1}}

    named = stateful_faults(message, operator(CONSIGNEE, temporary=replace(stranger, counterparty="LT00000000101")))
    assert named == [("BR049", "W200")]
    assert stateful_faults(message, operator(CONSIGNEE, temporary=stranger), **movements) == [("BR046", CONSIGNEE)]


def test_consignor_reads_its_own_authorisation() -> None:
    """What is left in its own the consignor is told, to the last millilitre."""
    message = draft(
        {"consignor_trader.trader_excise_number": "LT00000000301", "body_ead_esad": draft().body_ead_esad[:1]}
    )
    limits = TemporaryAuthorisation(counterparty="PL00000000201", quantities={"W200": Decimal("899.5")})
    case = setting().case_of(message)
    known = {**case.facts.operators, "LT00000000301": operator("LT00000000301", temporary=limits)}
    (fault,) = case_faults(message, replace(case, facts=replace(case.facts, operators=known)))
    assert say(fault.hint) == "Your authorisation LT00000000301 has 899.5 of W200 left, not 900."
