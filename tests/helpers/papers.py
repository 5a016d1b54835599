"""Files of papers, read back as anybody reads them: their text, how their pages look, and the barcodes on those."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2

from esad_gateway.ais.saad.record import SaadEntry, SaadLine, SaadRecord, Source, Status
from esad_gateway.emcs.registry import OperatorType

POINTS_PER_INCH = 72
DPI = 150


ENTRY = SaadEntry(
    source=Source.PAPER,
    document="EL-77/2026",
    state="EL",
    consignor="Αμπελώνες Παράδειγμα",
    dispatched=date(2026, 2, 20),
    received=date(2026, 3, 2),
    consignee="LT00000000102",
    capacity=OperatorType.CERTIFIED_CONSIGNEE,
    lines=(
        SaadLine(product="W200", cn_code="22042138", quantity=Decimal("12.5"), strength=Decimal(12), packages=2),
        SaadLine(product="B000", cn_code="22030009", quantity=Decimal(1000), shortage=Decimal("0.5")),
    ),
)
RECORD = SaadRecord(
    entry=ENTRY,
    version=2,
    status=Status.CORRECTED,
    late=True,
    due=date(2026, 3, 3),
    entered_at=datetime(2026, 3, 4, 8, 0, tzinfo=UTC),
    since=datetime(2026, 3, 4, 7, 0, tzinfo=UTC),
)


def text_of(pdf: bytes) -> str:
    """The text of all pages, as pypdf extracts it."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    """``text`` without white space: lines break where the page wants it."""
    return re.sub(r"\s+", "", text)


def picture(pdf: bytes, page: int = 0) -> Any:
    """A page as a scanner of offices sees it."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].render(scale=DPI / POINTS_PER_INCH, grayscale=True).to_pil()


def saved_picture(pdf: bytes, folder: Path) -> Path:
    """The first page as a file."""
    file = folder / "page.png"
    picture(pdf).save(file)
    return file


def outside(pdf: bytes, margin: float) -> list[str]:
    """The texts that do not stand within ``margin`` (in points) of the edges of their page, as pdfium places them."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            wide, high = page.get_size()
            text = page.get_textpage()
            for number in range(text.count_rects()):
                left, bottom, right, top = text.get_rect(number)
                if left < margin or right > wide - margin or bottom < margin / 2 or top > high - margin / 2:
                    found.append(text.get_text_bounded(left, bottom, right, top))
    return found
