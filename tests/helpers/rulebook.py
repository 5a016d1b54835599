"""What became of every rule that the rulebook hangs on an item: the committed table, and the page made of it.

``tests/core/data/rule_coverage.csv`` has a row for every pair of item and rule: the message, the item in XML names from
the body element (``@language`` for the language of an element), the number, a status, and a reason.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from esad_gateway.emcs.messages import MESSAGES
from esad_gateway.emcs.rules import CATALOGUE, RULES, Rule
from esad_gateway.faults import Said
from esad_gateway.texts import say
from helpers.case import FIXTURES

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "tests" / "core" / "data" / "rule_coverage.csv"
PAGE = ROOT / "docs" / "reference" / "rules.md"
ANSWERS = "tests/core/test_rule_answers.py"
TEST = "tests/core/test_catalogue.py::test_invalid_fixture_breaks_one_rule"

STATUSES = MappingProxyType(
    {
        "implemented": "A function of this number judges the item; a fixture breaks it and nothing else.",
        "structure": "The schema holds it, or there is nothing to hold.",
        "covered": "Another rule, here or in the message that comes first, asks the same or more.",
        "construction": "It is true of what the gateway makes; no document could show that it is not.",
        "not-applicable": "It never speaks of duty paid.",
    }
)

UNASKED = frozenset(STATUSES) - {"implemented"}
"""The statuses of rows that no rule of that number answers: each has a test that fails if the row is untrue."""

PROOFS = MappingProxyType(
    {
        "schema": "test_schema_refuses_what_breaks_the_rule",
        "any-text": "test_any_identification_is_taken",
        "same-question": "test_another_rule_asks_the_same",
        "one-of-group": "test_number_of_northern_ireland_is_looked_for_at_every_item",
        "draft": "test_e_sad_has_what_its_draft_was_judged_by",
        "change": "test_change_of_destination_is_what_is_judged",
        "issue": "test_number_that_is_made_ends_with_its_check_digit",
        "made-elsewhere": "test_number_of_an_office_is_taken_as_it_is",
        "stamp": "test_validated_copy_is_stamped",
        "resent": "test_message_that_is_sent_again_names_the_question",
        "never-resent": "test_message_that_is_never_sent_again_names_nothing",
        "suspension": "test_case_of_duty_suspension_is_refused",
        "export": "test_case_of_export_is_refused",
        "import": "test_case_of_import_is_refused",
        "group-absent": "test_group_is_kept_out_by_another_rule",
    }
)
"""The test of ``tests/core/test_rule_answers.py`` that is run for every row of a reason."""

REASONS = MappingProxyType(
    {
        "schema": "The schema holds it: closed code list, range, or required language of a text.",
        "any-text": "Any identification is good.",
        "same-question": "Another rule asks the same: R211 for BR018, BC36 for R263, C047 for C152, C151 for C150.",
        "one-of-group": "R271 to R274 stand together: one of them speaks for all at the first item they hang on.",
        "draft": "An e-SAD is issued from a draft that kept this; the state of destination does not judge it again.",
        "change": "A change of destination brings no new e-SAD here; the change itself is judged (IE813).",
        "issue": "Asked when the number is made; the gateway makes ARCs only (emcs/identifiers.py).",
        "made-elsewhere": "Asked when the number is made, which the office does before its report comes here.",
        "stamp": "The gateway stamps the validated copy itself (emcs/documents.py).",
        "resent": "Required only when a lost message is sent again, which the message itself does not say.",
        "never-resent": "Required only when a lost message is sent again, which this one never is here.",
        "suspension": "Duty suspension only.",
        "export": "Export only.",
        "import": "Goods released for free circulation only.",
        "group-absent": "The group does not apply to duty paid, and another rule keeps it out.",
        "added": "Not among the rules of this item in the rulebook; asked because the flows or the law do.",
    }
)

_HEADER_ITEMS = frozenset({"messagesender", "messagerecipient", "correlationidentifier"})


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One pair of item and rule, and what became of it."""

    message: str
    item: str
    rule: str
    status: str
    reason: str


@cache
def rows() -> tuple[Row, ...]:
    """The committed table, in its own order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**row) for row in csv.DictReader(file))


def official_item(name: str) -> str:
    """An item as the rulebook names it, in the letters of our path: ``consigneetrader/traderid``."""
    parts = [re.sub(r"[^a-z0-9_]", "", part.lower()) for part in name.split(" / ")[1:]]
    steps = ["attributes" if part == "header" else part for part in parts]
    *groups, last = steps
    if not groups and last in _HEADER_ITEMS:
        groups = ["header"]
    text, is_language, _ = last.partition("_lng")
    if is_language:
        return "/".join([*groups, *([] if text == "nad" else [text]), "@language"]).replace("_", "")
    return "/".join([*groups, last]).replace("_", "")


def registered() -> Mapping[tuple[str, str], Rule]:
    """The rules there are, by message and number."""
    return {(rule.message.__name__, rule.number): rule for rule in RULES}


def added() -> Iterator[Row]:
    """Rows for the rules that the rulebook does not hang on the message."""
    known = {(row.message, row.rule) for row in rows()}
    for (message, number), rule in registered().items():
        if (message, number) not in known:
            yield Row(message, rule.path, number, "implemented", "added")


def page() -> str:
    """The page ``docs/reference/rules.md``."""
    return "\n".join([*_head(), *_messages(), *_answers(), *_texts(), ""])


def _head() -> Iterator[str]:
    yield "# Rules"
    yield ""
    yield "Every rule, condition and business rule that the rulebook hangs on an item of these messages, for duty paid."
    yield f"This page is made from the code, the fixtures and `{TABLE.relative_to(ROOT)}`; a test compares it with them"
    yield "(`pytest tests/core --update-golden` writes it anew). Every fixture named here is a case of"
    yield f"`{TEST}`,"
    yield f"and every test named instead is run for its row by `{ANSWERS}`."
    yield ""
    yield from _table(("Status", "Meaning"), STATUSES.items())
    yield from _table(("Reason", "Meaning"), REASONS.items())


def _messages() -> Iterator[str]:
    every = (*rows(), *added())
    for message in sorted(kind.__name__ for kind in MESSAGES):
        own = [row for row in every if row.message == message]
        if own:
            yield f"## {message}"
            yield ""
            yield from _table(("Rule", "Item", "Status", "Fixtures, or the test"), _lines(own))


def _lines(own: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    """One line for the items of a rule that share a status."""
    items: dict[tuple[str, str, str, str], list[str]] = {}
    for row in own:
        items.setdefault((row.message, row.rule, row.status, row.reason), []).append(row.item)
    for (message, number, status, reason), places in sorted(items.items(), key=lambda one: _order(one[0][1])):
        shown = _fixtures(message, number) if status == "implemented" else [PROOFS[reason]] if status in UNASKED else []
        fixtures = " ".join(f"`{name}`" for name in shown)
        said = f"{status}: {reason}" if reason else status
        yield number, "<br>".join(f"`{place}`" for place in places), said, fixtures


def _answers() -> Iterator[str]:
    """What no rule says: the gateway's own refusals, with fixtures where a draft alone shows them."""
    yield "## Answers of the gateway"
    yield ""
    yield "No rule of the rulebook; `esad explain GW-010` tells more. A fixture is a draft that keeps every rule"
    yield "(`tests/core/test_unserved.py`); the others depend on who sends what (`tests/core/test_exchange.py`)."
    yield ""
    numbers = sorted((number for number in CATALOGUE if number.startswith("GW-")), key=_order)
    yield from _table(
        ("Answer", "Code", "English", "Lithuanian", "Fixtures"),
        ((number, CATALOGUE[number], *_told(number), _unserved(number)) for number in numbers),
    )


def _unserved(number: str) -> str:
    return " ".join(f"`{path.stem}`" for path in sorted(FIXTURES.glob(f"ie*/unserved/{number}-*.xml")))


def _texts() -> Iterator[str]:
    yield "## Texts"
    yield ""
    numbers = sorted({rule.number for rule in RULES}, key=_order)
    yield from _table(
        ("Rule", "Code", "English", "Lithuanian"),
        ((number, CATALOGUE[number], *_told(number)) for number in numbers),
    )


def _told(number: str) -> tuple[str, str]:
    return say(Said(f"{number}.text")), say(Said(f"{number}.text"), "lt")


def _fixtures(message: str, number: str) -> list[str]:
    return sorted(path.stem for path in (FIXTURES / message.lower() / "invalid").glob(f"{number}-*.xml"))


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(line)} |" for line in lines)
    yield ""


def _order(number: str) -> tuple[str, int]:
    kind = number.rstrip("0123456789")
    return kind, int(number[len(kind) :])
