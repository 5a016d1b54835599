"""``esad batch template | check | map``: from an empty table to one that nothing is wrong with."""

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.sheets.table import FileFormat
from helpers.command_line import Esad
from helpers.tables import example, table_in

NOW = "2026-03-04T10:00:00Z"
every_kind = pytest.mark.parametrize("kind", BatchKind, ids=lambda kind: kind.value)
every_format = pytest.mark.parametrize("form", FileFormat, ids=lambda form: form.value)


def _template(esad: Esad, folder: Path, kind: str, form: str, lang: str = "en") -> Path:
    file = folder / f"{kind}.{form}"
    ended = esad("batch", "template", kind, "--format", form, "--lang", lang, "--now", NOW, "--output", file)
    assert (ended.code, ended.out) == (0, "")
    return file


def _rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines, delimiter=";"))


def _write(file: Path, rows: list[list[str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, delimiter=";").writerows(rows)
    return file


def _changed(file: Path, changes: dict[str, str], row: int = 1) -> Path:
    """A CSV file with other cells in one of its rows, by heading."""
    rows = _rows(file)
    for heading, text in changes.items():
        rows[row][rows[0].index(heading)] = text
    return _write(file, rows)


@every_format
@every_kind
def test_template_passes_the_check(esad: Esad, tmp_path: Path, kind: BatchKind, form: FileFormat) -> None:
    """In every format, on the day on which it is made; the rows of the example are one document."""
    file = _template(esad, tmp_path, kind.value, form.value, "lt")

    ended = esad("batch", "check", file, "--now", NOW, "--json")

    assert ended.code == 0
    (summary,) = ended.objects
    assert (summary["kind"], summary["format"], summary["ok"]) == (kind.value, form.value, True)
    assert summary["count"] == {"rows": 2, "documents": 1, "fine": 1, "to mend": 0}


def test_template_of_dispatches_has_what_is_needed_or_every_column(esad: Esad, tmp_path: Path) -> None:
    """Few columns, of which each has to do with most dispatches; what is behind them comes when it is asked for."""
    usual = _rows(_template(esad, tmp_path, "dispatch", "csv"))[0]
    every = _rows_of(esad, tmp_path, "--all-columns")

    assert ("Kind of packages" in usual, "Kind of packages 2" in usual) == (True, False)
    assert every == [column.called("en") for column in LAYOUTS[BatchKind.DISPATCH].columns]
    assert every[: len(usual) - 1] == usual[:-1]
    assert len(usual) < len(every) / 3


def _rows_of(esad: Esad, folder: Path, *options: str) -> list[str]:
    file = folder / "every.csv"
    assert esad("batch", "template", "dispatch", "--format", "csv", *options, "--output", file).code == 0
    assert esad("batch", "check", file).code == 0
    return _rows(file)[0]


def test_template_is_printed(esad: Esad) -> None:
    """On standard output, where no file is named."""
    printed = esad("batch", "template", "mvv", "--format", "csv", "--lang", "lt")

    assert printed.code == 0
    assert printed.out.lstrip("\ufeff").startswith("Dokumento numeris;Išdavusi valstybė narė;")


def test_workbook_has_text_columns_and_meanings(esad: Esad, tmp_path: Path) -> None:
    """Codes are formatted as text, so that zeros stay; a second sheet says what every column means."""
    book = load_workbook(_template(esad, tmp_path, "saad", "xlsx"))

    rows, meanings = book.worksheets
    by_heading = dict(zip((cell.value for cell in rows[1]), rows[2], strict=True))
    assert by_heading["CN code"].number_format == "@"
    assert by_heading["Quantity"].value == 1000
    assert [row[0].value for row in meanings.iter_rows(min_row=2)] == list(by_heading)


def test_columns_are_told_to_programs(esad: Esad) -> None:
    """With headings, meanings and codes in every language."""
    (told,) = esad("batch", "template", "saad", "--json").objects

    capacity = next(column for column in told["columns"] if column["name"] == "capacity")
    assert capacity["codes"]["certified_consignee"] == {"en": "certified consignee", "lt": "patvirtintas gavėjas"}
    assert {column["rare"] for column in told["columns"]} == {False}
    assert [column["name"] for column in told["columns"]] == [one.name for one in LAYOUTS[BatchKind.SAAD].columns]


def test_every_fault_is_told_in_its_row(esad: Esad, tmp_path: Path) -> None:
    """As a table: row, cell, column, value, rule, what is wrong, what to do; and what was read, beside it."""
    file = _template(esad, tmp_path, "saad", "csv")
    _changed(file, {"Quantity": "1.234", "CN code": "2203"})
    _changed(file, {"Date of receipt": "2026-03-09"}, 2)

    ended = esad("batch", "check", file, "--now", NOW)

    heads, *rows = [line.split("\t") for line in ended.out.splitlines()]
    assert heads == ["row", "cell", "column", "value", "rule", "what is wrong", "what to do"]
    assert [row[:5] for row in rows] == [
        ["2", "K2", "CN code", "2203", "VALUE-FORM"],
        ["2", "L2", "Quantity", "1.234", "CELL-AMBIGUOUS"],
        ["3", "F3", "Date of receipt", "2026-03-09", "ROW-DIFFERS"],
    ]
    assert ended.code == 1
    assert "saad: 2 rows, 1 document; fine 0, to mend 1" in ended.err
    assert "read as CSV, encoding utf-8, delimiter ;" in ended.err


@pytest.mark.parametrize(
    ("kind", "heading", "value", "rule"),
    [
        ("saad", "State of issue", "DE", "SAAD-5"),
        ("saad", "Excise product code", "T999", "SAAD-17"),
        ("saad", "Date of receipt", "2026-03-09", "SAAD-11"),
        ("mvv", "Consignee's status", "temporary certified consignee", "SAAD-14"),
        ("dispatch", "Gross mass (kg)", "1", "R219"),
    ],
)
def test_rules_are_asked_offline(esad: Esad, tmp_path: Path, kind: str, heading: str, value: str, rule: str) -> None:
    """Those that need no register, of the SAAD list and of EMCS; each is told in the cell that it is about."""
    file = _template(esad, tmp_path, kind, "csv")
    _changed(file, {heading: value})
    _changed(file, {heading: value}, 2)

    ended = esad("batch", "check", file, "--now", NOW, "--json")

    faults = [fault for document in ended.objects[:-1] for fault in document["faults"]]
    found = {fault["rule"]: fault for fault in faults}
    assert ended.code == 1
    assert found[rule]["value"] == value
    assert _rows(file)[0][found[rule]["column"] - 1] == heading


def test_faults_of_heading_and_rows_are_told_together(esad: Esad, tmp_path: Path) -> None:
    """One table, from the heading on; a missing column is told once."""
    file = _template(esad, tmp_path, "saad", "csv", "lt")
    rows = _rows(file)
    rows[0][rows[0].index("Kiekis")] = "Kiekys"
    rows[1][rows[0].index("KN kodas")] = "1"

    out = tmp_path / "mend.csv"
    ended = esad("batch", "check", _write(file, rows), "--now", NOW, "--lang", "lt", "--corrections", out)

    rules = [line.split("\t")[4] for line in ended.out.splitlines()[1:]]
    assert rules == ["COLUMN-MEANT", "COLUMN-MISSING", "VALUE-FORM"]
    assert "Galbūt turėta omenyje: 'Kiekis'?" in ended.out
    assert "tinka 0, taisytina 1" in ended.err
    assert not out.exists()


def test_no_document_is_fine_under_a_wrong_heading(esad: Esad, tmp_path: Path) -> None:
    """Though nothing is wrong with its cells: without the column it is no document."""
    file = _template(esad, tmp_path, "saad", "csv")
    rows = [[*row[:-8], *row[-7:]] for row in _rows(file)]

    ended = esad("batch", "check", _write(file, rows), "--now", NOW, "--json")

    (heading, summary) = ended.objects
    assert (ended.code, [fault["rule"] for fault in heading["faults"]]) == (1, ["COLUMN-MISSING"])
    assert summary["count"] == {"rows": 2, "documents": 1, "fine": 0, "to mend": 1}


def test_table_without_rows_is_told(esad: Esad, tmp_path: Path) -> None:
    """Nothing is right about it."""
    file = _template(esad, tmp_path, "saad", "csv")

    ended = esad("batch", "check", _write(file, _rows(file)[:1]))

    assert ended.code == 1
    assert "TABLE-EMPTY" in ended.out
    assert "saad: 0 rows, 0 documents; fine 0, to mend 0" in ended.err


def test_quantity_with_a_unit_is_told_to_have_none(esad: Esad, tmp_path: Path) -> None:
    """In both languages: the unit is that of the product, not of the cell."""
    file = _changed(_template(esad, tmp_path, "saad", "csv"), {"Quantity": "1 200 L"})

    told = esad("batch", "check", file, "--now", NOW, "--json").objects

    (fault, *_) = told[0]["faults"]
    assert fault["rule"] == "CELL-NUMBER"
    assert {one: fault["hints"][one].rpartition(", ")[2] for one in ("en", "lt")} == {
        "en": "and no unit behind them.",
        "lt": "be matavimo vieneto.",
    }


@every_format
def test_corrections_come_back_mended(esad: Esad, tmp_path: Path, form: FileFormat) -> None:
    """Only the rows to mend, in the same format and language, with why: the file that comes back is checked again."""
    first = example(BatchKind.SAAD)
    rows = [first, {**first, "document": "second", "quantity": "much"}]
    file = table_in(tmp_path / f"rows.{form.value}", form, "lt", BatchKind.SAAD, rows)
    out = tmp_path / f"mend.{form.value}"

    ended = esad("batch", "check", file, "--now", NOW, "--corrections", out, "--lang", "lt")
    told = esad("batch", "check", out, "--now", NOW, "--json").objects

    assert (ended.code, f"taisytinos eilutės: {out}" in ended.err) == (1, True)
    assert told[-1]["count"] == {"rows": 1, "documents": 1, "fine": 0, "to mend": 1}
    assert [fault["rule"] for fault in told[0]["faults"]] == ["CELL-NUMBER"]


def test_corrections_of_another_ending_are_refused(esad: Esad, tmp_path: Path) -> None:
    """A program would take the file for what it is not; nothing is written."""
    file = _changed(_template(esad, tmp_path, "saad", "csv"), {"Quantity": "x"})

    ended = esad("batch", "check", file, "--corrections", tmp_path / "out.xlsx")

    assert (ended.code, (tmp_path / "out.xlsx").exists()) == (2, False)
    assert "the rows come as CSV: name it .csv" in ended.err


def test_right_table_writes_no_corrections(esad: Esad, tmp_path: Path) -> None:
    """There is nothing to mend."""
    file = _template(esad, tmp_path, "saad", "csv")

    ended = esad("batch", "check", file, "--now", NOW, "--corrections", tmp_path / "out.csv")

    assert (ended.code, (tmp_path / "out.csv").exists()) == (0, False)


def test_other_headings_are_mapped(esad: Esad, tmp_path: Path) -> None:
    """The proposal is completed and handed to the check."""
    file = _template(esad, tmp_path, "saad", "csv")
    rows = _rows(file)
    rows[0] = ["Popierius" if heading == "Document number" else heading for heading in rows[0]]
    _write(file, [[*rows[0], "Own"], *([*row, "x"] for row in rows[1:])])
    mapping = tmp_path / "mapping.toml"

    printed = esad("batch", "map", file)
    mapping.write_text(printed.out.replace("[columns]", '[columns]\n"Popierius" = "document"'), encoding="utf-8")
    cleaned = mapping.read_text(encoding="utf-8").replace('"Popierius", ', "")
    mapping.write_text(cleaned, encoding="utf-8")
    ended = esad("batch", "check", file, "--mapping", mapping, "--now", NOW)

    assert printed.code == 0
    assert 'ignored = ["Popierius", "Own"]' in printed.out
    assert (ended.code, ended.out) == (0, "")


def test_proposal_is_told_to_programs(esad: Esad, tmp_path: Path) -> None:
    """With how many cells fit."""
    (told,) = esad("batch", "map", _template(esad, tmp_path, "mvv", "csv"), "--json").objects

    assert told["kind"] == "mvv"
    assert {"heading": "CN code", "column": "cn_code", "count": {"filled": 2, "fitting": 2}, "strange": []} in told[
        "columns"
    ]


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("check", "none.csv"), 2, "none.csv"),
        (("check", "table.csv", "--kind", "wine"), 2, "expected one of saad = entries of the SAAD list, mvv = "),
        (("check", "table.csv", "--format", "doc"), 2, "expected one of csv, xlsx, ods, xml, jsonl"),
        (
            ("check", "table.csv", "--mapping", "table.csv"),
            2,
            "not TOML: line 1, column 2: expected a name, = and a value",
        ),
        (("check", "table.csv"), 1, "TABLE-KIND"),
        (("map", "table.csv"), 1, "TABLE-KIND"),
        (("check", "empty.csv"), 1, "SHEET-EMPTY"),
        (("template", "wine"), 2, "expected one of saad = entries of the SAAD list, mvv = "),
    ],
)
def test_what_cannot_be_used_is_said(
    esad: Esad, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], code: int, said: str
) -> None:
    """With what was expected; what is wrong with the file is a fault like others."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "table.csv").write_text("a;b\n1;2\n")
    (tmp_path / "empty.csv").write_bytes(b"")

    ended = esad("batch", *command)

    assert ended.code == code
    assert said in " ".join(ended.err.replace("│", " ").split()) + ended.out


def test_encoding_and_delimiter_are_declared(esad: Esad, tmp_path: Path) -> None:
    """windows-1257 is read when somebody says so, and the summary says how the file was read."""
    rows = _rows(_template(esad, tmp_path, "saad", "csv", "lt"))
    file = tmp_path / "old.csv"
    with file.open("w", encoding="windows-1257", newline="") as lines:
        csv.writer(lines, delimiter="\t").writerows(rows)

    refused = esad("batch", "check", file, "--now", NOW)
    read = esad(
        "batch", "check", file, "--now", NOW, "--encoding", "windows-1257", "--delimiter", "tab", "--lang", "lt"
    )

    assert (refused.code, "SHEET-ENCODING" in refused.out) == (1, True)
    assert (read.code, "koduotė: windows-1257, skirtukas: tab" in read.err) == (0, True)
