"""``--lang`` and ``ESAD_LANG``: commands say faults and explanations in the language of who reads them."""

import re
from pathlib import Path

import pytest

from esad_gateway import resources
from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.rules import CATALOGUE
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.emcs.rules.packages import EDITION
from esad_gateway.explain.answer import named
from esad_gateway.explain.lists import LISTS
from esad_gateway.faults import Said
from esad_gateway.signing.steps import STEPS
from esad_gateway.texts import say
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, HandClock, copy_of_box, new_draft
from helpers.served import served

MESSAGES = resources.fixtures() / "messages"
NOW = ("--now", "2026-03-02T10:00:00Z")
REFUSED = MESSAGES / "ie815" / "invalid" / "R054-road.xml"
GOOD = MESSAGES / "ie815" / "valid"
ARC_OF_ITS_KIND = ARC.issue(2026, MemberState("LT"), "000000000000001").value
ENGLISH = re.compile(r"\b(the|of|or|and|with|is|not|asks|applies|from|until|answered|well-formed|release|hint)\b")
"""Words that no Lithuanian sentence has."""

TERMS = [
    *(("explain", number) for number in ("R054", "BR001", "XSD", "R0054")),
    *(("explain", state) for state in StatusType),
    *(("explain", "step", str(number)) for number in STEPS),
    ("explain", "12"),
    ("explain", ARC_OF_ITS_KIND),
    ("explain", f"{ARC_OF_ITS_KIND[:-1]}x"),
    ("explain", ARC_OF_ITS_KIND[:-1]),
    ("explain", str(REFUSED), *NOW),
    *(("explain", number) for number in LISTS),
    *(("explain", product) for product in EXCISE_PRODUCTS),
    *(("explain", message) for message in NAMES),
    *(("explain", *words) for words in (("BC17", "BX"), ("BC46", "2"), ("TC71", "3"), ("BC67", "9"))),
]


@pytest.mark.parametrize("words", TERMS, ids=" ".join)
def test_explanation_in_lithuanian_has_no_english(esad: Esad, words: tuple[str, ...]) -> None:
    """Not in what it says, and not in the words around it."""
    printed = esad(*words, "--lang", "lt")

    assert printed.out
    assert (
        ENGLISH.findall(re.sub(r"^ +[0-9]+ \|.*$|/[\w./-]+", "", printed.out.replace(EDITION, ""), flags=re.MULTILINE))
        == []
    )


def test_codes_without_official_names_say_so(esad: Esad) -> None:
    """The 406 kinds of packages have names in English and French alone; nobody invents Lithuanian ones."""
    for words in (("BC17",), ("BC17", "BX")):
        assert say(Said("list.no_words"), "lt") in esad("explain", *words, "--lang", "lt").out


def test_faults_are_told_in_the_language(esad: Esad) -> None:
    """A file that is refused says so in Lithuanian, the missing value and the hint with it."""
    printed = esad("validate", str(REFUSED), *NOW, "--lang", "lt")

    assert printed.code == 1
    assert say(Said("R054.text"), "lt").rstrip(".") in printed.out
    assert say(Said("R054.text")) not in printed.out


def test_both_languages_are_told(esad: Esad) -> None:
    """Who wants both gets both, in one line a fault."""
    (line,) = esad("validate", str(REFUSED), *NOW, "--lang", "both").out.splitlines()

    assert all(say(Said("R054.text"), language).rstrip(".") in line for language in ("en", "lt"))


def test_file_without_faults_is_told_in_the_language(esad: Esad) -> None:
    """That nothing is wrong is said as well."""
    file = str(min(GOOD.glob("*.xml")))

    assert esad("validate", file, *NOW, "--lang", "lt").out == f"{file}: tinka IE815 (versija 3.23)\n"
    assert esad("validate", file, *NOW).out == f"{file}: ok IE815 (release 3.23)\n"


def test_language_of_the_environment_is_taken(esad: Esad, monkeypatch: pytest.MonkeyPatch) -> None:
    """ESAD_LANG holds for all commands; an option says otherwise for one."""
    monkeypatch.setenv("ESAD_LANG", "lt")

    assert say(Said("R054.text"), "lt") in esad("explain", "R054").out
    assert say(Said("R054.text")) not in esad("explain", "R054").out
    assert say(Said("R054.text")).rstrip(".") in esad("validate", str(REFUSED), *NOW, "--lang", "en").out


@pytest.mark.parametrize("words", [("validate", str(REFUSED)), ("explain", "R054")], ids=lambda words: words[0])
def test_unknown_language_is_wrong_usage(esad: Esad, words: tuple[str, ...]) -> None:
    """The languages that there are are named."""
    printed = esad(*words, "--lang", "de")

    assert (printed.code, printed.out) == (2, "")
    assert "en, lt, both" in printed.err


def test_failed_step_is_told_in_the_language(esad: Esad, tmp_path: Path) -> None:
    """What was found and what the step of a verification asks are said in Lithuanian."""
    esad("pki", "ca", "--p256", "--dir", tmp_path)

    printed = esad("verify", min(GOOD.glob("*.xml")), "--trust", tmp_path / "ca.pem", "--lang", "lt")

    assert printed.code == 1
    assert f"nepriimta 2 žingsnis: ds:Signature nėra; tikėtasi: {say(Said('step.2'), 'lt')}\n" in printed.out


def test_rule_of_one_element_is_told_once(esad: Esad) -> None:
    """A rule that asks the content and the movement of one element names the element once."""
    printed = esad("explain", "R054", "--lang", "en")

    assert printed.out.count("applies to IE813") == 1
    assert "asks the content, and the register or the movement" in printed.out


@pytest.mark.parametrize("number", CATALOGUE)
def test_every_rule_is_told_in_lithuanian_alone(esad: Esad, number: str) -> None:
    """What stands around a rule's sentences is Lithuanian, and so is the code list behind it."""
    told = esad("explain", number, "--lang", "lt").out
    assert ENGLISH.findall(told.replace(EDITION, "")) == []


def test_store_of_one_movement_is_told_in_the_singular(esad: Esad, tmp_path: Path) -> None:
    """One is never many, in what a check and a rebuild print."""
    box = copy_of_box(tmp_path)
    with box.open("LT", HandClock()) as station:
        station.take(box.signed(CONSIGNOR, new_draft()))
    data = ("--data", box.members["LT"].data.root)

    checked, rebuilt = esad("store", "check", *data).out, esad("store", "rebuild", *data).out

    assert "1 movement, " in checked
    assert rebuilt == "equal: 1 movement, 0 differences\n"


MALFORMED = {
    "no XML": (b"Siunta 5", "dokumentas neprasideda UTF-8 ženklu „<“"),
    "tags": (b"<a><b></a></b>", "žymės nesutampa: elementas b pradėtas 1 eilutėje, o baigiamas a"),
    "broken off": (b"<a><b/>", "dokumentas nutrūksta: 1 eilutėje pradėtas elementas a nebaigtas"),
    "DOCTYPE": (b"<!DOCTYPE a><a/>", "DOCTYPE nepriimamas"),
    "entity": (b"<a>&e;</a>", "esybė „e“ neapibrėžta"),
    "encoding": ("<a>žemė</a>".encode("cp1257"), "baitas 0xFE šioje vietoje nėra UTF-8"),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_document_that_cannot_be_read_is_told_in_the_language(esad: Esad, tmp_path: Path, what: str) -> None:
    """What the parser says stands in no Lithuanian sentence in English, whoever has it read."""
    content, told = MALFORMED[what]
    file = tmp_path / "draft.xml"
    file.write_bytes(content)
    esad("pki", "ca", "--p256", "--dir", tmp_path)

    validated = esad("validate", file, "--lang", "lt")
    verified = esad("verify", file, "--trust", tmp_path / "ca.pem", "--lang", "lt")

    assert (validated.code, verified.code) == (1, 1)
    assert validated.out.startswith(f"{file}:1: XML: Dokumento perskaityti nepavyko: {told}")
    assert verified.out.startswith(f"{file}: nepriimta {told}")
    assert ENGLISH.findall((validated.out + verified.out).replace(str(file), "")) == []


def test_missing_file_is_told_in_the_language(esad: Esad, tmp_path: Path) -> None:
    """What the system says is as well."""
    file = tmp_path / "none.xml"

    assert (
        "FILE: Dokumento perskaityti nepavyko: tokio failo ar katalogo nėra. "
        in esad("validate", file, "--lang", "lt").out
    )
    assert esad("sign", file, "--key", file, "--cert", file, "--lang", "lt").err == (
        f"esad: {file}: negalima perskaityti: tokio failo ar katalogo nėra\n"
    )


def test_submit_tells_a_problem_in_the_language(esad: Esad, tmp_path: Path) -> None:
    """Title and detail, as the gateway has them in every language."""
    with served(copy_of_box(tmp_path)) as gateway:
        unsigned, broken = tmp_path / "unsigned.xml", tmp_path / "broken.xml"
        unsigned.write_bytes(min(GOOD.glob("*.xml")).read_bytes())
        broken.write_bytes(b"<a>")
        printed = esad("submit", unsigned, broken, "--url", gateway.url, "--lang", "lt")
        both = esad("submit", broken, "--url", gateway.url, "--lang", "both")

    refused, malformed = (say(Said(f"problem.{kind}"), "lt") for kind in ("signature-refused", "malformed-xml"))
    ends = "dokumentas nutrūksta: 1 eilutėje pradėtas elementas a nebaigtas (eilutė 1, pozicija 4)"
    assert printed.out.splitlines() == [
        f"{unsigned}: {refused}: 2 žingsnis: ds:Signature nėra; tikėtasi: {say(Said('step.2'), 'lt')}",
        f"{broken}: {malformed}: {ends}",
    ]
    assert printed.err == "esad: 2 dokumentai: priimta 0, nepriimta 2\n"
    assert "the document breaks off" in both.out
    assert "dokumentas nutrūksta" in both.out


@pytest.mark.parametrize(
    ("code", "rule", "told"), [("XML", "XML", "XML"), ("12", "R054", "12 R054"), ("PLAIN", "PLAIN-TYPE", "PLAIN-TYPE")]
)
def test_code_and_rule_are_named_once(code: str, rule: str, told: str) -> None:
    """A code that its rule says already is not said twice."""
    assert named(code, rule) == told


def test_commands_of_an_administration_speak_the_language(esad: Esad, tmp_path: Path) -> None:
    """What is printed about stores, outboxes, registers, tokens, peers and keys has no English sentence in it."""
    data = tmp_path / "lt"
    made = esad("init", data, "--state", "LT", "--key", "p256", "--lang", "lt")
    assert made.out.startswith(f"{data}: LT vartai, sertifikatas ")
    asked = [
        ("store", "check"),
        ("store", "rebuild"),
        ("store", "migrate"),
        ("store", "backup", tmp_path / "copy.db"),
        ("outbox", "list", "--all"),
        ("outbox", "retry", "7"),
        ("outbox", "retry", "--all"),
        ("outbox", "drop", "7", "--reason", "x"),
        ("undecided", "list", "--all"),
        ("undecided", "retry", "--all"),
        ("undecided", "drop", "x", "--reason", "x"),
        ("held", "list", "--all"),
        ("held", "release", ARC_OF_ITS_KIND),
        ("registry", "list"),
        ("registry", "show", "LT00000000101"),
        ("token", "issue", "--seed", "LT00000000101"),
        ("token", "list"),
        ("token", "revoke", "--seed", "LT00000000101"),
        ("peer", "list"),
        ("peer", "remove", "--state", "PL"),
        ("peer", "release", "9.99", "--state", "PL"),
        ("key", "list"),
        ("key", "renew", "--certificate", data / "x.pem"),
        ("trust", "list"),
    ]
    for words in asked:
        printed = esad(*words, "--data", data, "--lang", "lt")
        told = re.sub(r"/[^ ]+|esad [a-z -]+|--[a-z]+|CN=[^\t]+", "", printed.out + printed.err)
        assert told, words
        assert ENGLISH_OF_COMMANDS.findall(told) == [], (words, told)


ENGLISH_OF_COMMANDS = re.compile(
    r"\b(the|of|or|and|with|is|not|no|nothing|number|since|waiting|document|messages?|movements?|until|revoked|whole|"
    r"equal|mailbox|certificate|administration|known|expected|shows|held|store|copied|give|there)\b"
)
"""Words that the English of these commands has, and no Lithuanian sentence."""


def test_wrong_usage_is_told_in_the_language(esad: Esad, tmp_path: Path) -> None:
    """What we say of a command line; what the library says of one stays English."""
    for words, told in (
        (("explain", ""), "nurodykite vieną dalyką"),
        (("validate", str(REFUSED), "--now", "noon"), "'noon' nėra laikas"),
        (("validate", str(REFUSED), "--state", "XX"), "'XX' nėra nacionalinė administracija"),
        (("sign", "a.xml", "b.xml", "--key", "k", "--cert", "c"), "keliems dokumentams ir --json reikia --output"),
        (("compose",), "tikėtasi failų su projektais"),
        (("init", str(tmp_path / "x")), "kurios valstybės narės tai administracija"),
        (("outbox", "retry", "--data", str(tmp_path)), "nurodykite, kurie dokumentai"),
        (("submit", str(REFUSED), "--url", "http://127.0.0.1:9"), "ten niekas neklauso"),
    ):
        printed = esad(*words, "--lang", "lt")

        assert printed.code != 0, words
        assert told in " ".join(printed.err.replace("│", " ").split()), (words, printed.err)


def test_error_of_the_environment_s_language_is_no_obstacle(esad: Esad, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown language in ESAD_LANG is told in English, by every command."""
    monkeypatch.setenv("ESAD_LANG", "xx")

    printed = esad("token", "list", "--data", "nowhere")

    assert (printed.code, printed.err) == (2, "esad: 'xx' is no language; expected one of en, lt, both\n")
