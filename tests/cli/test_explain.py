"""``esad explain``: rules, codes, states, steps, ARCs with their history, and files with their faults."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from esad_gateway import resources
from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType, SubmitterType
from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.rules import CATALOGUE
from esad_gateway.explain.meanings import error_meaning
from esad_gateway.explain.requirements import EVERY_REQUIREMENT
from esad_gateway.faults import Said
from esad_gateway.signing.steps import STEPS
from esad_gateway.texts import say
from helpers.command_line import Esad
from helpers.gateway import Box, HandClock, copy_of_box
from helpers.protocol import alert, change, receipt, shortage, way_back
from helpers.scenario import Scenario

MESSAGES = resources.fixtures() / "messages"
NOW = ("--now", "2026-03-02T10:00:00Z")
REFUSED_DRAFT = MESSAGES / "ie815" / "invalid" / "R054-road.xml"
ONE_OF_EACH = [min(folder.glob("*.xml")) for folder in sorted(MESSAGES.glob("*/invalid"))]
GOOD_ARC = ARC.issue(2026, MemberState("LT"), "000000000000001").value


def test_fault_of_a_table_is_told_in_both_languages(esad: Esad) -> None:
    """However its code is written; a code that is nearly one is answered with the right one."""
    printed, near = esad("explain", "value-zeros"), esad("explain", "VALUE-ZERO")

    assert printed.code == 0
    assert "zeros at the beginning are probably lost" in printed.out
    assert "pradžios nuliai tikriausiai dingo" in printed.out
    assert near.code == 1
    assert "VALUE-ZEROS" in near.out


@pytest.mark.parametrize("number", ["R054", "r054", "BR025", "C118", "IR6", "GW-004", "xsd"])
def test_rule_is_told_in_both_languages(esad: Esad, number: str) -> None:
    """A rule has its text and its hint in both languages, and its code, however its number is written."""
    printed = esad("explain", number)

    rule = number.upper()
    told = [say(Said(f"{rule}.{what}"), language) for what in ("text", "hint") for language in ("en", "lt")]
    assert printed.code == 0
    assert [text for text in (*told, f"code {CATALOGUE[rule]}") if text not in printed.out] == []


def test_rule_says_where_it_applies(esad: Esad) -> None:
    """Every message and path of a rule is named, with what it asks."""
    (answer,) = esad("explain", "R054", "--json").objects

    places = [(place["message"], place["path"], place["stateful"]) for place in answer["applies"]]
    assert places == [
        ("IE815", "SubmittedDraftOfEADESAD/HeaderEadEsad/JourneyTime", False),
        ("IE813", "ChangeOfDestination/UpdateEadEsad/JourneyTime", False),
        ("IE813", "ChangeOfDestination/UpdateEadEsad/JourneyTime", True),
    ]


def test_optional_rule_says_that_it_is(esad: Esad, tmp_path: Path) -> None:
    """What a state may leave out is said so; with a data directory, whether and from when on it is asked there."""
    box = copy_of_box(tmp_path)
    box.set("LT", changes='{ 2027-01-01 = { rules_off = ["BR001"] } }')
    data = ("--data", str(box.members["LT"].data.root))

    printed, (answer,) = esad("explain", "BR001", *data), esad("explain", "br001", *data, "--json").objects

    assert "optional: the rulebook leaves it to each member state" in printed.out
    assert "  asked in LT, as this data directory says\n  not asked in LT from 2027-01-01 on" in printed.out
    assert (answer["optional"], answer["off_in"]) == (True, [])
    assert [(one["from"], one["asked"]) for one in answer["here"]] == [(None, True), ("2027-01-01", False)]
    assert "optional" not in esad("explain", "BR020", *data).out


@pytest.mark.parametrize(("language", "other"), [("en", "lt"), ("lt", "en")])
def test_language_is_chosen(esad: Esad, language: str, other: str) -> None:
    """One language leaves the other out, of the rule and of the hint."""
    printed = esad("explain", "R054", "--lang", language)

    for what in (Said("R054.text"), Said("R054.hint")):
        assert say(what, language) in printed.out
        assert say(what, other) not in printed.out


@pytest.mark.parametrize("number", CATALOGUE)
def test_every_rule_can_be_explained(esad: Esad, number: str) -> None:
    """No entry of the catalogue is without an explanation."""
    (answer,) = esad("explain", number, "--json").objects

    assert (answer["kind"], answer["rule"]) == ("rule", number)


def test_unknown_rule_has_neighbours(esad: Esad) -> None:
    """A mistyped number ends with 1 and names what was perhaps meant."""
    printed = esad("explain", "R0054")

    assert printed.code == 1
    assert "R054" in printed.out


@pytest.mark.parametrize("number", SAAD_RULES)
def test_rule_of_the_saad_list_is_explained(esad: Esad, number: str) -> None:
    """It is told like any other rule, with the field that it is about, and where it is written."""
    printed, (answer,) = esad("explain", number.lower()), esad("explain", number, "--json").objects

    rule = SAAD_RULES[number]
    told = [say(Said(f"{number}.{what}"), language) for what in ("text", "hint") for language in ("en", "lt")]
    framed = (f"code {rule.code}", f"applies to SAAD {rule.path} (asks", f"source: {rule.source}")
    assert printed.code == 0
    assert [text for text in (*told, *framed) if text not in printed.out] == []
    assert (answer["kind"], answer["rule"], answer["source"]) == ("rule", number, rule.source)
    assert answer["applies"] == [{"record": "SAAD", "path": rule.path, "stateful": rule.stateful}]


def test_documents_of_the_saad_list_are_explained(esad: Esad) -> None:
    """Wine is told with who may receive it, since when, and who says so; what another state thinks stands beside it."""
    printed, (answer,) = esad("explain", "mvv", "--lang", "lt"), esad("explain", "MVV", "--json").objects

    (row,) = answer["admissions"]
    assert (answer["kind"], answer["state"], row["documents"], row["products"]) == (
        "documents",
        "LT",
        ["mvv"],
        ["W200", "W300"],
    )
    assert row["capacities"] == ["authorised_warehousekeeper", "certified_consignee", "registered_consignee"]
    assert row["received"]["first"] == "2023-02-13"
    assert "vyno produktų lydimasis dokumentas (MVV), iš visų kitų valstybių narių" in printed.out
    assert "Lenkijos" in printed.out


def test_documents_are_those_of_a_data_directory(esad: Esad, tmp_path: Path) -> None:
    """What its settings say of a state goes before what is known here, and is named as the source."""
    box = copy_of_box(tmp_path)
    box.set("LT", esad_from="{ NL = 2024-02-01 }")
    data = ("--data", str(box.members["LT"].data.root))

    printed, (known,) = esad("explain", "FBK", *data), esad("explain", "FBK", "--json").objects

    (row,) = (one for one in known["admissions"] if one["states"] == ["NL"])
    assert (row["dispatched"]["last"], "no day is known" in row["dispatched"]["last_source"]) == (None, True)
    assert "left until 2024-01-31 (settings.toml, esad_from)" in printed.out


def test_state_without_a_saad_list_says_so(esad: Esad) -> None:
    """Other states have no rows."""
    printed = esad("explain", "SAAD", "--state", "PL")
    assert (printed.code, "PL keeps no SAAD list." in printed.out) == (0, True)


@pytest.mark.parametrize("code", FunctionalErrorCodes, ids=lambda code: code.value)
def test_code_lists_its_rules(esad: Esad, code: FunctionalErrorCodes) -> None:
    """A functional error has its meaning, and exactly the rules that are answered with it."""
    (answer,) = esad("explain", code.value, "--json").objects

    assert answer["meaning"]["en"] == say(error_meaning(code))
    known = {**CATALOGUE, **{number: rule.code for number, rule in SAAD_RULES.items()}}
    assert {rule["rule"] for rule in answer["rules"]} == {number for number, found in known.items() if found is code}


def test_state_has_neighbours_on_both_sides(esad: Esad) -> None:
    """A diverted movement exists at destination only, comes from a return, and ends as dispatch ends it."""
    (answer,) = esad("explain", "x04", "--json").objects

    assert answer["sides"]["dispatch"] == {"from": [], "to": [], "stays": []}
    assert {step["on"] for step in answer["sides"]["destination"]["from"]} == {"return to the place of dispatch"}
    assert {step["state"] for step in answer["sides"]["destination"]["to"]} == {"X03", "X07", "X13"}


@pytest.mark.parametrize("state", StatusType, ids=lambda state: state.value)
def test_every_state_can_be_explained(esad: Esad, state: StatusType) -> None:
    """A state has its name, also when an e-SAD never comes into it."""
    printed = esad("explain", state.value)

    assert (printed.code, printed.out.partition(":")[0]) == (0, f"State {state.value}")


@pytest.mark.parametrize("words", [("step", "16"), ("step 16",), ("--step", "16")], ids=" ".join)
def test_step_is_told(esad: Esad, words: tuple[str, ...]) -> None:
    """A step of a verification is named in either way."""
    assert STEPS[16] in esad("explain", *words).out


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="nothing"),
        pytest.param(["R054", "R055"], id="two things"),
        pytest.param(["step", "99"], id="no step"),
        pytest.param(["R054", "--lang", "de"], id="no language"),
        pytest.param(["R054", "--data", "."], id="history of a rule"),
        pytest.param(["missing.xml"], id="no file"),
        pytest.param([GOOD_ARC, "--data", "missing"], id="no data directory"),
    ],
)
def test_wrong_usage_is_2(esad: Esad, arguments: list[str]) -> None:
    """What makes no sense ends with exit code 2 and a word on standard error."""
    printed = esad("explain", *arguments)

    assert (printed.code, printed.out) == (2, "")
    assert printed.err


def test_arc_is_taken_apart(esad: Esad) -> None:
    """Year, state, serial, type and check digit stand at their places."""
    printed = esad("explain", GOOD_ARC.lower(), "--json")

    parts = {part["name"]: part["value"] for part in printed.objects[0]["parts"]}
    assert printed.code == 0
    assert parts == {
        "year": "26",
        "state": "LT",
        "serial": "000000000000001",
        "type": "P",
        "check digit": GOOD_ARC[-1],
    }


def test_wrong_check_digit_names_the_right_one(esad: Esad) -> None:
    """A wrong last digit is said with the digit that was expected, and ends with 1."""
    wrong = GOOD_ARC[:-1] + str((int(GOOD_ARC[-1]) + 1) % 10)

    printed = esad("explain", wrong, "--lang", "en")

    assert printed.code == 1
    assert f"wrong: expected {GOOD_ARC[-1]}" in printed.out


def test_arc_of_another_length_is_no_arc(esad: Esad) -> None:
    """A digit too many is counted, not guessed away."""
    printed = esad("explain", f"{GOOD_ARC}0")

    assert printed.code == 1
    assert "22 characters" in printed.out


@pytest.fixture
def box(tmp_path: Path) -> Box:
    """Fresh member states."""
    return copy_of_box(tmp_path)


def _diverted(box: Box) -> str:
    """A movement that is rejected and sent back; returns its ARC."""
    clock = HandClock()
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        scenario = Scenario.begin(box, lt, pl)
        for submit, message in ((scenario.consignee, alert(rejected=True)), (scenario.consignor, way_back())):
            clock.move(minutes=5)
            assert submit(message).faults == ()
            clock.move(minutes=5)
            scenario.deliver()
        return scenario.e_sad.excise_movement.administrative_reference_code


@pytest.mark.parametrize(
    ("state", "side", "steps"),
    [
        ("LT", "dispatch", [("IE815", "X01"), ("IE819", "X05"), ("IE813", "X01")]),
        ("PL", "destination", [("IE801", "X01"), ("IE819", "X05"), ("IE813", "X04")]),
    ],
)
def test_history_has_a_reason_for_every_state(
    esad: Esad, box: Box, state: str, side: str, steps: list[tuple[str, str]]
) -> None:
    """Each side's log tells its own states, and they lead to the one that its movement has."""
    arc = _diverted(box)

    printed = esad("explain", arc, "--data", box.members[state].data.root, "--json")

    (view,) = printed.objects[0]["history"]["sides"]
    told = [(message["type"], message["after"]["state"]) for message in view["messages"] if message["after"]]
    assert (printed.code, view["side"], told) == (0, side, steps)
    assert view["state"] == steps[-1][1]
    assert all(message["after"]["reason"] for message in view["messages"] if message["after"])


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(7, "in time: due 2026-03-09, made 2026-03-09", id="on the last day"),
        pytest.param(8, "LATE: due 2026-03-09, made 2026-03-10", id="a day late"),
    ],
)
def test_history_says_whether_the_report_came_in_time(esad: Esad, box: Box, days: int, said: str) -> None:
    """The goods came on Monday 2 March; both stores tell when the report was due, when it was made, and if late."""
    clock = HandClock()
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        scenario = Scenario.begin(box, lt, pl)
        clock.move(days=days)
        assert scenario.report().faults == ()
        scenario.deliver()

    for state in ("LT", "PL"):
        asked = ("explain", scenario.arc, "--data", box.members[state].data.root)
        (view,) = esad(*asked, "--json").objects[0]["history"]["sides"]
        assert f"  report of receipt {said}\n" in esad(*asked).out
        assert (view["report"]["arrived"], view["report"]["due"]) == ("2026-03-02", "2026-03-09")
        assert (view["report"]["made"], view["report"]["late"]) == (said[-10:], said.startswith("LATE"))


def test_history_tells_what_is_due_of_the_open_journey(esad: Esad, box: Box) -> None:
    """After a refusal and a change of destination the old report is history; due is the one of the goods on the way."""
    with box.open("LT") as lt, box.open("PL") as pl:
        scenario = Scenario.begin(box, lt, pl)
        assert scenario.consignee(receipt()).faults == ()
        scenario.deliver()
        asked = ("explain", scenario.arc, "--data", box.members["LT"].data.root)
        refused = esad(*asked)
        assert scenario.consignor(change(journey_time="D20")).faults == ()
    changed, (view,) = esad(*asked), esad(*asked, "--json").objects[0]["history"]["sides"]

    assert "  due: change of destination until 2026-04-01T10:00:00Z\n" in refused.out
    assert "  report of receipt in time: due 2026-03-09, made 2026-03-02\n" in refused.out
    assert "  due: report of receipt until 2026-03-22T21:59:59Z\n" in changed.out
    assert "2026-03-09" not in changed.out
    assert (view["report"], view["due"]["until"]) == (None, "2026-03-22T21:59:59+00:00")


def test_history_is_only_read(esad: Esad, box: Box) -> None:
    """People read the same history, and the store is the same afterwards."""
    arc = _diverted(box)
    database = box.members["LT"].data.database
    before = database.read_bytes()

    printed = esad("explain", arc, "--data", box.members["LT"].data.root)

    assert "IE819 from NDEA.PL, accepted  -> X05 rejected: rejection / būsena X05 atmestas: atmetimas\n" in printed.out
    assert "IE813 to NDEA.PL, delivered / pristatyta\n" in printed.out
    assert re.search(r"^  2026-03-02T10:\d\d:00Z  IE815 from ", printed.out, re.MULTILINE)
    assert "  due: report of receipt until 2026-03-07T21:59:59Z\n" in printed.out
    assert "  report of receipt " not in printed.out
    assert database.read_bytes() == before


def test_refused_message_changes_no_state(esad: Esad, box: Box) -> None:
    """A message that was refused stands in the history with its outcome and the rule that refused it."""
    with box.open("LT") as lt, box.open("PL") as pl:
        scenario = Scenario.begin(box, lt, pl)
        assert scenario.consignor(shortage(SubmitterType.CONSIGNOR)).faults
        arc = scenario.e_sad.excise_movement.administrative_reference_code

    (view,) = esad("explain", arc, "--data", box.members["LT"].data.root, "--json").objects[0]["history"]["sides"]

    (refused,) = [message for message in view["messages"] if message["outcome"] == "refused"]
    after = refused["after"]
    assert (refused["type"], after["effect"], after["rule"]) == ("IE871", "refused", "GW-004")
    assert after["before"] == after["state"] == view["state"] == "X01"


def test_unknown_movement_is_negative(esad: Esad, box: Box) -> None:
    """A well-formed ARC that the store does not know ends with 1."""
    printed = esad("explain", GOOD_ARC, "--data", box.members["LT"].data.root)

    assert printed.code == 1
    assert "no movement" in printed.out


def test_fault_is_marked_in_its_line(esad: Esad) -> None:
    """The source line is shown with a mark under the value, then the rule in words and the hint."""
    printed = esad("explain", REFUSED_DRAFT, *NOW, "--lang", "en")

    lines = printed.out.splitlines()
    place = next(number for number, line in enumerate(lines) if "<JourneyTime>" in line)
    start = lines[place].index("D66")
    assert printed.code == 1
    assert lines[place + 1].index("^^^") == start
    assert lines[place + 2].strip() == say(Said("R054.text"))


def test_valid_file_is_fine(esad: Esad) -> None:
    """A file without faults is said to be fine."""
    printed = esad("explain", MESSAGES / "ie815" / "valid" / "full.xml", *NOW)

    assert (printed.code, printed.out.split()[-4:]) == (0, ["ok", "IE815", "(release", "3.23)"])


def test_malformed_file_is_marked_at_its_column(esad: Esad, tmp_path: Path) -> None:
    """What cannot be parsed is shown where the parser stopped."""
    file = tmp_path / "malformed.xml"
    file.write_text("<IE815>\n<Header></IE815>")

    printed = esad("explain", file, "--json")

    (fault,) = printed.objects[0]["faults"]
    assert printed.code == 1
    assert (fault["line"], fault["source"]["text"], fault["source"]["length"]) == (2, "<Header></IE815>", 1)


def test_long_line_is_cut_around_the_mark(esad: Esad, tmp_path: Path) -> None:
    """A document of a single line shows the neighbourhood of the fault only."""
    file = tmp_path / "one-line.xml"
    file.write_text("".join(line.strip() for line in REFUSED_DRAFT.read_text(encoding="utf-8").splitlines()))

    (fault,) = esad("explain", file, *NOW, "--json").objects[0]["faults"]

    source = fault["source"]
    first = source["column"] - 1
    assert source["text"][first : first + source["length"]] == "D66"
    assert len(source["text"]) < 200


@pytest.mark.parametrize("file", ONE_OF_EACH, ids=lambda file: f"{file.parts[-3]} {file.stem}")
def test_faults_are_those_of_validate(esad: Esad, file: Path) -> None:
    """What is explained of a file is what esad validate finds in it."""
    validated = esad("validate", "--json", file, *NOW).objects[0]
    printed = esad("explain", "--json", file, *NOW)
    (explained,) = printed.objects

    faults = [{name: value for name, value in fault.items() if name != "source"} for fault in explained["faults"]]
    assert (faults, explained["ok"]) == (validated["faults"], validated["ok"])
    assert esad("explain", file, *NOW).code == printed.code


def test_explain_imports_no_server_and_no_store() -> None:
    """Rules, ARCs and files cost neither the web framework nor the database."""
    program = (
        "import sys; from esad_gateway.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    for subject in ("R054", GOOD_ARC, str(REFUSED_DRAFT)):
        command = [sys.executable, "-c", program, "explain", subject, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        imported = {module.partition(".")[0] for module in done.stderr.split()}

        assert imported & {"aiohttp", "alembic", "cryptography", "fastapi", "pydantic", "sqlalchemy"} == set()
        assert "typer" in imported


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (["ie815"], "draft of an e-AD or e-SAD"),
        (["BC67"], "3  road"),
        (["bc67", "3"], "road"),
        (["BC67 3"], "road"),
        (["w200"], "litres at 20"),
        (["TC71"], "duty paid"),
    ],
)
def test_what_the_standard_lists_is_explained(esad: Esad, asked: list[str], told: str) -> None:
    """Messages, lists, their codes and products, in small letters too, as one word or as two."""
    printed = esad("explain", *asked)

    assert (printed.code, told in printed.out) == (0, True)


def test_code_that_a_list_has_not_is_negative(esad: Esad) -> None:
    """The list is named with what it has."""
    printed = esad("explain", "BC67", "9")

    assert printed.code == 1
    assert "9 is no code of BC67" in printed.out


@pytest.mark.parametrize(("asked", "told"), [("", "name one thing"), ("  ", "name one thing"), (".", "is a folder")])
def test_nothing_and_a_folder_are_wrong_usage(esad: Esad, asked: str, told: str) -> None:
    """Said in a line, not as the fault of a document."""
    printed = esad("explain", asked)

    assert (printed.code, printed.out) == (2, "")
    assert told in printed.err


@pytest.mark.parametrize(
    "asked", ["ARC", "arc", "certified consignee", "Certified Consignee", "e-RoR", "report of receipt", "held"]
)
def test_term_of_the_glossary_is_told_in_both_languages(esad: Esad, asked: str) -> None:
    """However it is written, in one word or in two."""
    printed, (answer,) = esad("explain", *asked.split()), esad("explain", asked, "--json").objects

    assert printed.code == 0
    assert answer["kind"] == "term"
    assert [text for text in answer["meaning"].values() if text not in printed.out] == []


@pytest.mark.parametrize(
    ("asked", "meant"), [("R05", "R054"), ("certified cosignee", "certified consignee"), ("outbx", "outbox")]
)
def test_unknown_name_is_told_what_was_meant_and_what_there_is(esad: Esad, asked: str, meant: str) -> None:
    """Names like it first, and every kind that can be explained with an example."""
    printed, (answer,) = esad("explain", *asked.split(), "--lang", "en"), esad("explain", asked, "--json").objects

    assert (printed.code, answer["kind"]) == (1, "unknown")
    assert meant in answer["nearest"]
    assert f"did you mean: {answer['nearest'][0]}" in printed.out
    for example in ("R054", "12", "X03", "IE815", "BC17", "BC17 BX", "W200", "step 7", "certified consignee"):
        assert f"({example})" in printed.out


def test_every_example_of_what_can_be_explained_can(esad: Esad) -> None:
    """The answer to an unknown name promises nothing that is not there."""
    (answer,) = esad("explain", "nonsense", "--json").objects

    for example in re.findall(r"\(([^)]+)\)", answer["kinds"]["en"]):
        assert esad("explain", example).code == 0


def test_requirement_explains_itself_with_its_figures(esad: Esad, tmp_path: Path) -> None:
    """What it says in both languages; its terms with their sources, as an administration has decided them."""
    (tmp_path / "settings.toml").write_text('state = "LT"\n[national_terms]\nRCV-2_report = 7\n', encoding="utf-8")

    known, decided = esad("explain", "rcv-2", "--json"), esad("explain", "RCV-2", "--data", tmp_path)

    assert known.objects[0]["text"]["lt"].startswith(
        "Pranešimas apie prekių gavimą pateikiamas per penkias darbo dienas"
    )
    assert [one["number"] for one in known.objects[0]["figures"]] == ["5", "0"]
    assert "RCV-2_report: 7 working days [D] settings.toml, [national]" in decided.out


@pytest.mark.parametrize("number", EVERY_REQUIREMENT)
def test_every_requirement_is_explained(esad: Esad, number: str) -> None:
    """Also by a member state that has no procedures of its own."""
    told = esad("explain", number, "--state", "PL", "--lang", "lt")

    assert told.code == 0
    assert told.out.startswith(f"Reikalavimas {number}\n")
