"""``esad declare``: from the data directory of a gateway, with every fault told in both languages."""

import json
from pathlib import Path

import pytest

from helpers.command_line import Esad
from helpers.gateway import CONSIGNEE, FOREIGN_CONSIGNOR, Box, copy_of_box, new_draft, new_report

OF = ("--seed", CONSIGNEE, "--data")
PERIOD = "2026-03"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of Lithuania, whose consignee has received goods in March 2026, long ago by now."""
    box: Box = copy_of_box(tmp_path_factory.mktemp("declare"))
    with box.open("LT") as lt, box.open("PL") as pl:
        pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        pl.deliver_to(lt)
        lt.take(box.signed(CONSIGNEE, new_report(lt.last(CONSIGNEE, "IE801"))))
    return box.members["LT"].data.root


def test_month_is_seen_filed_shown_and_written(esad: Esad, data: Path, tmp_path: Path) -> None:
    """One after the other; filing once more says that it had been filed."""
    listed = esad("declare", "list", *OF, data)
    preview = esad("declare", "preview", PERIOD, *OF, data)
    (seen,) = esad("declare", "preview", PERIOD, *OF, data, "--json").objects
    filed = esad("declare", "file", PERIOD, *OF, data)
    again = esad("declare", "file", PERIOD, *OF, data)
    shown = esad("declare", "show", PERIOD, *OF, data)

    assert (listed.code, preview.code, filed.code, again.code, shown.code) == (0, 0, 0, 0, 0)
    assert f"{PERIOD}\tlate\t2026-04-15\tAKC430\t1\t{seen['duty']}" in listed.out
    assert f"Duty {seen['duty']} EUR" in preview.out
    assert filed.out.startswith("Filed: AKC430")
    assert again.out.startswith("It had been filed already")
    assert "number 0" in shown.out
    for form in ("ffdata", "csv", "json", "pdf"):
        file = tmp_path / f"declared.{form}"
        written = esad("declare", "export", PERIOD, *OF, data, "--out", file)
        assert (written.code, file.stat().st_size > 100) == (0, True)
        assert ("made up" in written.err) is (form == "ffdata")


def test_figure_is_explained_by_its_documents(esad: Esad, data: Path) -> None:
    """With --why: ARC, line, day, quantity, duty; a figure that is not there is told with those that are."""
    (seen,) = esad("declare", "preview", PERIOD, *OF, data, "--json").objects
    key = seen["figures"][0]["figure"]
    (why,) = esad("declare", "show", PERIOD, *OF, data, "--why", key, "--json").objects
    table = esad("declare", "show", PERIOD, *OF, data, "--why", key)
    missing = esad("declare", "show", PERIOD, *OF, data, "--why", "D/999")

    assert [one["route"] for one in why["sources"]] == ["esad"] * len(why["sources"])
    assert why["sources"][0]["document"] in table.out
    assert (missing.code, key in missing.err) == (1, True)


def test_all_of_a_month(esad: Esad, data: Path) -> None:
    """A row for each number, or an object a line."""
    table, plain = (esad("declare", "all", PERIOD, "--data", data, *json_) for json_ in ((), ("--json",)))

    assert CONSIGNEE in table.out
    assert [one["seed"] for one in plain.objects] == [CONSIGNEE]


def test_wrong_boxes_are_told_in_both_languages(esad: Esad, data: Path) -> None:
    """The form of another time, and box 8 without its number: nothing is filed."""
    wrong = ("--form", "FR0630", "--box-number", "")
    told = esad("declare", "file", PERIOD, *OF, data, *wrong, "--lang", "both")
    plain = esad("declare", "file", PERIOD, *OF, data, *wrong, "--json")

    assert told.code == plain.code == 1
    assert "DEC-3 number" in told.out
    assert "8 laukelyje" in told.out
    assert [fault["rule"] for fault in json.loads(plain.out)["faults"]] == ["DEC-1", "DEC-3"]


def test_period_that_is_none_and_one_that_is_empty(esad: Esad, data: Path) -> None:
    """Wrong usage; and nothing that is filed by itself."""
    assert esad("declare", "preview", "March", *OF, data).code == 2
    empty = esad("declare", "file", "2026-01", *OF, data)
    assert (empty.code, "DEC-7" in empty.out) == (1, True)
    assert "has filed nothing" in esad("declare", "show", "2026-01", *OF, data).out
    export = esad("declare", "export", "2026-01", *OF, data, "--out", data / "none.csv")
    assert (export.code, "esad declare file" in export.err) == (1, True)


def test_state_that_declares_nothing_says_so(esad: Esad, tmp_path: Path) -> None:
    """Poland has no national domain here."""
    box = copy_of_box(tmp_path)
    told = esad("declare", "list", *OF, box.members["PL"].data.root)
    assert (told.code, "PL" in told.err) == (2, True)
