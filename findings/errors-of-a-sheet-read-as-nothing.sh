#!/usr/bin/env bash
# A sheet with a column of quantities, in which one cell is an error (#DIV/0!) and another a formula without a stored
# value, written by XlsxWriter 3.3.1, and read by python-calamine 0.9.1 and by openpyxl 3.1.5.
# Seen: calamine gives both as the empty text, which it gives for an empty cell as well. Where such a formula is in the
# last row, that row is not among the rows at all: a sheet of five rows has four. openpyxl tells the error, and the formula.
# What it means here: whoever reads amounts looks into the cells of the file as well, for errors and formulas. Otherwise
# a wrong amount is taken for a missing one.
# Ends with 0 as long as that is so.
set -euo pipefail
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check python-calamine==0.9.1 XlsxWriter==3.3.1 openpyxl==3.1.5

cat >look.py <<'PY'
import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook


def written(name: str, rows: list[object]) -> str:
    with xlsxwriter.Workbook(name) as book:
        sheet = book.add_worksheet("rows")
        for number, cell in enumerate(rows):
            match cell:
                case "error":
                    sheet.write_formula(number, 0, "=1/0", None, "#DIV/0!")
                case "formula":
                    sheet.write_formula(number, 0, "=A2*2", None, "")
                case None:
                    pass
                case _:
                    sheet.write(number, 0, cell)
    return name


def by_calamine(name: str) -> list[object]:
    return [row[0] for row in CalamineWorkbook.from_path(name).get_sheet_by_index(0).to_python(skip_empty_area=False)]


def by_openpyxl(name: str, *, values: bool) -> list[object]:
    return [row[0].value for row in openpyxl.load_workbook(name, data_only=values).active.iter_rows()]


amid = written("amid.xlsx", ["quantity", "error", "formula", None, 450])
last = written("last.xlsx", ["quantity", 900, 450, "error", "formula"])
for name in (amid, last):
    print(name, "calamine:", by_calamine(name))
    print(name, "openpyxl:", by_openpyxl(name, values=True), by_openpyxl(name, values=False))
assert by_calamine(amid) == ["quantity", "", "", "", 450.0]
assert by_calamine(last) == ["quantity", 900.0, 450.0, ""]
assert by_openpyxl(last, values=True)[3] == "#DIV/0!"
assert by_openpyxl(last, values=False)[4] == "=A2*2"
PY
env/bin/python look.py
