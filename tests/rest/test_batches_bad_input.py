"""Files that are none, or are meant to do harm, at the door of a gateway that runs: each has its documented answer."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from helpers.batch_door import TraderAtDoor, files_of, present, today
from helpers.batches import receipts, table
from helpers.gateway import CONSIGNEE, Box, copy_of_box
from helpers.served import Served, served

LIBREOFFICE = Path(__file__).parents[1] / "sheets" / "libreoffice"
MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
    "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
)


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The gateway of Lithuania at this moment, for all tests of this module."""
    with served(copy_of_box(tmp_path_factory.mktemp("box")), clock=present()) as running:
        yield running


@pytest.fixture(scope="module")
def trader(gateway: Served) -> TraderAtDoor:
    """A consignee with its token."""
    return TraderAtDoor(gateway, CONSIGNEE)


def csv(text: str = "") -> bytes:
    """A good table, and a line behind it."""
    return table("saad", today(), receipts("BAD-1")) + text.encode()


def workbook(more: dict[str, bytes | str] | None = None, sheets: tuple[str, ...] = ("Rows",)) -> bytes:
    """A workbook with a sheet of a good row for each name, and with other parts in it."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
            for number, line in enumerate(table("saad", today(), receipts(f"SHEET-{name}")).decode().splitlines()):
                sheet.write_row(number, 0, line.split(";"))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for part, content in (more or {}).items():
            archive.writestr(part, content)
    return made.getvalue()


def bomb() -> bytes:
    """A part of half a gigabyte and more, packed into half a megabyte."""
    return workbook({"xl/media/x.xml": b" " * (513 << 20)})


def with_a_password() -> bytes:
    """A spreadsheet whose content is encrypted."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", b"\x00\x01")
    return made.getvalue()


PLAIN = "application/octet-stream"
ENTITIES = b'<!DOCTYPE rows [<!ENTITY a "b">]><rows xmlns="urn:esad-gateway:rows:1">&a;</rows>'

BAD: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "an empty file": ("rows.csv", bytes, "SHEET-EMPTY"),
    "another format than the ending says": ("rows.xlsx", csv, "SHEET-FORMAT"),
    "a picture": ("rows.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "SHEET-UNKNOWN"),
    "50,000 columns": ("rows.csv", lambda: csv(";".join("x" * 50_000) + "\n"), "SHEET-COLUMNS"),
    "a cell of 33 KB": ("rows.csv", lambda: csv("x" * 33_000 + "\n"), "SHEET-CELL"),
    "a NUL": ("rows.csv", lambda: csv("a\0b\n"), "SHEET-NUL"),
    "a quote that is not closed": ("rows.csv", lambda: csv('"a;b\nc;d\n'), "SHEET-QUOTE"),
    "a zip bomb": ("rows.xlsx", bomb, "SHEET-BOMB"),
    "many parts": ("rows.xlsx", lambda: workbook({f"x/{one}": b"" for one in range(1001)}), "SHEET-PARTS"),
    "entities": ("rows.xml", lambda: ENTITIES, "SHEET-XML"),
    "a document type in a part": ("rows.xlsx", lambda: workbook({"x.xml": ENTITIES}), "SHEET-DOCTYPE"),
    "a name that climbs out of an archive": ("rows.xlsx", lambda: workbook({"../../x": b"x"}), "SHEET-NAME"),
    "a file with a password": ("rows.ods", with_a_password, "SHEET-PASSWORD"),
    "an archive that was cut off": ("rows.xlsx", lambda: workbook()[:-900], "SHEET-ZIP"),
    "another encoding": ("rows.csv", lambda: csv("š\n").replace("š".encode(), b"\xf0"), "SHEET-ENCODING"),
}


@pytest.fixture(scope="module")
def ended(trader: TraderAtDoor) -> dict[str, dict[str, Any]]:
    """All of them at once, and a good file behind them, when nothing is left to do."""
    files = {what: (name, content()) for what, (name, content, _) in BAD.items()} | {"a good file": ("r.csv", csv())}
    batches = {
        what: trader.hand_in(body, f"kind=saad&name={name}", Content_Type=PLAIN).json["id"]
        for what, (name, body) in files.items()
    }
    return {what: trader.over(number) for what, number in batches.items()}


@pytest.mark.parametrize("what", BAD)
def test_bad_file_is_told_by_its_code(ended: dict[str, dict[str, Any]], what: str) -> None:
    """The batch is unreadable, which is said in both languages."""
    batch, (_, _, code) = ended[what], BAD[what]

    assert batch["state"] == "unreadable"
    assert [fault["rule"] for fault in batch["faults"]] == [code]
    assert all(fault["text"].keys() == fault["hints"].keys() == {"en", "lt"} for fault in batch["faults"])


def test_good_file_behind_bad_ones_is_taken(ended: dict[str, dict[str, Any]], gateway: Served) -> None:
    """The gateway and its worker go on."""
    assert ended["a good file"]["state"] == "ended"
    assert gateway.get("/health").status == 200


def counts(batch: dict[str, Any]) -> dict[str, int]:
    """How many documents have which outcome."""
    return {outcome: number for outcome, number in batch["counts"].items() if number}


def remarks(batch: dict[str, Any]) -> str:
    """What was noticed in the file, in English."""
    return " ".join(one["en"] for one in batch["remarks"])


def test_mixed_ends_of_lines_are_read_and_remarked_on(trader: TraderAtDoor) -> None:
    """Every row has its number."""
    batch = trader.done(table("saad", today(), receipts("M-1", "M-2", "M-3")).replace(b"\n", b"\r\n", 2))

    assert (batch["state"], counts(batch)) == ("ended", {"taken": 3})
    assert "ends of lines" in remarks(batch) or "lines end" in remarks(batch)


def test_macros_and_links_are_not_followed(trader: TraderAtDoor) -> None:
    """The workbook is read as the workbook that it is, and it is said."""
    parts: dict[str, bytes | str] = {"xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": "<a/>"}
    batch = trader.done(workbook(parts), "kind=saad&name=rows.xlsm", Content_Type=PLAIN)

    assert batch["state"] == "ended"
    assert "macros; they were not run" in remarks(batch)
    assert "other files; they were not opened" in remarks(batch)


def test_one_of_several_sheets_is_chosen(trader: TraderAtDoor) -> None:
    """The first, with a remark that names the others; or the one that is named."""
    content = workbook(sheets=("One", "Two"))
    first, second, none = (
        trader.done(content, f"kind=saad&name=rows.xlsx{sheet}", Content_Type=PLAIN)
        for sheet in ("", "&sheet=Two", "&sheet=Three")
    )

    assert [one["taken"]["sheet"] for one in (first, second)] == ["One", "Two"]
    assert "other sheets: Two" in remarks(first)
    documents = [trader.get(f"/batches/{one['id']}/rows").json["documents"] for one in (first, second)]
    assert [one[0]["document"].rpartition(" ")[2].upper() for one in documents] == ["SHEET-ONE", "SHEET-TWO"]
    assert (none["state"], "One" in none["faults"][0]["hint"]) == ("unreadable", True)


@pytest.mark.parametrize("form", ["ods", "xlsx"])
def test_hidden_rows_are_read_and_said(trader: TraderAtDoor, form: str) -> None:
    """A file of LibreOffice with hidden rows, a hidden sheet, merged cells and formulas: every row has its outcome."""
    batch = trader.done((LIBREOFFICE / f"rows.{form}").read_bytes(), f"kind=saad&name=rows.{form}", Content_Type=PLAIN)
    rows = trader.get(f"/batches/{batch['id']}/rows").json["documents"]

    assert [one["rows"] for one in rows] == [[2], [3], [4], [5], [6], [10], [11]]
    assert "Hidden rows were read like the others: 4, 5." in remarks(batch)
    assert "Hidden sheets, which were not read: Other." in remarks(batch)
    faults = {one["rows"][0]: [fault["path"] for fault in one["faults"]] for one in rows if one["faults"]}
    assert faults[3] == ["O3"]
    assert faults[4] == ["B4", "F4", "L4"]
    assert faults[11] == ["E11"]


def test_formulas_in_texts_are_neutralised_in_every_export(trader: TraderAtDoor) -> None:
    """In corrections and in the list, in every format in which somebody opens them."""
    content = table("saad", today(), receipts("=1+1", quantity="x") + receipts("=2+2"))
    batch = trader.done(content)
    corrections = trader.get(f"/batches/{batch['id']}/corrections").body.decode("utf-8-sig")
    export = trader.get("/saad/export?format=csv").body.decode("utf-8-sig")

    assert ";'=1+1;" in corrections
    assert ";'=2+2;" in export


def test_name_that_climbs_out_is_only_a_name(trader: TraderAtDoor, gateway: Served) -> None:
    """It is shown as it came, and names no file."""
    before = outside(gateway.box)
    batch = trader.done(csv(), "kind=saad&name=../../../x.csv")

    assert batch["name"] == "../../../x.csv"
    assert outside(gateway.box) == before
    assert batch["id"] in files_of(gateway.box)


def outside(box: Box) -> set[str]:
    """What stands in the data directory and above it."""
    root = box.members["LT"].data.root
    return {one.name for folder in (root, root.parent) for one in folder.iterdir() if "store.db" not in one.name}


def test_upload_that_breaks_off_is_not_taken(trader: TraderAtDoor) -> None:
    """A form without its end is told to be sent again; nothing of it is kept."""
    before = files_of(trader.gateway.box)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="r.csv"\r\n\r\n' + csv()
    answer = trader.hand_in(body, Content_Type="multipart/form-data; boundary=x")

    assert (answer.status, "breaks off" in answer.json["detail"]) == (400, True)
    assert files_of(trader.gateway.box) == before
