"""Drafts that keep every rule, and to which this gateway can make no e-SAD: fixtures of its own answers."""

import json
from pathlib import Path

import pytest

from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure import stateless
from esad_gateway.emcs.rules import content_faults
from esad_gateway.emcs.rules.catalogue import NOT_READY, WITHIN_ONE_STATE
from esad_gateway.faults import Faults
from esad_gateway.profiles import profile_of
from esad_gateway.texts import fault_json
from helpers.case import FIXTURES, setting
from helpers.fixtures import load, schema_accepts

UNSERVED = sorted(FIXTURES.glob("ie*/unserved/*.xml"))
every_fixture = pytest.mark.parametrize("path", UNSERVED, ids=lambda path: path.stem)


def answer_to(path: Path) -> Faults:
    """What Lithuania's gateway says of a draft by itself."""
    return stateless.content("IE815", load(path), Origin.TRADER, setting().context.now, profile_of("LT"))


def test_every_answer_about_a_draft_has_a_fixture() -> None:
    """Both are there: the state that does not take part yet, and the one that is our own."""
    assert {path.stem[:6] for path in UNSERVED} == {NOT_READY, WITHIN_ONE_STATE}


@every_fixture
def test_unserved_draft_keeps_schema_and_rules(path: Path) -> None:
    """Nothing but the gateway's own answer is in its way."""
    assert schema_accepts(path)
    assert content_faults(load(path), setting().context) == ()


@every_fixture
def test_unserved_draft_has_its_golden_fault(path: Path, *, update_golden: bool) -> None:
    """One fault, of the number that the file is named after: code, place, value, texts and hint."""
    golden = path.with_suffix(".faults.json")
    found = [{name: value for name, value in fault_json(one).items() if name != "line"} for one in answer_to(path)]
    if update_golden:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    assert [one["rule"] for one in found] == [path.stem[:6]]
    assert found == json.loads(golden.read_text(encoding="utf-8"))
