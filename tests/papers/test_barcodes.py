"""The barcodes of papers are read from a picture at 150 dpi, by two readers that know nothing of each other."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import zxingcpp

from esad_gateway.papers import paper_of
from esad_gateway.papers.paper import Printable
from esad_gateway.papers.pdf import as_pdf
from helpers.papers import ENTRY, picture, saved_picture, squeezed, text_of
from helpers.programs import require
from helpers.samples import draft, report

LRN = "ead_esad_draft.local_reference_number"
ARC = "26PL000000000000001P9"
LONGEST = draft({LRN: "LRN-2026-0000000000001"})
LITHUANIAN = draft({LRN: "Važtaraštis-7"})

LONGEST_LINEAR = 40
"""Characters for which a page has room in Code 128."""

marked = pytest.mark.parametrize(
    ("value", "mark", "linear"),
    [
        (report(), ARC, True),
        (draft(), "LT00000000101/LT-2026-000003", True),
        (LONGEST, "LT00000000101/LRN-2026-0000000000001", True),
        (LITHUANIAN, "LT00000000101/Važtaraštis-7", False),
        (ENTRY, "EL/Αμπελώνες Παράδειγμα/EL-77/2026", False),
        (replace(ENTRY, consignor="GB" + "0" * 60), f"EL/GB{'0' * 60}/EL-77/2026", False),
    ],
)


@marked
def test_barcodes_are_read_by_zxing(value: Printable, mark: str, *, linear: bool) -> None:
    """The QR code always, Code 128 where its letters and the page have room for it; both say the same."""
    found = zxingcpp.read_barcodes(picture(as_pdf(paper_of(value), ("en", "lt"))))
    formats = {zxingcpp.BarcodeFormat.QRCode, *([zxingcpp.BarcodeFormat.Code128] if linear else [])}
    assert {one.format for one in found} == formats
    assert {one.text for one in found} == {mark}


@marked
def test_barcodes_are_read_by_zbar(value: Printable, mark: str, tmp_path: Path, *, linear: bool) -> None:
    """As another reader reads them."""
    require("zbarimg")
    file = saved_picture(as_pdf(paper_of(value), ("en", "lt")), tmp_path)
    command = ["zbarimg", "--quiet", "--nodbus", "-Sdisable", "-Sqrcode.enable", "-Scode128.enable", str(file)]
    read = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout
    assert sorted(read.splitlines()) == sorted([f"QR-Code:{mark}", *([f"CODE-128:{mark}"] if linear else [])])


@marked
def test_mark_stands_below_in_letters(value: Printable, mark: str, *, linear: bool) -> None:
    """For whoever has no reader, whatever the barcodes could hold."""
    assert linear is (mark.isascii() and len(mark) <= LONGEST_LINEAR)
    assert squeezed(mark) in squeezed(text_of(as_pdf(paper_of(value), ("en",))))


def test_text_too_long_for_any_barcode_is_printed_all_the_same() -> None:
    """A consignor of five thousand letters is nobody's, and no reason to give up."""
    pdf = as_pdf(paper_of(replace(ENTRY, consignor="X" * 5000)), ("en",))
    assert zxingcpp.read_barcodes(picture(pdf)) == []
    assert "X" * 5000 in squeezed(text_of(pdf))
