"""The files of papers are read back: their text, their pages, and what they say of themselves."""

import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from esad_gateway.ais.saad.record import SaadEntry, SaadRecord
from esad_gateway.emcs.messages import IE801, IE813, IE815, IE818
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import BodyEadEsad
from esad_gateway.papers import Paper, paper_of
from esad_gateway.papers.pdf import as_pdf
from esad_gateway.texts import say
from helpers.fixtures import load
from helpers.papers import ENTRY, RECORD, outside, squeezed, text_of
from helpers.rulebook import ROOT
from helpers.samples import draft, report

BOTH = ("en", "lt")
MOST_LINES = 999
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
VALID = sorted(ROOT.glob("fixtures/messages/ie81[358]/valid/*.xml")) + sorted(
    ROOT.glob("fixtures/messages/ie801/valid/*.xml")
)
MARGIN = 20  # points
DESCRIPTION = "body_ead_esad.0.commercial_description"

letters = st.text(st.characters(codec="utf-8", categories=["Lu", "Ll", "Nd"], max_codepoint=0x17F), max_size=400)


def reader(pdf: bytes) -> pypdf.PdfReader:
    """The file as pypdf reads it."""
    return pypdf.PdfReader(io.BytesIO(pdf))


def described(text: str) -> IE815:
    """A draft whose first line has this description."""
    return draft({DESCRIPTION: Text(text, "lt")})


def missing(paper: Paper, pdf: bytes, languages: tuple[str, ...] = BOTH) -> list[str]:
    """What stands on the paper, and not in the text of the file."""
    cells = [cell for section in paper.sections for cell in section.cells]
    headings = [f"{one.number} {' / '.join(say(one.label, each) for each in languages)}" for one in paper.sections]
    labels = [f"{cell.number} {' / '.join(say(cell.label, each) for each in languages)}" for cell in cells]
    text = squeezed(text_of(pdf))
    return [told for told in (*headings, *labels, *(cell.value for cell in cells)) if squeezed(told) not in text]


def lines(count: int) -> tuple[BodyEadEsad, ...]:
    """As many lines of goods, each with a description of its own."""
    (first, *_) = draft().body_ead_esad
    return tuple(
        replace(
            first,
            body_record_unique_reference=number,
            quantity=Decimal(number),
            commercial_description=Text(f"Prekė nr. {number}", "lt"),
        )
        for number in range(1, count + 1)
    )


@pytest.mark.parametrize("languages", [("en",), ("lt",), BOTH])
@pytest.mark.parametrize("value", [draft(), report()])
def test_text_can_be_extracted(value: IE815 | IE818, languages: tuple[str, ...]) -> None:
    """Title, headings with their numbers, labels with their letters, and values: in Lithuanian letters too."""
    paper = paper_of(value)
    pdf = as_pdf(paper, languages)
    assert missing(paper, pdf, languages) == []
    assert all(squeezed(say(paper.title, one)) in squeezed(text_of(pdf)) for one in languages)


@pytest.mark.parametrize("file", VALID, ids=lambda file: f"{file.parent.parent.name}/{file.stem}")
def test_every_value_is_in_the_file(file: Path) -> None:
    """Whatever optional data a message has, all of it is printed, and nothing beyond the edges of a page."""
    message = load(file)
    assert isinstance(message, IE801 | IE813 | IE815 | IE818)
    paper = paper_of(message)
    pdf = as_pdf(paper, BOTH)
    assert outside(pdf, MARGIN) == []
    assert missing(paper, pdf) == []


@pytest.mark.parametrize("value", [ENTRY, RECORD])
def test_every_value_of_a_record_is_in_the_file(value: SaadEntry | SaadRecord) -> None:
    """Of the SAAD list as well, in the letters of any member state."""
    paper = paper_of(value)
    assert missing(paper, as_pdf(paper, BOTH)) == []


@settings(max_examples=15)
@given(text=letters)
def test_long_text_wraps(text: str) -> None:
    """All of it is there, however long its words are."""
    assert squeezed(text) in squeezed(text_of(as_pdf(paper_of(described(text)), ("en",))))


def test_text_that_is_longer_than_a_page_goes_on_over_it() -> None:
    """Under its heading again, with the word continued."""
    told = [f"žodis-{number}" for number in range(2500)]
    pages = [page.extract_text() for page in reader(as_pdf(paper_of(described(" ".join(told))), ("en",))).pages]
    assert re.findall("žodis-[0-9]+", "".join(pages)) == told
    assert len(pages) > 3
    assert all("17 Goods (body of the e-AD/e-SAD) · 1/2 (continued)\n17p" in page for page in pages[1:])


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Ελληνικός οίνος", "Ελληνικός οίνος"),
        ("Българско вино", "Българско вино"),
        ("葡萄 vynas", "[U+8461][U+8404] vynas"),
        ("{nb} pages", "{nb} pages"),
        ("soft\u00adhyphen", "soft[U+00AD]hyphen"),
        ("no\u200bwidth", "no[U+200B]width"),
        ("a\u0328z\u030cuolas", "ąžuolas"),
        ("**bold** __and__ <b>", "**bold** __and__ <b>"),
        ("first\r\nsecond", "first\nsecond"),
    ],
)
def test_characters_are_shown_or_told(written: str, told: str) -> None:
    """Letters of all member states are in the font; anything else stands as its number, and nothing is left out."""
    assert squeezed(told) in squeezed(text_of(as_pdf(paper_of(described(written)), ("en",))))


def test_same_document_gives_the_same_bytes() -> None:
    """Whenever it is printed: its dates are those of the document."""
    first = as_pdf(paper_of(draft()), BOTH)
    assert as_pdf(paper_of(draft()), BOTH) == first
    assert b'xmp:CreateDate="2026-03-03T00:00:00+00:00"' in first


def test_largest_document_has_all_its_lines() -> None:
    """999 lines of goods over their pages, each page with its number and the title, and none is cut off."""
    paper = paper_of(replace(draft(), body_ead_esad=lines(MOST_LINES)))
    pages = [page.extract_text() for page in reader(as_pdf(paper, ("lt",))).pages]
    text = squeezed("".join(pages))
    assert all(f"{number}/{MOST_LINES}" in text for number in range(1, MOST_LINES + 1))
    assert all(squeezed(f"Prekė nr. {number}") in text for number in range(1, MOST_LINES + 1))
    for number, page in enumerate(pages, start=1):
        assert f"{number} puslapis iš {len(pages)}" in page
        assert say(paper.title, "lt") in page


def test_heading_never_stands_alone_at_the_end_of_a_page() -> None:
    """The boxes under it begin on the same page."""
    for count in range(1, 12):
        paper = paper_of(replace(draft(), body_ead_esad=lines(count)))
        for page in reader(as_pdf(paper, ("en",))).pages:
            *_, last, _footer = page.extract_text().splitlines()
            assert not re.match(r"[0-9.]+ [A-Z]", last), last


def test_file_is_for_archives() -> None:
    """PDF/A-3b: it says so of itself, with the document's own day, and has its fonts and colours in it."""
    pdf = reader(as_pdf(paper_of(draft()), BOTH))
    root: Any = pdf.trailer["/Root"]
    said = etree.fromstring(root["/Metadata"].get_data())
    assert [node.text for node in said.iter(f"{PDFA}part", f"{PDFA}conformance")] == ["3", "B"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/Lang"] == "en"
    assert "/ID" in pdf.trailer
    assert not pdf.is_encrypted
    for page in pdf.pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]
