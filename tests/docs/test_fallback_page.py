"""The page on documents on paper is run, command after command, and the files are read back."""

from pathlib import Path

import zxingcpp

from esad_gateway.xml.release import CURRENT
from helpers import pages
from helpers.papers import picture, squeezed, text_of

PAGE = pages.ROOT / "docs" / "how-to" / "fallback.md"


def test_page_marks_every_command() -> None:
    """There is no block that is not run."""
    assert pages.unmarked(PAGE) == []


def test_links_lead_somewhere() -> None:
    """Each to a page that there is."""
    assert all(link.exists() for link in pages.links(PAGE))


def test_documents_are_printed_as_the_page_says(tmp_path: Path) -> None:
    """Every file that the page names is there, says its title, and carries the barcode that the page describes."""
    (tmp_path / "fixtures").symlink_to(pages.ROOT / "fixtures")

    printed = pages.transcript(PAGE, tmp_path)

    assert f"deferred.xml: ok IE815 (release {CURRENT})\n" in printed
    titles = {
        "dispatch": "Fallback accompanying document for movements of excise goods",
        "e-sad": "Electronic simplified administrative document (e-SAD)",
        "change": "Fallback change of destination",
        "receipt": "Atsarginis pranešimas apie gabenamų akcizais apmokestinamų prekių gavimą",
        "entry": "Receipt of excise goods without an e-SAD (SAAD list)",
    }
    for name, title in titles.items():
        pdf = (tmp_path / f"{name}.pdf").read_bytes()
        assert squeezed(title) in squeezed(text_of(pdf))
        assert zxingcpp.read_barcodes(picture(pdf))
    assert '"mark": "FR/Domaine Exemple/FR-2026-18"' in printed
