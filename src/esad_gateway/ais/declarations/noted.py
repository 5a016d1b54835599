"""Receipts as notes of national law: what of an e-SAD is kept for later, and what a report of receipt makes of it.

The subject of a receipt is its month and its consignee, so that a month is one range of the index, in order of SEED
number. A line is written as its fields with blanks between them, ``-`` for one that is missing.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from esad_gateway.ais.declarations.receipt import GoodsReceipt, ReceivedLine, Route
from esad_gateway.emcs.effects import Note, NoteKey

GOODS: Final = "goods of an e-SAD"
"""Notes of this kind keep the goods of an e-SAD; the subject is its ARC."""

RECEIPT: Final = "receipt of goods"
"""Notes of this kind are receipts; the subject is :func:`month_of_receipts` and the SEED number."""

_NONE: Final = "-"
_BETWEEN: Final = "; "


def goods_key(arc: str) -> NoteKey:
    """What the goods of an e-SAD are looked up by."""
    return NoteKey(GOODS, arc)


def receipts_key(seed: str, day: date) -> NoteKey:
    """What the receipts of a consignee in the month of a day are looked up by."""
    return NoteKey(RECEIPT, f"{month_of_receipts(day)} {seed}")


def month_of_receipts(day: date) -> str:
    """The month of a day as subjects begin with it, such as ``2026-10``."""
    return f"{day.year:04}-{day.month:02}"


def goods_note(arc: str, lines: Iterable[ReceivedLine]) -> Note:
    """The note that keeps the goods of an e-SAD."""
    return Note(kind=GOODS, subject=arc, arc=arc, values={"lines": _written(lines)})


def goods_in(note: Note) -> tuple[ReceivedLine, ...]:
    """The goods that :func:`goods_note` has kept."""
    return _lines_of(note.values["lines"])


def receipt_note(receipt: GoodsReceipt) -> Note:
    """The note that is a receipt by a report of receipt."""
    values = {"day": receipt.day.isoformat(), "sequence": str(receipt.sequence), "lines": _written(receipt.lines)}
    return Note(
        kind=RECEIPT, subject=receipts_key(receipt.seed, receipt.day).subject, arc=receipt.document, values=values
    )


def receipt_in(subject: str, arc: str, values: Mapping[str, str]) -> GoodsReceipt:
    """The receipt that a note of :data:`RECEIPT` is, by its parts."""
    return GoodsReceipt(
        seed=subject.partition(" ")[2],
        route=Route.ESAD,
        day=date.fromisoformat(values["day"]),
        document=arc,
        lines=_lines_of(values["lines"]),
        sequence=int(values["sequence"]),
    )


_FIELDS: Final = ("number", "product", "quantity", "cn_code", "strength", "plato", "net_mass")


def _written(lines: Iterable[ReceivedLine]) -> str:
    return _BETWEEN.join(" ".join(_word(getattr(line, name)) for name in _FIELDS) for line in lines)


def _word(value: object) -> str:
    return _NONE if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _lines_of(text: str) -> tuple[ReceivedLine, ...]:
    return tuple([_line_of(one) for one in text.split(_BETWEEN)]) if text else ()


def _line_of(text: str) -> ReceivedLine:
    number, product, quantity, cn_code, strength, plato, net_mass = text.split(" ")
    return ReceivedLine(
        int(number),
        product,
        Decimal(quantity),
        None if cn_code == _NONE else cn_code,
        _amount(strength),
        _amount(plato),
        _amount(net_mass),
    )


def _amount(word: str) -> Decimal | None:
    return None if word == _NONE else Decimal(word)
