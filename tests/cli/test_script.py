"""``esad script check``: what is wrong with scripts of simulated member states, before anything begins."""

import json
from pathlib import Path

from esad_gateway.simulator.scripts.schema import script_schema
from helpers.command_line import Esad

RIGHT = "[[step]]\nthen = { do = 'accept' }\n[[fault]]\nname = 'lost'\nstate = 'PL'\n"
WRONG = "titel = 'x'\n[[step]]\nthen = { do = 'acept' }\n[[fault]]\nname = 'loost'\nstate = 'PL'\n"


def test_script_without_a_fault_is_told_with_what_it_has(esad: Esad, tmp_path: Path) -> None:
    """How many tables of each kind, and exit code 0."""
    (tmp_path / "right.toml").write_text(RIGHT, encoding="utf-8")
    told = esad("script", "check", tmp_path / "right.toml")
    assert told.code == 0
    assert "right.toml: nothing is wrong with it (step: 1, traffic: 0, fault: 1)" in told.out


def test_everything_that_is_wrong_is_told_at_once(esad: Esad, tmp_path: Path) -> None:
    """In every file, with its line, in the language that is asked for; exit code 1."""
    for name, text in (("right", RIGHT), ("wrong", WRONG)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    files = (tmp_path / "wrong.toml", tmp_path / "right.toml")

    english, lithuanian = esad("script", "check", *files), esad("script", "check", *files, "--lang", "lt")

    assert (english.code, lithuanian.code) == (1, 1)
    lines = english.out.splitlines()
    assert [line.partition("wrong.toml: ")[2].partition(": ")[0] for line in lines[:3]] == [
        "titel",
        "line 2, step[1].then.do",
        "line 4, fault[1].name",
    ]
    assert "did you mean lost?" in lines[2]
    assert "right.toml: nothing is wrong" in lines[3]
    assert "right.toml: klaidų nėra" in lithuanian.out


def test_schema_is_printed_for_editors(esad: Esad) -> None:
    """Who has installed the package has no checkout to take it from."""
    told = esad("script", "schema")
    assert told.code == 0
    assert json.loads(told.out) == script_schema()


def test_file_that_cannot_be_read_is_told_with_the_others(esad: Esad, tmp_path: Path) -> None:
    """By its name, exit code 2; the others are looked at all the same."""
    (tmp_path / "right.toml").write_text(RIGHT, encoding="utf-8")
    told = esad("script", "check", tmp_path / "none.toml", tmp_path / "right.toml")
    assert told.code == 2
    assert "none.toml: No such file" in told.out
    assert "right.toml: nothing is wrong" in told.out


def test_programs_read_one_object_a_file(esad: Esad, tmp_path: Path) -> None:
    """With the sentences in every language."""
    for name, text in (("right", RIGHT), ("wrong", WRONG)):
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")

    told = esad("script", "check", tmp_path / "right.toml", tmp_path / "wrong.toml", "--json")

    right, wrong = map(json.loads, told.out.splitlines())
    assert (right["ok"], right["step"], right["fault"], right["faults"]) == (True, 1, 1, [])
    assert not wrong["ok"]
    assert len(wrong["faults"]) == 3
    assert wrong["faults"][0].keys() == {"en", "lt"}
