"""Why changes of the register are refused: one test a reason of the IE714."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from esad_gateway.emcs.messages.ie713 import UsingTaxWarehouse
from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.emcs.seed import (
    REASONS,
    Change,
    Pending,
    Refusal,
    changes_of,
    own_refusals,
    refusal_message,
    register_refusals,
)
from esad_gateway.faults import Said
from esad_gateway.texts import in_every_language
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.schema import SchemaSet
from helpers.fixtures import SCHEMAS
from helpers.seed import CONSIGNEE, HEADER, SENT_ON, TEMPORARY_CONSIGNOR, Known, change, extract, limited

RECEIVER = replace(
    TEMPORARY_CONSIGNOR,
    seed="PL00000000211",
    office="PL002000",
    operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
    temporary=TemporaryAuthorisation(quantities={}),
)


KEEPER = replace(CONSIGNEE, operator_type=OperatorType.AUTHORISED_WAREHOUSEKEEPER)


def own(wrong: Change) -> list[tuple[str, str, str]]:
    """Code, rule and place of what is wrong with a change in itself."""
    return [_brief(one) for one in own_refusals(wrong, SENT_ON)]


def of_register(wrong: Change, *known: Operator) -> list[tuple[str, str, str]]:
    """Code, rule and place of what a register of ``known`` says against a change."""
    return [_brief(one) for one in register_refusals(wrong, Known(known))]


def _brief(one: Refusal) -> tuple[str, str, str]:
    return one.fault.code, one.fault.rule, one.fault.path.rpartition("]/")[2]


LINKED = "LinkedToTemporaryAuthorisationTrader"
NUMBER = f"{LINKED}/TraderExciseNumber"


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (change(replace(CONSIGNEE, seed="QQ00000000201", office="QQ002000")), ("112", "R070", "TraderExciseNumber")),
        (
            change(replace(TEMPORARY_CONSIGNOR, seed="GR00000000111", office="GR001000")),
            ("112", "R070", "TemporaryAuthorisationReference"),
        ),
        (change(replace(CONSIGNEE, office="DE002000")), ("27", "TC63", "ReferenceNumberOfExciseOffice")),
        (change(replace(TEMPORARY_CONSIGNOR, office="DE002000")), ("27", "TC63", "ReferenceNumberOfIssuanceOffice")),
        (change(replace(CONSIGNEE, valid_to=date(2023, 2, 12))), ("112", "TC63", "AuthorisationEndDate")),
        (change(replace(TEMPORARY_CONSIGNOR, valid_to=date(2026, 2, 28))), ("112", "TC63", "DateOfExpiry")),
        (
            change(replace(CONSIGNEE, categories=frozenset("WX"))),
            ("112", "TC63", "ExciseProductsCategory/ExciseProductsCategoryCode"),
        ),
        (change(CONSIGNEE, "D", SENT_ON + timedelta(days=1)), ("115", "R007", "Action/ActivationDate")),
        (change(CONSIGNEE, uses_warehouses=True), ("41", "TC63", "UsingTaxWarehouse")),
        (change(limited(TEMPORARY_CONSIGNOR, counterparty=None, linked=None)), ("112", "C209", LINKED)),
        (change(limited(TEMPORARY_CONSIGNOR, counterparty=None)), ("44", "C157", NUMBER)),
        (change(limited(TEMPORARY_CONSIGNOR, counterparty="LT00000000201")), ("46", "R233", NUMBER)),
        (
            change(limited(TEMPORARY_CONSIGNOR, small_wine_producer=True, quantities={"W200": 1, "B000": 1})),
            ("45", "R212", "TemporaryAuthorisationDetails/ExciseProductCode"),
        ),
        (
            change(replace(KEEPER, products=frozenset({"S600"}))),
            ("112", "R264", "ExciseProduct/ExciseProductCode"),
        ),
        (
            change(
                replace(
                    limited(TEMPORARY_CONSIGNOR, quantities={"S600": 1}),
                    operator_type=OperatorType.TEMPORARY_REGISTERED_CONSIGNEE,
                )
            ),
            ("112", "R264", "TemporaryAuthorisationDetails/ExciseProductCode"),
        ),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_change_that_is_wrong_in_itself(wrong: Change, expected: tuple[str, str, str]) -> None:
    """Each of these breaks one rule, and is refused for it alone, in an update as in an extract."""
    assert own(wrong) == [expected]
    assert own(replace(wrong, extract=True)) == [expected]


@pytest.mark.parametrize(
    "right",
    [
        change(CONSIGNEE),
        change(CONSIGNEE, "D"),
        change(TEMPORARY_CONSIGNOR),
        change(RECEIVER),
        change(limited(TEMPORARY_CONSIGNOR, small_wine_producer=True, counterparty=None)),
        change(KEEPER, uses_warehouses=True),
        change(replace(CONSIGNEE, office="DE002000"), "I"),
    ],
    ids=[
        "trader",
        "deletion",
        "temporary",
        "consignee without counterparty",
        "small producer",
        "keeper",
        "invalidation",
    ],
)
def test_change_that_is_right(right: Change) -> None:
    """Nothing is said against these: C209 and C157 have exceptions, and what ends is not judged by its values."""
    assert own(right) == []


@pytest.mark.parametrize(
    ("operation", "operator", "known", "expected"),
    [
        ("C", CONSIGNEE, True, ("8", "R070", "TraderExciseNumber")),
        ("U", CONSIGNEE, False, ("11", "R007", "TraderExciseNumber")),
        ("I", CONSIGNEE, False, ("11", "R007", "TraderExciseNumber")),
        ("D", CONSIGNEE, False, ("11", "R007", "TraderExciseNumber")),
        ("C", RECEIVER, True, ("10", "R070", "TemporaryAuthorisationReference")),
        ("D", RECEIVER, False, ("13", "R007", "TemporaryAuthorisationReference")),
    ],
)
def test_operation_fits_what_is_registered(
    operation: str, operator: Operator, *, known: bool, expected: tuple[str, str, str]
) -> None:
    """What is created is new, what is changed, invalidated or deleted exists; an extract may say anything."""
    wrong = change(operator, operation)
    assert of_register(wrong, *[operator] * known) == [expected]
    assert of_register(wrong, *[operator] * (not known)) == []
    assert of_register(replace(wrong, extract=True), *[operator] * known) == []


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ("C", ("10", "R070", "TraderExciseNumber")),
        ("U", ("11", "R007", "TraderExciseNumber")),
        ("I", ("11", "R007", "TraderExciseNumber")),
        ("D", ("11", "R007", "TraderExciseNumber")),
    ],
)
def test_temporary_authorisation_is_no_trader_authorisation(operation: str, expected: tuple[str, str, str]) -> None:
    """A number stands in one of the two lists: what is said of the other list does not change it."""
    assert of_register(change(replace(CONSIGNEE, seed=RECEIVER.seed), operation), RECEIVER) == [expected]


@pytest.mark.parametrize(
    ("kind", "counterparty", "fits"),
    [
        (OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR, OperatorType.CERTIFIED_CONSIGNEE, True),
        (OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR, OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE, True),
        (OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR, OperatorType.CERTIFIED_CONSIGNOR, False),
        (OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE, OperatorType.CERTIFIED_CONSIGNOR, True),
        (OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE, OperatorType.REGISTERED_CONSIGNOR, False),
        (OperatorType.TEMPORARY_REGISTERED_CONSIGNEE, OperatorType.REGISTERED_CONSIGNOR, True),
        (OperatorType.TEMPORARY_REGISTERED_CONSIGNEE, OperatorType.CERTIFIED_CONSIGNOR, False),
    ],
)
def test_counterparty_is_registered_in_a_fitting_capacity(
    kind: OperatorType, counterparty: OperatorType, *, fits: bool
) -> None:
    """R233 says which capacities deal with each other; an unknown counterparty fits none."""
    temporary = replace(TEMPORARY_CONSIGNOR, operator_type=kind)
    other = replace(CONSIGNEE, operator_type=counterparty)
    refused = [("112", "R233", NUMBER)]

    assert of_register(change(temporary), other) == ([] if fits else refused)
    assert of_register(change(temporary)) == refused


def test_temporary_consignee_belongs_to_one_consignor() -> None:
    """BR051: no second temporary certified consignor may name the same temporary certified consignee."""
    sender = limited(TEMPORARY_CONSIGNOR, counterparty=RECEIVER.seed)
    second = replace(sender, seed="LT00000000112")

    assert of_register(change(sender), RECEIVER) == []
    assert of_register(change(second), RECEIVER, sender) == [("112", "BR051", NUMBER)]
    assert of_register(change(sender, "U"), RECEIVER, sender) == []
    assert of_register(change(second), RECEIVER, replace(sender, valid_to=date(2026, 3, 1))) == []
    assert of_register(change(replace(second, valid_from=date(2026, 4, 1), valid_to=None)), RECEIVER, sender) == []


def test_changes_of_one_message_reckon_with_each_other() -> None:
    """A number that was created is known to the next change of the message, one that was deleted is not."""
    sender = limited(TEMPORARY_CONSIGNOR, counterparty=RECEIVER.seed)
    pending = Pending(Known((CONSIGNEE,)))
    for made in (change(RECEIVER), change(CONSIGNEE, "D"), change(sender)):
        assert list(register_refusals(made, pending)) == []
        pending.note(made)

    found = [one.fault.rule for one in register_refusals(change(replace(sender, seed="LT00000000112")), pending)]
    assert found == ["BR051"]
    assert [one.fault.code for one in register_refusals(change(CONSIGNEE, "U"), pending)] == ["11"]


def test_warehouses_of_a_trader_are_noticed() -> None:
    """A trader authorisation that names tax warehouses says so in its change."""
    message = extract([CONSIGNEE])
    (record,) = message.trader_authorisation
    using = replace(record, using_tax_warehouse=(UsingTaxWarehouse(reference_of_tax_warehouse="PL00000000999"),))
    (one,) = changes_of(replace(message, trader_authorisation=(using,)))
    assert one.uses_warehouses


def test_refusals_become_an_ie714() -> None:
    """The IE714 has reason, place, value and action of every refusal, and follows its schema."""
    refusals = [*own_refusals(change(replace(CONSIGNEE, office="DE002000")), SENT_ON)]
    message = refusal_message(refusals, HEADER)

    (error,) = message.functional_error
    assert error.refusal_of_update_of_economic_operators_reason_code == "27"
    assert (error.action_identification, error.original_attribute_value) == ("action-1", "DE002000")
    assert error.error_location is not None
    assert error.error_location.endswith("/TraderAuthorisation[1]/ReferenceNumberOfExciseOffice")
    assert SchemaSet.load(SCHEMAS).accepts(Binder("V3.23").write(message))


def test_every_reason_is_told_in_every_language() -> None:
    """Each ground has whole sentences for what is wrong and for what to do."""
    for ground in REASONS:
        for what in ("text", "hint"):
            told = in_every_language(Said(f"IE714.{ground}.{what}"))
            assert all(sentence.endswith(".") for sentence in told.values())
