"""``esad duty``: goods from options, JSON and documents; every step, the rates of a day, every fault at once."""

import json
from pathlib import Path

import pytest

from helpers.command_line import Esad

ROOT = Path(__file__).parents[2]
DRAFT = ROOT / "fixtures" / "messages" / "ie815" / "valid" / "wine-and-beer.xml"
WINE = ("--product", "W200", "--quantity", "900", "--strength", "12", "--on", "2025-06-01")

TARIFFS = """
[[rate]]
tariff = "cigarettes"
first = 2024-01-01
last = 2024-12-31
specific = "85"
ad_valorem = "25"
minimum = "140"
source = "Register of legal acts, 2023-1"

[[group]]
placeholder = "X50"
code = "310"
source = "VMI order 156"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory, as far as the command needs one."""
    (tmp_path / "settings.toml").write_text('state = "LT"\ntime_zone = "Europe/Vilnius"\n', encoding="utf-8")
    return tmp_path


def test_an_option_and_its_item_in_a_file_have_one_name(esad: Esad, tmp_path: Path) -> None:
    """Goods by ``--cn-code`` are those of ``cn_code``; what an item is called in JSON an option is called too."""
    item = {"cn_code": "22030001", "quantity": "1000", "strength": "5"}
    file = tmp_path / "goods.json"
    file.write_text(json.dumps({"goods": [item]}), encoding="utf-8")
    options = [part for name, value in item.items() for part in (f"--{name.replace('_', '-')}", value)]

    by_options, by_file = (esad("duty", *goods, "--on", "2025-06-01", "--json") for goods in (options, (file,)))

    assert (by_options.code, by_file.code) == (0, 0)
    assert by_options.objects == by_file.objects


def test_goods_named_by_options_are_assessed_step_by_step(esad: Esad) -> None:
    """The worked value of chapter 2.5, with the source of each figure, in both languages."""
    english, lithuanian = esad("duty", *WINE), esad("duty", *WINE, "--lang", "lt")

    assert (english.code, lithuanian.code) == (0, 0)
    assert "1\tDuty\t254 EUR x 9 hl\t2286\tMinistry of Finance, Excise Duties [V]" in english.out
    assert english.out.endswith("Duty on 2025-06-01: 2286.00 EUR\n")
    assert lithuanian.out.endswith("Akcizas 2025-06-01: 2286,00 EUR\n")


def test_retail_price_names_its_pieces(esad: Esad) -> None:
    """Cigarettes at 4.00 EUR for 20 have the minimum."""
    ended = esad(
        "duty", "--product", "T200", "--quantity", 10, "--retail-price", "4.00/20", "--on", "2025-06-01", "--json"
    )

    (answer,) = ended.objects
    assert (answer["amount"], answer["lines"][0]["parts"][2]["kind"]) == ("1497.00", "minimum")
    assert answer["lines"][0]["steps"][-1]["what"] == {"en": "Amount", "lt": "Suma"}


def test_goods_are_read_from_json_and_from_a_draft(esad: Esad, tmp_path: Path) -> None:
    """An object with its day, a list of lines alone, and an IE815. The option counts before what a file says."""
    line = {"product": "W200", "quantity": "900", "strength": "12"}
    whole, lines = tmp_path / "whole.json", tmp_path / "lines.json"
    whole.write_text(json.dumps({"goods": [line], "on": "2023-06-01"}), encoding="utf-8")
    lines.write_text(json.dumps([line, line]), encoding="utf-8")

    found = [
        esad("duty", file, *more, "--json").objects[0]["amount"]
        for file, more in (
            (whole, ()),
            (whole, ("--on", "2025-06-01")),
            (lines, ("--on", "2025-06-01")),
            (DRAFT, ("--on", "2025-06-01")),
        )
    ]

    assert found == ["1791.00", "2286.00", "4572.00", "2856.44"]


def test_every_fault_is_told_and_no_sum_is(esad: Esad, tmp_path: Path) -> None:
    """The lines that can be assessed are; where one cannot, nobody reads a sum that is too little."""
    file = tmp_path / "goods.json"
    good = {"product": "W200", "quantity": "900", "strength": "12"}
    goods = [good, {"product": "T200", "quantity": "-1"}, {"product": "B000", "quantity": "1", "strength": 101}]
    file.write_text(json.dumps({"goods": goods, "on": "2025-06-01"}), encoding="utf-8")

    told, answer = esad("duty", file), esad("duty", file, "--json")

    assert (told.code, answer.code) == (1, 1)
    assert "Duty on" not in told.out
    assert f'{file}: 2.5 goods[2].quantity "-1"' in told.out
    assert (answer.objects[0]["amount"], len(answer.objects[0]["lines"])) == (None, 1)
    assert [one["path"] for one in answer.objects[0]["faults"]] == [
        "goods[2].quantity",
        "goods[2].retail_price",
        "goods[2].pieces_in_package",
        "goods[3].strength",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param('{"goods": []}', "No goods are given", id="nothing"),
        pytest.param('{"goods": [{"quantity": NaN}]}', "goods[1].quantity", id="no number"),
        pytest.param('{"goods": [{"quantity": "1e400"}], "on": "2025-13-01"}', "on", id="no number and no day"),
        pytest.param(json.dumps({"goods": [{}] * 100_000}), "At most 999 lines", id="a hundred thousand lines"),
    ],
)
def test_question_that_cannot_be_is_refused(esad: Esad, tmp_path: Path, content: str, told: str) -> None:
    """With place and value, as people and as programs read it."""
    file = tmp_path / "goods.json"
    file.write_text(content, encoding="utf-8")
    ended, answer = esad("duty", file), esad("duty", file, "--json")

    assert (ended.code, answer.code) == (1, 1)
    assert told in ended.out
    assert answer.objects[0]["faults"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param((), "Name a file", id="nothing is named"),
        pytest.param(("goods.json", *WINE), "Name a file", id="both are named"),
        pytest.param(("none.json",), "none.json", id="no such file"),
        pytest.param((*WINE, "--state", "PL"), "No tariffs are known for PL", id="a state without tariffs"),
        pytest.param(
            ("rates", "--tariff-group", "999", "--on", "2025-01-01"), "no tariff group 999", id="no such group"
        ),
    ],
)
def test_wrong_usage_is_told(esad: Esad, arguments: tuple[str, ...], told: str) -> None:
    """Exit code 2, with what is expected."""
    ended = esad("duty", *arguments)

    assert ended.code == 2
    assert told in ended.err


@pytest.mark.parametrize("content", ["<a", "<a/>", "{"])
def test_file_that_names_no_goods_is_told(esad: Esad, tmp_path: Path, content: str) -> None:
    """No XML, another document, no JSON."""
    file = tmp_path / "goods"
    file.write_text(content, encoding="utf-8")
    ended = esad("duty", file)

    assert ended.code == 2
    assert str(file) in ended.err


def test_rates_of_a_day_are_listed_with_their_sources(esad: Esad) -> None:
    """All of them, or those of a group; a rate that was not found is shown as that."""
    everything, wine = (
        esad("duty", "rates", "--on", "2026-08-01"),
        esad("duty", "rates", "--on", "2025-06-01", "--tariff-group", "210"),
    )
    answer = esad("duty", "rates", "--on", "2026-08-01", "--json").objects[0]

    assert "X50\tCigarettes\t\t\t\tnot found" in everything.out
    assert [line.split("\t")[:4] for line in wine.out.splitlines()[1:]] == [
        ["210", "Wine and other fermented beverages", "", "<= 8.5"],
        ["210", "Wine and other fermented beverages", "", "> 8.5"],
    ]
    assert {one["code"]: len(one["rates"]) for one in answer["groups"]}["110"] == 2


def test_tariffs_of_a_gateway_are_laid_over_those_that_are_shipped(esad: Esad, data: Path) -> None:
    """What nobody found is known to the administration; its source is shown, and the real code of the group."""
    (data / "tariffs.toml").write_text(TARIFFS, encoding="utf-8")
    cigarettes = ("--product", "T200", "--quantity", 10, "--retail-price", "5/20", "--on", "2024-06-01")

    told, shipped = esad("duty", *cigarettes, "--data", data, "--json"), esad("duty", *cigarettes)

    (line,) = told.objects[0]["lines"]
    assert (line["amount"], line["tariffGroup"]["code"], line["parts"][0]["mark"]) == ("1475.00", "310", "D")
    assert shipped.code == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"[[rate]", "line 1", id="no TOML"),
        pytest.param(b"# \xff", "0xff", id="no UTF-8"),
        pytest.param(b'[[rate]]\ntariff = "beer"\nfirst = 2025-01-01', "rate[1].source", id="no source"),
        pytest.param(TARIFFS.replace("85", "-85").replace("310", "110").encode(), "rate[1].specific", id="two things"),
        pytest.param(TARIFFS.replace("85", "-85").replace("310", "110").encode(), "group[1].code", id="all at once"),
    ],
)
def test_tariffs_that_cannot_be_are_refused(esad: Esad, data: Path, content: bytes, told: str) -> None:
    """With file, place and reason; nothing is reckoned by half of them."""
    (data / "tariffs.toml").write_bytes(content)
    ended = esad("duty", *WINE, "--data", data)

    assert (ended.code, ended.out) == (2, "")
    assert "tariffs.toml" in ended.err
    assert told in ended.err


def test_tariffs_that_cannot_be_read_are_told(esad: Esad, data: Path) -> None:
    """A folder of that name is no file."""
    (data / "tariffs.toml").mkdir()

    assert esad("duty", *WINE, "--data", data).code == 2
