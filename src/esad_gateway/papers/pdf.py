"""A document as a PDF file of pages in A4: PDF/A-3b, with text that can be extracted and barcodes that can be read.

The same document gives the same bytes. Nothing is cut off: texts wrap, what does not fit goes on over the page under
its heading again, and a character that the font does not have stands as its number (``[U+4E2D]``).
"""

from collections.abc import Iterator, Sequence
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final
from unicodedata import normalize
from xml.sax.saxutils import escape

from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.papers import barcodes
from esad_gateway.papers.boxes import WHOLE_ROW
from esad_gateway.papers.paper import Filled, Paper, Section
from esad_gateway.texts import say

if TYPE_CHECKING:
    from fpdf import FPDF

_FONT: Final = "papers"
_FILES: Final = (("", "DejaVuSansCondensed.ttf"), ("B", "DejaVuSansCondensed-Bold.ttf"))

# Millimetres, and points of type.
_LEFT, _TOP, _WIDE, _BOTTOM = 10.0, 10.0, 190.0, 285.0
_COLUMN: Final = _WIDE / WHOLE_ROW
_PADDING: Final = 0.8
_LABEL: Final = (5.5, 2.3)
_VALUE: Final = (8.0, 3.5)
_HEADING: Final = (7.5, 4.4)
_TITLE: Final = (13.0, 6.0)
_MODULE_128: Final = 0.34
_HIGH_128: Final = 13.0
_MODULE_QR: Final = 0.6
_DARK, _GREY = 0, 225
_SOFT_HYPHEN: Final = 0xAD  # fpdf2 breaks lines there, and leaves it out elsewhere


@frozen
class _Block:
    """A cell laid out: where it begins and how wide it is, the lines of its label and those of its value."""

    left: float
    wide: float
    label: tuple[str, ...]
    value: tuple[str, ...]


def as_pdf(paper: Paper, languages: Sequence[str]) -> bytes:
    """The file of ``paper``, with titles and labels in each of ``languages`` (``en``, ``lt``).

    Everything is held in memory: some ten kilobytes for a page. Raises nothing for what a document can say, and
    ModuleNotFoundError where the extra ``paper`` is not installed.
    """
    page = _Pages(paper, languages)
    page.begin()
    page.marks()
    for section in paper.sections:
        page.section(section)
    return page.finished()


class _Pages:
    """The pages of one document while they are drawn; ``_y`` is where the next thing goes."""

    def __init__(self, paper: Paper, languages: Sequence[str]) -> None:
        self._paper = paper
        self._languages = languages
        self._pdf = _file(paper, languages)
        self._known = _letters(self._pdf)
        self._labels: dict[tuple[str, float], tuple[str, ...]] = {}
        self._y = 0.0

    def begin(self) -> None:
        """The first page, with the title and what the document is."""
        self._new_page()
        for title in self._said_apart(self._paper.title):
            self._paragraph(title, _TITLE, bold=True)
        for note in self._said_apart(self._paper.note):
            self._paragraph(note, _HEADING)
        self._y += 1

    def marks(self) -> None:
        """Code 128 with its text below, and a QR code beside it, each where the text fits into it."""
        top = self._y + 2
        square = barcodes.qr_code(self._paper.mark)
        side = square.wide * _MODULE_QR if square else 0.0
        room = _WIDE - side - 2 * barcodes.QUIET_QR * _MODULE_QR
        if square:
            self._bars(_LEFT + room + barcodes.QUIET_QR * _MODULE_QR, top, _MODULE_QR, _MODULE_QR, square.runs)
        linear = barcodes.code_128(self._paper.mark, int(room / _MODULE_128))
        self._y = top
        if linear:
            self._bars(_LEFT + barcodes.QUIET_128 * _MODULE_128, top, _MODULE_128, _HIGH_128, linear.runs)
            self._y += _HIGH_128 + 1
        for line in self._wrapped(self._paper.mark, _VALUE, room, bold=True):
            self._line(_LEFT, line, _VALUE, bold=True)
        self._y = max(self._y, top + side + barcodes.QUIET_QR * _MODULE_QR) + 1

    def section(self, section: Section) -> None:
        """The heading and the boxes of a section; its heading never stands alone at the end of a page."""
        rows = [[self._block(cell, left) for cell, left in row] for row in _rows(section.cells)]
        self._heading(section, _height(rows[0]))
        for row in rows:
            self._row(section, row)

    def finished(self) -> bytes:
        """The whole file, when every page knows how many there are."""
        count = len(self._pdf.pages)
        for number in range(1, count + 1):
            self._pdf.page = number
            told = self._told(said("paper.page", number=number, count=count))
            self._y = _BOTTOM + 2
            self._line(_LEFT, self._fit(f"{self._paper.mark} · {told}", _HEADING), _HEADING)
        return bytes(self._pdf.output())

    def _new_page(self) -> None:
        self._pdf.add_page()
        self._y = _TOP
        if len(self._pdf.pages) > 1:
            title = self._said_apart(self._paper.title)[0]
            self._line(_LEFT, self._fit(title, _HEADING), _HEADING, bold=True)

    def _heading(self, section: Section, following: float, *, again: bool = False) -> None:
        if not again and self._y + _HEADING[1] + min(following, 40) > _BOTTOM:
            self._new_page()
        self._pdf.set_fill_color(_GREY)
        self._pdf.rect(_LEFT, self._y, _WIDE, _HEADING[1], style="F")
        label = self._told(section.label)
        counted = f" · {section.position}/{section.count}" if section.count > 1 else ""
        continued = f" ({self._told(Said('paper.continued'))})" if again else ""
        heading = f"{section.number} {label}{counted}{continued}".strip()
        self._line(_LEFT + _PADDING, self._fit(heading, _HEADING), _HEADING, bold=True)

    def _row(self, section: Section, blocks: Sequence[_Block]) -> None:
        """Draw the boxes of a row; what is longer than the page goes on over it."""
        while blocks:
            if self._y + min(_height(blocks), _BOTTOM - _TOP - 2 * _HEADING[1] - 1) > _BOTTOM:
                self._new_page()
                self._heading(section, 0, again=True)
            room = int((_BOTTOM - self._y - _label_height(blocks) - 2 * _PADDING) / _VALUE[1])
            self._boxes([_Block(one.left, one.wide, one.label, one.value[:room]) for one in blocks])
            blocks = [_Block(one.left, one.wide, one.label, one.value[room:]) for one in blocks if one.value[room:]]

    def _boxes(self, blocks: Sequence[_Block]) -> None:
        top, high = self._y, _height(blocks)
        for block in blocks:
            self._pdf.rect(block.left, top, block.wide, high)
            self._y = top + _PADDING
            for line in block.label:
                self._line(block.left + _PADDING, line, _LABEL)
            self._y = top + _PADDING + _label_height(blocks)
            for line in block.value:
                self._line(block.left + _PADDING, line, _VALUE)
        self._y = top + high

    def _block(self, cell: Filled, column: int) -> _Block:
        wide = cell.width * _COLUMN
        room = wide - 2 * _PADDING
        label = f"{cell.number} {self._told(cell.label)}".strip()
        if (label, room) not in self._labels:  # the same ones come with every line of goods
            self._labels[label, room] = self._wrapped(label, _LABEL, room)
        lines = self._labels[label, room], self._wrapped(self._with_meaning(cell), _VALUE, room)
        return _Block(_LEFT + column * _COLUMN, wide, *lines)

    def _with_meaning(self, cell: Filled) -> str:
        told = (", ".join(say(one, language) for one in cell.meaning) for language in self._languages)
        return f"{cell.value} ({' / '.join(told)})" if cell.meaning else cell.value

    def _bars(self, left: float, top: float, wide: float, high: float, runs: Sequence[barcodes.Run]) -> None:
        self._pdf.set_fill_color(_DARK)
        for row, first, length in runs:
            self._pdf.rect(left + first * wide, top + row * high, length * wide, high, style="F")

    def _paragraph(self, text: str, size: tuple[float, float], *, bold: bool = False) -> None:
        for line in self._wrapped(text, size, _WIDE, bold=bold):
            self._line(_LEFT, line, size, bold=bold)

    def _line(self, left: float, line: str, size: tuple[float, float], *, bold: bool = False) -> None:
        """One line of text at ``_y``, which moves down by its height."""
        points, high = size
        self._pdf.set_font(_FONT, "B" if bold else "", points)
        self._pdf.text(left, self._y + high * 0.78, line)
        self._y += high

    def _wrapped(self, text: str, size: tuple[float, float], wide: float, *, bold: bool = False) -> tuple[str, ...]:
        """``text`` in lines of at most ``wide``; a word that is longer is broken."""
        self._pdf.set_font(_FONT, "B" if bold else "", size[0])
        shown = self._shown(text)
        if "\n" not in shown and self._pdf.get_string_width(shown) <= wide:
            return (shown,)
        lines: Any = self._pdf.multi_cell(wide, size[1], shown, align="L", padding=0, dry_run=True, output="LINES")
        return tuple(lines)

    def _fit(self, text: str, size: tuple[float, float]) -> str:
        """The first line of ``text``, for what stands in full elsewhere."""
        first, *more = self._wrapped(text, size, _WIDE - 4, bold=True)
        return f"{first}…" if more else first

    def _shown(self, text: str) -> str:
        """``text`` with a number for every character that the font has no picture of; line ends stay."""
        plain = normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
        return "".join(one if one == "\n" or ord(one) in self._known else f"[U+{ord(one):04X}]" for one in plain)

    def _told(self, what: Said) -> str:
        return " / ".join(self._said_apart(what))

    def _said_apart(self, what: Said) -> list[str]:
        return [say(what, language) for language in self._languages]


def _rows(cells: Sequence[Filled]) -> Iterator[list[tuple[Filled, int]]]:
    """The cells in rows that fit on the page, each with the column where it begins."""
    row: list[tuple[Filled, int]] = []
    column = 0
    for cell in cells:
        if column + cell.width > WHOLE_ROW:
            yield row
            row, column = [], 0
        row.append((cell, column))
        column += cell.width
    yield row


def _height(blocks: Sequence[_Block]) -> float:
    return _label_height(blocks) + max(len(one.value) for one in blocks) * _VALUE[1] + 2 * _PADDING


def _label_height(blocks: Sequence[_Block]) -> float:
    return max(len(one.label) for one in blocks) * _LABEL[1]


def _file(paper: Paper, languages: Sequence[str]) -> "FPDF":
    from fpdf import FPDF  # noqa: PLC0415 - takes longer to import than everything else here

    pdf = FPDF(format="A4", enforce_compliance="PDF/A-3B")
    pdf.str_alias_nb_pages = ""  # {nb} in a document is what it says, no number of pages
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(_LEFT)
    pdf.c_margin = 0
    pdf.set_line_width(0.1)
    for style, name in _FILES:
        with as_file(files(__package__) / "fonts" / name) as path:
            pdf.add_font(_FONT, style, path)
    title = " / ".join(say(paper.title, language) for language in languages)
    pdf.set_creation_date(paper.moment)
    pdf.set_title(title)
    pdf.set_lang(languages[0])
    pdf.set_producer("esad-gateway")
    pdf.set_xmp_metadata(_metadata(title, paper.moment.isoformat()))
    return pdf


def _letters(pdf: "FPDF") -> frozenset[int]:
    """What the font has pictures of; fpdf2 leaves other characters out with a warning."""
    font: Any = pdf.fonts[_FONT]
    return frozenset(font.cmap) - {_SOFT_HYPHEN}


def _metadata(title: str, moment: str) -> str:
    """What the file says of itself (ISO 19005-3): that of the library would name the present moment."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"'
        ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        f' xmp:CreateDate="{moment}" xmp:ModifyDate="{moment}" pdf:Producer="esad-gateway">'
        "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
