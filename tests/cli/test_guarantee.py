"""``esad guarantee``: added, changed, used, shown at any moment; amounts set, recalculated and simulated."""

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.command_line import Ended, Esad
from helpers.gateway import CONSIGNOR, copy_of_box

TOLD = """
[[rate]]
tariff = "beer"
first = 2027-01-01
specific = "12.74"
source = "told by the administration, since what is shipped ends with 2026"
"""
BEER = {"goods": [{"product": "B000", "cn_code": "22030001", "quantity": "1000", "strength": "5"}]}
DEPOSIT = ("--kind", "deposit", "--amount", "1000", "--reference", "P-1", "--from", "2026-01-01")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data directory of Lithuania, whose administration tells the rate of the years that are not known yet."""
    root = copy_of_box(tmp_path).members["LT"].data.root
    (root / "tariffs.toml").write_text(TOLD, encoding="utf-8")
    return root


@pytest.fixture
def goods(tmp_path: Path) -> Path:
    """A thousand litres of beer of 5 %."""
    file = tmp_path / "goods.json"
    file.write_text(json.dumps(BEER), encoding="utf-8")
    return file


@pytest.fixture
def guarantee(esad: Esad, data: Path) -> Esad:
    """Run a command of this administration."""

    def run(command: str, *more: object) -> Ended:
        return esad("guarantee", command, *more, "--data", data)

    return run


def answer(ended: Ended) -> dict[str, Any]:
    """What a command has said in JSON."""
    (told,) = ended.objects
    return told


def test_deposit_is_added_used_and_shown(guarantee: Esad) -> None:
    """The ledger adds up, as a table and in JSON; a past moment stands as it was."""
    assert guarantee("add", CONSIGNOR, *DEPOSIT).out == f"Guarantee 1 secures 1000.00 EUR for {CONSIGNOR}\n"
    used = guarantee("use", CONSIGNOR, "--guarantee", 1, "--amount", "100.00", "--document", "C-1", "--json")
    reserved = guarantee("change", CONSIGNOR, "--kind", "reserved", "--amount", "300", "--document", "26PL1", "--json")

    assert (answer(used)["kind"], answer(reserved)["amount"]) == ("used", "300.00")
    lines = guarantee("ledger", CONSIGNOR).out.splitlines()
    assert [line.split("\t")[1] for line in lines[1:-1]] == ["begins", *sorted(["used", "reserved"], reverse=True)]
    assert lines[-1] == "Secured 1000.00, reserved 300.00, used 100.00, available 600.00 EUR"
    now, then = (answer(guarantee("show", CONSIGNOR, "--json", *at)) for at in ((), ("--at", "2026-01-01T00:00:00")))
    assert (now["balance"]["available"], then["balance"]["available"]) == ("600.00", "1000.00")
    assert answer(guarantee("list", "--json"))["guarantees"][0]["seed"] == CONSIGNOR
    assert "1000,00" not in guarantee("show", CONSIGNOR, "--lang", "lt").out
    assert guarantee("list").out.splitlines()[1].startswith(f"{CONSIGNOR}\t1000.00\t300.00\t100.00\t600.00")


def test_correction_is_one_more_entry(guarantee: Esad) -> None:
    """With a document of its own."""
    guarantee("add", CONSIGNOR, *DEPOSIT)
    raised = guarantee(
        *("change", CONSIGNOR, "--kind", "raised", "--amount", "5", "--guarantee", 1, "--document", "D-1"),
        *("--at", "2026-02-01T00:00:00", "--why", "payment"),
    )

    assert raised.out == f"Entry 1 stands in the ledger of {CONSIGNOR}\n"
    assert answer(guarantee("show", CONSIGNOR, "--json"))["ledger"][1]["why"] == "payment"


def test_every_fault_is_told_at_once(guarantee: Esad) -> None:
    """With its requirement, in both languages; nothing is changed, and JSON has the same."""
    paper = ("--kind", "deposit", "--reference", "P-1", "--from", "2026-01-02", "--until", "2026-01-01")
    wrong = (*paper, "--amount", "-1", "--currency", "USD")
    told, plain = guarantee("add", CONSIGNOR, *wrong, "--lang", "both"), guarantee("add", CONSIGNOR, *wrong, "--json")

    assert (told.code, len(told.out.splitlines())) == (1, 3)
    assert 'RC-8 amount "-1": An amount is above zero' in told.out
    assert "Suma turi būti didesnė už nulį" in told.out
    assert [one["path"] for one in answer(plain)["faults"]] == ["amount", "currency", "until"]
    assert answer(guarantee("list", "--json"))["guarantees"] == []
    assert guarantee("add", CONSIGNOR, *DEPOSIT, "--guarantor", "owner", "--guarantor", "carrier").code == 1


def test_amount_is_set_by_goods_or_as_somebody_says(guarantee: Esad, goods: Path) -> None:
    """Whoever decides on another decision than the one that stands is told so."""
    first = guarantee("amount", CONSIGNOR, "--goods", goods, "--share", "tenth", "--json")
    second = guarantee("amount", CONSIGNOR, "--set", "500", "--basis", "5000", "--instead-of", 1)
    third = guarantee("amount", CONSIGNOR, "--set", "600", "--instead-of", 1)

    assert (answer(first)["share"], answer(first)["forecast"][0]["product"]) == ("tenth", "B000")
    assert second.out == f"Decision 2: {CONSIGNOR} has to secure 500.00 EUR\n"
    assert (third.code, "Meanwhile decision 2 stands: 500 EUR" in third.out) == (1, True)
    assert guarantee("ask", CONSIGNOR, "--for", "lower").out == f"Request 3 of {CONSIGNOR} is written down\n"
    assert guarantee("ask", CONSIGNOR, "--for", "goods").code == 1


def test_quarter_that_is_over_is_recalculated(guarantee: Esad, tmp_path: Path) -> None:
    """Candidates are a negative answer; the same again, until they are decided."""
    moved = tmp_path / "moved.json"
    moved.write_text(json.dumps({CONSIGNOR: [{**BEER["goods"][0], "quantity": "9000"}]}), encoding="utf-8")
    guarantee("amount", CONSIGNOR, "--set", "100", "--basis", "100")

    none = guarantee("recalculate", "--quarter", "2020-Q1", "--moved", moved, "--json")
    running = guarantee("recalculate", "--quarter", "9998-Q4")

    assert (none.code, answer(none)["numbers"][0]["candidates"]) == (0, [])
    assert (running.code, "RC-10 quarter" in running.out) == (1, True)
    assert guarantee("recalculate", "--quarter", "2020-1").code == 2
    moved.write_text("[]", encoding="utf-8")
    assert guarantee("recalculate", "--quarter", "2020-Q1", "--moved", moved).code == 2
    moved.write_text("{", encoding="utf-8")
    assert guarantee("recalculate", "--quarter", "2020-Q1", "--moved", moved).code == 2
    assert guarantee("recalculate", "--quarter", "2020-Q1", "--seed", CONSIGNOR).code == 0


def test_simulation_says_how_much_and_why_not(guarantee: Esad, goods: Path) -> None:
    """The worked value of 2.5, and goods of a day for which no tariff is known."""
    told = guarantee("simulate", goods, "--on", "2025-06-02", "--share", "tenth")
    plain = answer(guarantee("simulate", goods, "--on", "2025-06-02", "--json"))
    unknown = guarantee("simulate", goods, "--on", "2022-06-02")

    assert told.out == "54.85 EUR have to be secured: 10 % of 548.50 EUR\n"
    assert (plain["amount"], plain["duty"]["lines"][0]["tariffGroup"]["code"]) == ("548.50", "110")
    assert (unknown.code, "goods[1].product" in unknown.out) == (1, True)


def test_state_that_has_decided_nothing_says_so(esad: Esad, tmp_path: Path) -> None:
    """And a number that nobody has is none."""
    box = copy_of_box(tmp_path)
    other = esad("guarantee", "list", "--data", box.members["PL"].data.root)
    nobody = esad("guarantee", "show", "LT00000000999", "--data", box.members["LT"].data.root)

    assert (other.code, "PL" in other.err) == (2, True)
    assert (nobody.code, "LT00000000999" in nobody.err) == (1, True)
