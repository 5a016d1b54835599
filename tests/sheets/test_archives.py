"""Archives and other bad files: each is told what it is, at a bounded price."""

import os
import resource
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from esad_gateway.errors import Unreadable
from esad_gateway.faults import Fault
from esad_gateway.sheets import archive
from esad_gateway.sheets.flaws import CODES, flaw
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.process import read_elsewhere
from esad_gateway.sheets.table import Declared, FileFormat
from esad_gateway.texts import in_every_language
from helpers.sheets import read, refused, with_parts, zipped

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"
MEBIBYTE = 1024 * 1024


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A small workbook."""
    made = openpyxl.Workbook()
    made.create_sheet("rows", 0).append(["a", "b"])
    made.save(tmp_path / "rows.xlsx")
    return tmp_path / "rows.xlsx"


def with_bytes(path: Path, content: bytes) -> Path:
    """A file with these bytes."""
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("rows.xlsx", b"%PDF-1.7\n", "pdf"),
        ("rows.csv", OLE + bytes(600), "xls"),
        ("rows", b"\x1f\x8b\x08", "packed"),
        ("rows", b"\x89PNG\r\n", "image"),
        ("rows.xls", b"<html><table><tr><td>1</td></tr></table></html>", "html"),
        ("rows.json", b'[{"a": 1}]', "json"),
        ("rows.zip", b"PK\x05\x06" + bytes(18), "zip"),
    ],
)
def test_content_that_is_no_file_of_rows_is_told_by_name(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    """Whatever its name says."""
    fault = refused(with_bytes(tmp_path / name, content))
    assert fault.code == "SHEET-UNKNOWN"
    assert f"sheet.found.{found}" in repr(fault.text)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("rows.csv", b'<?xml version="1.0"?><rows/>'),
        ("rows.csv", b'{"a": 1}\n'),
        ("rows.jsonl", b"a;b\n1;2\n"),
        ("rows.xlsx", b"a;b\n1;2\n"),
        ("rows.xml", b'{"a": 1}\n'),
    ],
)
def test_content_behind_another_ending_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    """What it is, and what it is called, are both told."""
    assert refused(with_bytes(tmp_path / name, content)).code == "SHEET-FORMAT"


def test_workbook_behind_another_ending_is_refused(workbook: Path) -> None:
    """It is not read as text, and not silently as what it is."""
    for ending in (".csv", ".ods"):
        fault = refused(workbook.rename(workbook.with_suffix(ending)))
        workbook.with_suffix(ending).rename(workbook)
        assert fault.code == "SHEET-FORMAT"
        assert "XLSX" in in_every_language(fault.text)["lt"]


def test_declared_format_goes_before_the_ending(workbook: Path) -> None:
    """Files of a server have no names of people."""
    path = workbook.rename(workbook.with_suffix(".bin"))
    assert read(path)[0].format is FileFormat.XLSX
    assert refused(path, Declared(format=FileFormat.CSV)).code == "SHEET-FORMAT"


@pytest.mark.parametrize("name", ["rows.xlsx", "rows.csv", "rows.ods", "rows.xml", "rows.jsonl"])
def test_file_without_a_byte_is_empty(tmp_path: Path, name: str) -> None:
    """Whatever it is called."""
    assert refused(with_bytes(tmp_path / name, b"")).code == "SHEET-EMPTY"


def test_sheet_without_a_cell_is_empty(tmp_path: Path) -> None:
    """The workbook is well, and there is nothing in it."""
    openpyxl.Workbook().save(tmp_path / "rows.xlsx")
    assert refused(tmp_path / "rows.xlsx").code == "SHEET-EMPTY"


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_archive_that_was_cut_off_is_told_as_such(workbook: Path, kept: float) -> None:
    """An upload that broke off is the usual cause."""
    content = workbook.read_bytes()
    assert refused(with_bytes(workbook, content[: int(len(content) * kept)])).code == "SHEET-ZIP"


def test_archive_with_a_changed_byte_is_told_as_such(workbook: Path) -> None:
    """The sums of its parts do not hold."""
    with zipfile.ZipFile(workbook) as made:
        begin = made.getinfo(SHEET).header_offset + 30 + len(SHEET) + 8
    content = bytearray(workbook.read_bytes())
    content[begin] ^= 0xFF
    assert refused(with_bytes(workbook, bytes(content))).code == "SHEET-ZIP"


def test_old_workbook_with_a_password_is_told_as_such(tmp_path: Path) -> None:
    """Office puts an encrypted workbook into a container of the old kind."""
    content = OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(64)
    assert refused(with_bytes(tmp_path / "rows.xlsx", content)).code == "SHEET-PASSWORD"


def test_spreadsheet_with_a_password_is_told_as_such(tmp_path: Path) -> None:
    """The manifest of an encrypted ODS says so; its content is no XML any more."""
    manifest = '<manifest:manifest><manifest:encryption-data manifest:checksum="x"/></manifest:manifest>'
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    parts: dict[str, str | bytes] = {
        "mimetype": mime,
        "content.xml": b"\x93\x01\x17",
        "META-INF/manifest.xml": manifest,
    }
    assert refused(zipped(tmp_path / "rows.ods", parts)).code == "SHEET-PASSWORD"


@pytest.mark.parametrize("name", ["../rows.xml", "/etc/rows.xml", "xl/../../rows.xml", "xl\\..\\..\\rows", "C:rows"])
def test_name_that_climbs_out_is_refused(workbook: Path, name: str) -> None:
    """Nothing is written anywhere, and still nobody else should have to take such a file."""
    fault = refused(with_parts(workbook, {name: "x"}))
    assert (fault.code, fault.value) == ("SHEET-NAME", name)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_part_that_stands_twice_is_damage(workbook: Path) -> None:
    """Two programs would read different sheets."""
    with zipfile.ZipFile(workbook, "a") as made:
        made.writestr(SHEET, "<worksheet/>")
    assert refused(workbook).code == "SHEET-ZIP"


def test_part_that_unpacks_to_too_much_is_a_bomb(workbook: Path) -> None:
    """By its ratio, which the directory tells before anything is unpacked."""
    fault = refused(with_parts(workbook, {"xl/media/image1.png": bytes(20 * MEBIBYTE)}))
    assert fault.code == "SHEET-BOMB"


def test_small_part_may_pack_well(workbook: Path) -> None:
    """What is small is no danger, however well it packs."""
    read(with_parts(workbook, {"docProps/custom.xml": b"<a>" + b" " * MEBIBYTE + b"</a>"}))


def test_part_that_lies_about_its_size_is_found_out(workbook: Path) -> None:
    """It is unpacked as far as it says, and then its sum does not hold."""
    changed = with_parts(workbook, {"docProps/custom.xml": b"<a>" + b" " * 20 * MEBIBYTE + b"</a>"})
    content = changed.read_bytes()
    true_size, told = (20 * MEBIBYTE + 7).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert content.count(true_size) == 2
    assert refused(with_bytes(workbook, content.replace(true_size, told))).code == "SHEET-ZIP"


def test_archive_of_many_parts_is_refused(workbook: Path) -> None:
    """Their number stands in the directory."""
    parts = {f"xl/media/{number}": b"" for number in range(archive.MOST_PARTS)}
    assert refused(with_parts(workbook, parts)).code == "SHEET-PARTS"


@pytest.mark.parametrize("name", [SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_document_type_is_refused(workbook: Path, name: str) -> None:
    """Wherever it stands; no entity is ever read."""
    with zipfile.ZipFile(workbook) as made:
        content = made.read(name)
    head, sep, rest = content.partition(b"?>") if content.startswith(b"<?xml") else (b"", b"", content)
    changed = head + sep + b'<!DOCTYPE a [<!ENTITY b "c">]>' + rest
    assert refused(with_parts(workbook, {name: changed})).code == "SHEET-DOCTYPE"


def test_document_type_in_a_part_of_any_name_is_refused(workbook: Path) -> None:
    """A workbook may call its sheets what it likes."""
    assert refused(with_parts(workbook, {"xl/worksheets/sheet1.dat": "<!DOCTYPE a><a/>"})).code == "SHEET-DOCTYPE"


def test_document_type_between_two_reads_is_found(workbook: Path) -> None:
    """A part is looked through in pieces of a mebibyte."""
    begin = b"<a><!--" + b"x" * (MEBIBYTE - 15) + b"-->"
    content = begin + b"<!DOCTYPE a>" + b"</a>"
    assert content.index(b"<!DOCTYPE") < MEBIBYTE < content.index(b"<!DOCTYPE") + 9
    assert refused(with_parts(workbook, {"docProps/custom.xml": content})).code == "SHEET-DOCTYPE"


@pytest.mark.parametrize("content", [b'<?xml version="1.0" encoding="UTF-7"?><a/>', "<a/>".encode("utf-16"), b"x<a/>"])
def test_part_in_another_encoding_is_refused(workbook: Path, content: bytes) -> None:
    """A document type would not be seen in it."""
    assert refused(with_parts(workbook, {"docProps/custom.xml": content})).code == "SHEET-DAMAGED"


def test_part_that_is_packed_in_another_way_is_refused(workbook: Path) -> None:
    """Spreadsheets deflate."""
    with zipfile.ZipFile(workbook, "a") as made:
        made.writestr("docProps/custom.xml", "<a/>", zipfile.ZIP_BZIP2)
    assert refused(workbook).code == "SHEET-DAMAGED"


def test_part_that_is_not_well_formed_is_told(workbook: Path) -> None:
    """With what is wrong and where."""
    for part in ("xl/workbook.xml", SHEET):
        assert refused(with_parts(workbook, {part: "<workbook><sheets></workbook>"})).code == "SHEET-DAMAGED"


def test_binary_workbook_is_told_by_name(tmp_path: Path) -> None:
    """It is no XLSX, however alike it looks."""
    path = zipped(tmp_path / "rows.xlsb", {"xl/workbook.bin": b"\x83"})
    assert "sheet.found.xlsb" in repr(refused(path).text)
    assert "sheet.found.zip" in repr(refused(zipped(tmp_path / "rows.zip", {"rows.csv": b"a;b"})).text)


def test_sheet_that_takes_too_much_memory_is_refused(workbook: Path) -> None:
    """Two cells in opposite corners are a sheet of billions for whoever holds all of them."""
    cell = '<row r="{0}"><c r="{1}{0}" t="str"><v>x</v></c></row>'
    rows = cell.format(1, "A") + cell.format(1_048_576, "XFD")
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with_parts(workbook, {SHEET: f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'})
    fault = refused(workbook)
    assert fault.code == "SHEET-MEMORY"
    assert "1024 MB" in in_every_language(fault.text)["en"]


def test_sheet_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    """A process has so many seconds of the processor, here one for what takes many."""
    made = openpyxl.Workbook(write_only=True)
    row = [f"text {number}" for number in range(12)]
    sheet = made.create_sheet()
    for _ in range(1_000):
        sheet.append(row)
    made.save(tmp_path / "rows.xlsx")
    with zipfile.ZipFile(tmp_path / "rows.xlsx") as archived:
        begin, _, rest = archived.read(SHEET).partition(b"<row")
    body, end, tail = (b"<row" + rest).rpartition(b"</sheetData>")
    with_parts(tmp_path / "rows.xlsx", {SHEET: begin + body * 300 + end + tail})
    with (
        pytest.raises(Unreadable) as caught,
        read_elsewhere(tmp_path / "rows.xlsx", Declared(), seconds=1) as sheet_read,
    ):
        for _ in sheet_read.rows():
            pass
    assert [fault.code for fault in caught.value.faults] == ["SHEET-TIME"]


def children() -> set[int]:
    """The processes that this thread has started and that have not ended."""
    return {int(one) for one in Path("/proc/thread-self/children").read_text(encoding="ascii").split()}


def ended_by(path: Path, number: signal.Signals) -> Fault:
    """The one fault of a workbook whose reader gets a signal in the midst of the rows."""
    before = children()
    with open_sheet(path, Declared()) as opened:
        (reader,) = children() - before
        os.kill(reader, number)
        with pytest.raises(Unreadable) as caught:
            list(opened.rows())
    (fault,) = caught.value.faults
    return fault


@pytest.fixture(scope="module")
def long_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of more rows than a pipe holds, so that its reader waits for us."""
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("rows")
    for number in range(3_000):
        sheet.append([f"text {number}"] * 10)
    path = tmp_path_factory.mktemp("long") / "rows.xlsx"
    made.save(path)
    return path


def test_reader_that_somebody_else_ends_was_not_short_of_what_it_may_have(long_workbook: Path) -> None:
    """The machine ends processes when its memory is used up: the limits of the file have nothing to do with that."""
    assert ended_by(long_workbook, signal.SIGKILL).code == "SHEET-KILLED"


def test_reader_that_crashes_is_told_with_its_signal(long_workbook: Path) -> None:
    """It is a defect, and no word is said of memory."""
    fault = ended_by(long_workbook, signal.SIGSEGV)
    assert fault.code == "SHEET-DAMAGED"
    assert {language: "SIGSEGV" in text for language, text in in_every_language(fault.text).items()} == {
        "en": True,
        "lt": True,
    }


def test_reader_without_memory_for_itself_says_so(workbook: Path) -> None:
    """It ends before it has looked at the sheet, in another way than one that finds the sheet too large."""
    with pytest.raises(Unreadable) as caught, read_elsewhere(workbook, Declared(), megabytes=1):
        pass
    assert [fault.code for fault in caught.value.faults] == ["SHEET-MEMORY"]


def test_process_ends_with_the_context(workbook: Path) -> None:
    """Whoever wants no more rows leaves nothing behind."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with open_sheet(workbook, Declared()) as sheet:
        assert sheet.heading.number == 1
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > before  # only of those that were waited for


def test_reader_is_not_taken_from_where_somebody_works(workbook: Path) -> None:
    """A module beside the file of rows is no module of ours."""
    (workbook.parent / "zipfile.py").write_text("raise SystemExit(7)")
    code = "import sys; from pathlib import Path\n"
    code += "from esad_gateway.sheets.opening import open_sheet; from esad_gateway.sheets.table import Declared\n"
    code += "with open_sheet(Path(sys.argv[1]), Declared()) as sheet: print(sheet.told['sheet'])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, workbook], cwd=workbook.parent, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "rows"


def test_large_file_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    """Its size is enough."""
    path = tmp_path / "rows.csv"
    with path.open("wb") as file:
        file.truncate(513 * MEBIBYTE)
    assert refused(path).code == "SHEET-SIZE"


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_text_and_a_hint(code: str) -> None:
    """In every language, and with values that it names."""
    given = ("what", "expected", "declared", "found", "size", "most", "count", "byte", "encoding", "delimiter", "part")
    more = ("ratio", "known", "format", "reason", "example", "name", "thousands", "decimals", "longer", "sign")
    values = {name: f"<{name}>" for name in (*given, *more, "early", "late", "kind")}
    fault = flaw(code, **values).fault()
    assert all(in_every_language(fault.text).values())
    assert all(in_every_language(fault.hint).values())
