"""What the standard lists is explained: messages, code lists and their codes, products."""

import pytest

from esad_gateway.emcs.messages import NAMES, message_named
from esad_gateway.emcs.rules import CATALOGUE, code_lists
from esad_gateway.emcs.rules.packages import PACKAGES
from esad_gateway.explain.lists import LISTS, code_list, code_of, message, product, with_its_list
from esad_gateway.explain.terms import rule
from esad_gateway.texts import in_every_language

EVERY = ("en", "lt")

KNOWN = {
    "BC01": code_lists.EVIDENCE_TYPES,
    "BC12": code_lists.LANGUAGES,
    "BC15": code_lists.EVENT_TYPES,
    "BC17": PACKAGES.keys(),
    "BC22": code_lists.ALERT_REASONS,
    "BC26": code_lists.INTERRUPTION_REASONS,
    "BC34": code_lists.EVENT_SUBMITTERS,
    "BC36": code_lists.EXCISE_PRODUCTS.keys(),
    "BC40": code_lists.WINE_ZONES,
    "BC51": code_lists.DELAY_EXPLANATIONS,
    "BC108": code_lists.CLOSURE_REJECTION_REASONS,
}


@pytest.mark.parametrize("number", KNOWN)
def test_lists_have_the_codes_that_their_rules_take(number: str) -> None:
    """What is explained is what is accepted, no code more and none fewer."""
    assert LISTS[number].codes.keys() == set(KNOWN[number])


@pytest.mark.parametrize("number", LISTS)
def test_list_is_explained_with_every_code(number: str) -> None:
    """As lines and as JSON; each code is found by itself, and one that is not there is a negative end."""
    listed = code_list(number, EVERY)
    assert listed is not None
    text = "\n".join(str(line) for line in listed.lines)
    for code, meaning in LISTS[number].codes.items():
        one = code_of(number, code, EVERY)
        assert one is not None
        assert (one.ok, one.as_json["meaning"]) == (True, meaning and in_every_language(meaning))
        assert code in text
    missing = code_of(number, "no code", EVERY)
    assert missing is not None
    assert (missing.ok, missing.as_json["meaning"]) == (False, None)


@pytest.mark.parametrize("name", NAMES)
def test_message_is_explained(name: str) -> None:
    """What it is, who submits it, its rules by number, and how to see its fields."""
    found = message(name, EVERY)
    assert found is not None
    title = (message_named(name).__doc__ or "").splitlines()[0].partition(": ")[2].removesuffix(".")
    assert found.as_json["title"]["en"] == title != found.as_json["title"]["lt"]
    assert set(found.as_json["rules"]) <= set(CATALOGUE)
    assert f"esad compose --template {name}" in str(found.lines[-1])


def test_draft_is_a_trader_s_message_with_many_rules() -> None:
    """IE815 has more rules than any other message."""
    found = message("IE815", EVERY)
    assert found is not None
    assert found.as_json["from"] == ["trader"]
    assert {"R054", "IR6", "BC17"} <= set(found.as_json["rules"])


def test_product_says_its_unit_and_what_it_needs() -> None:
    """Wine is measured in litres at 20 degrees, and its strength is asked for."""
    found = product("W200", EVERY)
    assert found is not None
    assert found.as_json["unit_name"] == {"en": "litres at 20 °C", "lt": "litrai esant 20 °C"}
    assert found.as_json["needs"] == {"strength": True, "plato": False, "density": False}


def test_what_is_not_listed_is_not_explained_here() -> None:
    """Other explanations are looked for then."""
    assert [
        message("IE999", EVERY),
        product("X999", EVERY),
        code_list("BC999", EVERY),
        code_of("BC999", "1", EVERY),
    ] == [None] * 4


def test_rule_of_a_list_is_told_with_the_list() -> None:
    """BC67 is both; a rule without a list stays as it is."""
    both, alone = rule("BC67", ("en",)), rule("R054", ("en",))

    assert with_its_list(both, "BC67", EVERY).as_json["codes"]["3"]["en"] == "road"
    assert with_its_list(both, "BC67", EVERY).as_json["rule"] == "BC67"
    assert with_its_list(alone, "R054", EVERY) is alone
