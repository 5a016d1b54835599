"""What others wrote and a terminal is given: escaped, in lines, tables, JSON, documents and complaints."""

import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway import resources
from esad_gateway.cli.common.printable import shown, shown_document, shown_json
from esad_gateway.xml.parse import parse
from helpers.command_line import Esad
from helpers.on_terminal import on_a_terminal

HOSTILE = "\x1b]0;title\x07\x1b[2J\x9b31m\u202eDAS-e\u2066\u2028\r\b"
"""Retitles a window, clears it, colours it, and turns the reading direction around."""

DRAFT = resources.fixtures() / "messages" / "ie815" / "valid" / "wine-and-beer.xml"
COMMANDS = Path(resources.__file__).parent / "cli"
ESAD = ("-m", "esad_gateway")
SGR = re.compile(r"\x1b\[[0-9;]*m")


def acts(text: str, besides: str = "\n") -> list[str]:
    """What in a text could act on a terminal or reorder what is read."""
    return [one for one in text if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp", "Cs"} and one not in besides]


@settings(deadline=None)
@given(st.text())
def test_shown_text_is_printable(text: str) -> None:
    """Whatever a text holds, nothing of it acts; what is printable stays as it is."""
    assert acts(shown(text), besides="") == []
    assert not text.isprintable() or shown(text) == text


@settings(deadline=None)
@given(st.recursive(st.text(st.characters()), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_shown_json_says_the_same(value: object) -> None:
    """Escaping as JSON has it changes no value."""
    line = shown_json(json.dumps(value, ensure_ascii=False))
    assert acts(line, besides="") == []
    assert json.loads(line) == value


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff<>&")))
def test_shown_document_is_the_same_document(text: str) -> None:
    """Character references stand for the characters that they replace."""
    document = f"<a>{text}</a>"
    assert acts(shown_document(document)) == []
    assert parse(shown_document(document).encode()).text == parse(document.encode()).text


@pytest.mark.parametrize("command", ["validate", "explain", "verify", "submit", "sign"])
def test_file_names_and_complaints_are_shown(esad: Esad, command: str, tmp_path: Path) -> None:
    """A file name that would act is printed escaped, whether the file is there or not."""
    options: dict[str, list[object]] = {
        "verify": ["--trust", tmp_path / "none"],
        "submit": ["--url", "http://127.0.0.1:1"],
        "sign": ["--key", "k", "--cert", "c"],
    }
    ended = esad(command, tmp_path / HOSTILE.replace("/", ""), *options.get(command, []))
    assert ended.code != 0
    assert ended.out + ended.err
    assert acts(ended.out + ended.err) == []


@pytest.mark.parametrize("arguments", [[HOSTILE], ["validate", f"--{HOSTILE}"], ["validate", DRAFT, "--now", HOSTILE]])
def test_wrong_usage_is_shown(esad: Esad, arguments: list[str]) -> None:
    """What typer repeats of a command line does not act either."""
    ended = esad(*arguments)
    assert ended.code == 2
    assert "title" in ended.err
    assert acts(ended.err) == []


def test_faults_of_a_hostile_document_are_shown(esad: Esad, tmp_path: Path) -> None:
    """A value of a document is printed escaped in one line, and in valid JSON it comes back as it is."""
    file = tmp_path / "draft.xml"
    value = "\u202e\x85\u2028X"
    text = DRAFT.read_text(encoding="utf-8")
    file.write_text(
        re.sub(r"(LocalReferenceNumber>)[^<]*", rf"\g<1>{'Y' * 23}{value}", text, count=1), encoding="utf-8"
    )

    lines, plain = esad("validate", file), esad("validate", file, "--json")

    assert (lines.code, plain.code) == (1, 1)
    assert acts(lines.out + plain.out) == []
    assert r"\u202e" in lines.out
    assert [one for one in plain.objects[0]["faults"] if one["value"] and value in one["value"]]
    assert acts(esad("explain", file).out) == []


def test_own_colours_stay_and_foreign_ones_do_not(tmp_path: Path) -> None:
    """On a terminal bad news are red; red that a file name brings along is text."""
    file = tmp_path / "\x1b[31mred\x1b[0m.xml"
    file.write_bytes(DRAFT.read_bytes().replace(b"3.23", b"3.99"))

    told = on_a_terminal(*ESAD, "validate", file)

    assert r"\x1b[31mred\x1b[0m.xml" in told
    assert SGR.search(told)
    assert acts(SGR.sub("", told)) == []


@pytest.mark.parametrize("width", ["200", "20"], ids=["a table", "one below the other"])
def test_cells_of_a_table_are_shown(width: str) -> None:
    """Drawn or listed: what stands in brackets is no style, and nothing acts."""
    code = (
        "from esad_gateway.cli.common.output import table; "
        f"table(('name', 'text'), [({HOSTILE!r}, '[red]not a style[/red]')])"
    )

    told = on_a_terminal("-c", f"import os; os.environ['COLUMNS'] = {width!r}; {code}")

    assert acts(SGR.sub("", told)) == []
    assert "[red]not a style[/red]" in told
    assert r"\u202eDAS-e" in told


def test_document_on_a_terminal_and_in_a_file(tmp_path: Path) -> None:
    """A composed document is written byte for byte, and on a terminal with references for what would act."""
    draft = json.loads((resources.fixtures() / "drafts" / "wine-and-beer.json").read_text(encoding="utf-8"))
    draft["consignor_trader"]["trader_name"] = "UAB \u202eXYZ"
    file = tmp_path / "draft.json"
    file.write_text(json.dumps(draft).replace("TODAY", "2026-03-03"), encoding="utf-8")
    arguments = ("compose", file, "--sender", "NDEA.LT", "--recipient", "NDEA.LT")
    code = [sys.executable, *ESAD, *map(str, arguments)]

    piped = subprocess.run(code, capture_output=True, check=True).stdout

    assert "UAB \u202eXYZ".encode() in piped
    seen = on_a_terminal(*ESAD, *arguments)
    assert "UAB &#x202e;XYZ" in seen
    assert acts(SGR.sub("", seen)) == []


@pytest.mark.parametrize("path", sorted(COMMANDS.rglob("*.py")), ids=lambda path: path.name)
def test_text_reaches_the_terminal_in_one_place(path: Path) -> None:
    """No command prints by itself; the one that measures draws a table of its own numbers."""
    printing = re.compile(r"typer\.(echo|secho|style)\(|\bprint\(|sys\.std(out|err)\.(write|buffer)|\.print\(")
    allowed = {"output.py", "tables.py", "bench_tables.py"}
    assert path.name in allowed or not printing.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_long_table_has_a_bar(tmp_path: Path, ending: str) -> None:
    """A table is drawn when all of it was checked: until then a bar shows how far that has come, and goes.

    Of JSON lines rows are counted, of which a line of text may have many.
    """
    file = tmp_path / f"rows.{ending}"
    subprocess.run(
        [sys.executable, *ESAD, "batch", "template", "saad", "--format", ending, "--output", file], check=True
    )
    *heading, first, _ = file.read_text(encoding="utf-8-sig").splitlines()
    if heading:
        file.write_text("\n".join([*heading, *[first] * 60]), encoding="utf-8")
    else:
        row = json.loads(first)
        goods = {name: row.pop(name) for name in ("product", "cn_code", "quantity", "strength", "plato")}
        file.write_text(json.dumps({**row, "lines": [goods] * 60}), encoding="utf-8")

    told = on_a_terminal(*ESAD, "batch", "check", file)

    bar, _, summary = told.rpartition("\x1b[2K")
    assert re.search(r"check.*━", bar)
    assert "saad: 60 rows, 1 document; fine 1, to mend 0" in summary
