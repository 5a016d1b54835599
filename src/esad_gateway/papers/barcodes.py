"""The barcodes of a document: Code 128 for the scanners of warehouses, an ordinary QR code for telephones."""

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from esad_gateway.frozen import frozen

Run: TypeAlias = tuple[int, int, int]
"""Dark modules side by side: row, first column, how many."""

QUIET_128: Final = 10
"""Light modules that readers need on either side of Code 128 (ISO/IEC 15417)."""

QUIET_QR: Final = 4
"""Light modules that readers need around a QR code (ISO/IEC 18004)."""


@frozen
class Barcode:
    """How many modules a barcode is wide, and where it is dark."""

    wide: int
    runs: tuple[Run, ...]


def code_128(text: str, room: int) -> Barcode | None:
    """The barcode of ``text`` as bars of row 0; ``None`` where it takes more than ``room`` modules or cannot say it.

    Code 128 has the letters of ISO/IEC 8859-1, and no Lithuanian ones. ``room`` has to hold the quiet zones as well.
    """
    rows = _modules(text, "Code128")
    if not rows or len(rows[0]) + 2 * QUIET_128 > room:
        return None
    return Barcode(len(rows[0]), tuple(_runs(rows[:1])))


def qr_code(text: str) -> Barcode | None:
    """The code of ``text``, as high as it is wide; ``None`` for a text that is too long for any.

    Never a Micro QR code, which few read. A text with other than ASCII letters says that it is UTF-8.
    """
    rows = _modules(text, "QRCode", ec_level="M")
    return Barcode(len(rows), tuple(_runs(rows))) if rows else None


def _modules(text: str, form: str, **options: str) -> list[list[int]]:
    """The modules of a barcode, row by row, where 0 is dark; none for a text that the form cannot hold."""
    import zxingcpp  # noqa: PLC0415 - only who prints pays for it

    try:
        made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat[form], **options)
    except ValueError:
        return []
    image: Any = made.to_image(scale=1, add_quiet_zones=False)
    rows: Any = memoryview(image).tolist()
    return list(rows)


def _runs(rows: list[list[int]]) -> Iterator[Run]:
    for row, modules in enumerate(rows):
        begin = 0
        for place in range(1, len(modules) + 1):
            if place == len(modules) or modules[place] != modules[begin]:
                if not modules[begin]:
                    yield row, begin, place - begin
                begin = place
