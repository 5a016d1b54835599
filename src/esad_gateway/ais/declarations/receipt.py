"""Receipts of goods whose duty is to be declared: one record, whatever route the goods came by (chapter 5, point 3)."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from esad_gateway.frozen import frozen


class Route(StrEnum):
    """How it is known that goods were received."""

    ESAD = "esad"
    """By a report of receipt about an e-SAD; the document is the ARC."""
    SAAD = "saad"
    """By an entry in the SAAD list; the document is the id of its record."""
    MVV = "mvv"
    """By an entry in the SAAD list about wine; the document is the id of its record."""


@frozen
class ReceivedLine:
    """What was received of one line of a document, in the unit of its product (BC36), as it arrived.

    ``number`` is that of the line. ``strength`` is in % vol, ``plato`` in degrees, ``net_mass`` in kg.
    """

    number: int
    product: str
    quantity: Decimal
    cn_code: str | None = None
    strength: Decimal | None = None
    plato: Decimal | None = None
    net_mass: Decimal | None = None


@frozen(kw_only=True)
class GoodsReceipt:
    """That ``seed`` has received goods on a day (of the calendar of its state), by which route and document.

    ``sequence`` is the version of the document: of the e-SAD, or of the record. ``in_warehouse`` says that the goods
    were carried into a tax warehouse, where their duty is suspended.
    """

    seed: str
    route: Route
    day: date
    document: str
    lines: tuple[ReceivedLine, ...]
    sequence: int = 1
    in_warehouse: bool = False
