"""An entry of the SAAD list as a trader makes it, and the record that becomes of it.

There is one kind of entry, whatever the document was: paper SAAD, fallback e-SAD or wine accompanying document (MVV).
"""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from unicodedata import normalize

from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen


class Source(StrEnum):
    """With what document the goods came."""

    PAPER = "paper"
    """A SAAD on paper."""
    FALLBACK = "fallback"
    """An e-SAD on paper, of a state that does not take part in the e-SAD yet."""
    WINE = "mvv"
    """A wine accompanying document of a small wine producer (MVV)."""


class Status(StrEnum):
    """What a version of a record is; whether it is late stands beside it as well, since a corrected one may be."""

    ENTERED = "entered"
    LATE = "late"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


def plain(text: str) -> str:
    """``text`` as it is compared: in small letters, with single blanks, each letter in one way."""
    return " ".join(normalize("NFKC", text).casefold().split())


@frozen
class SaadKey:
    """What makes a document one record of a trader: the state that issued it, its consignor, its number.

    Made by :attr:`SaadEntry.key`, in small letters and with single blanks: the same document written a little
    differently is the same record.
    """

    state: str
    consignor: str
    document: str


@frozen(kw_only=True)
class SaadLine:
    """One line of goods.

    ``product`` is an excise product code (``W200``), ``cn_code`` has eight digits. ``quantity``, ``shortage`` and
    ``excess`` are in the unit of the product (BC36: litres, kilograms, thousands of pieces); ``quantity`` is what the
    document says. ``strength`` is in % vol, ``plato`` in degrees. ``package_kind`` is a code of BC17.
    """

    product: str
    cn_code: str
    quantity: Decimal
    strength: Decimal | None = None
    plato: Decimal | None = None
    packages: int | None = None
    package_kind: str | None = None
    shortage: Decimal | None = None
    excess: Decimal | None = None


@frozen(kw_only=True)
class SaadEntry:
    """What a trader enters about goods that it has received.

    ``document`` is the number of the document, ``state`` the code of the member state where it was issued (BC11),
    ``consignor`` an excise number or a name, as the document has it. ``dispatched`` and ``received`` are calendar days.
    ``consignee`` is the SEED number of who received, ``capacity`` the status in which. ``in_warehouse`` says that the
    goods were carried into the tax warehouse itself (MVV-1). Nothing is checked here: that is what the rules are for
    (:mod:`esad_gateway.ais.saad.rules`).
    """

    source: Source
    document: str
    state: str
    consignor: str
    dispatched: date
    received: date
    consignee: str
    capacity: OperatorType
    lines: tuple[SaadLine, ...]
    in_warehouse: bool = False

    @property
    def key(self) -> SaadKey:
        """What the document is known by, among all that its trader enters."""
        return SaadKey(plain(self.state), plain(self.consignor), plain(self.document))


def tidy(entry: SaadEntry) -> SaadEntry:
    """The same entry with plain blanks in its texts, and none around them, as it is read from a table."""
    document, consignor = (text.replace("\u00a0", " ").strip() for text in (entry.document, entry.consignor))
    return replace(entry, document=document, consignor=consignor)


@frozen(kw_only=True)
class SaadRecord:
    """One version of a record; earlier versions stay as they were.

    ``version`` counts from 1. ``due`` is the last day on which the receipt could be entered in time, ``late`` whether
    that was missed. ``entered_at`` is the moment (aware) of this version, ``since`` that of the entry that it goes back
    to: the first one or, after a withdrawal, the first one again. A correction has no term, so ``since`` says what is
    late.
    """

    entry: SaadEntry
    version: int
    status: Status
    late: bool
    due: date
    entered_at: datetime
    since: datetime
