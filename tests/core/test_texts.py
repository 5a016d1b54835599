"""What is said without a language has a sentence in every language, with the same values, and none is left over."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from lxml import etree

import esad_gateway
from esad_gateway import errors, resources
from esad_gateway.ais.board.item import DueKind
from esad_gateway.ais.declarations.amiss import DECLARATION_RULES
from esad_gateway.ais.declarations.filing import DeclarationState
from esad_gateway.ais.duty.amiss import DUTY_FAULTS
from esad_gateway.ais.duty.law import DutyUnit, Measure, PartKind
from esad_gateway.ais.guarantees.checking import NAMES as GUARANTEE_FAULTS
from esad_gateway.ais.guarantees.guarantee import EntryKind, GuaranteeKind
from esad_gateway.ais.guarantees.recalculation import RecalculationTrigger
from esad_gateway.ais.people.doing import FOR_NUMBERS
from esad_gateway.ais.people.roles import AisRole
from esad_gateway.ais.refunds.claim import REFUND_FAULTS
from esad_gateway.ais.registration.acts import ActKind, EndGround, RefusalGround
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.ais.registration.flaws import CaseFlaw
from esad_gateway.ais.registration.request import Channel, DocumentSignature
from esad_gateway.ais.saad.record import Source
from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.ais.terms import Unit
from esad_gateway.audit import deliveries, mailboxes
from esad_gateway.batch.tables.codes import CODES as TABLE_CODES
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.exporting import EXPORTED
from esad_gateway.cli import inbox, movement, outbox, store, webhook
from esad_gateway.cli.case import ACT_COLUMNS, COLUMNS, END_COLUMNS, NOTICE_COLUMNS
from esad_gateway.cli.common.guarantee_lines import CANDIDATES, HELD, LEDGER
from esad_gateway.cli.common.guarantee_lines import LIST as GUARANTEE_LIST
from esad_gateway.cli.due import COLUMNS as DUE_COLUMNS
from esad_gateway.cli.duty import RATE_COLUMNS, STEP_COLUMNS
from esad_gateway.cli.refund import REFUND_COLUMNS
from esad_gateway.cli.store import BESIDE
from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.movement import Effect, Origin, Role, Side, Trigger
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.emcs.rules import CATALOGUE
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.emcs.scenarios import Scenario
from esad_gateway.emcs.seed import REASONS
from esad_gateway.explain.glossary import TERMS
from esad_gateway.explain.lists import LISTS
from esad_gateway.explain.requirements import EVERY_REQUIREMENT
from esad_gateway.faults import Said, said
from esad_gateway.operations.findings import CHECKS, Level
from esad_gateway.papers import FORMS
from esad_gateway.papers.meanings import SPOKEN
from esad_gateway.ports.batches import BatchState, RowOutcome
from esad_gateway.ports.reading import Outcome
from esad_gateway.profiles import STATES
from esad_gateway.profiles.lithuania.tariffs import DUTY
from esad_gateway.server import DOORS
from esad_gateway.sheets.content import FOUND
from esad_gateway.sheets.flaws import CODES
from esad_gateway.sheets.table import Kind
from esad_gateway.signing.steps import STEPS
from esad_gateway.signing.wss.steps import SecurityStep
from esad_gateway.simulator.injected.catalogue import INJECTED
from esad_gateway.simulator.served.page.words import ON_NO_PAPER
from esad_gateway.simulator.timed.doors import PATH as TEST_CLOCK
from esad_gateway.store.outbox import Standing
from esad_gateway.testing.covering import page as covering
from esad_gateway.texts import ENGLISH, in_every_language, languages, say, sentences
from esad_gateway.web.problem_pages import problem_examples
from esad_gateway.xml.complaints import COMPLAINTS
from esad_gateway.xml.shape import form

PACKAGE = Path(esad_gateway.__file__).parent


def box_labels() -> Iterator[str]:
    """The labels of boxes and of their groups on documents on paper."""
    groups = [group for form in FORMS.values() for group in form.groups]
    for group in groups:
        groups.extend(group.groups)
        yield group.label
        yield from (box.label for box in group.boxes)


OTHERS = [language for language in languages() if language != ENGLISH]


def _keys_of_columns() -> Iterator[str]:
    """What a column is called, means, takes and may say."""
    for layout in LAYOUTS.values():
        for column in (*layout.columns, *layout.beside):
            told = (column.heading, column.about, column.reader.expected, *column.reader.choices.values())
            yield from (one.key for one in told)
            values = (*column.heading.values, *column.reader.expected.values)
            yield from (value.key for _, value in values if isinstance(value, Said))


def _headings() -> Iterator[str]:
    """The heads of columns are named in calls of ``headings``, or listed as the columns of a table."""
    for file in (PACKAGE / "cli").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("headings"):
                names = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
                yield from (f"heading.{name}" for name in names if isinstance(name, str))


TABLES = (inbox.COLUMNS, movement.COLUMNS, outbox.COLUMNS, store.COLUMNS, webhook.COLUMNS, webhook.LETTERS)
GUARANTEE_HEADS = (GUARANTEE_LIST, HELD, LEDGER, CANDIDATES)
MADE = {
    "word.or",
    *(f"country.{code}" for code in STATES),
    *(f"case.desk.column.{name}" for name in (*COLUMNS, *ACT_COLUMNS, *NOTICE_COLUMNS, *END_COLUMNS)),
    *(f"{number}.{what}" for number in CATALOGUE for what in ("text", "hint")),
    *(f"{number}.{what}" for number in SAAD_RULES for what in ("text", "hint")),
    *(f"saad.kind_{kind}" for kind in Source),
    *(f"duty.{name}.{what}" for name in DUTY_FAULTS for what in ("text", "hint")),
    *(f"declaration.{name}.{what}" for name in DECLARATION_RULES for what in ("text", "hint")),
    *(f"declaration.state.{state}" for state in DeclarationState),
    *(f"duty.tariff.{group.tariff}" for group in DUTY.groups),
    *(f"guarantee.fault.{name}.{what}" for name in GUARANTEE_FAULTS for what in ("text", "hint")),
    *(f"guarantee.kind.{kind}" for kind in GuaranteeKind),
    *(f"duty.unit.{unit}" for unit in DutyUnit),
    *(f"refund.{name}.{what}" for name in REFUND_FAULTS for what in ("text", "hint")),
    *(f"refund.head.{name}" for name in REFUND_COLUMNS),
    *(f"duty.measure.{measure}" for measure in Measure),
    *(f"duty.step.{kind}" for kind in PartKind),
    *(f"duty.head.{name}" for name in (*STEP_COLUMNS, *RATE_COLUMNS)),
    *(f"guarantee.entry.{kind}" for kind in EntryKind),
    *(f"guarantee.trigger.{trigger}" for trigger in RecalculationTrigger),
    *(f"guarantee.head.{name}" for heads in GUARANTEE_HEADS for name in heads),
    *(f"IE714.{ground}.{what}" for ground in REASONS for what in ("text", "hint")),
    *(f"PLAIN-{kind}.text" for kind in ("UNKNOWN", "MISSING", "TYPE", "OCCURS")),
    *(f"role.{role.name}" for role in Role),
    *(f"people.role.{role}" for role in AisRole),
    *(f"people.doing.{doing}" for doing in FOR_NUMBERS),
    *(f"people.state.{state}" for state in ("coming", "in_force", "ended")),
    *(f"act.{act}" for act in ("any", *(f"IE{number}" for number in (801, 802, 813, 818, 819, 837, 871, 880, 881)))),
    *(f"state.{state}" for state in StatusType),
    *(f"trigger.{trigger.name}" for trigger in Trigger),
    *(f"side.{side}" for side in Side),
    *(f"log.{effect.name.lower()}" for effect in Effect),
    *(f"operator.{kind}" for kind in OperatorType),
    *(f"delivery.{standing.name.lower()}" for standing in Standing),
    *(f"error.{code}" for code in FunctionalErrorCodes),
    *(f"hint.destination_{party}" for party in ("consignor", "consignee")),
    *COMPLAINTS,
    *(f"door.{path}" for path in (*DOORS, TEST_CLOCK)),
    *(f"beside.{name}" for name in BESIDE),
    *(f"doctor.check_{name}" for name in CHECKS),
    *(f"doctor.level_{level}" for level in Level),
    *(f"standing.{standing.name.lower()}" for standing in Standing),
    *_headings(),
    *(f"heading.{name}" for columns in TABLES for name in columns),
    *(found.about.key for found in LISTS.values()),
    *(meaning.key for found in LISTS.values() for meaning in found.codes.values() if meaning),
    *(f"product.{code}" for code in EXCISE_PRODUCTS),
    *(f"message.{name}" for name in NAMES),
    *(f"element.{name}" for name in ON_NO_PAPER),
    *(f"source_of.{origin}" for origin in Origin),
    *(f"list.{needed}" for needed in ("strength", "plato", "density")),
    *(f"count.{what}" for what in ("text_bytes", "all_attributes", "elements", "declarations", "levels")),
    *(f"count.{what}" for what in ("attributes", "attribute_bytes")),
    *(f"xsd.{what}" for what in ("empty", "not_allowed", "attribute_missing", "attribute_not_allowed")),
    *(f"step.{number}" for number in STEPS),
    *(f"security.{int(step)}" for step in SecurityStep),
    *(f"outcome.{outcome}" for outcome in Outcome),
    *(f"batch_outcome.{outcome}" for outcome in RowOutcome),
    *(f"batch_state.{state}" for state in BatchState),
    *(f"batch_kind.{kind.value}" for kind in BatchKind),
    *(f"exported.{name}" for name in EXPORTED),
    *(f"requirement.{number}" for number in EVERY_REQUIREMENT),
    *(f"requirement.unit_{unit}" for unit in (*Unit, "none")),
    *(f"board.item_{kind}" for kind in DueKind),
    *(f"board.kind_{kind}" for kind in DueKind),
    *(f"board.column_{name}" for name in DUE_COLUMNS),
    *(f"due.{what}" for what in ("report of receipt", "change of destination")),
    *(f"{what}.{kind}" for kind in problem_examples() for what in ("problem", "cause", "remedy")),
    *(f"page.problem_{part}" for part in ("cause", "remedy")),
    *(f"{code}.{what}" for code in CODES for what in ("text", "hint")),
    *(f"sheet.found.{found}" for found in FOUND),
    *(f"sheet.kind.{kind.name.lower()}" for kind in Kind),
    *(f"{code}.{what}" for code in TABLE_CODES for what in ("text", "hint")),
    *(key for key in _keys_of_columns()),
    *(f"term.{name}" for name in TERMS),
    *(f"batch.{what}" for what in ("column", "name", "required", "about", "takes", "codes")),
    *(f"check.{what}" for what in ("row", "cell", "heading", "value", "rule", "fault", "hint")),
    *(f"check.{what}" for what in ("encoding", "delimiter", "sheet", "epoch")),
    *(f"box.{label}" for label in box_labels()),
    *(f"{group}.{code}" for group, codes in SPOKEN.items() for code in codes),
    *(f"paper.{form.title}{note}" for form in FORMS.values() for note in ("", "_note")),
    *(f"paper.{form.printout}{note}" for form in FORMS.values() if form.printout for note in ("", "_note")),
    *(f"found.{wrong}" for wrong in (*deliveries.WRONG, *mailboxes.WRONG, "not_held", "held_for_nothing")),
    *(f"found.{side}" for side in Side),
    *(f"demo.{told}" for told in ("fault", "tampered")),
    *(f"injected.{name}.{what}" for name in INJECTED for what in ("about", "good")),
    *(f"scenario.{scenario}" for scenario in Scenario),
    *(f"coverage.{what}" for what in ("title", "about", "never")),
    *(f"coverage.{table}{about}" for table in covering.TABLES for about in ("", "_about")),
    *(f"coverage.column_{column}" for column in covering.COLUMNS),
    *(f"case.{flaw}.{what}" for flaw in CaseFlaw for what in ("text", "hint")),
    *(f"case.act.{kind}" for kind in ActKind),
    *(f"case.state.{state}" for state in CaseState),
    *(f"case.by.{channel}" for channel in Channel),
    *(f"case.signed.{signature}" for signature in DocumentSignature),
    *(f"case.ground.{ground}" for ground in RefusalGround),
    *(f"case.end.{ground}" for ground in EndGround),
    *(f"hint.belongs{where}" for where in ("", "_after", "_before", "_between")),
}
"""Keys that the code puts together, or chooses from."""

every_language = pytest.mark.parametrize("language", languages())
other_languages = pytest.mark.parametrize("language", OTHERS)


@cache
def written() -> tuple[tuple[str, set[str], bool], ...]:
    """Every key that stands whole in the code, with the names of its values, and whether more may come with them."""
    return tuple(_written())


def _written() -> Iterator[tuple[str, set[str], bool]]:
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"said", "Said"}:
                key = node.args[0]
                names = {keyword.arg for keyword in node.keywords if keyword.arg}
                if isinstance(key, ast.Constant):
                    yield str(key.value), names, any(keyword.arg is None for keyword in node.keywords)


def left_open(sentence: str) -> set[str]:
    """The names of the values that a sentence leaves open."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@other_languages
def test_languages_say_the_same_things(language: str) -> None:
    """Every file has the same keys, in the same order, so that translators find what they look for."""
    assert list(sentences(language)) == list(sentences(ENGLISH))


@every_language
def test_every_sentence_is_said_somewhere(language: str) -> None:
    """The keys in the code and those in the file are the same: none is missing, and none is left over."""
    recognised = {key for key in sentences(language) if key.startswith("form.")}
    assert {key for key, _, _ in written()} | MADE | recognised == set(sentences(language))


def test_every_sentence_gets_its_values() -> None:
    """What the code gives to a sentence is what the sentence leaves open."""
    for key, names, more in written():
        needed = set.union(*(left_open(sentences(language)[key]) for language in languages()))
        assert names <= needed if more else names == needed, key


FOR_DEVELOPERS = ("benchmarks", "cli/bench.py", "cli/common/bench_tables.py", "simulator/world")
"""Whose words nobody reads who runs a gateway or hands something in; docs/reference/languages.md says so."""

SHOWN = frozenset(
    {
        *(name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.EsadError)),
        *("Problem", "Tried", "BadParameter"),
    }
)
"""What somebody is told by: errors, and reasons of deliveries."""

PRINTED = SHOWN | {"note", "result", "complaint", "good", "bad", "bold", "wrong", "tell", "word"}
"""The same in commands, with what they print by."""


def _words(node: ast.AST) -> list[str]:
    """The words that stand in a text as it is, or in its parts."""
    values = node.values if isinstance(node, ast.JoinedStr) else [node]
    parts = [one for value in values if not isinstance(value, ast.FormattedValue) for one in ast.walk(value)]
    texts = (one.value for one in parts if isinstance(one, ast.Constant) and isinstance(one.value, str))
    return [word for text in texts for word in text.split() if re.search("[a-z]{2}", word)]


def _told(node: ast.Call, shown: frozenset[str]) -> list[ast.expr]:
    """What a call says in words of its own, if it says something."""
    name = ast.unparse(node.func).rpartition(".")[2]
    given = [*node.args, *(one.value for one in node.keywords)] if name in shown else []
    given += [one.value for one in node.keywords if one.arg in {"reason", "why"}]
    return [one for one in given if isinstance(one, ast.Constant | ast.JoinedStr | ast.BinOp)]


def test_nothing_that_is_read_is_written_in_the_code() -> None:
    """An error, a reason and what a command prints are sentences with a key: no bare English stands there."""
    bare = []
    for file in PACKAGE.rglob("*.py"):
        place = file.relative_to(PACKAGE).as_posix()
        if not place.startswith(FOR_DEVELOPERS):
            calls = (node for node in ast.walk(ast.parse(file.read_bytes())) if isinstance(node, ast.Call))
            told = (one for call in calls for one in _told(call, PRINTED if place.startswith("cli/") else SHOWN))
            bare += [f"{place}:{one.lineno}: {ast.unparse(one)}" for one in told if len(_words(one)) > 1]
    assert bare == []


@other_languages
def test_translation_leaves_open_what_english_does(language: str) -> None:
    """No value is lost in translation; of a form of the schema the English name of the element may be left out."""
    for key, english in sentences(ENGLISH).items():
        names, spared = (
            left_open(sentences(language)[key]),
            {"subject", "meanings"} if key.startswith("form.") else set(),
        )
        if key == "form.codes":
            assert names == {"codes"}
        else:
            assert names == left_open(english) - spared, key


@other_languages
def test_translation_is_not_english(language: str) -> None:
    """No hint and no text is English: not the same words, and none of the words that English cannot do without."""
    same = {"hint.both", "hint.sentence", "form.as_written", "said.as_it_is", "column.numbered"}
    same |= {"said.reason", "detail.fault", "file.named", "wanted.signature"}
    same |= {"country.MT", "member.head", "member.known"}
    same |= {"list.message", "list.named", "undecided.line", "undecided.answered", "gateway.refused"}
    same |= {"stored.rebuilt", "store.because", "registry.of_file", "demo.state"}
    same |= {
        "cell.meant",
        "said.quoted",
        "found.at",
        "found.entry",
        "found.fault",
        "found.named",
        "found.of_place",
        "found.pragma",
    }
    for key, sentence in sentences(language).items():
        assert key in same or sentence != sentences(ENGLISH)[key]
        assert not re.search(r"\b(the|of|or|and|give|with|is|not)\b", re.sub(r"\{[^}]*\}", "", sentence), re.IGNORECASE)


def test_lithuanian_uses_its_letters() -> None:
    """Rules and their hints are written in Lithuanian letters, none in the letters that a keyboard without them has."""
    numbers = [*CATALOGUE, *SAAD_RULES]
    told = [f"{say(Said(f'{number}.text'), 'lt')} {say(Said(f'{number}.hint'), 'lt')}" for number in numbers]
    assert all(re.search("[ąčęėįšųūž]", text) for text in told)


@every_language
def test_numbers_agree_with_their_nouns(language: str) -> None:
    """No number stands before a noun that would have to follow it in number, where it may be one or many."""
    many = {"en": ("limit", "given", "wanted", "count"), "lt": ("limit", "given", "wanted", "count", "size", "most")}
    followed = re.compile(rf"\{{({'|'.join(many.get(language, ()))})\}} (?!times|of\b|as\b|be\b)[^\W\d]")
    said_once = {key: sentence for key, sentence in sentences(language).items() if not key.startswith("count.")}
    assert [key for key, sentence in said_once.items() if followed.search(sentence)] == []


@pytest.mark.parametrize("value", ["{code}", "{0.__class__}", "%s", "{", "}"])
def test_value_is_never_a_pattern(value: str) -> None:
    """What stands in a document is shown as it is, whatever it looks like."""
    told = in_every_language(said("hint.consignee", number=value))
    assert all(f" {value}." in sentence for sentence in told.values())


def test_alternatives_are_joined_in_the_language() -> None:
    """This or that is said with the word of each language, and what is said within a sentence is so as well."""
    expected = (Said("operator.certified_consignor"), Said("operator.certified_consignee"))
    told = in_every_language(said("hint.other_capacity", number="LT1", registered=expected[0], expected=expected))
    assert (
        told["en"]
        == "LT1 is registered as certified consignor; give the number of a certified consignor or certified consignee."
    )
    assert told["lt"].endswith("patvirtintas siuntėjas arba patvirtintas gavėjas.")


def test_unknown_sentence_is_a_defect() -> None:
    """There is no sentence for a key that no file has."""
    with pytest.raises(KeyError):
        say(Said("R999.text"))


def test_every_form_of_the_schemas_has_a_sentence() -> None:
    """What the schemas say of a type is recognised, and English says it again word for word."""
    schemas = (resources.schemas() / "emcs" / "3.23").glob("*.xsd")
    told = {" ".join(text.split()).rstrip(".") for schema in schemas for text in _said_of_types(schema)}
    assert len(told) > 100
    assert [text for text in told if form(text).key == "form.as_written" or say(form(text)) != text] == []


def _said_of_types(schema: Path) -> list[str]:
    types = "//*[local-name()='simpleType'][not(.//*[local-name()='enumeration'])]"
    query = f"{types}/*[local-name()='annotation']/*[local-name()='documentation']/text()"
    return [str(text) for text in etree.parse(schema).xpath(query)]


def test_further_language_is_a_further_file(tmp_path: Path) -> None:
    """With one more file beside the others every answer has that language too, and nothing else is touched."""
    package = tmp_path / "esad_gateway"
    # With what Python has compiled: it knows by time and size what is still true.
    # What is being compiled just now, for a test that runs beside this one, has another name in a moment.
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("*.pyc.*"))
    (package / "data").mkdir()
    (package / "data" / "schemas").symlink_to(resources.schemas())
    (package / "data" / "fixtures").symlink_to(resources.fixtures())
    polish = {"R054": {"text": "Czas przewozu jest za długi.", "hint": "Skróć czas przewozu."}}
    own = json.loads((package / "texts" / "en.json").read_text(encoding="utf-8")) | polish
    own["hint"] |= {"journey": "Podaj najwyżej D{limit}."}
    (package / "texts" / "pl.json").write_text(json.dumps(own), encoding="utf-8")
    program = [sys.executable, "-m", "esad_gateway", "explain", "R054", "--lang", "pl"]
    shown = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=True, env={"LANG": "C.UTF-8"})
    assert "Czas przewozu jest za długi." in shown.stdout
    assert "hint: Skróć czas przewozu." in shown.stdout
    for where, output in _answers(tmp_path).items():
        told = [fault for fault in output["faults"] if fault["rule"] == "R054"]
        assert [fault["text"]["pl"] for fault in told] == ["Czas przewozu jest za długi."], where
        assert [fault["hints"]["pl"] for fault in told] == ["Podaj najwyżej D65."], where


DOOR = """
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from esad_gateway.server import application
from helpers.gateway import copy_of_box
from helpers.listening import listening

with copy_of_box(Path(sys.argv[1])).open("LT", http=True) as station, listening(application(station.runtime)) as port:
    with closing(HTTPConnection("127.0.0.1", port)) as client:
        document, media = Path(sys.argv[2]).read_bytes(), {"Content-Type": "application/xml"}
        client.request("POST", "/v1/messages/validate", document, media)
        print(client.getresponse().read().decode())
"""
"""A gateway behind a real socket, in a process that loads the copy of the package."""


def _answers(folder: Path) -> dict[str, Any]:
    """What the command line and the REST door of the package in ``folder`` answer about a journey that is too long."""
    document = str(resources.fixtures() / "messages" / "ie815" / "invalid" / "R054-road.xml")
    programs = {
        "validate": ["-m", "esad_gateway", "validate", document, "--json", "--now", "2026-03-02T10:00:00Z"],
        "REST": ["-c", DOOR, str(folder / "box"), document],
    }
    environment = {"LANG": "C.UTF-8", "PYTHONPATH": f"{folder}:{Path(__file__).parents[1]}", "PATH": os.environ["PATH"]}
    done = {
        where: subprocess.run(
            [sys.executable, *program], cwd=folder, capture_output=True, text=True, check=False, env=environment
        )
        for where, program in programs.items()
    }
    return {where: json.loads(one.stdout) for where, one in done.items()}
