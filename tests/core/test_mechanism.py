"""How rules are registered and run."""

from dataclasses import fields
from typing import Any, get_args, get_type_hints

import pytest

from esad_gateway.emcs.messages import IE810, IE815, IE818, ie810
from esad_gateway.emcs.messages.groups import MovementReference
from esad_gateway.emcs.rules import RULES, Rule, case_faults, content_faults
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, TRANSPORT_MODES, UNITS_OF_MEASURE
from esad_gateway.emcs.rules.mechanism import Finding, content, in_document_order, run
from esad_gateway.emcs.timers import MAXIMUM_JOURNEY_DAYS
from esad_gateway.place import at
from helpers.case import setting
from helpers.samples import HEADER, draft, report

_CN_CODE = at("BodyEadEsad", 2, "CnCode")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.message.__name__}-{rule.number}")
def test_rule_is_named_and_placed(rule: Rule) -> None:
    """A rule's function begins with its number and is documented, and its path is one that the message has."""
    check: Any = rule.check
    assert check.__name__.partition("_")[0] == rule.number.lower()
    assert check.__doc__
    assert _has_path(rule.message, rule.path.split("/"))


def test_rules_stand_in_document_order() -> None:
    """The rules of a message are listed in the order of their elements."""
    for message in {rule.message for rule in RULES}:
        places = [_place(message, rule.path.split("/")) for rule in RULES if rule.message is message]
        assert places == sorted(places)


def test_message_without_rules() -> None:
    """A message that no rule is about has no faults: cancellation belongs to duty suspension."""
    message = IE810(
        header=HEADER,
        attributes=ie810.Attributes(),
        excise_movement_ead=MovementReference(administrative_reference_code="26PL000000000000001P9"),
        cancellation=ie810.Cancellation(cancellation_reason_code="1"),
    )
    assert content_faults(message, setting().context) == ()
    assert case_faults(message, setting().case_of(message)) == ()


def test_stateful_rules_are_told_apart() -> None:
    """Rules that need the register or a movement are stateful, those on the content are not."""
    stateful = {rule.number for rule in RULES if rule.stateful and rule.message in {IE815, IE818}}
    assert stateful >= {"R044", "R045", "BR001", "BR020", "BR021", "BR048", "R255"}
    assert not stateful & {"R030", "R054", "BR007", "BR023", "IR6"}


def test_findings_at_one_place_keep_the_order_of_the_rules() -> None:
    """Two faults at one place come in the order in which they were found."""

    def twice(_message: IE815, _context: object) -> list[Finding]:
        return [Finding(_CN_CODE, "a"), Finding(_CN_CODE, "b"), Finding(at("Attributes"))]

    rule = content("R232", IE815, "BodyEadEsad/CnCode", twice)
    faults = in_document_order(draft(), run((rule,), draft(), setting().context))
    assert [fault.value for fault in faults] == [None, "a", "b"]


def test_order_below_a_missing_element() -> None:
    """A place below an element that is missing stands where that element would stand."""

    def below(_message: IE815, _context: object) -> list[Finding]:
        return [Finding(at("HeaderEadEsad")), Finding(at("ConsigneeTrader/Traderid"))]

    rule = content("C010", IE815, "ConsigneeTrader/Traderid", below)
    message = draft({"consignee_trader": None})
    faults = in_document_order(message, run((rule,), message, setting().context))
    assert [fault.path.rpartition("/")[2] for fault in faults] == ["Traderid", "HeaderEadEsad"]


def test_rules_do_not_depend_on_the_message_kind_of_others() -> None:
    """Rules of one message are not asked of another."""
    assert {fault.rule for fault in content_faults(report(), setting().context)} == set()


def test_code_lists_fit_together() -> None:
    """Every transport mode has a maximum journey, and every excise product a unit that exists."""
    assert set(TRANSPORT_MODES) == set(MAXIMUM_JOURNEY_DAYS)
    assert {product.unit for product in EXCISE_PRODUCTS.values()} == set(UNITS_OF_MEASURE)
    assert {code for code, product in EXCISE_PRODUCTS.items() if product.plato} == {"B000"}


def _has_path(group: type[Any], steps: list[str]) -> bool:
    if not steps:
        return True
    names = {field.name.replace("_", ""): field.name for field in fields(group)}
    name = names.get(steps[0].lower())
    return name is not None and (len(steps) == 1 or _has_path(_item(group, name), steps[1:]))


def _place(group: type[Any], steps: list[str]) -> list[int]:
    if not steps:
        return []
    names = [field.name for field in fields(group)]
    index = [name.replace("_", "") for name in names].index(steps[0].lower())
    return [index, *(_place(_item(group, names[index]), steps[1:]) if steps[1:] else [])]


def _item(group: type[Any], name: str) -> type[Any]:
    hint = get_type_hints(group)[name]
    candidates = [one for one in get_args(hint) if one not in {type(None), Ellipsis}]
    item: type[Any] = candidates[0] if candidates else hint
    return item
