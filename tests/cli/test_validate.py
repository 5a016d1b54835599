"""``esad validate``: one verdict a file, for people and for scripts."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from esad_gateway import resources
from esad_gateway.xml.parse import DEFAULT_LIMITS
from helpers.command_line import Esad

MESSAGES = resources.fixtures() / "messages"
NOW = ("--now", "2026-03-02T10:00:00Z")
DRAFT = MESSAGES / "ie815" / "valid" / "full.xml"
SIGNATURE = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X/></ds:Signature>'


def _changed(folder: Path, before: bytes, after: bytes) -> Path:
    content = DRAFT.read_bytes()
    assert before in content
    path = folder / "changed.xml"
    path.write_bytes(content.replace(before, after))
    return path


def test_valid_document_is_fine(esad: Esad) -> None:
    """A valid document gives one line and exit code 0."""
    printed = esad("validate", DRAFT, *NOW)

    assert (printed.code, printed.out, printed.err) == (0, f"{DRAFT}: ok IE815 (release 3.23)\n", "")


def test_valid_document_as_json(esad: Esad) -> None:
    """The object has exactly the contract's keys."""
    printed = esad("validate", "--json", DRAFT, *NOW)

    assert (printed.code, printed.objects) == (
        0,
        [{"file": str(DRAFT), "ok": True, "message": "IE815", "release": "3.23", "faults": []}],
    )


def test_every_valid_fixture_is_fine(esad: Esad) -> None:
    """What the project calls valid has no fault of content, in the state that it is written for."""
    files = sorted(MESSAGES.glob("*/valid/*.xml"))
    northern = MESSAGES / "ie815" / "valid" / "northern-ireland.xml"
    files.remove(northern)

    verdicts = esad("validate", "--json", *files, *NOW).objects
    verdicts += esad("validate", "--json", northern, "--state", "XI", *NOW).objects

    assert [verdict["file"] for verdict in verdicts] == [*map(str, files), str(northern)]
    assert [verdict for verdict in verdicts if not verdict["ok"]] == []


def test_header_is_judged_as_the_state_that_validates(esad: Esad) -> None:
    """A draft for another administration has two wrong addresses; a validated copy goes to another one as it should."""
    (draft,) = esad("validate", "--json", DRAFT, "--state", "PL", *NOW).objects
    copy = MESSAGES / "ie818" / "invalid" / "C149-validated.xml"
    (validated,) = esad("validate", "--json", copy, "--state", "PL", *NOW).objects

    assert [(fault["rule"], fault["path"], fault["value"]) for fault in draft["faults"]] == [
        ("GW-008", "/IE815/Header/MessageSender", "NDEA.LT"),
        ("GW-005", "/IE815/Header/MessageRecipient", "NDEA.LT"),
    ]
    assert validated["ok"]


def test_fault_of_content_is_one_line(esad: Esad) -> None:
    """File and line, code, rule, XPath, value, text and hint stand in this order."""
    file = MESSAGES / "ie815" / "invalid" / "R054-road.xml"

    printed = esad("validate", file, *NOW)

    line = next(number for number, text in enumerate(file.read_text().splitlines(), start=1) if "JourneyTime" in text)
    path = "/IE815/Body/SubmittedDraftOfEADESAD/HeaderEadEsad/JourneyTime"
    assert printed.code == 1
    assert printed.out.startswith(f'{file}:{line}: 12 R054 {path} "D66": ')
    assert printed.out.endswith("D65, the maximum for transport mode 3.\n")
    assert printed.out.count("\n") == 1


@pytest.mark.parametrize(
    ("fixture", "hint"),
    [
        ("ie815/invalid/R045-greek-number", "Greece is EL in EMCS, not GR: give EL00000000201"),
        ("ie815/invalid/R070-greek-guarantor", "Greece is EL in EMCS, not GR: give EL00000000501"),
        ("ie815/invalid/R045-vat-number", "expected 13 characters"),
        ("ie837/invalid/R072-greek-number", "Greece is EL in EMCS, not GR: give EL00000000101"),
        ("ie818/invalid/R058-line-twice", "Line 1 stands above already"),
        ("ie871/invalid/R231-line-twice", "Line 1 stands above already"),
        ("ie813/invalid/R054-new-mode", "Give at most D50, the maximum for transport mode 4"),
        ("ie813/invalid/C149-time-alone", "Leave it out"),
        ("ie813/invalid/R059-first-version", "the validated copy of a change has 2 or more"),
        ("ie704/invalid/C150-sequence-number-of-a-draft", "Leave this element out"),
    ],
)
def test_document_alone_shows(esad: Esad, fixture: str, hint: str) -> None:
    """What a document alone shows to be wrong is said without a register and without a movement, by its rule."""
    printed = esad("validate", "--json", MESSAGES / f"{fixture}.xml", *NOW)

    (verdict,) = printed.objects
    (fault,) = verdict["faults"]
    assert (printed.code, fault["rule"]) == (1, fixture.rsplit("/", maxsplit=1)[-1].split("-", maxsplit=1)[0])
    assert hint in fault["hint"]


def test_fault_of_content_as_json(esad: Esad) -> None:
    """A fault has code, rule, path, line, value, and text and hint in both languages; ``hint`` is the English one."""
    file = MESSAGES / "ie815" / "invalid" / "R054-road.xml"

    (verdict,) = esad("validate", "--json", file, *NOW).objects

    (fault,) = verdict["faults"]
    assert (verdict["ok"], fault["code"], fault["rule"], fault["value"]) == (False, "12", "R054", "D66")
    assert set(fault) == {"code", "rule", "path", "line", "value", "text", "hint", "hints"}
    assert set(fault["text"]) == set(fault["hints"]) == {"en", "lt"}
    assert fault["hint"] == fault["hints"]["en"]


def test_fault_of_schema_comes_before_rules(esad: Esad, tmp_path: Path) -> None:
    """A document that the schema refuses is not judged by rules: its values may be anything."""
    file = _changed(tmp_path, b"<JourneyTime>D", b"<JourneyTime>X")

    (verdict,) = esad("validate", "--json", file, *NOW).objects

    assert {fault["rule"] for fault in verdict["faults"]} == {"XSD"}
    assert verdict["message"] == "IE815"


def test_schema_only_leaves_rules_out(esad: Esad) -> None:
    """With --schema-only a document that breaks a rule is fine."""
    file = MESSAGES / "ie815" / "invalid" / "R054-road.xml"

    assert esad("validate", "--schema-only", file).code == 0


def test_moment_decides(esad: Esad) -> None:
    """The same draft is fine on its day and refused a year later; a moment without zone is UTC."""
    assert esad("validate", DRAFT, "--now", "2026-03-02T10:00:00").code == 0
    assert esad("validate", DRAFT, "--now", "2027-03-02T10:00:00+02:00").code == 1


def test_state_decides_the_day(esad: Esad, tmp_path: Path) -> None:
    """Just before midnight UTC it is tomorrow in Lithuania, and still today in Portugal: eight days before dispatch."""
    file = _changed(tmp_path, b"<DateOfDispatch>2026-03-09", b"<DateOfDispatch>2026-03-10")
    late = ("--now", "2026-03-02T23:30:00Z")

    assert esad("validate", file, *late, "--state", "LT").code == 0
    assert esad("validate", file, *late, "--state", "PT").code == 1


def test_signature_is_set_aside_and_said_so(esad: Esad, tmp_path: Path) -> None:
    """A signature at the end does not trouble the schema; nobody is told that it was verified."""
    file = _changed(tmp_path, b"</IE815>", SIGNATURE + b"</IE815>")

    printed = esad("validate", "--json", file, DRAFT, *NOW)

    assert [verdict["ok"] for verdict in printed.objects] == [True, True]
    assert printed.err == "esad: signatures set aside, not verified: 1 (esad verify does that)\n"


def test_signature_elsewhere_is_refused(esad: Esad, tmp_path: Path) -> None:
    """Only a last child is a document's own signature."""
    file = _changed(tmp_path, b"<Body>", SIGNATURE + b"<Body>")

    assert esad("validate", file, *NOW).code == 1


@pytest.mark.parametrize(
    ("content", "line"),
    [
        pytest.param(b"<IE815>\n<Header></IE815>", 2, id="not well-formed"),
        pytest.param(b"", 1, id="empty"),
        pytest.param(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", 1, id="entities"),
    ],
)
def test_malformed_document_is_a_fault(esad: Esad, tmp_path: Path, content: bytes, line: int) -> None:
    """What cannot be parsed gets a verdict like any other, with the line."""
    file = tmp_path / "malformed.xml"
    file.write_bytes(content)

    as_json = esad("validate", "--json", file)
    for_people = esad("validate", file)

    (verdict,) = as_json.objects
    assert (as_json.code, verdict["ok"], verdict["message"]) == (1, False, None)
    assert [(fault["rule"], fault["line"]) for fault in verdict["faults"]] == [("XML", line)]
    assert for_people.out.startswith(f"{file}:{line}: XML: ")


def test_foreign_document_is_a_fault(esad: Esad, tmp_path: Path) -> None:
    """A document of another kind is no EMCS message."""
    file = tmp_path / "other.xml"
    file.write_text("<Invoice/>")

    (verdict,) = esad("validate", "--json", file).objects

    assert (verdict["message"], verdict["faults"][0]["rule"]) == (None, "XSD")


def test_oversized_document_is_a_fault(esad: Esad, tmp_path: Path) -> None:
    """A document beyond the limit is refused without being read into a tree."""
    file = tmp_path / "big.xml"
    with file.open("wb") as sparse:
        sparse.truncate(DEFAULT_LIMITS.max_bytes + 1)

    (verdict,) = esad("validate", "--json", file).objects

    assert [fault["rule"] for fault in verdict["faults"]] == ["XML"]


def test_unreadable_file_does_not_stop_the_others(esad: Esad, tmp_path: Path) -> None:
    """A missing file and a folder are wrong usage; the other files are judged all the same."""
    printed = esad("validate", "--json", tmp_path / "missing.xml", tmp_path, DRAFT, *NOW)

    assert printed.code == 2
    assert [verdict["ok"] for verdict in printed.objects] == [False, False, True]
    assert [fault["text"]["en"] for verdict in printed.objects for fault in verdict["faults"]] == [
        "No such file or directory",
        "Is a directory",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="no file"),
        pytest.param([DRAFT, "--now", "soon"], id="no moment"),
        pytest.param([DRAFT, "--state", "GR"], id="no state"),
    ],
)
def test_wrong_usage_is_2(esad: Esad, arguments: list[object]) -> None:
    """Options that make no sense end with exit code 2 and a word on standard error."""
    printed = esad("validate", *arguments)

    assert (printed.code, printed.out) == (2, "")
    assert printed.err


def test_standard_input_is_a_file() -> None:
    """A dash reads the document from standard input."""
    command = [sys.executable, "-m", "esad_gateway", "validate", "-", *NOW]

    done = subprocess.run(command, input=DRAFT.read_bytes(), capture_output=True, check=True)

    assert done.stdout == b"-: ok IE815 (release 3.23)\n"


@pytest.mark.parametrize(("variable", "coloured"), [("TERM", True), ("NO_COLOR", False)])
def test_colours_are_for_terminals(variable: str, *, coloured: bool) -> None:
    """On a terminal good news is green, unless the user wants no colours."""
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "esad_gateway", "validate", str(DRAFT), *NOW]
    subprocess.run(command, stdout=end, env={**os.environ, variable: "xterm"}, check=True)
    os.close(end)

    printed = os.read(terminal, 10_000)
    os.close(terminal)

    assert (b"\x1b[32mok" in printed) is coloured


def test_many_files_have_a_progress_bar() -> None:
    """With the result redirected and somebody at the terminal, many files show how far it is."""
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "esad_gateway", "validate", *[str(DRAFT)] * 60, *NOW]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=end, env={**os.environ, "TERM": "xterm"}, check=True)
    os.close(end)

    shown = os.read(terminal, 100_000)
    os.close(terminal)

    assert b"validate" in shown
    assert b"100%" in shown
    assert done.stdout.count(b"ok IE815") == 60


@pytest.mark.parametrize(("options", "code"), [((), 0), (("--local-times",), 1)], ids=["utc", "local"])
def test_times_are_read_as_traders_write_them(esad: Esad, tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    """Ten minutes before midnight in UTC is tomorrow in Vilnius; by the clocks there it was yesterday (IR6)."""
    file = tmp_path / "draft.xml"
    text = (MESSAGES / "ie815" / "valid" / "wine-and-beer.xml").read_text(encoding="utf-8")
    text = re.sub(r"\s*<(\w+:)?TimeOfDispatch>[^<]*<[^>]*>", "", text)
    leaving = (
        r"<\g<1>DateOfDispatch>2026-03-02</\g<1>DateOfDispatch><\g<1>TimeOfDispatch>23:50:00</\g<1>TimeOfDispatch>"
    )
    text, places = re.subn(r"<((?:\w+:)?)DateOfDispatch>[^<]*<[^>]*>", leaving, text)
    assert places == 1
    file.write_text(text, encoding="utf-8")

    told = esad("validate", file, "--now", "2026-03-02T23:40:00", *options)

    assert (told.code, "IR6" in told.out) == (code, bool(code))
