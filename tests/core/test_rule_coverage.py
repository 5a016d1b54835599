"""Every rule of the rulebook has an answer: it is asked, or the reason why not is written down."""

import csv
from pathlib import Path

import pytest

from esad_gateway.emcs.messages import MESSAGES
from esad_gateway.emcs.rules.places import steps
from helpers.rulebook import PAGE, REASONS, ROOT, STATUSES, added, official_item, page, registered, rows

RULEBOOK = ROOT.parent / "shared" / "rulebook" / "items.csv"
MESSAGE_TYPES = {message.__name__: message for message in MESSAGES}
WITH_RULES_OF_THEIR_OWN = {
    *("IE815", "IE801", "IE813", "IE818", "IE819", "IE837", "IE871", "IE802", "IE803"),
    *("IE807", "IE840", "IE717", "IE880", "IE881", "IE904", "IE905", "IE906", "IE917", "IE704"),
}


def test_rows_have_a_status_and_a_reason() -> None:
    """What is asked needs no reason; everything else has one that is explained."""
    for row in rows():
        assert row.status in STATUSES
        assert (row.reason in REASONS) is (row.status != "implemented")


def test_every_reason_is_given() -> None:
    """No reason is left over from rows that are gone."""
    assert set(REASONS) == {row.reason for row in (*rows(), *added()) if row.reason}


def test_rows_stand_once() -> None:
    """No pair of item and rule has two answers."""
    pairs = [(row.message, row.item, row.rule) for row in rows()]
    assert len(pairs) == len(set(pairs))


def test_items_exist() -> None:
    """Every item is one that the message has."""
    for row in rows():
        path = row.item.removesuffix("@language").removesuffix("/")
        assert steps(MESSAGE_TYPES[row.message], path)


def test_implemented_rows_have_a_rule() -> None:
    """What is called implemented has a function for that message."""
    for row in rows():
        if row.status == "implemented":
            assert (row.message, row.rule) in registered()


def test_every_rule_has_a_row() -> None:
    """Every registered rule stands in the table as implemented, or is one that the rulebook does not hang there."""
    answered = {(row.message, row.rule) for row in (*rows(), *added()) if row.status == "implemented"}
    assert set(registered()) <= answered


def test_every_message_is_covered() -> None:
    """The messages of the e-SAD procedure are all there; cancellation, of duty suspension, is not."""
    assert {row.message for row in (*rows(), *added())} == WITH_RULES_OF_THEIR_OWN


def test_page_of_the_rules(*, update_golden: bool) -> None:
    """The page shows what the table, the rules and the fixtures say."""
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.skipif(not RULEBOOK.exists(), reason="the rulebook does not stand beside this checkout")
def test_table_has_every_pair_of_the_rulebook() -> None:
    """The committed table names exactly the pairs of item and rule that the rulebook has for these messages."""
    ours = {(row.message, row.item.lower(), row.rule) for row in rows()}
    assert ours == set(_pairs(RULEBOOK))


def _pairs(path: Path) -> list[tuple[str, str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            (item["message"], official_item(item["item"]), number)
            for item in csv.DictReader(file)
            if item["message"] in WITH_RULES_OF_THEIR_OWN
            for number in item["refs"].split()
        ]
