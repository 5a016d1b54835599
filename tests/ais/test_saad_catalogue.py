"""Rules, sentences and fixtures of the SAAD list name the same, and each fixture breaks one rule."""

import json
from pathlib import Path

import pytest

from esad_gateway.ais.saad.deciding import Entered, Refused
from esad_gateway.ais.saad.mechanism import SaadContext
from esad_gateway.ais.saad.rules import NOT_STANDING, SAAD_RULES, content_faults
from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.faults import Said
from esad_gateway.texts import fault_json, languages, say
from helpers.saad_list import FIXTURES, INVALID, VALID, judged

REASON_LENGTH = 350
BY_A_TEST = {NOT_STANDING.number}
"""Rules that no entry breaks; tests/ais/test_saad_deciding.py does."""


def number_of(path: Path) -> str:
    """The rule that a fixture is named after."""
    return "-".join(path.stem.split("-")[:2])


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_entry_is_entered(path: Path) -> None:
    """Nothing is wrong with a valid entry."""
    assert isinstance(judged(path).decision(), Entered)


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_entry_breaks_one_rule(path: Path) -> None:
    """A fixture breaks exactly the rule that its name begins with."""
    decision = judged(path).decision()
    assert isinstance(decision, Refused)
    assert [fault.rule for fault in decision.faults] == [number_of(path)]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_entry_has_its_golden_faults(path: Path, *, update_golden: bool) -> None:
    """The faults are those of the golden list: code, rule, place, value, texts and hints."""
    golden, decision = path.with_suffix(".faults.json"), judged(path).decision()
    assert isinstance(decision, Refused)
    found = [fault_json(fault) for fault in decision.faults]
    if update_golden:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_what_asks_the_register_is_not_asked_offline(path: Path) -> None:
    """A check of the content alone finds what its rules are about, and nothing of the others."""
    one = judged(path)
    found = content_faults(one.entry, SaadContext(one.facts.law, one.facts.law.today(one.now)))
    assert bool(found) is not SAAD_RULES[number_of(path)].stateful


def test_every_rule_has_a_fixture() -> None:
    """Rules and fixtures name the same, and so do golden lists and fixtures."""
    assert {number_of(path) for path in INVALID} | BY_A_TEST == set(SAAD_RULES)
    golden = {path.name.removesuffix(".faults.json") for path in FIXTURES.glob("invalid/*.faults.json")}
    assert golden == {path.stem for path in INVALID}


def test_rules_are_numbered() -> None:
    """The numbers count from 1, in the order in which the rules stand, and none is used twice."""
    assert list(SAAD_RULES) == [f"SAAD-{number}" for number in range(1, len(SAAD_RULES) + 1)]


@pytest.mark.parametrize("number", SAAD_RULES)
def test_rule_is_told_completely(number: str) -> None:
    """A rule has a functional error, a source, and sentences that are no longer than a refusal can say."""
    assert SAAD_RULES[number].code in set(FunctionalErrorCodes)
    assert SAAD_RULES[number].source
    for language in languages():
        told = [say(Said(f"{number}.{what}"), language) for what in ("text", "hint")]
        assert all(text == " ".join(text.split()) and text.endswith(".") for text in told)
        assert len(f"{number}: {' '.join(told)}") <= REASON_LENGTH
