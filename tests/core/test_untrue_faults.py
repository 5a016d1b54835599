"""No untrue faults: an item that is broken raises rules that speak of it, and no others.

``tests/core/data/rule_items.csv`` says of which items the text of each rule speaks, besides those that the rulebook
hangs it on (``rule_coverage.csv``): the items that its condition asks, the ARC where it asks the e-SAD, the day of
dispatch where it asks who is registered. Names are those of the XML elements.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from esad_gateway.emcs.messages import MESSAGES, Message
from esad_gateway.emcs.rules import RULES
from esad_gateway.simulator.making.breaking import Break, breaks, names_of
from helpers.case import FIXTURES, setting
from helpers.fixtures import load
from helpers.rulebook import rows

TABLE = Path(__file__).parent / "data" / "rule_items.csv"
VALID = sorted(FIXTURES.glob("ie*/valid/*.xml"))


@cache
def spoken_of() -> Mapping[str, frozenset[str]]:
    """The items that the text of each rule speaks of."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["rule"]: frozenset(row["speaks_of"].split()) for row in csv.DictReader(file)}


@cache
def hung_on() -> Mapping[tuple[str, str], frozenset[str]]:
    """The items that each rule of a message is hung on, by the rulebook or where the gateway asks more."""
    places = [(row.message, row.rule, row.item) for row in rows()]
    places += [(rule.message.__name__, rule.number, rule.path) for rule in RULES]
    pairs = {(message, number) for message, number, _ in places}
    return {pair: frozenset(item.rpartition("/")[2] for *one, item in places if (*one,) == pair) for pair in pairs}


def untrue(message: Message, broken: Break) -> list[tuple[str, str]]:
    """The rules that ``broken`` raises and that speak neither of the broken item nor of any below it."""
    name = type(message).__name__
    return [
        (fault.rule, broken.path)
        for fault in setting().faults_of(broken.message)
        if not (spoken_of()[fault.rule] | hung_on()[name, fault.rule]) & broken.names
    ]


def test_table_speaks_of_every_rule() -> None:
    """Every rule has its row, and every item in it is one that some message has."""
    items = frozenset().union(*(names_of(message.__name__, message) for message in MESSAGES))
    assert set(spoken_of()) == {rule.number for rule in RULES}
    assert frozenset().union(*spoken_of().values()) <= items


@pytest.mark.parametrize("path", VALID, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_broken_item_raises_only_rules_that_speak_of_it(path: Path) -> None:
    """Whichever item of a clean message is left out, added or changed: no rule is named that is about another one."""
    message = load(path)

    tried = list(breaks(message))

    assert len({broken.path for broken in tried}) >= 5
    assert [found for broken in tried for found in untrue(message, broken)] == []


def test_rule_about_another_item_is_noticed() -> None:
    """A fault of a rule that does not speak of the broken item is found: R219 says nothing of CN codes."""
    message = load(FIXTURES / "ie815" / "valid" / "wine-and-beer.xml")
    heavy = max(
        (one for one in breaks(message) if one.path == "BodyEadEsad/NetMass"),
        key=lambda one: len(setting().faults_of(one.message)),
    )
    foreign = Break(heavy.message, "BodyEadEsad/CnCode", frozenset({"CnCode"}))

    assert untrue(message, heavy) == []
    assert untrue(message, foreign) == [("R219", "BodyEadEsad/CnCode")]
