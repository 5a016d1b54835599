"""The fixture law: catalogue, rules and fixtures name the same rules, and each fixture breaks one rule only."""

import json
from pathlib import Path

import pytest

from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.rules import CATALOGUE, RULES, catalogue, content_faults, fault
from esad_gateway.faults import Fault, Faults, Said
from esad_gateway.place import at
from esad_gateway.texts import fault_json, languages, say
from helpers.case import FIXTURES, setting
from helpers.fixtures import load, schema_accepts

ANSWERS = {
    catalogue.XSD,
    catalogue.NOT_READY,
    catalogue.WITHIN_ONE_STATE,
    catalogue.NOT_FROM_TRADERS,
    catalogue.NOT_BETWEEN_ADMINISTRATIONS,
    catalogue.DUPLICATE,
    catalogue.OUT_OF_SEQUENCE,
    catalogue.WRONG_RECIPIENT,
    catalogue.WRONG_SENDER,
    catalogue.NOT_FOR_DUTY_PAID,
    catalogue.OTHER_SENDER,
    catalogue.NO_STANDING,
}
VALID = sorted(FIXTURES.glob("ie*/valid/*.xml"))
INVALID = sorted(FIXTURES.glob("ie*/invalid/*.xml"))
REASON_LENGTH = 350
BESIDES = {
    "ie813-C149-whole-stamp": ["C149"],
    "ie813-R045-greek-number": ["BR050"],
    "ie813-R059-first-version": ["C149", "C149"],
    "ie818-R045-greek-number": ["BR021"],
    "ie819-R045-greek-number": ["BR021"],
}
"""What a movement says of a fixture besides the rule that the document alone breaks."""

every_rule = pytest.mark.parametrize("number", CATALOGUE)
valid_fixtures = pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
invalid_fixtures = pytest.mark.parametrize("path", INVALID, ids=lambda path: f"{path.parts[-3]}-{path.stem}")


def test_catalogue_covers_the_rules() -> None:
    """Every rule has an entry, and every entry is a rule's, of messages or registrations, or a gateway's own answer."""
    assert {rule.number for rule in RULES} | set(catalogue.OF_REGISTRATIONS) | ANSWERS == set(CATALOGUE)


def test_catalogue_names_each_rule_once() -> None:
    """No number stands twice in the catalogue, nor among the rules of one message that are asked at the same time.

    A rule may be asked twice: of what the message shows, and of what the register or the movement says besides.
    """
    written = [*catalogue.OF_MESSAGES, *catalogue.OF_REGISTRATIONS, *catalogue.ANSWERS]
    registered = [(rule.message, rule.number, rule.stateful) for rule in RULES]
    assert len(written) == len(set(written))
    assert len(registered) == len(set(registered))


def test_rule_in_two_rows_is_refused() -> None:
    """No rule has two functional errors."""
    rows = {FunctionalErrorCodes.INCORRECT_CODE_VALUE: "R030 R054", FunctionalErrorCodes.INVALID_ARC: "R030"}
    with pytest.raises(ValueError, match="twice"):
        catalogue.by_number(rows)


@every_rule
def test_rule_is_told_completely(number: str) -> None:
    """A rule has a functional error, and sentences that fit into the reason of a refusal in every language."""
    assert CATALOGUE[number] in set(FunctionalErrorCodes)
    for language in languages():
        told = [say(Said(f"{number}.{what}"), language) for what in ("text", "hint")]
        assert all(text == " ".join(text.split()) and text.endswith(".") for text in told)
        assert len(f"{number}: {' '.join(told)}") <= REASON_LENGTH


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("BR020", "90"),
        ("BR001", "91"),
        ("R255", "92"),
        ("R030", "93"),
        ("C095", "15"),
        ("GW-003", "26"),
        ("R219", "12"),
    ],
)
def test_catalogue_entry_has_the_code_of_its_kind(number: str, code: str) -> None:
    """Unknown and invalid ARCs, used LRNs, wrong sequences, duplicates and needless elements have their codes."""
    assert CATALOGUE[number] == code


def test_fault_of_the_catalogue() -> None:
    """A fault can be made of any entry; hint and code may be more special than the entry's."""
    assert fault("GW-004", at("IE818"), None).code == "92"
    special = fault("GW-004", at("IE818"), "X03", hint=Said("hint.leave_out"), code="0")
    assert (special.code, special.value, special.hint) == ("0", "X03", Said("hint.leave_out"))


def test_fault_of_an_unknown_number() -> None:
    """There is no fault without an entry."""
    with pytest.raises(KeyError):
        fault("R999", at("IE818"), None)


def test_every_rule_has_a_fixture_that_breaks_it() -> None:
    """Rules and fixtures name the same pairs of message and rule, and of what shows with and without any state."""
    broken = {(path.parts[-3].upper(), _number(path), not _in_content(path)) for path in INVALID}
    assert {(rule.message.__name__, rule.number, rule.stateful) for rule in RULES} == broken


def test_every_golden_list_has_a_fixture() -> None:
    """No golden list is left over."""
    golden = {path.name.removesuffix(".faults.json") for path in FIXTURES.glob("ie*/invalid/*.json")}
    assert golden == {path.stem for path in INVALID}


@pytest.mark.parametrize("path", VALID + INVALID, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_fixture_follows_the_schema(path: Path) -> None:
    """A fixture is a valid document of its schema, so that rules alone decide about it."""
    assert schema_accepts(path)


@valid_fixtures
def test_valid_fixture_has_no_faults(path: Path) -> None:
    """Nothing is wrong with a valid fixture."""
    assert setting().faults_of(load(path)) == ()


@invalid_fixtures
def test_invalid_fixture_breaks_one_rule(path: Path) -> None:
    """A fixture breaks exactly the rule that its name begins with, in whichever kind of check that rule is asked.

    Where the document alone breaks it, its movement may say more besides.
    """
    faults = setting().faults_of(load(path))
    besides = BESIDES.get(f"{path.parts[-3]}-{path.stem}", ())
    assert [fault.rule for fault in faults] == [_number(path), *besides]


@invalid_fixtures
def test_invalid_fixture_has_its_golden_faults(path: Path, *, update_golden: bool) -> None:
    """The faults are those of the golden list: code, rule, place, value, texts and hint."""
    golden = path.with_suffix(".faults.json")
    found = _as_golden(setting().faults_of(load(path)))
    if update_golden:
        golden.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


@invalid_fixtures
def test_stateful_rule_is_not_asked_of_the_content(path: Path) -> None:
    """What needs the register or a movement does not show in the content alone, and nothing else shows there."""
    shown = [fault.rule for fault in content_faults(load(path), setting().context)]
    kinds = {
        rule.stateful
        for rule in RULES
        if (rule.message.__name__, rule.number) == (path.parts[-3].upper(), _number(path))
    }
    assert shown in ([], [_number(path)])
    assert (not shown) in kinds


def _number(path: Path) -> str:
    return path.stem.split("-")[0]


def _in_content(path: Path) -> bool:
    return bool(content_faults(load(path), setting().context))


def _as_golden(faults: Faults) -> list[dict[str, object]]:
    """Faults as every front door shows them, without the line: that is the parser's knowledge, not the rules'."""
    return [_without_line(fault) for fault in faults]


def _without_line(fault: Fault) -> dict[str, object]:
    return {name: value for name, value in fault_json(fault).items() if name != "line"}
