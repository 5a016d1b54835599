"""Whatever the bytes of a file are, they are rows or they are told what is wrong with them; nothing else happens."""

import random
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway.errors import Unreadable
from esad_gateway.sheets.flaws import CODES
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared, FileFormat
from esad_gateway.sheets.writing import SheetTable, write_sheet
from esad_gateway.texts import in_every_language

PIECES = [
    b"a",
    b";",
    b",",
    b"\t",
    b'"',
    b"\n",
    b"\r",
    b"sep=",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"1.5",
    b"'=",
    b"\x00",
    b"\xe0",
]
BYTES = st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join) | st.binary(max_size=40)


def outcome(path: Path, declared: Declared) -> str:
    """``rows``, or the code of what is wrong, which can be said in every language."""
    try:
        with open_sheet(path, declared) as sheet:
            width = len(sheet.heading.cells)
            assert all(len(row.cells) >= width for row in sheet.rows())
    except Unreadable as error:
        (fault,) = error.faults
        assert all(in_every_language(fault.text).values())
        assert all(in_every_language(fault.hint).values())
        assert fault.code in CODES
        return fault.code
    return "rows"


@settings(deadline=None)
@given(BYTES, st.sampled_from([None, FileFormat.CSV, FileFormat.JSONL]), st.sampled_from([None, "windows-1257"]))
def test_any_bytes_are_rows_or_told(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, file_format: FileFormat | None, encoding: str | None
) -> None:
    """Texts of all kinds; an overlong cell is blamed for nothing where there is none."""
    path = tmp_path_factory.mktemp("bytes") / "rows"
    path.write_bytes(content)
    if not content.startswith((b"<", b"PK\x03\x04")):
        assert outcome(path, Declared(format=file_format, encoding=encoding)) != "SHEET-CELL"


@pytest.mark.parametrize("file_format", [FileFormat.XLSX, FileFormat.ODS, FileFormat.XML])
@pytest.mark.parametrize("seed", range(4))
def test_any_change_to_a_file_leaves_rows_or_is_told(tmp_path: Path, file_format: FileFormat, seed: int) -> None:
    """Some bytes of a good file are others, or its end is lost."""
    whole = BytesIO()
    write_sheet(whole, file_format, SheetTable(heading=("a", "b"), rows=[["x", 1]] * 20))
    content, drawn = bytearray(whole.getvalue()), random.Random(seed)  # noqa: S311 - the same ones each time
    for _ in range(2 * seed):
        content[drawn.randrange(len(content))] = drawn.randrange(256)
    path = tmp_path / f"rows.{file_format.value}"
    path.write_bytes(content[: len(content) - drawn.randrange(200) * (seed % 2)])
    told = outcome(path, Declared())
    assert told == "rows" if seed == 0 else told
